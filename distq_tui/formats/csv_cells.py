"""CSV that a spreadsheet can open without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

Value = str | int | float | bool | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_cell(value: Value) -> str | int | float:
    """A value as it stands in a cell.

    Text that a spreadsheet would take for a formula gets a leading apostrophe; None is an empty cell, a boolean 1 or 0.
    Numbers are left alone: a negative one is no formula.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """A table as RFC 4180 text: one header line, CRLF between rows, quotes where they are needed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow([csv_cell(value) for value in row])
    return out.getvalue()
