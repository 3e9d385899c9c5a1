"""Base URLs as users write them: what is asked under them, how they are shown, and what is missing from them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from distq_tui.providers.endpoints import ANTHROPIC_BASE_URL

ANTHROPIC_VERSION = "2023-06-01"

_VERSION = re.compile(r"/v\d+[a-z0-9]*(?:/|$)")


def shown(url: str) -> str:
    """The URL as it may be shown: without user, password, query and fragment, any of which may hold a secret."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, (f"[{host}]" if ":" in host else host) + port, parts.path, "", ""))


def openai_root(base_url: str) -> str:
    """The URL under which `/chat/completions` and `/models` stand."""
    return base_url.rstrip("/")


def anthropic_root(base_url: str) -> str:
    """The URL under which `/v1/messages` and `/v1/models` stand; a `/v1` that the user wrote is not doubled."""
    return base_url.rstrip("/").removesuffix("/v1")


def anthropic_auth(url: str, key: str | None) -> dict[str, str]:
    """How a key is sent: as the SDK does; to servers of others also as `x-api-key`, all that many read."""
    headers = {"anthropic-version": ANTHROPIC_VERSION}
    if key:
        headers["Authorization"] = f"Bearer {key}"
        if urlsplit(url).hostname != urlsplit(ANTHROPIC_BASE_URL).hostname:
            headers["x-api-key"] = key
    return headers


def missing_version(url: str) -> str:
    """A hint, where the path of a URL that was not found has no version in it; else empty."""
    parts = urlsplit(shown(url))
    if _VERSION.search(parts.path):
        return ""
    for tail in ("/chat/completions", "/models"):
        if parts.path.endswith(tail):
            root = f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix(tail)}"
            return f" (the base URL has no version: try {root}/v1)"
    return ""
