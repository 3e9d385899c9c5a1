"""The semantic aspect: batches, retries, distrust of what comes back, and scores that catch up with the answers."""

import json
import random

import httpx
import numpy as np
import pytest
from results import result, similarity

from distq_tui.config.models import ModelSpec
from distq_tui.events import Notice
from distq_tui.rse.semantic import SemanticScorer
from distq_tui.rse.semantic_client import BATCH, Embeddings, EmbeddingsError

A, B, C = (ModelSpec(name, "openai") for name in "abc")
KEY = "sk-secret"


def vector(text):
    """Two numbers of a text: its letters a and its letters b."""
    return [text.count("a") + 0.0, text.count("b") + 0.0]


class Server:
    """Answers with `vector`, in reverse order; the first answers are `first`, each a response or an exception."""

    def __init__(self, *first):
        self.first, self.requests, self.slept = list(first), [], []

    def __call__(self, request):
        self.requests.append(request)
        if self.first:
            answer = self.first.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        texts = json.loads(request.content)["input"]
        rows = [{"index": place, "embedding": vector(text)} for place, text in enumerate(texts)]
        return httpx.Response(200, json={"data": rows[::-1]})

    async def sleep(self, seconds):
        self.slept.append(seconds)

    def client(self):
        return Embeddings("https://e.example/v1/", "small", KEY, transport=httpx.MockTransport(self), sleep=self.sleep)


async def test_vectors_come_in_batches_in_the_order_of_the_texts():
    server = Server()
    texts = ["a" * (1 + n % 3) + "b" * (n % 5) for n in range(BATCH + 3)]
    found = await server.client().embed(texts)
    assert [len(json.loads(request.content)["input"]) for request in server.requests] == [BATCH, 3]
    assert {str(request.url) for request in server.requests} == {"https://e.example/v1/embeddings"}
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    for text, got in zip(texts, found, strict=True):
        expected = np.array(vector(text))
        np.testing.assert_allclose(got, expected / np.linalg.norm(expected), rtol=1e-6)


async def test_a_busy_server_is_asked_again_after_the_time_it_wants():
    server = Server(httpx.Response(429, headers={"retry-after": "7"}), httpx.ConnectError("no"), httpx.Response(503))
    assert len(await server.client().embed(["a"])) == 1
    assert server.slept == [7.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("answer", "calls"),
    [
        (httpx.Response(401, text=f"bad key {KEY}"), 1),
        (httpx.Response(302, headers={"location": "https://thief.example"}), 1),
        (httpx.Response(200, text="<html>"), 1),
        (httpx.Response(200, json=[]), 1),
        (httpx.Response(200, json={"data": []}), 1),
        (httpx.Response(200, json={"data": [{"index": 5, "embedding": [1.0]}]}), 1),
        (httpx.Response(200, json={"data": [{"index": 0, "embedding": "AAAA"}]}), 1),
        (httpx.Response(200, json={"data": [{"index": 0, "embedding": [0.0, 0.0]}]}), 1),
        (httpx.Response(200, json={"data": [{"index": 0, "embedding": []}]}), 1),
        (httpx.Response(200, text='{"data": [{"index": 0, "embedding": [NaN, 1]}]}'), 1),
        (httpx.Response(200, json={"data": [{"index": [0], "embedding": [1.0]}]}), 1),
        (httpx.Response(500), 4),
    ],
)
async def test_what_is_no_vector_is_refused_in_one_line_without_the_key(answer, calls):
    server = Server(*[answer] * 4)
    with pytest.raises(EmbeddingsError) as caught:
        await server.client().embed(["a"])
    assert len(server.requests) == calls
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)


PROMPTS = [similarity(f"p{n}") for n in range(3)]
TEXTS = {"a": ("aab", "ab", "a"), "b": ("ab", "ab", "b"), "c": ("b", "abb", "aa")}


def answers(cls="ok"):
    return [
        result(model, prompt, TEXTS[model.name][n], cls if (model, n) == (C, 0) else "ok")
        for n, prompt in enumerate(PROMPTS)
        for model in (A, B, C)
    ]


def cosine(one, other):
    x, y = np.array(vector(one)), np.array(vector(other))
    return (1 + x @ y / np.linalg.norm(x) / np.linalg.norm(y)) / 2


async def test_scores_catch_up_with_the_answers():
    server = Server()
    scorer = SemanticScorer(server.client(), PROMPTS, dict.fromkeys("abc", 1))
    last = {}
    order = answers("error")
    random.Random(3).shuffle(order)
    for each in order:
        for event in [*scorer.score(each), *await scorer.catch_up()]:
            last[event.models] = event
    assert last["a", "b"].value == pytest.approx(np.mean([cosine("aab", "ab"), 1.0, cosine("a", "b")]))
    assert (last["a", "b"].measure, last["a", "b"].n) == ("rse.semantic", 3)
    assert (last["b", "c"].n, last["b", "c"].excluded) == (2, {"error": 1})
    asked = [text for request in server.requests for text in json.loads(request.content)["input"]]
    assert len(asked) == len(set(asked)), "each text is embedded once"
    assert scorer.version == "1 small"
    assert not scorer._open


async def test_a_server_that_fails_is_told_of_once_and_left_alone():
    server = Server(httpx.Response(401))
    scorer = SemanticScorer(server.client(), PROMPTS, dict.fromkeys("abc", 1))
    for each in answers()[:3]:
        scorer.score(each)
    (notice,) = await scorer.catch_up()
    assert notice == Notice("no semantic aspect: the server answered 401")
    for each in answers()[3:]:
        scorer.score(each)
    assert await scorer.catch_up() == []
    assert len(server.requests) == 1
