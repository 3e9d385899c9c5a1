"""From what a server or the wire did wrong to a `ProviderError`: its kind, one line for the user, and how long to wait.

Nothing here knows an SDK: statuses, bodies and headers only, so that the streaming adapters and the model listing say
the same thing about the same failure.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from distq_tui.providers.base import ErrorKind, ProviderError
from distq_tui.providers.urls import missing_version, shown

_STATUS_KINDS: dict[int, ErrorKind] = {
    401: "auth",
    402: "auth",
    403: "auth",
    404: "not_found",
    405: "not_found",
    408: "timeout",
    409: "server",
    425: "server",
    429: "rate_limit",
    501: "bad_request",  # "not implemented" never heals
}
_TYPE_KINDS: tuple[tuple[str, ErrorKind], ...] = (
    ("rate_limit", "rate_limit"),
    ("overloaded", "server"),
    ("auth", "auth"),
    ("permission", "auth"),
    ("billing", "auth"),
    ("not_found", "not_found"),
    ("timeout", "timeout"),
    ("invalid_request", "bad_request"),
    ("request_too_large", "bad_request"),
)
"""By a part of the error's `type` or `code`: an error that comes inside a stream has no status of its own."""

_STATUSES = frozenset(map(str, range(400, 600)))
_FILTER_CODES = ("content_filter", "content_policy", "moderation", "responsible_ai", "data_inspection")
_SPENT_CODES = ("insufficient_quota", "billing_hard_limit", "insufficient_balance", "credit_balance")
"""A 429 with one of these is no rate limit: waiting does not heal it."""


def scrub(text: str, key: str | None) -> str:
    """The text without the key, which some servers echo back."""
    return text.replace(key, "***") if key and len(key) >= 4 else text


def status_error(
    status: int,
    body: object,
    headers: Mapping[str, str],
    *,
    url: str,
    key: str | None = None,
    now: datetime | None = None,
) -> ProviderError:
    """The error for an HTTP answer that is none.

    Args:
        status: the HTTP status; 3xx too, since redirects are not followed (a key goes only to the origin it is for).
        body: the decoded JSON body, or its text.
        headers: the answer's headers, whatever their case.
        url: what was asked, for the hint.
        key: taken out of the message.
        now: the time that a `Retry-After` date is compared with, where the server sends no `Date`.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    error = _error_object(body)
    message = _message(body, error) or _phrase(status)
    if 300 <= status < 400:
        return ProviderError("not_found", scrub(_redirected(url, lower.get("location", "")), key), status)
    kind = _kind(status, error)
    text = f"{status}: {message}"
    if kind == "not_found":
        text = f"{status} at {shown(url)}: {message}{missing_version(url)}"
    elif status == 429 and kind == "auth":
        text = f"{status}, and waiting does not help: {message}"
    return ProviderError(kind, scrub(text, key), status, retry_after(lower, now or datetime.now(UTC)))


def stream_error(body: object, *, key: str | None = None) -> ProviderError:
    """The error for an error object that came inside a stream which began with status 200."""
    error = _error_object(body)
    code = str(error.get("code"))
    status = int(code) if code in _STATUSES else None
    words = _words(error)
    if status is not None:
        kind = _kind(status, error)
    elif _has(words, _FILTER_CODES):
        kind = "filtered"
    elif _has(words, _SPENT_CODES):
        kind = "auth"
    else:
        kind = next((kind for part, kind in _TYPE_KINDS if part in words), "server")
    message = _message(body, error) or "an error without a message"
    return ProviderError(kind, scrub(f"error inside the stream: {message}", key), status)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that the server asks to wait: `retry-after-ms`, or `retry-after` in seconds or as an HTTP date.

    A date is compared with the server's own `Date` header where there is one, so that a skewed clock does not matter.
    """
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "").strip()
        try:
            seconds = float(value) * scale
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    until = _http_date(headers.get("retry-after", ""))
    if until is None:
        return None
    return max(0.0, (until - (_http_date(headers.get("date", "")) or now)).total_seconds())


def error_fields(body: object) -> tuple[str, str, str]:
    """Message, `param` and `code or type` of an error body, each empty where absent."""
    error = _error_object(body)
    param = error.get("param")
    return _message(body, error), param if isinstance(param, str) else "", _words(error)


def _kind(status: int, error: Mapping[str, Any]) -> ErrorKind:
    words = _words(error)
    if status < 500 and (_has(words, _FILTER_CODES) or (status == 403 and "flagged" in error.get("message", ""))):
        return "filtered"
    if status == 429 and _has(words, _SPENT_CODES):
        return "auth"
    return _STATUS_KINDS.get(status, "server" if status >= 500 else "bad_request")


def _has(words: str, parts: tuple[str, ...]) -> bool:
    return any(part in words for part in parts)


def _words(error: Mapping[str, Any]) -> str:
    return " ".join(str(error[name]).lower() for name in ("code", "type", "status") if error.get(name))


def _error_object(body: object) -> dict[str, Any]:
    """The innermost object that describes the error: `{"error": {...}}`, `{...}`, `[{...}]` or JSON text of these."""
    if isinstance(body, str | bytes):
        try:
            body = json.loads(body)
        except (ValueError, RecursionError):
            return {}
    if isinstance(body, list) and body:
        body = body[0]
    if not isinstance(body, dict):
        return {}
    inner = body.get("error")
    found = dict(inner) if isinstance(inner, dict) else dict(body)
    if not isinstance(found.get("message"), str):
        found["message"] = ""
    return found


def _message(body: object, error: Mapping[str, Any]) -> str:
    if error.get("message"):
        return str(error["message"])
    for name in ("error", "detail", "msg"):
        if isinstance(error.get(name), str):
            return str(error[name])
    if error.get("detail"):
        return json.dumps(error["detail"])
    return "" if not isinstance(body, str) or body.lstrip().startswith(("<", "{", "[")) else body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "overloaded" if status == 529 else "no message"


def _redirected(url: str, location: str) -> str:
    target = shown(location) or "nowhere"
    return f"{shown(url)} redirects to {target}: redirects are not followed, set the final address as base_url"


def _http_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value.strip())
    except (ValueError, TypeError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date
