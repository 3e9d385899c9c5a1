"""What a path must be for a file to be read whole, or put in its place."""

from __future__ import annotations

import stat
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
