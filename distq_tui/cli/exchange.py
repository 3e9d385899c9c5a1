"""`distq-tui export SESSION -o FILE` and `distq-tui import FILE`: a session's tables out, other tools' answers in."""

from __future__ import annotations

import argparse

from distq_tui.cli.common import say, settings_of
from distq_tui.cli.exits import DONE
from distq_tui.errors import InputError


def export_session(arguments: argparse.Namespace) -> int:
    """Write a table of the session and say where it is.

    Raises:
        InputError: no database, no such session, an unknown suffix, or a file that can't be written.
    """
    from distq_tui.report.export import export_session_file
    from distq_tui.store import Store

    store = Store(settings_of(arguments).paths.database, readonly=True)
    try:
        path = export_session_file(store, arguments.session, arguments.out)
    finally:
        store.close()
    say(f"wrote {path}")
    return DONE


def import_file(arguments: argparse.Namespace) -> int:
    """Refuse: this version does not read other tools' files into the database.

    Raises:
        InputError: always.
    """
    raise InputError("not in this version; `score` and the `replay` provider read files", field=arguments.command)
