"""A text file that appears whole or not at all."""

from __future__ import annotations

import secrets
from pathlib import Path

from distq_tui.errors import InputError
from distq_tui.files import check_regular


def write_text(path: Path, text: str) -> Path:
    """Write UTF-8 text beside `path` and move it there; returns `path`.

    Raises:
        InputError: the folder is missing, the file can't be written there, or something that is no file stands there.
    """
    check_regular(path)
    part = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}.part")
    try:
        with part.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
        part.replace(path)
    except FileNotFoundError as error:
        raise InputError(f"the folder {path.parent} does not exist", file=path) from error
    except (OSError, ValueError) as error:
        raise InputError(getattr(error, "strerror", None) or "cannot be written", file=path) from error
    finally:
        _drop(part)
    return path


def _drop(part: Path) -> None:
    """Take away what a failure left; a folder that can't be looked into left nothing."""
    try:
        part.unlink(missing_ok=True)
    except (OSError, ValueError):
        return
