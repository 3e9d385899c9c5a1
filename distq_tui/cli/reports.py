"""`distq-tui report SESSION -o OUT`: a stored session as HTML, Markdown, JSON or CSV. Asks nobody, changes nothing."""

from __future__ import annotations

import argparse

from distq_tui.cli.common import say, settings_of
from distq_tui.cli.exits import DONE


def write_report(arguments: argparse.Namespace) -> int:
    """Write the report and say where it is.

    Raises:
        InputError: no database, no such session, an unknown suffix, or a file that can't be written.
    """
    from distq_tui.report import write_report_file
    from distq_tui.store import Store

    store = Store(settings_of(arguments).paths.database, readonly=True)
    try:
        path = write_report_file(store, arguments.session, arguments.out)
    finally:
        store.close()
    say(f"wrote {path}")
    return DONE
