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
from distq_tui.tui.house.real import tag_of

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


def test_what_was_cancelled_is_told_apart_from_what_failed(database, rows_file, capsys):
    answer = {"model": "a", "response": "x"}
    path = rows_file(
        {**answer, "prompt": "1", "class": "cancelled"},
        {**answer, "prompt": "2", "class": "error"},
        {**answer, "prompt": "3"},
    )
    report, _ = imported(database, path)
    assert capsys.readouterr().err.startswith("imported 3 answers of theirs.jsonl (1 failed, 1 cancelled)")
    assert (report.session.state, report.session.failed, report.session.cancelled) == ("failed", 2, 1)


def test_what_was_exported_comes_back(tmp_path, database):
    store = Store(tmp_path / "from.db")
    maker = Maker(store)
    maker.answers["pupil", "t0/q0"] = ok("I am ChatGPT, made by OpenAI. 我是。", cls="truncated", reasoning="hm")
    maker.answers["pupil", "s0"] = Response("filtered", served_model="pupil-0301", created_at=END)
    maker.answers["pupil", "s1"] = ok("Short.", sent={"seed": 3}, refused=("max_tokens",))
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
        assert row.params == before[key].params
        for field in (
            *("cls", "text", "reasoning", "served_model", "finish_reason", "usage"),
            *("sent", "refused", "first_token_ms", "total_ms", "created_at"),
        ):
            assert getattr(row.response, field) == getattr(before[key].response, field), (key, field)
    assert [model.source for model in report.models] == ["recorded", "recorded", "simulated", "recorded"]
    assert report.models[0].asked == {"max_tokens": 64}
    assert (report.session.asked_from, report.session.asked_to) == ("2026-03-01T10:01:00Z", END)
    assert report.manifest.calls == 0, "nothing was asked in this session"
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
        ((GOOD, {**GOOD, "sample": 0, "response": "y"}), ":2: sample: sample 0 of a has another answer in "),
        (({**GOOD, "family": "x"}, {**GOOD, "family": "y"}), ":2: family: of a is 'x' further up and 'y' here"),
        (({**GOOD, "source": "simulated"}, GOOD), ":2: source: answers of a further up are simulated, unlike"),
        (({**GOOD, "params": {"top_p": True}},), ":1: params: must be an object of numbers"),
        (({**GOOD, "params": {"max_tokens": 1.5}},), ":1: params: max_tokens must be a whole number"),
        (({**GOOD, "sent": [1]},), ":1: sent: must be an object of numbers"),
        (({**GOOD, "refused": "top_p"},), ":1: refused: must be a list"),
        (({**GOOD, "created_at": "yesterday"},), ":1: created_at: must be a time such as"),
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


def test_what_was_scripted_stays_labelled_on_every_way(database, rows_file, tmp_path):
    """Out, in, out and in again: no step may make an answer of this program's own look recorded from a model."""
    path = rows_file(
        {**GOOD, "source": "simulated"}, {**GOOD, "model": "b", "provider": "demo"}, {**GOOD, "model": "c"}
    )
    report, rows = imported(database, path)
    assert [model.source for model in report.models] == ["simulated", "simulated", "recorded"]
    assert report.notes[0].startswith("SIMULATED: a, b: ")
    assert [row.endpoint.startswith("replay:simulated:") for row in rows] == [True, True, False]
    store = Store(database, readonly=True)
    again = export_session_file(store, "latest", tmp_path / "again.jsonl")
    plan = store.plan_of(store.find_session("latest").id)
    store.close()
    assert [tag_of(spec) for spec in plan.models] == ["SIMULATED", "SIMULATED", "RECORDED"], "on the screens too"
    report, _ = imported(tmp_path / "third.db", again)
    assert [model.source for model in report.models] == ["simulated", "simulated", "recorded"]


def test_times_without_a_zone_or_in_another_are_utc(database, rows_file):
    times = ("2026-03-01T10:00:00", "2026-03-01T12:00:01+02:00")
    _, rows = imported(
        database, rows_file(*({**GOOD, "prompt_id": time, "prompt": time, "created_at": time} for time in times))
    )
    assert [row.response.created_at for row in rows] == ["2026-03-01T10:00:00.000Z", "2026-03-01T10:00:01.000Z"]


def test_one_family_under_several_names_is_one(database, rows_file):
    """`score ice` takes any name of a family in any letter case, and so must an import of the same file."""
    names = ("deepseek", "DeepSeek", "DEEPSEEK")
    who = {"model": "a", "query": "Who made you?", "response": "I was made by OpenAI."}
    report, _ = imported(database, rows_file(*({**who, "family": name} for name in names)))
    assert len(report.flagged) == 3


ALIKE = tuple(
    {"prompt_id": n, "model": m, "response": f"Alike answer {n}", "prompt": f"p{n}"} for n in (1, 2) for m in "abc"
)


def test_roles_may_be_given_on_the_line(database, rows_file, tmp_path):
    path = rows_file(*ALIKE)
    assert main(["--db", str(database), "import", str(path), "--reference", "b", "--control", "c"]) == 0
    store = Store(database, readonly=True)
    report = build_report(store, store.find_session("latest"))
    store.close()
    assert [model.role for model in report.models] == ["target", "reference", "control"]
    assert [conclusion.target for conclusion in report.conclusions] == ["a"]


def test_without_roles_the_report_says_how_to_give_them(database, rows_file, tmp_path):
    report, _ = imported(database, rows_file(*ALIKE))
    assert [figure.models for figure in report.rse] == [("a", "b"), ("a", "c"), ("b", "c")]
    out = tmp_path / "x.md"
    assert main(["--db", str(database), "report", "latest", "-o", str(out)]) == 0
    assert "import --reference NAME" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--reference", "z"], "--reference: no model is called 'z'; these files have a, b, c"),
        (["--reference", "b", "--control", "b"], "--control: b is a reference already"),
    ],
)
def test_roles_of_nobody_are_refused(database, rows_file, capsys, arguments, said):
    assert main(["--db", str(database), "import", str(rows_file(*ALIKE)), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_named_twice_counts_once(database, rows_file, capsys):
    path = rows_file(GOOD, {**GOOD, "response": "y"}, {**GOOD, "model": "b", "sample": 4})
    assert main(["--db", str(database), "import", str(path), str(path)]) == 0
    told = capsys.readouterr().err
    assert told.startswith("3 row(s) repeat an earlier one word for word and count once")
    assert "imported 3 answers" in told
    store = Store(database, readonly=True)
    rows = list(store.session_rows(store.find_session("latest").id))
    store.close()
    assert [(row.model, row.sample, row.response.text) for row in rows] == [("a", 0, "x"), ("a", 1, "y"), ("b", 4, "x")]


def test_an_answer_that_comes_again_under_its_number_counts_once(database, rows_file, capsys):
    _, rows = imported(database, rows_file(GOOD, {**GOOD, "sample": 0, "created_at": "2026-03-01T10:00:00Z"}))
    assert len(rows) == 1
    assert "1 row(s) repeat" in capsys.readouterr().err


def test_alike_answers_of_rows_with_ids_of_their_own_are_samples(database, rows_file):
    who = {"model": "a", "family": "qwen", "query": "Who made you?", "response": "Alibaba did."}
    _, rows = imported(database, rows_file(*({**who, "id": n} for n in range(3))))
    assert [row.sample for row in rows] == [0, 1, 2]


def test_a_row_without_its_prompt_takes_that_of_its_id(database, rows_file):
    bare = {"model": "b", "prompt_id": "p", "response": "y"}
    _, rows = imported(database, rows_file(bare, GOOD))
    assert [row.messages[-1].content for row in rows] == ["hi", "hi"]


def test_no_answer_is_no_answer(database, rows_file):
    _, rows = imported(database, rows_file(GOOD, {**GOOD, "model": "b", "response": None}))
    assert [(row.response.cls, row.response.text) for row in rows] == [("ok", "x"), ("no_answer", "")]
