"""One attempt of one trial: read the stream, coalesce what arrives into at most 20 deltas a second, time it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from distq_tui.engine.clock import Clock
from distq_tui.events import Mark, TrialDelta, Usage
from distq_tui.plan.trial import Trial
from distq_tui.providers.base import Chunk, Provider
from distq_tui.scoring import LiveText

FLUSH_SECONDS = 0.05
"""Cost is per painted frame, not per token: 20 deltas a second are more than any screen shows."""

Emit = Callable[[TrialDelta], None]


@dataclass(slots=True)
class Attempt:
    """What one attempt has brought so far; it stays valid when the stream fails or is cancelled."""

    trial: Trial
    clock: Clock
    texts: list[str] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    finish: str | None = None
    usage: Usage | None = None
    served: str | None = None
    sent: dict[str, float | int] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    began: float = 0.0
    first_token: float | None = None

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self.texts)

    @property
    def reasoning(self) -> str:
        """The reasoning so far."""
        return "".join(self.thoughts)

    def take(self, chunk: Chunk) -> None:
        """Count one chunk in."""
        if (chunk.text or chunk.reasoning) and self.first_token is None:
            self.first_token = self.clock.monotonic()
        if chunk.void:
            self.thoughts += self.texts
            self.texts.clear()
        if chunk.text:
            self.texts.append(chunk.text)
        if chunk.reasoning:
            self.thoughts.append(chunk.reasoning)
        self.finish = chunk.finish or self.finish
        self.usage = chunk.usage or self.usage
        self.served = chunk.served_model or self.served
        self.refused = chunk.refused or self.refused
        if chunk.sent is not None:
            self.sent = chunk.sent


class _Flusher:
    """Holds text back until a delta is due; a timer sends what is held when the stream pauses."""

    def __init__(self, trial: Trial, emit: Emit, live: LiveText | None, clock: Clock) -> None:
        self._trial, self._emit, self._live, self._clock = trial, emit, live, clock
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._marks: tuple[Mark, ...] = ()
        self._due = float("-inf")
        self._timer: asyncio.TimerHandle | None = None

    def take(self, chunk: Chunk) -> None:
        """Hold the chunk's text, and send what is held now or as soon as it is due."""
        if (
            chunk.void
        ):  # the marks' places are in a text that is no answer any more: the closed trial brings the right ones
            self.flush()
            self._live, self._marks = None, ()
        if not chunk.text and not chunk.reasoning:
            return
        self._text.append(chunk.text)
        self._reasoning.append(chunk.reasoning)
        wait = self._due - self._clock.monotonic()
        if wait <= 0:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(wait, self.flush)

    def flush(self) -> None:
        """Send what is held."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._text:
            return
        text, reasoning = "".join(self._text), "".join(self._reasoning)
        self._text.clear()
        self._reasoning.clear()
        if self._live is not None and text:
            self._marks = self._live.feed(text)
        self._due = self._clock.monotonic() + FLUSH_SECONDS
        trial = self._trial
        self._emit(
            TrialDelta(trial.key, trial.model.title, trial.probe.prompt_id, trial.sample, text, reasoning, self._marks)
        )


async def read_stream(provider: Provider, attempt: Attempt, *, emit: Emit, live: LiveText | None) -> None:
    """Read the whole stream into `attempt`, emitting deltas on the way.

    Raises:
        ProviderError: as the provider raises it; what arrived before stands in `attempt` and was emitted.
    """
    flusher = _Flusher(attempt.trial, emit, live, attempt.clock)
    attempt.began = attempt.clock.monotonic()
    stream = provider.stream(attempt.trial.request)
    try:
        async for chunk in stream:
            attempt.take(chunk)
            flusher.take(chunk)
    finally:
        flusher.flush()
        close = getattr(stream, "aclose", None)
        if close is not None:  # an async generator: end the call now, not when it is collected
            await close()
