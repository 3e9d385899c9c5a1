"""Where a recording comes from: a file, or `session:ID` in the database."""

from __future__ import annotations

import dataclasses
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from distq_tui.config.models import SIMULATED, ModelSpec
from distq_tui.config.paths import user_path
from distq_tui.errors import InputError
from distq_tui.formats.responses import read_responses
from distq_tui.providers.replay.recording import Label, Recording
from distq_tui.providers.replay.rows import entries, entry_of_response

if TYPE_CHECKING:
    from distq_tui.store import Store

SESSION = "session:"
_WHOLE = 2
"""Recordings that stay in memory though no run holds them; 10,000 answers of 1,200 characters take 32 MB."""
_LABELS = 64
"""Labels that stay: before a run starts, each of its models asks for its own several times, and for nothing more."""

_Place = tuple[Path, str, tuple[int, ...]]
"""A file, or database and session, and a stamp that changes when what lies there does."""


def source_digest(source: str | None, database: Path | None) -> str:
    """The digest of the recording's content.

    Raises:
        InputError: as `load_recording`.
    """
    return _label(_place(source, database)).digest


def recorded_model(spec: ModelSpec, database: Path | None) -> ModelSpec:
    """The model as its recording knows it: what this program scripted before it was recorded stays marked as such.

    Raises:
        InputError: as `load_recording`.
    """
    if spec.simulated or spec.name not in _label(_place(spec.base_url, database)).simulated:
        return spec
    return dataclasses.replace(spec, base_url=f"{SIMULATED}{spec.base_url}")


def require_model(spec: ModelSpec, database: Path | None) -> None:
    """Refuse a model that its recording lacks; not to be asked of one whose answers are all stored.

    An imported file may name no model, or another one than the session that was made of it.

    Raises:
        InputError: as `load_recording`, or the recording has no answer of a model of that name.
    """
    models = _label(_place(spec.base_url, database)).models
    if spec.name not in models:
        raise InputError(f"the recording has no model {spec.name!r}; it has {', '.join(models)}", field="name")


def load_recording(source: str | None, database: Path | None) -> Recording:
    """The recording that a model's `base_url` names.

    Raises:
        InputError: it names none, the file can't be read or has no answer in it, or there is no such session.
    """
    return _recording(_place(source, database))


def _place(source: str | None, database: Path | None) -> _Place:
    if not source:
        raise InputError("replay needs a file of responses, or session:ID", field="base_url")
    source = source.removeprefix(SIMULATED)
    if source.startswith(SESSION):
        return _session(source.removeprefix(SESSION), database)
    path = user_path(source)
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", file=path) from None
    return path, "", (status.st_size, status.st_mtime_ns)


def _session(ref: str, database: Path | None) -> _Place:
    if database is None:
        raise InputError(f"{SESSION}{ref} needs a database to look in", field="base_url")
    with _reading(database) as store:
        session = store.session_id(ref)
        return database, session, store.answers_stamp(session)


@lru_cache(maxsize=_LABELS)
def _label(place: _Place) -> Label:
    return _recording(place).label


@lru_cache(maxsize=_WHOLE)
def _recording(place: _Place) -> Recording:
    path, session, _ = place
    return _answers(path, session) if session else _file(path)


def _file(path: Path) -> Recording:
    recording = Recording(entry for _, entry in entries((path, line, row) for line, row in read_responses(path)))
    if not recording.label.models:
        raise InputError("holds no answers; it must be rows of responses, or the lines of `run --events`", file=path)
    return recording


def _answers(database: Path, session: str) -> Recording:
    with _reading(database) as store:
        simulated = {model.title for model in store.plan_head(session).models if model.simulated}
        recording = Recording(
            entry_of_response(
                row.response,
                model=row.model,
                prompt_id=row.prompt_id,
                sample=row.sample,
                messages=row.messages,
                simulated=row.model in simulated,
            )
            for row in store.session_rows(session)
        )
    if not recording.label.models:
        raise InputError(f"session {session} holds no answers", field="base_url")
    return recording


def _reading(database: Path) -> closing[Store]:
    from distq_tui.store import Store

    return closing(Store(database, create=False, readonly=True))
