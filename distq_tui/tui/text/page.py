"""A text that grows at its end, as the rows of a page: a lead above it, claims marked in it, a note below it. Pure.

What it is given is outside text and is cleaned here. A change tells the first row that may look different, so that a
view paints no row anew that stays as it is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from distq_tui.events import Mark
from distq_tui.tui.text.aside import Aside
from distq_tui.tui.text.safe import Cleaner
from distq_tui.tui.text.spans import Span
from distq_tui.tui.text.wrap import Wrapped

ASIDE = "aside"
"""The role of the rows above and below the text."""
LEAD_BAR = "┊ "
"""Stands before each row above the text: without colour, too, it is none of the text."""

Placed = tuple[int, int, str]


class Page:
    """See the module; row 0 is the first of the lead, or of the text where nothing is said above it."""

    def __init__(self) -> None:
        self._cleaner = Cleaner()
        self._wrapped = Wrapped(80)
        self._lead, self._note = Aside(), Aside()
        self._marks: tuple[Mark, ...] = ()
        self._placed: list[Placed] = []

    def clear(self) -> None:
        """Forget all that was given."""
        self._cleaner = Cleaner()
        self._wrapped.clear()
        self._lead.say("")
        self._note.say("")
        self._marks, self._placed = (), []

    def grow(self, text: str, marks: Sequence[Mark] | None, note: str | None, lead: str | None) -> int:
        """Add text at the end, and replace the rest where it is given.

        Args:
            text: what is new.
            marks: claims by code points of the whole text so far (as it was given); None = unchanged.
            note: a remark below the text; None = unchanged, empty = none.
            lead: a remark above it, likewise.

        Returns:
            The first row that may look different; the page's height before, where none does.
        """
        dirty = self.height
        if lead is not None and (changed := self._lead.say(lead)) is not None:
            dirty = changed
        if text:
            dirty = min(dirty, self.text_top + self._wrapped.append(self._cleaner.feed(text)))
        if marks is not None and tuple(marks) != self._marks:
            dirty = min(dirty, self._place(tuple(marks)))
        if note is not None and (changed := self._note.say(note)) is not None:
            dirty = min(dirty, self.note_top + changed)
        return dirty

    def rewrap(self, width: int) -> None:
        """Wrap everything again at another width."""
        self._wrapped.rewrap(width)
        self._lead.rewrap(self.lead_width)
        self._note.rewrap(width)

    # --- what stands where

    @property
    def text(self) -> str:
        """The text as it is shown, without lead and note."""
        return self._wrapped.text

    @property
    def length(self) -> int:
        """Characters of the text as it is shown."""
        return self._wrapped.length

    @property
    def width(self) -> int:
        """Columns of a row."""
        return self._wrapped.width

    @property
    def lead_width(self) -> int:
        """Columns of a row above the text."""
        return max(2, self._wrapped.width - len(LEAD_BAR))

    @property
    def text_top(self) -> int:
        """The first row of the text."""
        return len(self._lead.rows)

    @property
    def note_top(self) -> int:
        """The first row of the note."""
        return self.text_top + (len(self._wrapped.rows) if self._wrapped.length else 0)

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.note_top + len(self._note.rows)

    def row_of(self, offset: int) -> int:
        """The row that holds a place in the text as it is shown."""
        return self.text_top + max(0, bisect_right(self._wrapped.starts, offset) - 1)

    def offset_of(self, row: int) -> int | None:
        """The place in the text at which a row begins, its last row's for those below; None above the text."""
        if row < self.text_top:
            return None
        return self._wrapped.starts[min(row - self.text_top, len(self._wrapped.starts) - 1)]

    def plain(self) -> list[str]:
        """The rows of lead and text without bar and marks, from row 0."""
        return [*self._lead.rows, *self._wrapped.rows]

    def spans(self, row: int) -> list[Span]:
        """A row's pieces; the role is the claim's kind, `aside`, or empty."""
        if row < self.text_top:
            return [(LEAD_BAR + self._lead.rows[row], ASIDE)]
        if row >= self.note_top:
            return [(self._note.rows[row - self.note_top], ASIDE)]
        return self._marked(row - self.text_top)

    def _marked(self, row: int) -> list[Span]:
        text, start = self._wrapped.rows[row], self._wrapped.starts[row]
        end, at = start + len(text), start
        spans: list[Span] = []
        for left, right, kind in self._placed[: bisect_left(self._placed, (end, 0, ""))]:
            left, right = max(left, at), min(right, end)  # noqa: PLW2901 - the part of the mark in this row
            if right <= left:
                continue
            if left > at:
                spans.append((text[at - start : left - start], ""))
            spans.append((text[left - start : right - start], kind))
            at = right
        if at < end:
            spans.append((text[at - start :], ""))
        return spans

    def _place(self, marks: tuple[Mark, ...]) -> int:
        """Take the marks; returns the first row that may look different."""
        placed: list[Placed] = sorted(
            (self._cleaner.offset(m.start), self._cleaner.offset(m.end), m.kind) for m in marks
        )
        same = 0
        while same < min(len(placed), len(self._placed)) and placed[same] == self._placed[same]:
            same += 1
        changed = [spans[same][0] for spans in (placed, self._placed) if same < len(spans)]
        self._marks, self._placed = marks, placed
        return self.row_of(min(changed)) if changed else self.height
