"""Both adapters against a real server with a real model: llama.cpp speaks both APIs, and wants its key."""

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any

import pytest

from distq_tui.plan.trial import Params, Request
from distq_tui.prompts import Message
from distq_tui.providers.local import SHIPPED_MODEL, why_unavailable

REASON = why_unavailable()
pytestmark = [
    pytest.mark.skipif(REASON is not None, reason=REASON or ""),
    pytest.mark.parametrize("kind", ["openai", "anthropic"]),
]
QUESTION = (Message("user", "Why is the sky blue? Answer in one sentence."),)


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    from distq_tui.providers.local.server import start_server
    from distq_tui.providers.local.weights import find_weights

    server = start_server(find_weights(SHIPPED_MODEL), SHIPPED_MODEL)
    yield server
    server.stop()


@pytest.fixture
async def provider(server: Any, kind: str, asker: Any) -> AsyncIterator[Any]:
    provider = asker.provider(kind, f"{server.url}/v1", first_token=60.0, between_tokens=60.0, key=server.key)
    yield provider
    await provider.close()


def request(**params: Any) -> Request:
    return Request("openai", "http://loopback", SHIPPED_MODEL, QUESTION, Params(**params))


async def test_an_answer_streams_and_is_the_same_again(provider: Any) -> None:
    runs = []
    for _ in range(2):
        runs.append([chunk async for chunk in provider.stream(request(temperature=0.0, max_tokens=24))])
    texts = ["".join(chunk.text for chunk in chunks) for chunks in runs]
    assert texts[0] == texts[1] != ""
    assert sum(bool(chunk.text) for chunk in runs[0]) > 5
    assert any(chunk.finish for chunk in runs[0])
    (usage,) = [chunk.usage for chunk in runs[0] if chunk.usage]
    assert 0 < usage.output_tokens <= 24
    assert SHIPPED_MODEL in {chunk.served_model for chunk in runs[0]}


async def test_a_closed_call_leaves_the_server_ready(provider: Any) -> None:
    async with aclosing(provider.stream(request(max_tokens=400))) as stream:
        async for chunk in stream:
            if chunk.text:
                break
    again = [chunk async for chunk in provider.stream(request(max_tokens=4))]
    assert any(chunk.finish for chunk in again)


async def test_the_models_are_listed(provider: Any) -> None:
    assert SHIPPED_MODEL in await provider.list_models()


async def test_a_wrong_key_is_told_without_it(server: Any, kind: str, asker: Any) -> None:
    _, _, error = await asker.ask(kind, f"{server.url}/v1", key="sk-wrong-key")
    assert error.kind == "auth"
    assert "wrong-key" not in error.message
