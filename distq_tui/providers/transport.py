"""The HTTP client under both SDKs, and what of the environment may reach a request: proxies for remote hosts."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS = 15.0
DIRECT = ("all://localhost", "all://*.localhost", "all://127.0.0.1", "all://[::1]", "all://0.0.0.0")
"""Hosts that are this machine, as mounts: never through a proxy of the environment."""


def new_client(first_token: float) -> httpx2.AsyncClient:
    """A client that follows no redirect and reaches this machine without a proxy.

    It has no read timeout: the adapter times tokens, not bytes, so that keep-alive comments don't count as tokens.
    """
    import httpx2

    return httpx2.AsyncClient(
        follow_redirects=False,
        timeout=httpx2.Timeout(None, connect=min(first_token, CONNECT_SECONDS)),
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=100),
        mounts=dict.fromkeys(DIRECT),
    )


def hush(*loggers: str) -> None:
    """Keep an SDK's debug log shut, whatever the environment says: it holds requests and the errors of the wire."""
    for name in loggers:
        logging.getLogger(name).setLevel(logging.WARNING)


def exact_headers(sdk: Any, variable: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """Default headers for an SDK's client in which nothing of the environment is left.

    Both SDKs add headers from an environment variable (`OPENAI_CUSTOM_HEADERS`, ...) to every call, to whatever server:
    here each of those names is omitted, or gets the wanted value in whatever case the variable writes it. Given with a
    single call the headers would stand in its debug log.

    Args:
        sdk: the SDK's module, for its `Omit`.
        variable: the environment variable that the SDK reads `Name: value` lines from.
        wanted: what is sent.
    """
    lines = os.environ.get(variable, "").split("\n")
    ambient = {line.partition(":")[0].strip() for line in lines if ":" in line}
    lower = {name.lower(): value for name, value in wanted.items()}
    return {name: lower.get(name.lower(), sdk.Omit()) for name in sorted(ambient)} | wanted
