"""Exported tables: one file each, read back by the scorers and the replay provider."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from report_session import END, Maker, ok

from distq_tui.errors import InputError
from distq_tui.events import Response
from distq_tui.ice.files import score_ice_file
from distq_tui.providers.replay.source import load_recording
from distq_tui.report.export import export_session_file, table_of
from distq_tui.rse.files import score_rse_file


@pytest.fixture
def session(maker: Maker) -> Maker:
    maker.flag("pupil", "t0/q0", "=OpenAI made me. 我是 ChatGPT。")
    maker.answers["pupil", "s0"] = Response("incomplete", "half a te", error="cut", created_at=END)
    maker.answers["master", "s1"] = ok("whole")
    maker.write(state="failed")
    return maker


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


def test_answers_are_complete_and_keep_halves_apart(session, tmp_path):
    rows = lines(export_session_file(session.store, "latest", tmp_path / "x.jsonl"))
    assert len(rows) == 4 * 14
    assert len({row["id"] for row in rows}) == len(rows)
    cut = next(row for row in rows if (row["model"], row["prompt_id"]) == ("pupil", "s0"))
    assert (cut["response"], cut["partial"], cut["class"], cut["error"]) == ("", "half a te", "incomplete", "cut")
    assert cut["messages"] == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "write 0"}]
    assert cut["endpoint"] == "https://api.example.com/v1"


def test_both_scorers_read_the_answers_back(session, tmp_path):
    identity = export_session_file(session.store, "latest", tmp_path / "x.identity.jsonl")
    ice = score_ice_file(identity, None, io.StringIO(), lambda _: None)
    assert ice.rows == 3 * 8, "`mute` has no fact to conflict with"
    similarity = export_session_file(session.store, "latest", tmp_path / "x.similarity.jsonl")
    table = io.StringIO()
    score_rse_file(similarity, table, lambda _: None)
    assert len(table.getvalue().splitlines()) == 1 + 6


def test_replay_reads_the_answers_back(session, tmp_path):
    recording = load_recording(str(export_session_file(session.store, "latest", tmp_path / "x.jsonl")), None)
    assert recording.label.models == ("pupil", "master", "persona", "mute")


def test_tables_as_csv_have_one_header_and_no_formula(session, tmp_path):
    text = export_session_file(session.store, "latest", tmp_path / "x.answers.csv").read_bytes().decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    flagged = next(row for row in rows if (row["model"], row["prompt_id"]) == ("pupil", "t0/q0"))
    assert flagged["response"] == "'=OpenAI made me. 我是 ChatGPT。"


def test_a_plain_csv_holds_the_rates(session, tmp_path):
    text = export_session_file(session.store, "latest", tmp_path / "x.csv").read_bytes().decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert {row["measure"] for row in rows} == {"loose", "strict", "paper_strict", "hard", "paper_hard", "rse"}
    loose = next(row for row in rows if (row["measure"], row["model"], row["scope"]) == ("loose", "pupil", "all"))
    assert (loose["value"], loose["n"]) == ("0.125", "8")


def test_a_plain_json_holds_every_table(session, tmp_path):
    data = json.loads(export_session_file(session.store, "latest", tmp_path / "x.json").read_text())
    assert set(data) == {"session", "answers", "ice", "rse", "rates", "grades", "judges"}
    assert len(data["ice"]) == 4 * 8
    assert all(row["model_a"] <= row["model_b"] for row in data["rse"])


def test_a_named_table_in_json_is_a_list(session, tmp_path):
    rows = json.loads(export_session_file(session.store, "latest", tmp_path / "x.rse.json").read_text())
    assert [row["similarity"] for row in rows] == [0.5] * len(rows)
    # six pairs on six prompts, less the three pairs that miss the answer that was cut
    assert len(rows) == 6 * 6 - 3


def test_a_dot_in_the_name_is_no_table(session, tmp_path):
    assert len(lines(export_session_file(session.store, "latest", tmp_path / "run.v2.jsonl"))) == 4 * 14


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("x.csv", "rates"),
        ("x.jsonl", "answers"),
        ("x.json", None),
        ("x.nwk", None),
        ("x.ICE.csv", "ice"),
        ("my.results.csv", "rates"),
        ("gpt-4.1.jsonl", "answers"),
        ("my.final.json", None),
    ],
)
def test_a_name_tells_the_table(name, table):
    assert table_of(Path(name)) == table


@pytest.mark.parametrize("name", ["x.rate.csv", "x.answer.jsonl", "x.grade.json"])
def test_a_mistyped_table_is_refused(session, tmp_path, name):
    with pytest.raises(
        InputError, match=r"no table is called `\w+`; did you mean `\w+s`\? Tables are answers, identity,"
    ):
        export_session_file(session.store, "latest", tmp_path / name)
    assert not (tmp_path / name).exists()


def test_the_same_session_exports_the_same_bytes(session, tmp_path):
    first, second = (export_session_file(session.store, "latest", tmp_path / f"{n}.json") for n in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_an_unknown_suffix_is_refused(session, tmp_path):
    with pytest.raises(InputError, match="unknown export format"):
        export_session_file(session.store, "latest", tmp_path / "x.xlsx")


def test_a_table_without_rows_is_refused(maker, tmp_path):
    maker.skip = {(m.title, p.prompt_id) for m in maker.plan.models for p in maker.plan.probes}
    maker.write(state="stopped")
    with pytest.raises(InputError, match="no rows for the table `ice`"):
        export_session_file(maker.store, "latest", tmp_path / "x.ice.csv")
