"""Outside text made harmless before it is painted: no escape, no bidi control, no invisible flood, no markup.

Every string that a model, a server, a file or a user wrote passes through here on its way to the screen. Nothing in
here decides how text looks; it decides what a cell may hold. Joiners and variation selectors are dropped: terminals
disagree about the width of what they make.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from textual.content import Content

MARKS_IN_A_ROW = 3
"""Combining marks kept on one base character; more of them is a flood that paints over other lines."""

TAB = "    "
LABEL_LIMIT = 400
"""Characters of a label that are looked at; no border, list or table shows more."""

_PLAIN = re.compile(r"[\n\x20-\x7e]*")
_DROPPED = frozenset("\r\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0e\ufe0f")
_SPECIAL = {"\t": TAB, "\n": "\n", "\u2028": "\n", "\u2029": "\n"} | dict.fromkeys(_DROPPED, "")
_MARK = "\0"
"""Stands in the table for "a combining mark: count it"."""


class _Table(dict[str, str]):
    """What each character becomes, worked out once."""

    def __missing__(self, char: str) -> str:
        self[char] = shown = _shown(char)
        return shown


def _shown(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    category = unicodedata.category(char)
    if category in {"Mn", "Me"} or "\u1160" <= char <= "\u11ff":
        return _MARK
    if category == "Cc":
        return (
            chr(0x2400 + ord(char)) if ord(char) < 0x20 else "\u2421" if char == "\x7f" else "\N{REPLACEMENT CHARACTER}"
        )
    return "\N{REPLACEMENT CHARACTER}" if category in {"Cf", "Cs", "Co", "Cn"} else char


_TABLE = _Table()


class Cleaner:
    """Cleans a text that arrives in pieces, and knows where each character of the original went.

    Any cutting into pieces gives the same cleaned text as the whole.
    """

    def __init__(self) -> None:
        self._seen = 0
        self._made = 0
        self._marks = 0
        self._at: list[int] = []
        self._shift: list[int] = []

    def feed(self, text: str) -> str:
        """The cleaned form of the next piece."""
        plain = _PLAIN.match(text)
        split = plain.end() if plain else 0
        if split:
            self._marks = 0
        if split == len(text):
            self._seen += split
            self._made += split
            return text
        self._seen += split
        self._made += split
        return text[:split] + "".join([self._one(char) for char in text[split:]])

    def offset(self, original: int) -> int:
        """Where the character at this offset of the original stands in the cleaned text."""
        index = bisect_right(self._at, original) - 1
        return original + (self._shift[index] if index >= 0 else 0)

    def _one(self, char: str) -> str:
        shown = _TABLE[char]
        if shown == _MARK:
            self._marks += 1
            shown = char if self._marks <= MARKS_IN_A_ROW and self._made else ""
        elif shown:
            self._marks = 0
        self._seen += 1
        self._made += len(shown)
        if len(shown) != 1:
            self._note()
        return shown

    def _note(self) -> None:
        shift = self._made - self._seen
        if self._at and self._at[-1] == self._seen - 1 and len(self._at) > 1:
            self._at[-1], self._shift[-1] = self._seen, shift  # a run of dropped characters is one entry
        else:
            self._at.append(self._seen)
            self._shift.append(shift)


def clean(text: str) -> str:
    """The whole text, cleaned; line ends stay."""
    return Cleaner().feed(text)


def clean_line(text: str, limit: int = LABEL_LIMIT) -> str:
    """The text on one line, cleaned, at most `limit` characters of it, with an ellipsis where it was longer."""
    line = " ".join(clean(text[: 4 * limit]).split())
    return line if len(line) <= limit and len(text) <= 4 * limit else line[: limit - 1] + "…"


def label(text: str, style: str = "") -> Content:
    """One cleaned line as Content, which never reads markup; for borders, buttons, lists and notes."""
    return Content.styled(clean_line(text), style) if style else Content(clean_line(text))
