"""Rows of a JSONL file or a JSON array, gzipped or not, told apart by content and never by the file's suffix."""

from __future__ import annotations

import gzip
import io
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from distq_tui.errors import InputError

_GZIP_MAGIC = b"\x1f\x8b"


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each object of the file with its 1-based line (in a JSON array: its 1-based position).

    Raises:
        InputError: the file is missing, unreadable, not UTF-8, not JSON, or a row is not an object.
    """
    try:
        with path.open("rb") as raw:
            yield from _rows(path, _plain(raw))
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 text ({error.reason})", file=path) from error
    except (OSError, EOFError) as error:
        raise InputError(getattr(error, "strerror", None) or f"cannot be read ({error})", file=path) from error


def _plain(raw: io.BufferedReader) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(raw, "rb")) if raw.peek(2)[:2] == _GZIP_MAGIC else raw


def _rows(path: Path, raw: IO[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    lines = io.TextIOWrapper(raw, encoding="utf-8-sig")
    numbered = enumerate(lines, start=1)
    first = next(((number, line) for number, line in numbered if line.strip()), None)
    if first is None:
        return
    if first[1].lstrip().startswith("["):
        yield from _array(path, first[1] + lines.read())
        return
    for number, line in itertools.chain([first], numbered):
        if line.strip():
            yield number, _object(path, number, line)


def _array(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg}", file=path, line=error.lineno) from error
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise InputError(f"row {number} of the array must be an object", file=path)
        yield number, row


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg} (one object a line)", file=path, line=number) from error
    if not isinstance(row, dict):
        raise InputError("each line must be a JSON object", file=path, line=number)
    return row
