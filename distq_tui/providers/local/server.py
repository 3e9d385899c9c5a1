"""llama.cpp's own server in this process, on loopback: started and stopped in a thread, silent on the terminal."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distq_tui.providers.base import ProviderError
from distq_tui.providers.local.models import HOW_TO_GET

SLOTS = 2
"""Answers under way at once; more requests wait their turn inside the server."""
CONTEXT = 2048
"""Tokens of prompt and answer together in each slot. Twice as many take 100 MB more."""
_SILENT = 0
"""llama.cpp logs to stderr, over the screen of a terminal program; at this verbosity it writes nothing at all."""


@dataclass(slots=True)
class LocalServer:
    """A running server for one file of weights.

    Attributes:
        url: its root, `http://127.0.0.1:PORT`.
        key: made for this start, so that no other program on this machine (or page in a browser) is answered.
    """

    url: str
    key: str
    _server: Any

    def stop(self) -> None:
        """End the server and free its memory.

        Every connection must be closed before: the server waits for open streams, and holds the interpreter meanwhile.
        """
        self._server = None


def start_server(weights: Path, alias: str) -> LocalServer:
    """Load the weights and listen on a free port of loopback; `alias` is the name that answers are served under.

    Blocks for 0.3-1.3 s, and holds the interpreter: xllamacpp does not let other threads run while it loads.

    Raises:
        ProviderError: `config`, the package is missing or can't load these weights.
    """
    try:
        import xllamacpp
    except ImportError as error:
        raise ProviderError("config", f"the embedded model can't be loaded ({error}): {HOW_TO_GET}") from None
    key = secrets.token_urlsafe(16)
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.model_alias = {alias}
    params.api_keys = [key]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.ui = params.endpoint_slots = False
    params.verbosity = _SILENT
    params.n_parallel = SLOTS
    params.n_ctx = SLOTS * CONTEXT
    params.n_batch = 512
    params.fit_params = False
    # one thread: a second is slower as soon as the screen, or the other model, wants a core too
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    # a prompt that is half remembered takes another path through the arithmetic, and the same seed another answer
    params.cache_prompt = False
    params.cache_ram_mib = 0
    try:
        server = xllamacpp.Server(params)
    except Exception as error:
        raise ProviderError("config", f"{weights} can't be served: {error}") from None
    return LocalServer(str(server.listening_address), key, server)
