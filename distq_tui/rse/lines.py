"""The skeleton of an answer: one letter a line, saying what kind of line it is and nothing of what it says."""

from __future__ import annotations

import re
from typing import Final

MAX_LINES: Final = 2_048
"""Lines that are looked at: bounds the comparison of two skeletons."""

KINDS: Final = "HBNTFCLPQR"
"""heading, bullet, numbered item, table row, code fence, code, label (ends in a colon), short, medium, long prose."""

_MARKED: Final = re.compile(r"(#{1,6}\s)|([-*•+·]\s)|(\d{1,3}[.)、](?!\d)|[a-zA-Z][.)]\s)|(\|)|(```|~~~)")
_BY_GROUP: Final = "-HBNTF"
_SHORT: Final = 80
_MEDIUM: Final = 320


def line_kinds(text: str) -> str:
    """Letters of `KINDS`, one for each of the first `MAX_LINES` lines that are not blank."""
    kinds: list[str] = []
    in_code = False
    for raw in text.split("\n", 4 * MAX_LINES)[: 4 * MAX_LINES]:
        line = raw.strip()
        if not line:
            continue
        if len(kinds) == MAX_LINES:
            break
        match = _MARKED.match(line)
        kind = _BY_GROUP[match.lastindex or 0] if match else _prose(line)
        if kind == "F":
            in_code = not in_code
        elif in_code:
            kind = "C"
        kinds.append(kind)
    return "".join(kinds)


def _prose(line: str) -> str:
    if line.rstrip("*_").endswith((":", "：")):
        return "L"
    return "P" if len(line) < _SHORT else "Q" if len(line) < _MEDIUM else "R"
