"""The `anthropic` provider: the messages API of any server that speaks it, through the SDK."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from distq_tui.events import Usage
from distq_tui.plan.trial import Request, messages_json
from distq_tui.providers.base import Chunk
from distq_tui.providers.endpoints import ANTHROPIC_BASE_URL
from distq_tui.providers.fields import count, field, text_of
from distq_tui.providers.refusals import MAX_TOKENS
from distq_tui.providers.sdk import NO_KEY, Call, SdkProvider
from distq_tui.providers.thinking import ThinkSplitter, as_chunk
from distq_tui.providers.transport import exact_headers
from distq_tui.providers.urls import anthropic_auth, anthropic_root

DEFAULT_MAX_TOKENS = 1024
"""The API wants a limit with every request; this one goes out, and is reported in `sent`, where the plan gives none."""


class AnthropicProvider(SdkProvider):
    """Messages over the `anthropic` SDK, which is imported when the first adapter is made.

    A stop reason `refusal` is passed on as the finish: the server's classifier ended the answer, not the model's words.
    """

    _kind: ClassVar[Literal["openai", "anthropic"]] = "anthropic"
    _default_url: ClassVar[str] = ANTHROPIC_BASE_URL
    _whole: ClassVar[str] = "content"

    def _load(self) -> Any:
        import anthropic

        key = self._key or NO_KEY
        wanted = {"Accept": "text/event-stream", "Content-Type": "application/json"}
        wanted |= anthropic_auth(self._base_url, key)
        self._client = anthropic.AsyncAnthropic(
            base_url=anthropic_root(self._base_url),
            api_key=key,
            max_retries=0,
            http_client=self._http,
            default_headers=exact_headers(anthropic, "ANTHROPIC_CUSTOM_HEADERS", wanted),
            open_telemetry=False,
        )
        return anthropic

    def _url(self) -> str:
        return anthropic_root(self._base_url) + self._path()

    def _call(self, request: Request) -> Call:
        refused = self._refusals.of(request.model)
        sent = {name: value for name, value in request.params.sent().items() if name not in refused}
        refusable = tuple(sent)
        sent.setdefault(MAX_TOKENS, DEFAULT_MAX_TOKENS)
        system = [message.content for message in request.messages if message.role == "system"]
        turns = tuple(message for message in request.messages if message.role != "system")
        body: dict[str, Any] = {
            "model": request.model,
            "messages": messages_json(turns),
            "stream": True,
            **sent,
        }
        if system:
            body["system"] = "\n\n".join(system)
        return Call(body, sent, refusable)

    def _path(self) -> str:
        return "/v1/messages"

    def _reader(self) -> MessageReader:
        return MessageReader()


class MessageReader:
    """Reads the events of one message; every field may be missing or null, and is then skipped."""

    def __init__(self) -> None:
        self.finished = False
        self._split = ThinkSplitter()
        self._input = 0

    def read(self, event: Any) -> Iterator[Chunk]:
        """The chunks of one event; of a block's start too, where some servers already put text."""
        match text_of(event, "type"):
            case "message_start":
                yield from self._start(field(event, "message"))
            case "content_block_start":
                yield from self._block(field(event, "content_block"))
            case "content_block_delta":
                yield from self._block(field(event, "delta"))
            case "message_delta":
                yield from self._end(field(event, "delta"), field(event, "usage"))
            case "message" | "":  # an answer of one piece, which some servers leave without its type
                yield from self._start(event)
                for block in field(event, "content") or ():
                    yield from self._block(block)
                yield from self._end(event, field(event, "usage"))

    def flush(self) -> Iterator[Chunk]:
        """What the splitter held back: servers that only imitate the API leave reasoning inline."""
        yield from map(as_chunk, self._split.flush())

    def _start(self, message: Any) -> Iterator[Chunk]:
        self._input = _input_tokens(field(message, "usage"))
        yield Chunk(served_model=text_of(message, "model") or None)

    def _block(self, block: Any) -> Iterator[Chunk]:
        reasoning = text_of(block, "thinking")
        if reasoning:
            yield Chunk(reasoning=reasoning)
        yield from map(as_chunk, self._split.feed(text_of(block, "text")))

    def _end(self, stopped: Any, usage: Any) -> Iterator[Chunk]:
        finish = text_of(stopped, "stop_reason")
        if finish:
            self.finished = True
            yield from self.flush()
            yield Chunk(finish=finish)
        output = count(usage, "output_tokens")
        if output is not None:  # totals; the input counted here, where it is, replaces the one of the start
            yield Chunk(usage=Usage(_input_tokens(usage) or self._input, output, "reported"))


def _input_tokens(usage: Any) -> int:
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    return sum(count(usage, name) or 0 for name in names)
