"""The adapter that plays a recording: the same text in the same time, or faster."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from distq_tui.plan.trial import Request
from distq_tui.providers.base import Chunk, ProviderError
from distq_tui.providers.playback import Sleep, pieces_of, tell
from distq_tui.providers.replay.recording import Entry, Miss
from distq_tui.providers.replay.source import load_recording

FIRST_S, PIECE_S = 0.3, 0.02
"""Seconds to the first token and for each word, where the recording has no times."""

_MISSES: Mapping[Miss, str] = {
    "model": "the recording has no model {model!r}; it has {models}",
    "prompt": "the recording has no answer of {model} to this prompt",
    "sample": "the recording has no sample {sample} of {model} for this prompt",
    "class": "what the recording has of {model} for this prompt is no complete answer",
}


class ReplayProvider:
    """The answers of one recording; the model's name is the name in the recording, and the name it is served under.

    Args:
        source: a file, or `session:ID`.
        database: where sessions are looked up.
        pace: factor on the recorded times; 0 = at once.
        sleep: waits that many seconds.

    Raises:
        InputError: there is no such recording, or it can't be read.
    """

    def __init__(
        self, source: str | None, *, database: Path | None = None, pace: float = 1.0, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._recording = load_recording(source, database)
        self._pace = pace
        self._sleep = sleep

    async def stream(self, request: Request) -> AsyncIterator[Chunk]:
        """The recorded answer; `sent` is what was sent when it was recorded.

        Raises:
            ProviderError: `not_found`, the recording has no complete answer to this request.
        """
        entry = self._recording.find(request)
        if isinstance(entry, str):
            models = ", ".join(self._recording.label.models)
            text = _MISSES[entry].format(model=request.model, models=models, sample=request.sample)
            raise ProviderError("not_found", text)
        reasoning, answer = pieces_of(entry.reasoning), pieces_of(entry.text)
        first_s, piece_s = _times(entry, len(reasoning) + len(answer))
        await self._sleep(first_s * self._pace)
        yield Chunk(served_model=request.model, sent=dict(entry.sent))
        async for text in tell(reasoning, piece_s * self._pace, self._sleep):
            yield Chunk(reasoning=text)
        async for text in tell(answer, piece_s * self._pace, self._sleep):
            yield Chunk(text=text)
        yield Chunk(finish=entry.finish or ("length" if entry.cls == "truncated" else "stop"), usage=entry.usage)

    async def list_models(self) -> list[str]:
        """The recorded models."""
        return list(self._recording.label.models)

    async def close(self) -> None:
        """Nothing is held."""


def _times(entry: Entry, pieces: int) -> tuple[float, float]:
    """Seconds to the first piece and for each piece, so that the whole takes the recorded time."""
    first = FIRST_S if entry.first_token_ms is None else entry.first_token_ms / 1000
    if entry.total_ms is None or not pieces:
        return first, PIECE_S
    return first, max(0.0, entry.total_ms / 1000 - first) / pieces
