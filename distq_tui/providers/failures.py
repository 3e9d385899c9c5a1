"""Every exception that the SDKs and `httpx2` let through, as one `ProviderError`.

What they let through was read in their sources (openai 3.54, anthropic 2.12): an error event inside a stream is an
`APIStatusError` with status 200 in anthropic and a bare `APIError` in openai; anthropic passes raw `httpx2` errors in
mid-stream; malformed events raise `JSONDecodeError` or `UnicodeDecodeError`; an empty one may raise `AssertionError`.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Any

from distq_tui.providers.base import ErrorKind, ProviderError
from distq_tui.providers.errors import scrub, status_error, stream_error
from distq_tui.providers.urls import shown


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a failure happened: the SDK's module, what was asked, and the key to keep out of messages."""

    sdk: Any
    url: str
    key: str | None


def translate(error: Exception, origin: Origin, *, opened: bool) -> ProviderError:  # noqa: PLR0911 - a table
    """The error as the engine knows it; `opened` says that the answer had begun, so that a broken wire has cut it.

    Raises:
        Exception: the same, where it is no failure of server or wire but a mistake in this program.
    """
    import httpx2

    sdk = origin.sdk
    if isinstance(error, ProviderError):
        return error
    if isinstance(error, sdk.APIStatusError):
        return _status(error, origin)
    if isinstance(error, sdk.APITimeoutError | httpx2.TimeoutException):
        return ProviderError("timeout", f"{shown(origin.url)} did not answer in time")
    if isinstance(error, sdk.APIConnectionError):
        return _wire(error.__cause__ or error, origin, opened=opened)
    if isinstance(error, ValueError | RecursionError | sdk.APIResponseValidationError) and not isinstance(
        error, httpx2.InvalidURL
    ):
        return _unreadable(error, opened=opened)
    if isinstance(error, sdk.APIError):
        return stream_error(error.body or {"message": error.message}, key=origin.key)
    if isinstance(error, AssertionError) or type(error).__name__ == "EndOfStream":
        return ProviderError("cut", "the stream ended before it began" if not opened else "the stream was cut")
    if isinstance(error, httpx2.RequestError | httpx2.InvalidURL | httpx2.StreamError | ssl.SSLError | OSError):
        return _wire(error, origin, opened=opened)
    raise error


def _status(error: Any, origin: Origin) -> ProviderError:
    if error.status_code < 300:
        return stream_error(error.body, key=origin.key)
    return status_error(error.status_code, error.body, dict(error.response.headers), url=origin.url, key=origin.key)


def _wire(error: BaseException, origin: Origin, *, opened: bool) -> ProviderError:
    import httpx2

    if isinstance(error, httpx2.LocalProtocolError | httpx2.InvalidURL):
        return ProviderError("config", "the key or the base URL holds characters that no request can carry")
    kind: ErrorKind = "cut" if opened else "connection"
    reason = scrub(str(error) or type(error).__name__, origin.key)
    if opened:
        return ProviderError(kind, f"the connection broke in mid-stream: {reason}")
    return ProviderError(kind, f"no connection to {shown(origin.url)}: {reason}")


def _unreadable(error: Exception, *, opened: bool) -> ProviderError:
    if isinstance(error, UnicodeEncodeError):
        return ProviderError("config", "the key holds characters that no request can carry")
    what = "an event of the stream" if opened else "the answer"
    return ProviderError("malformed", f"{what} is not valid JSON")
