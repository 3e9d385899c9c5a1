"""`distq-tui doctor`: is everything here that a run needs? Nothing is called and nothing is written."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from distq_tui import __version__
from distq_tui.cli.common import put, settings_of
from distq_tui.cli.exits import DONE, ERROR
from distq_tui.config.settings import Settings
from distq_tui.errors import InputError

_PACKAGES = ("textual", "rich", "httpx", "anthropic", "openai", "numpy", "rapidfuzz", "sqlite-utils")
Check = tuple[bool, str, str]


def doctor(arguments: argparse.Namespace) -> int:
    """A line a check; exit code 1 where something that is needed is not right.

    Raises:
        InputError: the config file is wrong.
    """
    settings = settings_of(arguments)
    checks = [*_installation(), *_database(settings), *_models(settings)]
    for good, name, what in checks:
        put(f"{'ok  ' if good else 'FAIL'}  {name:12} {what}")
    return DONE if all(good for good, _, _ in checks) else ERROR


def _installation() -> Iterator[Check]:
    yield True, "distq-tui", f"{__version__}, Python {sys.version.split()[0]}"
    for package in _PACKAGES:
        try:
            yield True, package, version(package)
        except PackageNotFoundError:
            yield False, package, "not installed; install distq-tui again"
    from distq_tui.prompts import list_shipped

    yield True, "prompts", f"{len(list_shipped())} shipped sets"
    from distq_tui.providers.local.models import why_unavailable

    missing = why_unavailable()
    yield True, "local", missing or "the embedded model is installed"


def _database(settings: Settings) -> Iterator[Check]:
    path = settings.paths.database
    if not path.exists():
        yield True, "database", f"{path} (made at the first run)"
        return
    from distq_tui.store import Store

    try:
        store = Store(path, create=False, readonly=True)
    except InputError as error:
        yield False, "database", str(error)
        return
    yield True, "database", f"{path}, {len(store.sessions())} sessions"
    store.close()


def _models(settings: Settings) -> Iterator[Check]:
    for model in settings.models:
        state = settings.keys.state(model.key)
        what = {"set": f"{model.key} is set", "unset": f"{model.key} is not set", "none": "needs no key"}[state]
        yield state != "unset", "model", f"{model.title}: {what}"
