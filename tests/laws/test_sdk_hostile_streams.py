"""Whatever bytes a server streams, an adapter yields chunks or raises `ProviderError`, and nothing else."""

import asyncio
import json
from contextlib import suppress

import httpx2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from distq_tui.plan.trial import Params, Request
from distq_tui.prompts import Message
from distq_tui.providers.anthropic import AnthropicProvider
from distq_tui.providers.base import Chunk, ProviderError
from distq_tui.providers.openai import OpenAIProvider

FIELDS = [
    "type",
    "message",
    "delta",
    "choices",
    "content",
    "text",
    "thinking",
    "usage",
    "error",
    "model",
    "index",
    "code",
]
ENDS = [
    "finish_reason",
    "stop_reason",
    "output_tokens",
    "input_tokens",
    "completion_tokens",
    "content_block",
    "reasoning",
]
TYPES = ["message_start", "message_delta", "content_block_start", "content_block_delta", "text_delta", "thinking_delta"]
OTHERS = ["message_stop", "error", "ping", "stop", "rate_limit_error", "<think>", "</think>"]
NAMES, WORDS = st.sampled_from([*FIELDS, *ENDS]), st.sampled_from([*TYPES, *OTHERS])
DEEP = "[DEEP]"
"""Stands for nesting that no parser follows, and would be unreadable in a report."""

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 600) | st.floats(allow_nan=False) | WORDS | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
DATA = VALUES.map(json.dumps) | st.sampled_from(["[DONE]", "{", '{"a":', "", DEEP, "9" * 400])
EVENTS = st.tuples(st.none() | WORDS, DATA).map(
    lambda event: ("" if event[0] is None else f"event: {event[0]}\n") + f"data: {event[1]}\n\n"
)
BODIES = st.lists(EVENTS, max_size=5).map("".join).map(str.encode) | st.binary(max_size=60)


def unfold(body: bytes) -> bytes:
    return body.replace(DEEP.encode(), b"[" * 100_000)


async def read(make: type, response: httpx2.Response) -> None:
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(lambda request: response)) as client:
        provider = make("http://server.test/v1", "key", http_client=client, first_token=5, between_tokens=5)
        request = Request("openai", "http://server.test/v1", "m", (Message("user", "hi"),), Params(temperature=1.0))
        with suppress(ProviderError):
            async for chunk in provider.stream(request):
                assert isinstance(chunk, Chunk)
                assert isinstance(chunk.text + chunk.reasoning + (chunk.finish or ""), str)


@pytest.mark.parametrize("make", [OpenAIProvider, AnthropicProvider])
@given(body=BODIES)
@example(body=b"data: [DEEP]\n\n")
@example(body=b"event: error\ndata: [DEEP]\n\n")
@example(body=b"event: message_start\ndata: [DEEP]\n\n")
@example(body=b"event: error\ndata: [1]\n\n")
@example(body=b'event: error\ndata: {"error": "gone"}\n\n')
@settings(deadline=None, max_examples=50)
def test_any_stream(make, body):
    headers = {"content-type": "text/event-stream"}
    asyncio.run(read(make, httpx2.Response(200, headers=headers, content=unfold(body))))


@pytest.mark.parametrize("make", [OpenAIProvider, AnthropicProvider])
@given(status=st.integers(200, 599), body=DATA.map(str.encode) | st.binary(max_size=60), json_type=st.booleans())
@settings(deadline=None, max_examples=50)
def test_any_answer(make, status, body, json_type):
    headers = {"content-type": "application/json" if json_type else "text/plain", "retry-after": "soon"}
    asyncio.run(read(make, httpx2.Response(status, headers=headers, content=unfold(body))))
