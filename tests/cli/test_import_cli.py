"""`import FILE`: what comes in is a session like any other, or nothing is stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from report_session import END, Maker, ok

from distq_tui.cli import main
from distq_tui.data import data_path
from distq_tui.events import Response
from distq_tui.report import Report, build_report
from distq_tui.report.export import export_session_file
from distq_tui.store import AnswerRow, Store

Write = Callable[..., Path]


@pytest.fixture
def rows_file(tmp_path: Path) -> Write:
    def write(*rows: dict[str, Any]) -> Path:
        path = tmp_path / "theirs.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "into.db"


def imported(database: Path, path: Path) -> tuple[Report, list[AnswerRow]]:
    assert main(["--db", str(database), "import", str(path)]) == 0
    store = Store(database, readonly=True)
    session = store.find_session("latest")
    result = build_report(store, session), list(store.session_rows(session.id))
    store.close()
    return result


def test_it_prints_the_session_and_says_how_many(database, rows_file, capsys):
    path = rows_file({"model": "a", "prompt": "hi", "response": "x"})
    assert main(["--db", str(database), "import", str(path)]) == 0
    told = capsys.readouterr()
    store = Store(database, readonly=True)
    assert told.out.strip() == store.find_session("theirs").id
    store.close()
    assert told.err.startswith("imported 1 answers of theirs.jsonl (0 failed)")


def test_what_was_exported_comes_back(tmp_path, database):
    store = Store(tmp_path / "from.db")
    maker = Maker(store)
    maker.answers["pupil", "t0/q0"] = ok("I am ChatGPT, made by OpenAI. 我是。", cls="truncated", reasoning="hm")
    maker.answers["pupil", "s0"] = Response("filtered", created_at=END)
    session = maker.write(state="failed")
    before = {(r.model, r.prompt_id): r for r in store.session_rows(session.id)}
    path = export_session_file(store, "latest", tmp_path / "x.jsonl")
    store.close()
    report, rows = imported(database, path)
    after = {(r.model, r.prompt_id): r for r in rows}
    assert after.keys() == before.keys()
    for key, row in after.items():
        for field in ("role", "kind", "language", "aspect", "template", "question", "prompt_set", "messages", "sample"):
            assert getattr(row, field) == getattr(before[key], field), (key, field)
        for field in ("cls", "text", "reasoning", "finish_reason", "usage", "total_ms"):
            assert getattr(row.response, field) == getattr(before[key].response, field), (key, field)
    assert {model.source for model in report.models} == {"recorded"}
    assert [(f.model, f.prompt_id, f.strict) for f in report.flagged] == [("pupil", "t0/q0", True)]
    assert [c.word for c in report.conclusions] == ["inconclusive", "inconclusive"]


def test_rows_of_the_identity_scorer_are_identity_answers(database, rows_file):
    who = {"family": "deepseek", "query": "Who made you?"}
    report, rows = imported(
        database,
        rows_file(
            {"id": 1, "model": "a", "response": "I was made by OpenAI.", **who},
            {"id": 2, "model": "a", "response": "DeepSeek made me.", **who},
            {"id": 3, "model": "a", "response": "", **who},
        ),
    )
    assert [(row.kind, row.template, row.sample) for row in rows] == [("identity", "bare", n) for n in range(3)]
    assert [row.response.cls for row in rows] == ["ok", "ok", "no_answer"]
    assert [f.text for f in report.flagged] == ["I was made by OpenAI."]
    (left_out,) = report.exclusions
    assert left_out.left_out == {"no_answer": 1}


def test_rows_of_the_similarity_scorer_are_compared(database, rows_file):
    report, _ = imported(
        database,
        rows_file(
            *(
                {"prompt_id": n, "model": m, "response": f"Alike answer {n}", "prompt": f"p{n}"}
                for n in (1, 2)
                for m in "ab"
            )
        ),
    )
    (figure,) = report.rse
    assert (figure.models, figure.n) == (("a", "b"), 2)
    assert figure.value > 0.9


def test_the_shipped_recording_comes_in(database):
    path = data_path("examples", "recorded-session.jsonl")
    report, rows = imported(database, path)
    assert len(rows) == len(path.read_text(encoding="utf-8").splitlines())
    assert report.ice
    assert report.rse
    assert all(model.source == "recorded" for model in report.models)


GOOD = {"model": "a", "prompt_id": "p", "prompt": "hi", "response": "x"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((), "holds no answers"),
        ((GOOD, {**GOOD, "model": "b", "prompt": "other"}), ":2: prompt_id: 'p' stands for another prompt"),
        ((GOOD, {**GOOD, "sample": 0}), ":2: sample: sample 0 of a stands further up"),
        (({**GOOD, "family": "x"}, {**GOOD, "family": "y"}), ":2: family: of a is 'x' further up"),
        (({**GOOD, "role": "judge"},), ":1: role: must be target, reference or control"),
        (({**GOOD, "kind": "poem"},), ":1: kind: must be identity or similarity"),
        (({**GOOD, "language": 3},), ":1: language: must be text"),
        (({"model": "a", "response": "x"},), ":1: prompt: "),
    ],
)
def test_a_bad_file_is_one_line_and_nothing_is_stored(database, rows_file, capsys, rows, said):
    assert main(["--db", str(database), "import", str(rows_file(*rows))]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    store = Store(database, readonly=True)
    assert store.sessions() == []
    store.close()


def test_a_missing_file_is_exit_2(database, tmp_path, capsys):
    assert main(["--db", str(database), "import", str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl" in capsys.readouterr().err


def test_outputs_of_other_tools_come_in_and_are_compared(database, tmp_path):
    answers = {"m1": "A short answer.", "m2": "A short answer!"}
    paths = []
    for model, text in answers.items():
        path = tmp_path / f"{model}.json"
        path.write_text(json.dumps([{"instruction": "Say it.", "output": text, "generator": model}]))
        paths.append(str(path))
    assert main(["--db", str(database), "import", *paths]) == 0
    store = Store(database, readonly=True)
    report = build_report(store, store.find_session("latest"))
    store.close()
    (figure,) = report.rse
    assert (figure.models, figure.n) == (("m1", "m2"), 1)
    assert [model.endpoint for model in report.models] == sorted({model.endpoint for model in report.models})


def test_a_family_for_rows_that_name_none(database, rows_file):
    who = {"query": "Who made you?", "response": "I was made by OpenAI."}
    path = rows_file({"model": "a", **who}, {"model": "b", "family": "openai", **who})
    assert main(["--db", str(database), "import", str(path), "--family", "qwen"]) == 0
    store = Store(database, readonly=True)
    report = build_report(store, store.find_session("latest"))
    store.close()
    assert [flagged.model for flagged in report.flagged] == ["a"]
