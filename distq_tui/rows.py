"""Rows of a JSONL file or a JSON array, gzipped or not, told apart by content and never by the file's suffix."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import math
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from distq_tui.errors import InputError

_GZIP_MAGIC = b"\x1f\x8b"
_LONGEST_ECHO = 40
_ESCAPED = re.compile("[\udc80-\udcff]")
"""What `surrogateescape` makes of bytes that are not UTF-8; no UTF-8 text holds it."""


class _NoNumberError(ValueError):
    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.token = token


def _refuse(token: str) -> float:
    raise _NoNumberError(token)


def _finite(token: str) -> float:
    value = float(token)
    return value if math.isfinite(value) else _refuse(token)


_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each object of the file with its 1-based line (in a JSON array: its 1-based position).

    Raises:
        InputError: the file is missing, unreadable, not UTF-8, not JSON, or a row is not an object.
    """
    with open_text(path) as lines:
        first = first_line(lines)
        if first is not None:
            yield from rows_from(path, first, lines)


@contextmanager
def open_text(path: Path) -> Iterator[IO[str]]:
    """The file's text, unpacked if it is gzip, without a byte order mark.

    Raises:
        InputError: the file is missing, unreadable, broken gzip or not UTF-8; also while the body reads.
    """
    try:
        with path.open("rb") as raw:
            yield io.TextIOWrapper(_plain(raw), encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 text ({error.reason})", file=path, line=_undecoded(path)) from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(getattr(error, "strerror", None) or f"cannot be read ({error})", file=path) from error


def _undecoded(path: Path) -> int | None:
    """The first line that is not UTF-8; the reader knows where in a block of it. None where it can't be read again."""
    if not path.is_file():
        return None  # a pipe has gone by, and to open it might wait for ever
    with path.open("rb") as raw:
        lines = io.TextIOWrapper(_plain(raw), encoding="utf-8", errors="surrogateescape")
        return next((number for number, line in enumerate(lines, start=1) if _ESCAPED.search(line)), None)


def parse_json(text: str, path: Path, *, line: int = 1) -> Any:
    """The JSON value of the text, which begins at that line of the file.

    Python's own reader takes NaN and Infinity, and makes the latter of `1e999`; what is read here can be written again.

    Raises:
        InputError: not JSON, a number that JSON can't write or too long to read, or nested too deeply.
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg}", file=path, line=line + error.lineno - 1) from error
    except _NoNumberError as error:
        at = line + _lines_before(error.token, text)
        raise InputError(f"not JSON: {error.token[:_LONGEST_ECHO]} is no finite number", file=path, line=at) from error
    except (ValueError, RecursionError) as error:
        raise InputError("not JSON that can be read: a number too long, or nested too deeply", file=path) from error


def parse_object(text: str, path: Path, *, line: int) -> dict[str, Any]:
    """The JSON object on one line of a JSONL file.

    Raises:
        InputError: the line is no JSON, or no object.
    """
    row = parse_json(text.strip(), path, line=line)
    if not isinstance(row, dict):
        raise InputError("each line must be a JSON object", file=path, line=line)
    return row


def _lines_before(token: str, text: str) -> int:
    """Line ends before the number, where it stands outside of strings."""
    found = re.finditer(rf'"(?:\\.|[^"\\])*"|{re.escape(token)}', text, re.DOTALL)
    return text.count("\n", 0, next((one.start() for one in found if not one[0].startswith('"')), 0))


def _plain(raw: io.BufferedReader) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(raw, "rb")) if raw.peek(2)[:2] == _GZIP_MAGIC else raw


def first_line(lines: Iterable[str]) -> tuple[int, str] | None:
    """The first line that is not blank, taken from `lines`, with its 1-based number; None where there is none."""
    return next(((number, line) for number, line in enumerate(lines, start=1) if line.strip()), None)


def rows_from(path: Path, first: tuple[int, str], lines: IO[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """What `read_rows` gives, of a text whose first line was taken already (a pipe can't be read twice).

    Raises:
        InputError: as `read_rows`.
    """
    if first[1].lstrip().startswith("["):
        yield from _array(path, first[0], first[1] + lines.read())
        return
    for number, line in itertools.chain([first], enumerate(lines, start=first[0] + 1)):
        if line.strip():
            yield number, parse_object(line, path, line=number)


def _array(path: Path, start: int, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, row in enumerate(parse_json(text, path, line=start), start=1):
        if not isinstance(row, dict):
            raise InputError(f"row {number} of the array must be an object", file=path)
        yield number, row
