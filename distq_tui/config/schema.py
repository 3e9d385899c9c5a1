"""TOML files checked against a pydantic schema, every error one line: file, line, key path, what would be right.

pydantic comes with both SDKs and words type errors better than hand-written checks would. It is imported here only, and
this module only where a file is read.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from distq_tui.config.toml_text import toml_values
from distq_tui.errors import InputError


class Table(BaseModel):
    """A TOML table: strict types, finite numbers, no unknown keys."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


T = TypeVar("T", bound=Table)
Location = tuple[int | str, ...]

_LONGEST = 1 << 24
"""Characters of a file; a device that has no end is read so far."""
_LONGEST_ECHO = 80
_STRING_OR_COMMENT = re.compile(
    r'''"""(?:\\.|[^\\])*?"""|\'{3}.*?\'{3}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*''', re.DOTALL
)


def read_toml(path: Path, schema: type[T]) -> tuple[T, str]:
    """The file's content as `schema`, and its text (for `line_of`).

    Raises:
        InputError: the file is missing or unreadable, does not end, is no TOML, or breaks the schema.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(_LONGEST + 1)
    except UnicodeDecodeError as error:
        raise InputError("not UTF-8 text", file=path) from error
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", file=path) from error
    if len(text) > _LONGEST:
        raise InputError(f"holds more than {_LONGEST:,} characters", file=path)
    return parse_toml(text, path, schema), text


def parse_toml(text: str, path: Path, schema: type[T]) -> T:
    """The text, which stands or is to stand in the file, as `schema`.

    Raises:
        InputError: it is no TOML, or breaks the schema.
    """
    data = toml_values(text, path)
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        raise _schema_error(path, text, schema, error) from error


def _schema_error(path: Path, text: str, schema: type[Table], error: ValidationError) -> InputError:
    first = error.errors(include_url=False)[0]
    location: Location = first["loc"]
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = _unknown_key(schema, location)
    elif first["type"] == "missing":
        message = "is missing"
    elif first["type"] != "value_error":
        message = f"{message[0].lower()}{message[1:]}{_got(first['input'], location)}"
    return InputError(message, file=path, line=line_of(text, location), field=key_path(location))


def _got(value: object, location: Location) -> str:
    """What stands there instead. Never a key, nor a table or list, which may hold one."""
    if isinstance(value, dict | list) or (location and "key" in str(location[-1]).lower()):
        return ""
    told = repr(value)
    return f" (got {told if len(told) <= _LONGEST_ECHO else told[:_LONGEST_ECHO] + '...'})"


def _unknown_key(schema: type[Table], location: Location) -> str:
    known = _keys_at(schema, location[:-1])
    close = difflib.get_close_matches(str(location[-1]), known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"known here: {', '.join(known)}"
    return f"unknown key; {hint}"


def _keys_at(schema: type[Table], location: Location) -> list[str]:
    for part in location:
        if isinstance(part, str):
            field = schema.model_fields.get(part)
            inner = _tables_in(field.annotation if field else None)
            if not inner:
                return []
            schema = inner[0]
    return list(schema.model_fields)


def _tables_in(annotation: Any) -> list[type[Table]]:
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return [annotation]
    return [table for inner in getattr(annotation, "__args__", ()) for table in _tables_in(inner)]


def key_path(location: Location) -> str:
    """`("models", 2, "provider")` as `models[2].provider`."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.lstrip(".")


def location_of(path: str) -> Location:
    """`models[2].provider` as `("models", 2, "provider")`."""
    parts = re.findall(r"[^.\[\]]+|\[\d+\]", path)
    return tuple(int(part[1:-1]) if part.startswith("[") else part for part in parts)


def _without_long_strings(text: str) -> str:
    """The text with strings over several lines emptied: what looks like a key or a header in them is none."""
    return _STRING_OR_COMMENT.sub(lambda found: "\n" * found[0].count("\n") or found[0], text)


def comments_in(text: str) -> list[str]:
    """The comments of TOML text, each from its `#` on; a `#` in a string begins none."""
    return [found[0] for found in _STRING_OR_COMMENT.finditer(text) if found[0].startswith("#")]


def line_of(text: str, location: Location) -> int | None:
    """The 1-based line of a key in TOML text, where it can be told from table headers and bare keys."""
    wanted = [str(part) for part in location if isinstance(part, str)]
    index = next((part for part in location if isinstance(part, int)), None)
    table: list[str] = []
    seen, header_line = -1, None
    for number, line in enumerate(_without_long_strings(text).split("\n"), start=1):
        header = re.match(r"\s*\[\[?\s*([\w.\s\"-]+?)\s*\]\]?", line)
        if header and not re.match(r"\s*[\w\"-]+\s*=", line):
            table = [part.strip().strip('"') for part in header[1].split(".")]
            seen += table == wanted[: len(table)] and line.lstrip().startswith("[[")
            if table == wanted[: len(table)] and index in {None, seen}:
                header_line = number
            continue
        key = re.match(r"\s*([\w\"-]+)\s*=", line)
        here = [*table, key[1].strip('"')] if key else []
        if here and here == wanted[: len(here)] and (not table or index in {None, seen}):
            return number
    return header_line
