"""A prompt file as a tree of located values, whether YAML, JSONL or JSON; what the fields mean is not known here."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from distq_tui.errors import InputError
from distq_tui.prompts.fields import MAX_DEPTH, Bare, Field, child_path
from distq_tui.rows import open_text, parse_json, parse_object

_MAX_CHARACTERS = 64 * 1024 * 1024
_BETWEEN = re.compile(r"[\s,]*")


def read_tree(path: Path) -> Field | list[Field]:
    """The one document of a YAML or JSON file, or the rows of a JSONL file.

    A file that begins with `{` and goes on in that line is JSONL, one that begins with `[` or a lone `{` is JSON, any
    other is YAML; gzip is unpacked.

    Raises:
        InputError: the file cannot be read or parsed, is empty, too large, or nested too deeply.
    """
    with open_text(path) as file:
        text = file.read(_MAX_CHARACTERS + 1)
    if len(text) > _MAX_CHARACTERS:
        raise InputError(f"holds more than {_MAX_CHARACTERS:,} characters; split it", file=path)
    start = text.lstrip()
    if not start:
        raise InputError("is empty; it must hold at least one prompt or template", file=path)
    if start[0] == "{" and start.partition("\n")[0].strip() != "{":
        return list(_json_lines(text, path))
    if start[0] == "[":
        rows = parse_json(text, path)
        elements = [
            _from_json(row, path, line, f"[{number}]", 1)
            for number, (row, line) in enumerate(zip(rows, _lines_of_rows(text), strict=True))
        ]
        return Field(elements, path, None)
    if start[0] == "{":
        return _from_json(parse_json(text, path), path, None, "", 0)
    from distq_tui.prompts.yaml_tree import yaml_tree  # importing yaml costs more than a JSONL file does

    return yaml_tree(text, path)


def _json_lines(text: str, path: Path) -> Iterator[Field]:
    # StringIO and not splitlines(): U+2028 and its like may stand inside a JSON string
    for number, line in enumerate(io.StringIO(text), start=1):
        if line.strip():
            yield _from_json(parse_object(line, path, line=number), path, number, "", 0)


def _lines_of_rows(text: str) -> Iterator[int]:
    """The line on which each element of a good JSON array begins."""
    decoder, end, line = json.JSONDecoder(), text.index("[") + 1, text.count("\n", 0, text.index("[")) + 1
    while text[start := _next(text, end)] != "]":
        line += text.count("\n", end, start)
        yield line
        _, end = decoder.raw_decode(text, start)
        line += text.count("\n", start, end)


def _next(text: str, at: int) -> int:
    """Where the next element, or the end of the array, begins."""
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _from_json(value: Any, file: Path, line: int | None, path: str, depth: int) -> Field:
    if depth > MAX_DEPTH:
        raise InputError("is nested too deeply", file=file, line=line, field=path)
    if isinstance(value, dict):
        inside = {k: _from_json(v, file, line, child_path(path, k), depth + 1) for k, v in value.items()}
        return Field(inside, file, line, path)
    if isinstance(value, list):
        elements = [_from_json(v, file, line, child_path(path, i), depth + 1) for i, v in enumerate(value)]
        return Field(elements, file, line, path)
    return Field(value if isinstance(value, str) else _bare_json(value), file, line, path)


def _bare_json(value: float | bool | None) -> Bare:
    if value is None:
        return Bare("null", "null")
    return Bare(str(value).lower(), "a boolean") if isinstance(value, bool) else Bare(str(value), "a number")
