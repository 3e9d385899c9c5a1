"""What the engine knows of a server: one Protocol, its chunks, and its errors by kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from distq_tui.errors import one_line
from distq_tui.events import Usage
from distq_tui.plan.trial import Request

ErrorKind = Literal[
    "auth",  # the key is missing, wrong or not allowed
    "not_found",  # no such model, or no such path (a base URL without /v1)
    "bad_request",  # the request is refused for good
    "param_refused",  # one parameter is refused: the same request goes again at once, without it
    "filtered",  # the server's content filter refused prompt or answer
    "rate_limit",  # 429
    "server",  # 5xx, overloaded
    "connection",  # refused, reset, TLS, name
    "timeout",  # no first token, or none between tokens, in time
    "malformed",  # what came is no event stream
    "cut",  # the stream ended before its end
    "config",  # the provider cannot be used as configured (key not set, extra not installed)
]
RETRYABLE: frozenset[ErrorKind] = frozenset({"rate_limit", "server", "connection", "timeout", "malformed", "cut"})


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a streamed answer; every field is what is new in it.

    `finish` is the server's own word for why it stopped; a stream without one was cut. `sent` and `refused` come with
    the first chunk: the parameters that really went out, and those the model refused earlier.

    `void` says that all `text` yielded before this chunk was reasoning (the chat template had opened the tag, and only
    its end was seen): it moves from the answer to the end of the reasoning, and the answer starts anew with this chunk.
    """

    text: str = ""
    reasoning: str = ""
    finish: str | None = None
    usage: Usage | None = None
    served_model: str | None = None
    sent: dict[str, float | int] | None = None
    refused: tuple[str, ...] = ()
    void: bool = False


@dataclass(slots=True)
class ProviderError(Exception):
    """A call that failed, by kind.

    Attributes:
        message: one line for the user, made safe for a terminal; never holds a key or a header.
        status: the HTTP status, where there was one.
        retry_after: seconds that the server asked to wait, where it did.
    """

    kind: ErrorKind
    message: str
    status: int | None = None
    retry_after: float | None = None
    usage: Usage | None = field(default=None)

    def __post_init__(self) -> None:
        self.message = one_line(self.message)[:500]
        Exception.__init__(self, self.message)

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later."""
        return self.kind in RETRYABLE


class Provider(Protocol):
    """One endpoint of one kind of server.

    An adapter never retries and never waits: it raises `ProviderError` and the engine decides, visibly. It remembers
    the parameters that a model refused and leaves them out from then on.
    """

    def stream(self, request: Request) -> AsyncIterator[Chunk]:
        """Ask and yield what arrives.

        Closing the iterator ends the call at once.

        Raises:
            ProviderError: at any point, with what was yielded before still valid.
        """
        ...

    async def list_models(self) -> list[str]:
        """The models that the endpoint lists, in its order.

        Raises:
            ProviderError: it can't be reached, or lists none.
        """
        ...

    async def close(self) -> None:
        """Give back connections, threads and files."""
        ...
