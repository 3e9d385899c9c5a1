"""The user's config file grows by a model that was named in the window; what stands in it stays as it is."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from distq_tui.config.file import ConfigFile
from distq_tui.config.models import ModelSpec
from distq_tui.config.models_table import model_fields
from distq_tui.config.schema import comments_in, line_of, parse_toml
from distq_tui.errors import InputError
from distq_tui.report.atomic import write_text


def add_model(path: Path, spec: ModelSpec) -> None:
    """Append the model's table to the file at once or not at all; the file need not exist.

    A `models = [...]` that stands there becomes tables too: TOML lets no table follow it.

    Raises:
        InputError: the file is wrong as it stands, or can't be read or written; the model is there already, or is not
            one that the file may hold (a key that is no reference).
    """
    target = path.resolve()  # a link stays a link
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        text = target.read_text("utf-8-sig") if target.exists() else ""
        mode = target.stat().st_mode if text else None
    except UnicodeDecodeError as error:
        raise InputError("not UTF-8 text", file=path) from error
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", file=path) from error
    there = parse_toml(text, path, ConfigFile).models
    if any((model.label or model.name) == spec.title for model in there):
        raise InputError(f"has a model {spec.title!r} already; give this one another name or label", file=path)
    try:
        fields = {name: value for name, value in model_fields(spec).items() if name != "role"}  # the plan's business
        table = _table(fields)
        table.encode()
        grown = "\n\n".join(part for part in (_with_tables(text).rstrip("\n"), table) if part)
    except ValueError as error:
        raise InputError("holds a character that no file can", file=path, field="models") from error
    parse_toml(grown, path, ConfigFile)
    write_text(target, grown)
    if mode is not None:
        target.chmod(mode)


def _table(fields: dict[str, Any]) -> str:
    """`[[models]]` and its lines. tomli-w itself would write a short one inline, and no second one could follow."""
    return f"[[models]]\n{tomli_w.dumps(fields)}"


def _with_tables(text: str) -> str:
    """The file's text with an inline `models = [...]` as tables at its end, the comments within it above them."""
    lines = text.split("\n")
    first = (line_of(text, ("models",)) or 0) - 1
    if first < 0 or lines[first].lstrip().startswith("["):
        return text
    end = next(end for end in range(first + 1, len(lines) + 1) if _is_toml("\n".join(lines[first:end])))
    inline = "\n".join(lines[first:end])
    rest = "\n".join((*lines[:first], *lines[end:])).strip("\n")
    tables = [_table(fields) for fields in tomllib.loads(inline)["models"]]
    comments = [f"{comment}\n" for comment in comments_in(inline)]
    return "\n\n".join(part for part in (rest, "".join(comments) + "\n".join(tables)) if part)


def _is_toml(text: str) -> bool:
    """Whether it stands alone; an array over several lines does only when it is closed."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
