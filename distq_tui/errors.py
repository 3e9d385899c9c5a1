"""What a user or the machine did wrong, as one line; nothing else belongs here.

An `InputError` is the only exception the command line turns into exit code 2, a `DiskError` into 1. Everything that a
server does wrong is an event or a response class, and everything that the code does wrong is a traceback.
"""

from __future__ import annotations

import unicodedata

_ACTING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class InputError(Exception):
    """Bad input, told in one line: `FILE:LINE: field: what is wrong and what would be right`.

    Args:
        message: what is wrong and what would be right.
        file: the file as the user named it; None where the input is no file.
        line: 1-based line, where it is known.
        field: the field or key path (`models[2].provider`), where one is to blame.
    """

    def __init__(
        self, message: str, *, file: object | None = None, line: int | None = None, field: str | None = None
    ) -> None:
        self.message = message
        self.file = None if file is None else str(file)
        self.line = line
        self.field = field
        super().__init__(str(self))

    def __str__(self) -> str:
        place = "" if self.file is None else self.file + (f":{self.line}" if self.line else "")
        return one_line(": ".join(part for part in (place, self.field, self.message) if part))


class DiskError(Exception):
    """The disk failed under a file that was good before: it is full, or can't be read or written any more."""

    def __init__(self, message: str, file: object) -> None:
        super().__init__(one_line(f"{file}: {message}"))


def one_line(text: str) -> str:
    """The text on one line, white space folded, without characters that could act on a terminal."""
    return visible(" ".join(text.split()))


def visible(text: str) -> str:
    """The text with every control, format (bidi) and surrogate character, and every line end, made visible."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in _ACTING else c for c in text)
