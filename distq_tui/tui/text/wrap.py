"""Wrapping of a text that grows at its end, at a cost that does not depend on what is already there.

Pure: rows and offsets, no Textual, no colour. A row is final once the break after it is decided, so an append looks
only at the last row and at what arrived. Widths are those of terminal cells (CJK characters are two).
"""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len

_BREAK_AFTER = frozenset(" -—–/\u3000")
_NO_START = frozenset("，。、！？；：）」』】》”’…,.!?;:)]}%")
"""Characters that do not begin a row where the row before can give one up."""


@lru_cache(maxsize=4096)
def char_width(char: str) -> int:
    """Cells of one character: 0, 1 or 2."""
    return cell_len(char)


class Wrapped:
    """A text as rows of at most `width` cells.

    Attributes:
        rows: the text of each row, without its line end.
        starts: the offset in the text at which each row begins.
        length: characters of the text, line ends included.
    """

    def __init__(self, width: int) -> None:
        self.width = max(2, width)
        self.rows: list[str] = [""]
        self.starts: list[int] = [0]
        self.length = 0
        self._parts: list[str] = []

    @property
    def text(self) -> str:
        """The whole text."""
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0] if self._parts else ""

    def append(self, text: str) -> int:
        """Add text at the end; returns the first row that changed."""
        changed = len(self.rows) - 1
        if not text:
            return changed
        self._parts.append(text)
        tail, start = self.rows.pop() + text, self.starts.pop()
        self.length += len(text)
        self._fill(tail, start)
        return changed

    def rewrap(self, width: int) -> None:
        """Wrap everything again at another width."""
        text = self.text
        self.width = max(2, width)
        self.rows, self.starts = [], []
        self._fill(text, 0)

    def clear(self) -> None:
        """Forget the text."""
        self.rows, self.starts, self._parts, self.length = [""], [0], [], 0

    def _fill(self, text: str, base: int) -> None:
        at = 0
        ascii_only = text.isascii()
        while True:
            end = self._reach(text, at, ascii_only)
            newline = text.find("\n", at, end + 1)
            if 0 <= newline <= end:
                self._row(text[at:newline], base + at)
                at = newline + 1
            elif end >= len(text):
                self._row(text[at:], base + at)
                return
            else:
                cut = _break(text, at, end)
                self._row(text[at : min(cut, end)], base + at)
                at = cut

    def _reach(self, text: str, at: int, ascii_only: bool) -> int:
        """The end of the longest piece from `at` that fits a row (one character at least)."""
        if ascii_only:
            return at + self.width
        room = self.width
        for index in range(at, len(text)):
            room -= char_width(text[index])
            if room < 0:
                return max(index, at + 1)
        return len(text)

    def _row(self, row: str, start: int) -> None:
        self.rows.append(row)
        self.starts.append(start)


def _break(text: str, at: int, end: int) -> int:
    """Where to break text[at:] whose part up to `end` fits: after a space, beside a wide character, else hard at `end`.

    The one space that would stand outside the row goes with the break.
    """
    if text[end] == " ":
        return end + 1
    for cut in range(end, at, -1):
        before, after = text[cut - 1], text[cut]
        wide = char_width(before) == 2 or char_width(after) == 2
        if (before in _BREAK_AFTER or wide) and after not in _NO_START and char_width(after):
            return cut
    return end
