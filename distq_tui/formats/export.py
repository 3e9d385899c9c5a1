"""A table as CSV, JSON or JSON lines; the form only, what is in it is the caller's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from distq_tui.formats.csv_cells import Value, csv_text

Row = Mapping[str, Any]


def json_lines(rows: Iterable[Row]) -> str:
    """One object a line, in the rows' order, keys as they come; ASCII, so that any tool can show it."""
    return "".join(json.dumps(row, allow_nan=False) + "\n" for row in rows)


def csv_rows(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """The rows under these columns; lists and objects as JSON text, what a row lacks as an empty cell."""
    return csv_text(columns, ([_flat(row.get(column)) for column in columns] for row in rows))


def _flat(value: Any) -> Value:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple | dict) else value
