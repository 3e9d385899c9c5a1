"""From a model to the adapter that asks it: one adapter for each provider, base URL and key reference.

An adapter is made when its first model is asked, in a thread: the SDKs take seconds to import, and neither `--help` nor
a fully cached run may pay that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from distq_tui.config.models import ModelSpec
from distq_tui.providers.base import Provider
from distq_tui.providers.endpoints import (
    base_url_of,
    default_concurrency,
    endpoint_group,
    endpoint_of,
)

__all__ = [
    "ProviderOptions",
    "Providers",
    "default_concurrency",
    "endpoint_group",
    "endpoint_of",
]

ResolveKey = Callable[[str | None], str | None]
"""From a key reference to the key; None for a model without a reference gives None."""

Progress = Callable[[str, float], None]
"""Told what takes time and how much of it is done, from 0 to 1; called from a thread."""


@dataclass(frozen=True, slots=True)
class ProviderOptions:
    """What adapters are made with; none of it changes what a model answers.

    Attributes:
        first_token, between_tokens: timeouts in seconds.
        pace: factor on the delays of simulated and recorded answers; 0 = none.
        database: where `replay` finds stored sessions.
        cache_dir: where requantised weights are kept; None = the user's cache folder.
        progress: told of slow preparations (weights being made).
    """

    first_token: float = 120.0
    between_tokens: float = 60.0
    pace: float = 1.0
    database: Path | None = None
    cache_dir: Path | None = None
    progress: Progress | None = None


class Providers:
    """The adapters of a run, made at first use and closed together.

    Args:
        resolve_key: gives the key for a reference; called in a thread, its errors pass through.
        options: timeouts, paces and places for all adapters.
    """

    def __init__(self, resolve_key: ResolveKey, options: ProviderOptions | None = None) -> None:
        self._resolve_key = resolve_key
        self._options = options or ProviderOptions()
        self._made: dict[tuple[str, ...], asyncio.Task[Provider]] = {}
        self._warming: set[asyncio.Task[None]] = set()

    async def get(self, spec: ModelSpec) -> Provider:
        """The adapter that asks this model; the same one for the same provider, base URL and key reference.

        Raises:
            ProviderError: it can't be used as configured (extra not installed, recording of another format).
            InputError: a bad base URL, or what `resolve_key` raises.
        """
        key = _adapter_key(spec)
        task = self._made.get(key)
        if task is None:
            task = self._made[key] = asyncio.create_task(asyncio.to_thread(self._make, spec))
        try:
            # shielded: a caller that is cancelled must not take the adapter from the others that wait for it
            return await asyncio.shield(task)
        except Exception:
            if self._made.get(key) is task:  # whoever waited beside may have begun anew
                del self._made[key]
            raise

    async def warm(self, specs: Iterable[ModelSpec]) -> None:
        """Make the adapters of these models now, in parallel; what can't be made fails again, and visibly, at `get`."""
        await asyncio.gather(*(self.get(spec) for spec in specs), return_exceptions=True)

    def begin(self, specs: Iterable[ModelSpec]) -> None:
        """`warm` in the background, while the caller prepares something else."""
        task = asyncio.create_task(self.warm(specs))
        self._warming.add(task)
        task.add_done_callback(self._warming.discard)

    async def close(self) -> None:
        """Close every adapter; the pool can be used again afterwards and makes new ones."""
        await asyncio.gather(*self._warming)
        tasks, self._made = list(self._made.values()), {}
        for task in tasks:
            with suppress(Exception):
                await (await task).close()

    async def __aenter__(self) -> Providers:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _make(self, spec: ModelSpec) -> Provider:
        options = self._options
        match spec.provider:
            case "openai" | "anthropic":
                return self._remote(spec)
            case "local":
                from distq_tui.providers.local import LocalProvider

                return LocalProvider(
                    cache_dir=options.cache_dir,
                    progress=options.progress,
                    first_token=options.first_token,
                    between_tokens=options.between_tokens,
                )
            case "replay":
                from distq_tui.providers.replay import ReplayProvider

                return ReplayProvider(spec.base_url, database=options.database, pace=options.pace)
            case "demo":
                from distq_tui.providers.demo import DemoProvider

                return DemoProvider(pace=options.pace)

    def _remote(self, spec: ModelSpec) -> Provider:
        url, key = base_url_of(spec), self._resolve_key(spec.key)
        first_token, between_tokens = self._options.first_token, self._options.between_tokens
        if spec.provider == "anthropic":
            from distq_tui.providers.anthropic import AnthropicProvider

            return AnthropicProvider(url, key, first_token=first_token, between_tokens=between_tokens)
        from distq_tui.providers.openai import OpenAIProvider

        return OpenAIProvider(url, key, first_token=first_token, between_tokens=between_tokens)


def _adapter_key(spec: ModelSpec) -> tuple[str, ...]:
    match spec.provider:
        case "openai" | "anthropic":
            return spec.provider, base_url_of(spec), spec.key or ""
        case "replay":
            return spec.provider, spec.base_url or ""
        case _:
            return (spec.provider,)
