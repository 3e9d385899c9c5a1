"""A scripted server under the real SDKs: canned bytes in, chunks or the error out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import httpx2
import pytest

from distq_tui.plan.trial import Params, Request
from distq_tui.prompts import Message
from distq_tui.providers.base import Chunk, ProviderError

KEY = "sk-test-0123456789"


class Body(httpx2.AsyncByteStream):
    """Pieces of an answer's body; an exception among them breaks the wire there, an event holds it until it is set."""

    def __init__(self, *pieces: bytes | Exception | asyncio.Event) -> None:
        self.pieces = pieces
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            if isinstance(piece, asyncio.Event):
                await piece.wait()
            else:
                yield piece

    async def aclose(self) -> None:
        self.closed = True


def sse(*events: Any, end: bool = True) -> bytes:
    """OpenAI's framing: data lines, closed by [DONE]."""
    lines = [event if isinstance(event, str) else json.dumps(event, ensure_ascii=False) for event in events]
    return "".join(f"data: {line}\n\n" for line in [*lines, *(["[DONE]"] if end else [])]).encode()


def typed_sse(*events: Any) -> bytes:
    """Anthropic's framing: every event carries its type."""
    rows = [(event["type"], json.dumps(event, ensure_ascii=False)) for event in events]
    return "".join(f"event: {name}\ndata: {data}\n\n" for name, data in rows).encode()


def delta(content: str | None = None, *, finish: str | None = None, **more: Any) -> dict[str, Any]:
    """A chat completion chunk with one choice."""
    choice = {"index": 0, "delta": {"content": content, **more}, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "model": "m-served", "choices": [choice]}


def message(*texts: str, stop: str | None = "end_turn") -> list[dict[str, Any]]:
    """The events of a message, the last two only where it stopped."""
    usage = {"input_tokens": 7, "output_tokens": 1}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": {"id": "x", "model": "m-served", "role": "assistant", "usage": usage}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
    ]
    for text in texts:
        events.append({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}})
    if stop:
        usage = {"output_tokens": 5}
        events += [{"type": "message_delta", "delta": {"stop_reason": stop}, "usage": usage}, {"type": "message_stop"}]
    return events


class Wire:
    """Answers each request with the next scripted answer, and keeps the requests."""

    key = KEY

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []
        self.answers: list[httpx2.Response | Exception] = []
        self.client = httpx2.AsyncClient(transport=httpx2.MockTransport(self._answer))

    def stream(self, *pieces: bytes | Exception | asyncio.Event, kind: str = "text/event-stream") -> Body:
        """Script an event stream made of these pieces."""
        body = Body(*pieces)
        self.answers.append(httpx2.Response(200, headers={"content-type": kind}, stream=body))
        return body

    def status(self, status: int, body: Any = None, **headers: str) -> None:
        """Script an answer with a status, a JSON body and headers (`_` for `-`)."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append(httpx2.Response(status, json=body, headers=names))

    def provider(self, kind: str, base_url: str = "http://server.test/v1", **options: Any) -> Any:
        """The adapter of that kind over this wire."""
        from distq_tui.providers.anthropic import AnthropicProvider
        from distq_tui.providers.openai import OpenAIProvider

        make: Callable[..., Any] = OpenAIProvider if kind == "openai" else AnthropicProvider
        options = {"first_token": 5.0, "between_tokens": 5.0, "key": KEY} | options
        key = options.pop("key")
        return make(base_url, key, http_client=self.client, **options)

    async def ask(self, provider: Any, request: Request | None = None) -> tuple[list[Chunk], ProviderError | None]:
        """All chunks of a call, and the error that ended it."""
        chunks: list[Chunk] = []
        try:
            async for chunk in provider.stream(request or ask()):
                chunks.append(chunk)
        except ProviderError as error:
            return chunks, error
        return chunks, None

    def sent(self, number: int = -1) -> dict[str, Any]:
        """The JSON body of a request."""
        body: dict[str, Any] = json.loads(self.requests[number].content)
        return body

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def ask(*, system: str | None = None, model: str = "m", **params: Any) -> Request:
    """A request of one question."""
    messages = (Message("user", "Who made you?"),)
    if system is not None:
        messages = (Message("system", system), *messages)
    return Request("openai", "http://server.test/v1", model, messages, Params(**params))


def text(chunks: Sequence[Chunk]) -> str:
    """The answer that the engine would keep."""
    kept = ""
    for chunk in chunks:
        kept = ("" if chunk.void else kept) + chunk.text
    return kept


def reasoning(chunks: Sequence[Chunk]) -> str:
    """The reasoning that the engine would keep."""
    kept, shown = "", ""
    for chunk in chunks:
        kept, shown = (kept + shown, "") if chunk.void else (kept, shown)
        kept, shown = kept + chunk.reasoning, shown + chunk.text
    return kept


class Canned:
    """The helpers above, for tests that can't import a conftest."""

    sse = staticmethod(sse)
    typed_sse = staticmethod(typed_sse)
    delta = staticmethod(delta)
    message = staticmethod(message)
    ask = staticmethod(ask)
    text = staticmethod(text)
    reasoning = staticmethod(reasoning)


@pytest.fixture
def canned() -> type[Canned]:
    return Canned


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    wire = Wire()
    yield wire
    await wire.client.aclose()
