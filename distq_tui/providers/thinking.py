"""Splits reasoning that a model writes into its answer (`<think>...</think>`) from the answer, while it streams.

One law: any chunking of a text gives the same reasoning and the same answer as the whole text.

Only a *leading* `<think>` opens reasoning: an answer that speaks of the tag stays an answer. Where the chat template
opened the tag itself, only `</think>` is seen (in quotes it is a word of the answer); what came before was reasoning,
and the piece that says so has `void` set, since it had to be shown as answer before anybody could know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from distq_tui.providers.base import Chunk

OPEN, CLOSE = "<think>", "</think>"
_QUOTES = frozenset("`'\"\u201c\u2018\u300c")


@dataclass(frozen=True, slots=True)
class Piece:
    """What one feed adds.

    Attributes:
        void: all answer text given before this piece was reasoning.
    """

    text: str = ""
    reasoning: str = ""
    void: bool = False


class ThinkSplitter:
    """Feed it the answer's text as it comes, and flush it at the end."""

    def __init__(self) -> None:
        self._held = ""
        self._last = ""
        self._state: Literal["start", "thinking", "open", "closing", "answer"] = "start"

    def feed(self, text: str) -> Iterator[Piece]:
        """Take text that arrived and give what is certain of it; a tag that may be under way is held back."""
        self._held += text
        while self._held:
            before = self._state
            yield from self._step()
            if self._state == before:
                return

    def flush(self) -> Iterator[Piece]:
        """The text that is still held back, after the last feed."""
        held, self._held = self._held, ""
        if held and self._state != "closing":
            yield Piece(reasoning=held) if self._state == "thinking" else Piece(text=held)

    def _step(self) -> Iterator[Piece]:
        match self._state:
            case "start":
                self._start()
            case "thinking":
                yield from self._thinking()
            case "open":
                yield from self._open()
            case "closing":  # blank lines between the tag and the answer belong to the template
                self._held = self._held.lstrip()
                if self._held:
                    self._state = "answer"
            case "answer":
                yield Piece(text=self._held)
                self._held = ""

    def _start(self) -> None:
        head = self._held.lstrip()
        if head.startswith(OPEN):
            self._held = head.removeprefix(OPEN)
            self._state = "thinking"
        elif not OPEN.startswith(head):
            self._state = "open"

    def _thinking(self) -> Iterator[Piece]:
        thought, closed = self._until_close()
        if thought:
            yield Piece(reasoning=thought)
        if closed:
            self._state = "closing"

    def _open(self) -> Iterator[Piece]:
        text, closed = self._until_close()
        if text:
            self._last = text[-1]
            yield Piece(text=text)
        if closed and self._last in _QUOTES:
            self._state = "answer"
            yield Piece(text=CLOSE)
        elif closed:
            self._state = "closing"
            yield Piece(void=True)

    def _until_close(self) -> tuple[str, bool]:
        """Take the text before the closing tag, or all that can't be part of one; and whether the tag was there."""
        head, tag, rest = self._held.partition(CLOSE)
        if tag:
            self._held = rest
            return head, True
        keep = next((n for n in range(len(CLOSE) - 1, 0, -1) if head.endswith(CLOSE[:n])), 0)
        self._held = head[len(head) - keep :]
        return head[: len(head) - keep], False


def as_chunk(piece: Piece) -> Chunk:
    """The piece as the engine takes it."""
    return Chunk(text=piece.text, reasoning=piece.reasoning, void=piece.void)
