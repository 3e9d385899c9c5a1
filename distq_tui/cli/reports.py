"""`distq-tui report SESSION -o OUT` and `distq-tui export SESSION -o FILE`: a stored session as a file. Asks nobody."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from distq_tui.cli.common import say, settings_of
from distq_tui.cli.exits import DONE

if TYPE_CHECKING:
    from distq_tui.store import Store

Write: TypeAlias = "Callable[[Store, str, Path], Path]"


def write_report(arguments: argparse.Namespace) -> int:
    """Write the report and say where it is.

    Raises:
        InputError: no database, no such session, an unknown suffix, or a file that can't be written.
    """
    from distq_tui.report import write_report_file

    say(f"wrote {_write(arguments, write_report_file)}")
    return DONE


def export_session(arguments: argparse.Namespace) -> int:
    """Write a table of the session and say where it is, and which.

    Raises:
        InputError: as `write_report`.
    """
    from distq_tui.report.export import export_session_file, table_of

    path = _write(arguments, export_session_file)
    table = table_of(path)
    say(f"wrote {path}" + (f": the table `{table}`" if table else ""))
    return DONE


def _write(arguments: argparse.Namespace, write: Write) -> Path:
    from distq_tui.store import Store

    store = Store(settings_of(arguments).paths.database, readonly=True)
    try:
        return write(store, arguments.session, arguments.out)
    finally:
        store.close()
