"""The `local` provider: one server for each file of weights, started when its first request comes."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

from distq_tui.plan.trial import Request, messages_json
from distq_tui.providers.base import Chunk, ProviderError
from distq_tui.providers.local.chat import stream_chat
from distq_tui.providers.local.models import MODELS, why_unavailable
from distq_tui.providers.local.server import LocalServer, start_server
from distq_tui.providers.local.weights import Progress, find_weights
from distq_tui.providers.pace import Pace


class LocalProvider:
    """The embedded models and the user's own GGUF files, all behind one adapter.

    A request without sampling parameters is sampled with llama.cpp's defaults (temperature 0.8). The seed is taken from
    the request, sample index included: another sample is another answer, the same request asked again is the same.
    The shipped weights' chat template adds its own system prompt ("named SmolLM, trained by Hugging Face") to a
    conversation without one; that is the model's own doing, as with any server's.

    Args:
        cache_dir: where derived weights are kept; None = the user's cache folder.
        progress: told, from a thread, how far the making of derived weights is.
        first_token, between_tokens: timeouts in seconds; starting the server is not counted.
    """

    def __init__(
        self,
        *,
        cache_dir: Path | None = None,
        progress: Progress | None = None,
        first_token: float = 120.0,
        between_tokens: float = 60.0,
    ) -> None:
        import httpx

        # made here, in the pool's thread: the import and the client take 0.2 s that the loop can't spare. No read
        # timeout: `Pace` times tokens. No proxy of the environment stands before this machine, and no TLS. A connection
        # serves one request: the server may close one after a stream, at the moment when the next request goes out.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        self._client = httpx.AsyncClient(timeout=None, trust_env=False, verify=False, limits=limits)
        self._cache_dir = cache_dir
        self._progress = progress
        self._first_token, self._between_tokens = first_token, between_tokens
        self._servers: dict[str, asyncio.Task[LocalServer]] = {}
        self._closing = threading.Event()

    async def stream(self, request: Request) -> AsyncIterator[Chunk]:
        """The model's answer; the first request of a model starts its server.

        `sent` names the seed, too.

        Raises:
            ProviderError: `config`, a package is missing or the weights can't be served; `not_found`, no such model; or
                as the server says.
        """
        server = await self._server(request.model)
        sent = {**request.params.sent(), "seed": seed_of(request)}
        body: dict[str, Any] = {
            "model": request.model,
            "messages": messages_json(request.messages),
            "stream": True,
            "stream_options": {"include_usage": True},
            **sent,
        }
        yield Chunk(sent=sent)
        pace = Pace(self._first_token, self._between_tokens)
        url = f"{server.url}/v1/chat/completions"
        async with aclosing(stream_chat(self._client, url, body, pace, key=server.key)) as chunks:
            async for chunk in chunks:
                served = request.model if chunk.served_model == _alias(request.model) else chunk.served_model
                yield replace(chunk, served_model=served)

    async def list_models(self) -> list[str]:
        """The embedded models.

        Raises:
            ProviderError: a package is missing.
        """
        reason = await asyncio.to_thread(why_unavailable)
        if reason is not None:
            raise ProviderError("config", reason)
        return list(MODELS)

    async def close(self) -> None:
        """End every request, then every server; the adapter can't be used afterwards."""
        self._closing.set()
        await self._client.aclose()
        tasks, self._servers = list(self._servers.values()), {}
        for started in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(started, LocalServer):
                await asyncio.to_thread(started.stop)

    async def _server(self, model: str) -> LocalServer:
        task = self._servers.get(model)
        if task is None:
            task = self._servers[model] = asyncio.create_task(asyncio.to_thread(self._start, model))
        try:
            # shielded: a stopped request must not take the server from the others that wait for it
            return await asyncio.shield(task)
        except Exception:
            self._servers.pop(model, None)
            raise

    def _start(self, model: str) -> LocalServer:
        return start_server(find_weights(model, self._cache_dir, self._report), _alias(model))

    def _report(self, what: str, share: float) -> None:
        """Pass progress on; a program that is being left does not wait until weights are made."""
        if self._closing.is_set():
            raise ProviderError("config", f"closed while {what}")
        if self._progress is not None:
            self._progress(what, share)


def seed_of(request: Request) -> int:
    """The sampling seed: 31 bits of a hash of all that the request's key covers."""
    return int.from_bytes(hashlib.blake2b(request.key().encode(), digest_size=4).digest()) >> 1


def _alias(model: str) -> str:
    """The name that the server serves the model under: a path is not for other programs to see."""
    return model if model in MODELS else Path(model).stem
