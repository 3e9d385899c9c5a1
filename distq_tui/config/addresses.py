"""Addresses of servers as users write them: one spelling each, and refused where no request could go there."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

EXAMPLE = "https://api.example.com/v1"
_SCHEMES = {"http": 80, "https": 443}
_CALLS = ("/chat/completions", "/completions", "/embeddings", "/messages")
"""The ends of what is posted to, which is made from a base URL."""


def http_address(text: str) -> str:
    """The base URL in the one spelling that stands for it in trial keys.

    Scheme and host are in lower case, and neither the scheme's own port nor a trailing slash is kept.

    Raises:
        ValueError: no request can go there, or it holds what belongs elsewhere: a password, a query, the path of a
            call. The text is not repeated, since it may hold a secret.
    """
    parts, host, port = _parts(text.strip())
    if parts.username or parts.password:
        raise ValueError('must not hold a user name or password; give the key as `key = "env:NAME"`')
    if parts.scheme not in _SCHEMES or not host or parts.query or parts.fragment:
        raise ValueError(f"must be a plain http(s) address such as {EXAMPLE}")
    path = parts.path.rstrip("/")
    call = next((end for end in _CALLS if path.endswith(end)), None)
    if call is not None:
        raise ValueError(f"is where calls go: leave {call} out, it is added to the base URL")
    place = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{place}{'' if port in {None, _SCHEMES[parts.scheme]} else f':{port}'}{path}"


def _parts(text: str) -> tuple[SplitResult, str, int | None]:
    """The address, its host and its port.

    Raises:
        ValueError: no name server could be asked for the host, or nothing listens at such a port.
    """
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        host.encode("idna")
    except ValueError:
        raise ValueError("has no host that could be looked up") from None
    if any(char.isspace() for char in text):
        raise ValueError("must not hold a space")
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError("has a port that is no number from 1 to 65535")
    return parts, host, port
