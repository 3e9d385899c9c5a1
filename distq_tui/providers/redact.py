"""Takes a secret key out of an answer that echoes it: what is streamed is stored, shown and exported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from distq_tui.providers.base import Chunk
from distq_tui.providers.errors import scrub

SECRET = 16
"""Characters of the shortest secret; what is shorter is a word such as `ollama`, that local servers take for a key."""


class Redactor:
    """Chunks without the key, whatever its pieces; the beginning of one is held back until it is known to be none.

    Args:
        key: the key, or None where none was sent; one that is too short for a secret is left in the text.
    """

    def __init__(self, key: str | None) -> None:
        self._key = key if key and len(key) >= SECRET else None
        self._text = self._reasoning = ""

    def feed(self, chunk: Chunk) -> Iterator[Chunk]:
        """The chunk, and before it what was held back where it belongs to what came before."""
        if self._key is None:
            yield chunk
            return
        if chunk.void or chunk.finish:
            yield from self.flush()
        text, self._text = self._part(self._text + chunk.text)
        reasoning, self._reasoning = self._part(self._reasoning + chunk.reasoning)
        served = scrub(chunk.served_model, self._key) if chunk.served_model else chunk.served_model
        yield replace(chunk, text=text, reasoning=reasoning, served_model=served)

    def flush(self) -> Iterator[Chunk]:
        """What is held back, when the answer is over: it was no key."""
        if self._text or self._reasoning:
            yield Chunk(text=self._text, reasoning=self._reasoning)
            self._text = self._reasoning = ""

    def _part(self, text: str) -> tuple[str, str]:
        """The text without the key, and its end where that may be the beginning of one."""
        key = self._key
        assert key is not None  # `feed` asked
        text = scrub(text, key)
        held = next((n for n in range(min(len(key) - 1, len(text)), 0, -1) if text.endswith(key[:n])), 0)
        return text[: len(text) - held], text[len(text) - held :]
