"""What the two SDK adapters share: a call as a stream of chunks, its timeouts, every failure as a `ProviderError`.

A stream that just ends raises nothing in either SDK: it yields no `finish`, and the engine calls that incomplete.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, cast

from distq_tui.plan.trial import Request
from distq_tui.providers.base import Chunk, ProviderError
from distq_tui.providers.errors import stream_error
from distq_tui.providers.failures import Origin, translate
from distq_tui.providers.fields import field
from distq_tui.providers.pace import Pace
from distq_tui.providers.redact import Redactor
from distq_tui.providers.refusals import Refusals
from distq_tui.providers.transport import hush, new_client
from distq_tui.providers.urls import missing_version, shown

if TYPE_CHECKING:
    import httpx2

NO_KEY = "none"
"""Sent where there is no key: local servers want none, and without it the SDKs would take one from the environment."""

_END = object()


class Reader(Protocol):
    """Turns the events of one call into chunks."""

    finished: bool

    def read(self, event: object) -> Iterable[Chunk]:
        """The chunks of one event's JSON, in order; none for an event that says nothing."""
        ...

    def flush(self) -> Iterable[Chunk]:
        """What was held back, when the stream is over or broken."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """What one request becomes: the JSON that is posted, and the sampling parameters in it by name."""

    body: dict[str, Any]
    sent: dict[str, float | int]
    refusable: tuple[str, ...]


class SdkProvider(ABC):
    """An endpoint reached through an SDK.

    Args:
        base_url: the endpoint; None = the provider's own.
        key: the key, or None for a server that wants none.
        http_client: a client to use and not to close; None = an own one.
        first_token, between_tokens: timeouts in seconds.

    Raises:
        ProviderError: no key for the provider's own endpoint.
    """

    _default_url: ClassVar[str]
    _kind: ClassVar[Literal["openai", "anthropic"]]
    _whole: ClassVar[str]
    """The list that an answer holds which comes in one piece."""

    def __init__(
        self,
        base_url: str | None,
        key: str | None,
        *,
        http_client: httpx2.AsyncClient | None = None,
        first_token: float,
        between_tokens: float,
    ) -> None:
        self._base_url = (base_url or self._default_url).strip().rstrip("/")
        self._key = key.strip() if key else None
        if self._key is None and self._base_url == self._default_url:
            raise ProviderError("config", f'{self._default_url} wants a key: name one as key = "env:NAME"')
        self._first_token, self._between_tokens = first_token, between_tokens
        self._owned = new_client(first_token) if http_client is None else None
        self._http = http_client or self._owned
        self._refusals = Refusals()
        self._client: Any
        self._sdk = self._load()
        hush(self._kind)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({shown(self._base_url)!r})"

    @abstractmethod
    def _load(self) -> Any:
        """Import the SDK, make its client over `self._http`, and return the module."""

    @abstractmethod
    def _url(self) -> str:
        """The URL that a request is posted to."""

    @abstractmethod
    def _path(self) -> str:
        """That URL below the SDK's base URL."""

    @abstractmethod
    def _call(self, request: Request) -> Call:
        """The request as the API wants it, without what the model refused."""

    @abstractmethod
    def _reader(self) -> Reader:
        """A reader for one call."""

    async def stream(self, request: Request) -> AsyncIterator[Chunk]:
        """Ask and yield what arrives; closing the iterator ends the HTTP call at once.

        The first chunk says what was sent and comes as soon as the server has accepted the request.

        Raises:
            ProviderError: at any point, with what was yielded before still valid.
        """
        call = self._call(request)
        reader, redactor = self._reader(), Redactor(self._key)
        pace = Pace(self._first_token, self._between_tokens)
        failure: ProviderError | None = None
        stream: Any = None
        try:
            try:
                async with pace.limit():
                    stream = await self._open(call.body)
                    events = await self._events(stream)
                yield Chunk(sent=call.sent, refused=self._refusals.of(request.model))
                while True:
                    async with pace.limit():
                        event = await anext(events, _END)
                    if event is _END:
                        break
                    chunks = list(reader.read(event))
                    for chunk in chunks:
                        for safe in redactor.feed(chunk):
                            yield safe
                    token = any(chunk.text or chunk.reasoning for chunk in chunks)
                    pace.event(token=token, finished=reader.finished)
            except TimeoutError:
                failure = pace.late()
            except Exception as error:
                failure = self._failure(error, call, request.model, opened=stream is not None)
            for chunk in reader.flush():
                for safe in redactor.feed(chunk):
                    yield safe
            for chunk in redactor.flush():
                yield chunk
        finally:
            if stream is not None:
                with suppress(Exception):
                    await stream.close()
        if failure is not None and not reader.finished:  # what breaks after the finish reason breaks no answer
            raise failure

    async def list_models(self) -> list[str]:
        """The models that the endpoint lists, in its order.

        Raises:
            ProviderError: it can't be reached, or lists none.
        """
        from distq_tui.providers.listing import list_models

        return await list_models(self._base_url, self._key, self._kind)

    async def close(self) -> None:
        """Close the HTTP client, unless it was handed in."""
        if self._owned is not None:
            await self._owned.aclose()

    async def _open(self, body: dict[str, Any]) -> Any:
        """Send the request and return the SDK's stream of events, each as the plain JSON that came.

        The SDK's own methods for these paths build a typed object of every event, half of a streamed answer's CPU time,
        and check no type on the way.
        """
        return await self._client.post(
            self._path(), body=body, cast_to=object, stream=True, stream_cls=self._sdk.AsyncStream[object]
        )

    def _failure(self, error: Exception, call: Call, model: str, *, opened: bool) -> ProviderError:
        failure = translate(error, Origin(self._sdk, self._url(), self._key), opened=opened)
        if failure.kind == "bad_request" and failure.status in {400, 422}:
            name = self._refusals.learn(model, getattr(error, "body", None), call.refusable)
            if name is not None:
                return ProviderError("param_refused", f"{name} refused: {failure.message}", failure.status)
        return failure

    async def _events(self, stream: Any) -> AsyncIterator[object]:
        """The events of the answer; of a server that does not stream the whole answer is the only one.

        Raises:
            ProviderError: it is no answer, and the SDK would read it as an empty one.
        """
        response: httpx2.Response = stream.response
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "text/html":
            raise ProviderError(
                "not_found",
                f"{shown(self._url())} is a web page, no API{missing_version(self._url())}",
                response.status_code,
            )
        if kind != "application/json":
            return cast(AsyncIterator[object], stream)
        await response.aread()
        body = response.json()
        if field(body, "error"):
            raise stream_error(body, key=self._key)
        if not isinstance(field(body, self._whole), list):
            raise ProviderError("bad_request", "the server sent JSON that is no answer", response.status_code)
        return _only(body)


async def _only(event: object) -> AsyncIterator[object]:
    yield event
