"""Plan files that were saved or opened of late, wherever they lie. It reads and writes a file: for threads."""

from __future__ import annotations

import os
from pathlib import Path

from distq_tui.errors import InputError
from distq_tui.files import check_regular
from distq_tui.report.atomic import write_text

KEPT = 12


class RecentPlans:
    """Paths, the latest first, a line each in a file of the cache folder: what is lost with it is only a convenience.

    Args:
        note: the file.
    """

    def __init__(self, note: Path) -> None:
        self._note = note

    def paths(self) -> list[Path]:
        """Those of them that are still there."""
        return [path for path in self._known() if os.path.isfile(path)]  # noqa: PTH113 - no folder that is shut raises

    def add(self, path: Path) -> None:
        """Remember a plan file; where that can't be, it is only not in the list next time."""
        whole = Path(os.path.abspath(path))  # noqa: PTH100 - a link stays the name that was given
        if not str(whole).isprintable():
            return  # a line of the file would not be one, or be no UTF-8
        known = [whole, *(other for other in self._known() if other != whole)]
        try:
            self._note.parent.mkdir(parents=True, exist_ok=True)
            write_text(self._note, "".join(f"{path}\n" for path in known[:KEPT]))
        except (OSError, InputError):
            return

    def _known(self) -> list[Path]:
        try:
            check_regular(self._note)
            lines = self._note.read_text("utf-8").splitlines()
        except (OSError, InputError, UnicodeDecodeError):
            return []
        return [Path(line) for line in lines[:KEPT] if line]
