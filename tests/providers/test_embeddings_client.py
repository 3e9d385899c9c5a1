"""One request to an embeddings endpoint: where the key goes, what is believed, and what a failure says."""

import json

import httpx
import numpy as np
import pytest

from distq_tui.events import Usage
from distq_tui.providers.base import ProviderError
from distq_tui.providers.embeddings import EmbeddingsClient

KEY = "sk-secret"


def client(answer, asked=None):
    def handle(request):
        if asked is not None:
            asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return EmbeddingsClient("https://e.example/v1/", "small", KEY, transport=httpx.MockTransport(handle))


def rows(*vectors):
    return [{"index": index, "embedding": vector} for index, vector in enumerate(vectors)]


async def test_vectors_come_in_the_order_of_the_texts_and_have_length_1():
    asked = []
    body = {"data": rows([3.0, 4.0], [0, 2])[::-1], "usage": {"prompt_tokens": 9}}
    found = await client(httpx.Response(200, json=body), asked).embed(["a", "b"])
    np.testing.assert_allclose(found.vectors, [[0.6, 0.8], [0.0, 1.0]])
    assert found.usage == Usage(9, 0, "reported")
    assert str(asked[0].url) == "https://e.example/v1/embeddings"
    assert asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert json.loads(asked[0].content) == {"model": "small", "input": ["a", "b"], "encoding_format": "float"}


async def test_tokens_are_estimated_where_the_server_counts_none():
    found = await client(httpx.Response(200, json={"data": rows([1.0])})).embed(["some words"])
    assert found.usage.source == "estimated"
    assert found.usage.input_tokens > 0


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(401, text=f"bad key {KEY}"), "auth"),
        (httpx.Response(302, headers={"location": "https://thief.example"}), "not_found"),
        (httpx.Response(404, json={"error": {"message": "no such model"}}), "not_found"),
        (httpx.Response(429, headers={"retry-after": "7"}), "rate_limit"),
        (httpx.Response(503), "server"),
        (httpx.ConnectError(f"no route with {KEY}"), "connection"),
        (httpx.ReadTimeout("slow"), "timeout"),
        (httpx.Response(200, text="<html>"), "bad_request"),
        (httpx.Response(200, json=[]), "bad_request"),
        (httpx.Response(200, json={"data": []}), "bad_request"),
        (httpx.Response(200, json={"data": [{"index": 5, "embedding": [1.0]}]}), "bad_request"),
        (httpx.Response(200, json={"data": [{"index": True, "embedding": [1.0]}]}), "bad_request"),
        (httpx.Response(200, json={"data": [{"index": [0], "embedding": [1.0]}]}), "bad_request"),
        (httpx.Response(200, json={"data": rows("AAAA")}), "bad_request"),
        (httpx.Response(200, json={"data": rows([0.0, 0.0])}), "bad_request"),
        (httpx.Response(200, json={"data": rows([])}), "bad_request"),
        (httpx.Response(200, json={"data": rows([[1.0]])}), "bad_request"),
        (httpx.Response(200, text='{"data": [{"index": 0, "embedding": [NaN, 1]}]}'), "bad_request"),
        (httpx.Response(200, json={"error": {"message": "overloaded", "code": 503}}), "server"),
    ],
)
async def test_what_is_no_vector_is_refused_in_one_line_without_the_key(answer, kind):
    asked = []
    with pytest.raises(ProviderError) as caught:
        await client(answer, asked).embed(["a"])
    assert caught.value.kind == kind
    assert len(asked) == 1, "the adapter never retries"
    assert KEY not in str(caught.value)
    assert str(caught.value).isprintable()
