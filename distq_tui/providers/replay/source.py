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
from distq_tui.providers.replay.recording import Recording
from distq_tui.providers.replay.rows import entries, entry_of_response

if TYPE_CHECKING:
    from distq_tui.store import Store

SESSION = "session:"
_KEPT = 8
"""Recordings that are read once: before a run starts, each of its models asks for its own several times."""


def source_digest(source: str | None, database: Path | None) -> str:
    """The digest of the recording's content.

    Raises:
        InputError: as `load_recording`.
    """
    return load_recording(source, database).digest


def recorded_model(spec: ModelSpec, database: Path | None) -> ModelSpec:
    """The model as its recording knows it: what this program scripted before it was recorded stays marked as such.

    Raises:
        InputError: as `load_recording`.
    """
    if spec.simulated or spec.name not in load_recording(spec.base_url, database).simulated:
        return spec
    return dataclasses.replace(spec, base_url=f"{SIMULATED}{spec.base_url}")


def require_model(spec: ModelSpec, database: Path | None) -> None:
    """Refuse a model that its recording lacks; not to be asked of one whose answers are all stored.

    An imported file may name no model, or another one than the session that was made of it.

    Raises:
        InputError: as `load_recording`, or the recording has no answer of a model of that name.
    """
    models = load_recording(spec.base_url, database).models
    if spec.name not in models:
        raise InputError(f"the recording has no model {spec.name!r}; it has {', '.join(models)}", field="name")


def load_recording(source: str | None, database: Path | None) -> Recording:
    """The recording that a model's `base_url` names.

    Raises:
        InputError: it names none, the file can't be read or has no answer in it, or there is no such session.
    """
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
    return _file(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=_KEPT)  # size and time say whether the file is still the same
def _file(path: Path, size: int, mtime_ns: int) -> Recording:
    del size, mtime_ns
    recording = Recording(entry for _, entry in entries((path, line, row) for line, row in read_responses(path)))
    if not recording.models:
        raise InputError("holds no answers; it must be rows of responses, or the lines of `run --events`", file=path)
    return recording


def _session(ref: str, database: Path | None) -> Recording:
    if database is None:
        raise InputError(f"{SESSION}{ref} needs a database to look in", field="base_url")
    with _reading(database) as store:
        session = store.session_id(ref)
        stamp = store.answers_stamp(session)
    return _answers(database, session, stamp)


@lru_cache(maxsize=_KEPT)  # the stamp says whether the session's answers are still the same
def _answers(database: Path, session: str, stamp: tuple[int, int]) -> Recording:
    del stamp
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
    if not recording.models:
        raise InputError(f"session {session} holds no answers", field="base_url")
    return recording


def _reading(database: Path) -> closing[Store]:
    from distq_tui.store import Store

    return closing(Store(database, create=False, readonly=True))
