"""What a path must be for a file to be read whole, or put in its place."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from distq_tui.errors import InputError


def check_regular(path: Path) -> None:
    """See that a file stands there, or nothing.

    A device may never end and a pipe may never begin; a file that is moved there would take the place of either.

    Raises:
        InputError: it is a folder, a device, a pipe or a socket.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return  # who opens it tells what is wrong
    if stat.S_ISDIR(mode):
        raise InputError("is a folder; name a file", file=path)
    if not stat.S_ISREG(mode):
        raise InputError("is a device or a pipe; name a file", file=path)


def check_apart(out: Path, kept: Iterable[Path], *, called: str) -> None:
    """See that what is to be written would not take the place of a file that must stay, under whatever name.

    A device or a pipe is none: it is written to, and never replaced.

    Args:
        out: the file to be written; it need not exist.
        kept: the files that must stay; they need not exist either.
        called: what they are, for the message (`an input`).

    Raises:
        InputError: `out` is one of them, or a link to one.
    """
    if any(_same(out, one) for one in kept):
        raise InputError(f"is {called}; name another file to write to", file=out)


def _same(out: Path, other: Path) -> bool:
    try:
        if out.exists() and other.exists():
            return out.is_file() and out.samefile(other)
        return os.path.realpath(out) == os.path.realpath(other)
    except (OSError, ValueError):
        return False  # who opens it tells what is wrong
