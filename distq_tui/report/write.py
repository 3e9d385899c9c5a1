"""A session's report into a file whose suffix says the format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from distq_tui.errors import InputError
from distq_tui.files import check_apart
from distq_tui.report.answers import read_answers
from distq_tui.report.atomic import write_text
from distq_tui.report.build import ICE_SCORER, build_report
from distq_tui.report.html import html_report
from distq_tui.report.markdown import markdown_report
from distq_tui.report.plain_json import stable_json
from distq_tui.report.responses import csv_report
from distq_tui.store import SessionRow, Store


def _html(store: Store, session: SessionRow) -> str:
    return html_report(build_report(store, session))


def _markdown(store: Store, session: SessionRow) -> str:
    return markdown_report(build_report(store, session))


def _json(store: Store, session: SessionRow) -> str:
    return stable_json(asdict(build_report(store, session)))


def _csv(store: Store, session: SessionRow) -> str:
    return csv_report(session.id, read_answers(store, session, store.plan_of(session.id), ICE_SCORER))


WRITERS: dict[str, Callable[[Store, SessionRow], str]] = {
    ".html": _html,
    ".htm": _html,
    ".md": _markdown,
    ".markdown": _markdown,
    ".json": _json,
    ".csv": _csv,
}


def write_report_file(store: Store, session: str, path: Path) -> Path:
    """Write the report of the session that `session` names, and return the file's path.

    The file is written beside its place and then moved there, so nobody sees half of it and a failure leaves an old
    report alone. The same session gives the same bytes.

    Args:
        store: may be open for reading only.
        session: as `Store.find_session` takes it.
        path: its suffix, in any letter case, is the format: .html, .md, .json or .csv.

    Raises:
        InputError: unknown suffix, no such session, the database itself, or a file that can't be written there.
    """
    check_apart(path, store.files, called="the database")
    make = WRITERS.get(path.suffix.lower())
    if make is None:
        raise InputError("unknown report format; end the name in .html, .md, .json or .csv", file=path)
    return write_text(path, make(store, store.find_session(session)))
