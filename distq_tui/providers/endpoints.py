"""What a model's endpoint is: its identity in trial keys, and the group its limits count in.

Nothing here opens a connection or imports an SDK: plans, estimates and fully cached runs need only this.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from distq_tui.config.addresses import http_address
from distq_tui.config.models import SIMULATED, ModelSpec
from distq_tui.errors import InputError

OPENAI_BASE_URL = "https://api.openai.com/v1"
ANTHROPIC_BASE_URL = "https://api.anthropic.com"

LOCAL_CONCURRENCY = 2
"""More requests at once on a local server share the same cores: each becomes slower and none ends sooner."""
REMOTE_CONCURRENCY = 20

_LOOPBACK = frozenset({"localhost", "::1", "0.0.0.0"})
_DEFAULT_URLS = {"openai": OPENAI_BASE_URL, "anthropic": ANTHROPIC_BASE_URL}


def base_url_of(spec: ModelSpec) -> str:
    """The root of a remote endpoint in the one spelling that trial keys hold; the provider's own where none is named.

    Raises:
        InputError: no http(s) address that a request could go to.
    """
    try:
        url = http_address(spec.base_url or _DEFAULT_URLS[spec.provider])
    except ValueError as error:
        raise InputError(str(error), field="base_url") from error
    return url.removesuffix("/v1") if spec.provider == "anthropic" else url  # its SDK adds the version


def endpoint_of(spec: ModelSpec, *, database: Path | None = None) -> str:
    """The identity that goes into trial keys (`Request.endpoint`).

    Args:
        spec: the model.
        database: where `replay` finds the session of a `session:ID` source.

    Returns:
        The resolved base URL; `local:<sha256 of the weights>`, `replay:<digest of the content>` (with `simulated:`
        before the digest where that holds) or `demo:<version of the personas>` for what has no URL.

    Raises:
        InputError: the URL is none, or the weights, the recording or the session do not exist.
    """
    match spec.provider:
        case "local":
            from distq_tui.providers.local.weights import weights_sha256

            return f"local:{weights_sha256(spec.name)}"
        case "replay":
            from distq_tui.providers.replay.source import source_digest

            mark = SIMULATED if spec.simulated else ""
            return f"replay:{mark}{source_digest(spec.base_url, database)}"
        case "demo":
            from distq_tui.providers.demo.personas import load_personas

            personas = load_personas()
            if spec.name not in personas.by_name:
                raise InputError(f"no persona is called {spec.name!r}; known are {', '.join(personas.by_name)}")
            return f"demo:{personas.version}"
        case _:
            return base_url_of(spec)


def endpoint_group(spec: ModelSpec) -> str:
    """The group in which concurrency and pauses after a 429 are counted.

    All embedded models are one group: they share this machine's cores. A remote endpoint is one group for each key.
    """
    if spec.provider in {"local", "demo"}:
        return spec.provider
    if spec.provider == "replay":
        return f"replay:{spec.base_url}"
    return " ".join(filter(None, (spec.provider, base_url_of(spec), spec.key)))


def default_concurrency(spec: ModelSpec) -> int:
    """Requests under way at once in the model's group, where the plan does not say."""
    if spec.provider == "local":
        return LOCAL_CONCURRENCY
    if spec.provider in {"demo", "replay"}:
        return REMOTE_CONCURRENCY
    host = urlsplit(base_url_of(spec)).hostname or ""
    return LOCAL_CONCURRENCY if host in _LOOPBACK or host.startswith("127.") else REMOTE_CONCURRENCY
