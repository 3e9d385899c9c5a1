"""A session's tables into a file: the last suffix is the form, the one before it the table."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from distq_tui.errors import InputError
from distq_tui.files import check_apart
from distq_tui.formats.export import csv_rows, json_lines
from distq_tui.report.answers import read_answers
from distq_tui.report.atomic import write_text
from distq_tui.report.build import ICE_SCORER
from distq_tui.report.grades import read_judged
from distq_tui.report.judged import read_judged_identity
from distq_tui.report.lineage import session_newick
from distq_tui.report.plain_json import stable_json
from distq_tui.report.retold import judge_replies
from distq_tui.report.rse import pair_scores, read_pairs
from distq_tui.report.tables import (
    Row,
    SessionData,
    answer_rows,
    columns_of,
    grade_rows,
    ice_rows,
    judge_rows,
    rate_rows,
    rse_rows,
)
from distq_tui.store import Store

TABLES: dict[str, Callable[[SessionData], Iterator[Row]]] = {
    "answers": answer_rows,
    "identity": partial(answer_rows, kind="identity"),
    "similarity": partial(answer_rows, kind="similarity"),
    "ice": ice_rows,
    "rse": rse_rows,
    "rates": rate_rows,
    "grades": grade_rows,
    "judges": judge_rows,
}
"""What can be exported, by the name that stands before the suffix (`x.ice.csv`)."""

_WHOLE = ("answers", "ice", "rse", "rates", "grades", "judges")
"""The tables of a plain `x.json`."""

_DEFAULT = {".jsonl": "answers", ".csv": "rates"}

_MISTYPED = 0.75
"""How like a table's name (ratio of `difflib`) a word must be to be taken for it, mistyped: `rate`, not `results`."""


def table_of(path: Path) -> str | None:
    """The table that a file of that name holds; None for all of them, and for the tree.

    A word before the suffix that is no table and like none (`my.results.csv`) is a part of the name.

    Raises:
        InputError: the word is nearly a table's name.
    """
    suffix, word = path.suffix.lower(), Path(path.stem).suffix.lower().removeprefix(".")
    if suffix == ".nwk":
        return None
    if word in TABLES:
        return word
    if close := difflib.get_close_matches(word, TABLES, n=1, cutoff=_MISTYPED):
        told = f"no table is called `{word}`; did you mean `{close[0]}`? Tables are {', '.join(TABLES)}"
        raise InputError(told, file=path)
    return _DEFAULT.get(suffix)


def export_session_file(store: Store, session: str, path: Path) -> Path:
    """Write a table of a session and return the file's path.

    `x.jsonl` holds the answers, as `score ice`, `score rse` and `replay` read them; `x.csv` the rates; `x.json` one
    object with all tables. `x.TABLE.jsonl`, `x.TABLE.csv` and `x.TABLE.json` hold that table of `TABLES`; `x.nwk` holds
    the tree of models.

    Args:
        store: may be open for reading only.
        session: as `Store.find_session` takes it.
        path: where to; its folder must exist.

    Raises:
        InputError: unknown suffix, a mistyped table, no such session, a table without rows, the database itself, or a
            file that can't be written there.
    """
    check_apart(path, store.files, called="the database")
    suffix = path.suffix.lower()
    if suffix == ".nwk":
        return write_text(path, _tree(_read(store, session)))
    if suffix not in {".jsonl", ".csv", ".json"}:
        raise InputError("unknown export format; end the name in .jsonl, .csv, .json or .nwk", file=path)
    table = table_of(path)
    return write_text(path, _text(_read(store, session), table, suffix))


def _read(store: Store, ref: str) -> SessionData:
    session = store.find_session(ref)
    answers = read_answers(store, session, store.plan_of(session.id), ICE_SCORER)
    pairs = read_pairs(store, session.id, answers.plan)
    replies = judge_replies(store, session.id)
    judged = read_judged(store, session.id, answers, replies)
    return SessionData(session.id, answers, pairs, judged, read_judged_identity(store, session.id, answers, replies))


def _tree(data: SessionData) -> str:
    tree = session_newick(data.answers, pair_scores(data.answers.plan, data.pairs))
    if tree is None:
        raise InputError(f"session {data.session} has no two models with a similarity; a tree needs them")
    return tree


def _text(data: SessionData, table: str | None, suffix: str) -> str:
    """The file's content; `table` None is all of them, which JSON alone can hold."""
    if table is None:
        return stable_json({"session": data.session, **{name: list(TABLES[name](data)) for name in _WHOLE}})
    rows = list(TABLES[table](data))
    if not rows:
        raise InputError(f"session {data.session} has no rows for the table `{table}`")
    match suffix:
        case ".csv":
            return csv_rows(columns_of(rows), rows)
        case ".jsonl":
            return json_lines(rows)
        case _:
            return stable_json(rows)
