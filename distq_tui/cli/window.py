"""The commands that open the window; the only place outside `tui` that leads there."""

from __future__ import annotations

import argparse
import sys

from distq_tui.cli.common import settings_of
from distq_tui.errors import InputError


def _need_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise InputError("the app needs a terminal; without one, use `distq-tui run PLAN.toml`")


def open_window(arguments: argparse.Namespace) -> int:
    """The app on its first screen.

    Raises:
        InputError: the config or the database is wrong.
    """
    _need_terminal()
    settings = settings_of(arguments)
    from distq_tui.tui.app import run_app

    return run_app(settings)


def open_demo(arguments: argparse.Namespace) -> int:
    """The app, running the embedded default.

    Raises:
        InputError: the config or the database is wrong.
    """
    _need_terminal()
    settings = settings_of(arguments)
    from distq_tui.tui.app import run_app

    return run_app(settings, demo=True)
