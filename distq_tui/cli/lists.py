"""Commands that list: sessions, models, prompts, and where the files are."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from distq_tui.cli.common import put, put_json, say, settings_of
from distq_tui.cli.exits import DONE, ERROR
from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import Settings
from distq_tui.errors import InputError
from distq_tui.providers.embedded import known_models
from distq_tui.state import shortfall

if TYPE_CHECKING:
    from distq_tui.store import SessionRow


def list_sessions(arguments: argparse.Namespace) -> int:
    """Every session, newest first; none is no mistake, whether there is no database yet or an empty one.

    Raises:
        InputError: the database is no database of ours, or one that was named is missing.
    """
    path = settings_of(arguments).paths.database
    rows = _sessions(path) if path.exists() or getattr(arguments, "db", None) is not None else []
    if arguments.json:
        put_json([asdict(row) for row in rows])
        return DONE
    if not rows:
        say(f"{path}: no sessions yet")
    for row in rows:
        missed = ", ".join(shortfall(row.failed, row.cancelled))
        counts = f"{row.done}/{row.total} done, {row.hits} cached, {missed}"
        put(f"{row.id}  {row.created_at}  {row.state:10}  {counts}  {row.name}")
    return DONE


def _sessions(path: Path) -> list[SessionRow]:
    from distq_tui.store import NothingStoredError, Store

    try:
        store = Store(path, create=False, readonly=True)
    except NothingStoredError:
        return []
    try:
        return store.sessions()
    finally:
        store.close()


def locate(arguments: argparse.Namespace) -> int:
    """Name and path a line: config, data, cache, database."""
    paths = settings_of(arguments).paths
    for name in ("config", "data", "cache", "database"):
        put(f"{name} {getattr(paths, name)}")
    return DONE


def prompts(arguments: argparse.Namespace) -> int:
    """The shipped sets, or whether a file is a good set.

    Raises:
        InputError: the checked file is wrong.
    """
    from distq_tui.prompts import PromptSet, list_shipped, load_any_set

    if arguments.action == "check":
        checked = load_any_set(arguments.file)
        kind, count = (
            ("prompts", len(checked.prompts))
            if isinstance(checked, PromptSet)
            else ("templates", len(checked.templates))
        )
        if arguments.json:
            put_json({"file": str(arguments.file), "name": checked.name, kind: count, "digest": checked.digest})
        else:
            put(f"{arguments.file}: {checked.name or 'unnamed'}, {count} {kind}, digest {checked.digest}")
        return DONE
    shipped = list_shipped()
    if arguments.json:
        put_json([asdict(row) for row in shipped])
        return DONE
    for row in shipped:
        put(f"{row.name:16} {row.kind:10} {row.count:4}  {','.join(row.languages):6} {row.version}  {row.licence}")
    return DONE


def models(arguments: argparse.Namespace) -> int:
    """The models of the config file and the embedded ones, or a test of one.

    Raises:
        InputError: the model to test is not known.
    """
    settings = settings_of(arguments)
    known = known_models(settings)
    if arguments.action == "test":
        return _test(arguments, settings, known)
    rows = [{**asdict(model), "key_state": settings.keys.state(model.key)} for model in known]
    if arguments.json:
        put_json(rows)
        return DONE
    for model, row in zip(known, rows, strict=True):
        key = f"{model.key} {row['key_state']}" if model.key else "no key"
        put(f"{model.title:32} {model.provider:10} {model.base_url or '-':40} {key}")
    return DONE


def _test(arguments: argparse.Namespace, settings: Settings, known: tuple[ModelSpec, ...]) -> int:
    model = next((model for model in known if arguments.name in {model.title, model.name}), None)
    if model is None:
        names = ", ".join(model.title for model in known)
        raise InputError(f"no model `{arguments.name}` in {_config_name(settings.paths.config)} (known: {names})")
    from distq_tui.providers.check import check_model

    paths = settings.paths
    result = asyncio.run(check_model(model, settings.keys.get, database=paths.database, cache_dir=paths.cache))
    if arguments.json:
        put_json(asdict(result))
    else:
        put(result.line())
    return DONE if result.works else ERROR


def _config_name(path: Path) -> str:
    return str(path) if path.exists() else f"{path} (which does not exist)"
