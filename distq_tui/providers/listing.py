"""The models that an endpoint lists, and whether it can be reached at all: `GET .../models` with httpx, no SDK."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from distq_tui.providers.base import ProviderError
from distq_tui.providers.endpoints import ANTHROPIC_BASE_URL, OPENAI_BASE_URL
from distq_tui.providers.errors import scrub, status_error, stream_error
from distq_tui.providers.transport import DIRECT
from distq_tui.providers.urls import anthropic_auth, anthropic_root, missing_version, openai_root, shown

if TYPE_CHECKING:
    import httpx

Kind = Literal["openai", "anthropic"]

SECONDS = 10.0
"""For all pages together."""
MOST_PAGES = 50
LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class ConnectionTest:
    """What a test of an endpoint found.

    Attributes:
        url: the final URL that was asked, safe to show.
        status: the HTTP status; None where no answer came.
        latency_ms: until the list was read, or until the failure.
        models: the ids that the endpoint lists.
        error: one line; None where the test passed.
    """

    url: str
    status: int | None
    latency_ms: int
    models: tuple[str, ...] = ()
    error: str | None = None


async def list_models(
    base_url: str | None, key: str | None, kind: Kind, *, transport: httpx.AsyncBaseTransport | None = None
) -> list[str]:
    """The ids of the models that the endpoint lists, in its order.

    Raises:
        ProviderError: it can't be reached in 10 seconds, refuses, or lists none.
    """
    url = models_url(base_url, kind)
    try:
        async with asyncio.timeout(SECONDS):
            return await _pages(url, key, kind, transport)
    except TimeoutError:
        raise ProviderError("timeout", f"{shown(url)} did not answer within {SECONDS:g} s") from None


async def test_connection(  # the command's word for it; no test
    base_url: str | None,
    key: str | None,
    kind: Kind,
    *,
    transport: httpx.AsyncBaseTransport | None = None,  # noqa: PT028
) -> ConnectionTest:
    """Ask for the list of models and say how that went; never raises `ProviderError`."""
    url = shown(models_url(base_url, kind))
    start = time.monotonic()
    try:
        models = await list_models(base_url, key, kind, transport=transport)
    except ProviderError as error:
        return ConnectionTest(url, error.status, _since(start), error=error.message)
    return ConnectionTest(url, 200, _since(start), tuple(models))


def models_url(base_url: str | None, kind: Kind) -> str:
    """The URL of the list of models under a base URL; None = the provider's own."""
    if kind == "anthropic":
        return anthropic_root(base_url or ANTHROPIC_BASE_URL) + "/v1/models"
    return openai_root(base_url or OPENAI_BASE_URL) + "/models"


async def _pages(url: str, key: str | None, kind: Kind, transport: httpx.AsyncBaseTransport | None) -> list[str]:
    import httpx

    headers = {"Accept": "application/json"}
    if kind == "anthropic":
        headers |= anthropic_auth(url, key)
    elif key:
        headers["Authorization"] = f"Bearer {key}"
    found: list[str] = []
    params = {"limit": "1000"} if kind == "anthropic" else {}
    try:
        async with httpx.AsyncClient(
            headers=headers, timeout=SECONDS, follow_redirects=False, transport=transport, mounts=_mounts(transport)
        ) as client:
            for _ in range(MOST_PAGES):
                body = _body(await client.get(url, params=params), url, key)
                found += _ids(body)
                after = _next_page(body)
                if kind != "anthropic" or after is None or after == params.get("after_id"):
                    break
                params["after_id"] = after
    except (httpx.LocalProtocolError, httpx.InvalidURL, UnicodeEncodeError):
        raise ProviderError("config", "the key or the base URL holds characters that no request can carry") from None
    except httpx.HTTPError as error:
        reason = scrub(str(error) or type(error).__name__, key)
        raise ProviderError("connection", f"no connection to {shown(url)}: {reason}") from None
    if not found:
        raise ProviderError("not_found", f"{shown(url)} lists no models{missing_version(url)}")
    return list(dict.fromkeys(found))


def _mounts(transport: httpx.AsyncBaseTransport | None) -> dict[str, httpx.AsyncBaseTransport | None]:
    return dict.fromkeys(DIRECT) if transport is None else {}


def _body(response: httpx.Response, url: str, key: str | None) -> Any:
    if response.status_code != 200:
        raise status_error(response.status_code, response.text, dict(response.headers), url=url, key=key)
    try:
        body = response.json()
    except ValueError:
        hint = missing_version(url)
        raise ProviderError("malformed", f"{shown(url)} does not answer with JSON{hint}", 200) from None
    if isinstance(body, dict) and body.get("error"):
        raise stream_error(body, key=key)
    return body


def _ids(body: Any) -> list[str]:
    """Ids of `{"data": [{"id"}]}`, a bare list, or `{"models": [{"name"}]}`; what is no printable name is left out."""
    rows = body if isinstance(body, list) else []
    if isinstance(body, dict):
        rows = next((body[name] for name in ("data", "models") if isinstance(body.get(name), list)), [])
    names = [row.get("id") or row.get("name") for row in rows if isinstance(row, dict)]
    return [name for name in names if isinstance(name, str) and name.isprintable() and 0 < len(name) <= LONGEST_ID]


def _next_page(body: Any) -> str | None:
    last = body.get("last_id") if isinstance(body, dict) and body.get("has_more") is True else None
    return last if isinstance(last, str) and last else None


def _since(start: float) -> int:
    return round((time.monotonic() - start) * 1000)
