"""TOML text into plain values, every error one line; without pydantic, so that any command may call it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from distq_tui.errors import InputError


def toml_values(text: str, path: Path) -> dict[str, Any]:
    """The values of the text, which stands or is to stand in the file.

    Raises:
        InputError: it is no TOML; with its line.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, text, error) from error
    except (ValueError, RecursionError) as error:
        raise InputError("not TOML that can be read: a number too long, or nested too deeply", file=path) from error


def _syntax_error(path: Path, text: str, error: tomllib.TOMLDecodeError) -> InputError:
    found = re.search(r"\(at line (\d+), column \d+\)", str(error))
    line = int(found[1]) if found else text.count("\n") + 1
    message = re.sub(r"\s*\(at .*\)$", "", str(error))
    return InputError(f"not TOML: {message}", file=path, line=line)
