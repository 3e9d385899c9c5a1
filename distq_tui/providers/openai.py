"""The `openai` provider: chat completions of any server that speaks them, through the SDK.

A reference for what an adapter does: it sends the parameters that were asked for and no others, keeps reasoning apart,
yields no `finish` that the server did not send, and remembers what a model refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from distq_tui.events import Usage
from distq_tui.plan.trial import Request, messages_json
from distq_tui.providers.base import Chunk
from distq_tui.providers.endpoints import OPENAI_BASE_URL
from distq_tui.providers.fields import count, field, text_of
from distq_tui.providers.refusals import MAX_COMPLETION_TOKENS, MAX_TOKENS, STREAM_OPTIONS
from distq_tui.providers.sdk import NO_KEY, Call, SdkProvider
from distq_tui.providers.thinking import ThinkSplitter, as_chunk
from distq_tui.providers.transport import exact_headers
from distq_tui.providers.urls import openai_root

_REASONING_FIELDS = ("reasoning_content", "reasoning")
"""DeepSeek's and most servers' name, and OpenRouter's; a server that sends both sends the same text twice."""


class OpenAIProvider(SdkProvider):
    """Chat completions over the `openai` SDK, which is imported when the first adapter is made.

    `sent` names `max_completion_tokens` where the model wanted that in place of `max_tokens`.
    """

    _kind: ClassVar[Literal["openai", "anthropic"]] = "openai"
    _default_url: ClassVar[str] = OPENAI_BASE_URL
    _whole: ClassVar[str] = "choices"

    def _load(self) -> Any:
        import openai

        key = self._key or NO_KEY
        wanted = {
            "Accept": "text/event-stream",
            "Content-Type": "application/json",
            "Authorization": f"Bearer {key}",
            "OpenAI-Organization": openai.Omit(),
            "OpenAI-Project": openai.Omit(),
        }
        self._client = openai.AsyncOpenAI(
            base_url=openai_root(self._base_url),
            api_key=key,
            admin_api_key="",
            max_retries=0,
            http_client=self._http,
            default_headers=exact_headers(openai, "OPENAI_CUSTOM_HEADERS", wanted),
        )
        return openai

    def _url(self) -> str:
        return openai_root(self._base_url) + self._path()

    def _call(self, request: Request) -> Call:
        refused = self._refusals.of(request.model)
        sent = {name: value for name, value in request.params.sent().items() if name not in refused}
        if MAX_TOKENS in sent and self._refusals.renames(request.model):
            sent[MAX_COMPLETION_TOKENS] = sent.pop(MAX_TOKENS)
        body: dict[str, Any] = {
            "model": request.model,
            "messages": messages_json(request.messages),
            "stream": True,
            **sent,
        }
        if STREAM_OPTIONS in refused:
            return Call(body, sent, tuple(sent))
        body[STREAM_OPTIONS] = {"include_usage": True}
        return Call(body, sent, (*sent, STREAM_OPTIONS))

    def _path(self) -> str:
        return "/chat/completions"

    def _reader(self) -> ChatReader:
        return ChatReader()


class ChatReader:
    """Reads the chunks of one chat completion; every field may be missing or null, and is then skipped."""

    def __init__(self) -> None:
        self.finished = False
        self._split = ThinkSplitter()
        self._served: str | None = None

    def read(self, event: Any) -> Iterator[Chunk]:
        """The chunks of one event; usage may come in one of its own, whose choices are empty."""
        served = text_of(event, "model") or None
        if served and served != self._served:
            self._served = served
            yield Chunk(served_model=served)
        choices = field(event, "choices")
        if isinstance(choices, list) and choices:
            yield from self._choice(choices[0])
        usage = field(event, "usage")
        output = count(usage, "completion_tokens")
        if output is not None:
            yield Chunk(usage=Usage(count(usage, "prompt_tokens") or 0, output, "reported"))

    def flush(self) -> Iterator[Chunk]:
        """What the splitter held back."""
        yield from map(as_chunk, self._split.flush())

    def _choice(self, choice: Any) -> Iterator[Chunk]:
        delta = field(choice, "delta") or field(choice, "message")  # the latter in an answer of one piece
        reasoning = next(filter(None, (text_of(delta, name) for name in _REASONING_FIELDS)), "")
        if reasoning:
            yield Chunk(reasoning=reasoning)
        yield from map(as_chunk, self._split.feed(text_of(delta, "content") + text_of(delta, "refusal")))
        finish = text_of(choice, "finish_reason")
        if finish:
            self.finished = True
            yield from map(as_chunk, self._split.flush())
            yield Chunk(finish=finish)
