"""From a judge's reply to its grades: a JSON object or lines such as `content: 2`; nothing is guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from distq_tui.judging import spoken

_RANGES: Mapping[str, range] = {
    "content": range(3),
    "structure": range(3),
    "style": range(3),
    "overall": range(1, 6),
}
_OBJECT = re.compile(r"\{[^{}]*\}")
_OTHER = rf"(?!{'|'.join(_RANGES)})"
# between the name and its number, on one line: no digit, no comma, no other name; a bracket is passed over whole
_LINES = {
    name: re.compile(
        rf"\b{name}\b(?:{_OTHER}[^\n\d(,]|\([^)\n]{{0,40}}\)){{0,40}}(?<![-−\d.])(\d+(?:\.0+)?)(?![\d.]*\d)",
        re.IGNORECASE,
    )
    for name in _RANGES
}


@dataclass(frozen=True, slots=True)
class Grades:
    """One reply: content, structure and style 0 to 2, overall 1 to 5."""

    content: int
    structure: int
    style: int
    overall: int


def parse_grades(reply: str) -> Grades | None:
    """The last complete set of grades in a reply; None where there is none.

    Read is the last JSON object with all four, in whatever case and wrapping; else, for each, the last line that names
    it with a number. A number that is not whole, or outside its range, is no grade. What stands inside a leading
    `<think>` is no answer, closed or not.
    """
    said = spoken(reply)
    for found in reversed(list(_objects(said))):
        grades = _grades({str(key).strip().casefold(): value for key, value in found.items()})
        if grades is not None:
            return grades
    last = {name: numbers[-1] for name, pattern in _LINES.items() if (numbers := pattern.findall(said))}
    return _grades(last)


def _objects(text: str) -> Iterator[dict[str, Any]]:
    for match in _OBJECT.finditer(text):
        try:
            yield json.loads(match[0])
        except (json.JSONDecodeError, RecursionError):
            continue


def _grades(values: Mapping[str, Any]) -> Grades | None:
    whole = {name: _whole(values.get(name)) for name in _RANGES}
    if any(value not in _RANGES[name] for name, value in whole.items()):
        return None
    return Grades(**{name: value for name, value in whole.items() if value is not None})


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return int(number) if number.is_integer() else None
