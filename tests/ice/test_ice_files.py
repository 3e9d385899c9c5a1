"""`score ice FILE`: one verdict a line, in order, and bad rows told by line and field."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from distq_tui.errors import InputError
from distq_tui.ice.files import IceFileSummary, score_ice_file

GOOD = {"id": 1, "model": "m", "family": "glm", "query": "Who made you?", "response": "I was made by OpenAI."}


def score(path: Path, *, facts: Path | None = None) -> tuple[list[dict[str, Any]], list[str], IceFileSummary]:
    out, warnings = io.StringIO(), []
    summary = score_ice_file(path, facts, out, warnings.append)
    return [json.loads(line) for line in out.getvalue().splitlines()], warnings, summary


def write(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "answers.txt"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_row_is_judged_and_keeps_its_id(tmp_path: Path) -> None:
    lines, warnings, summary = score(write(tmp_path, GOOD, {**GOOD, "id": "b", "response": "我是由智谱AI开发的。"}))
    assert warnings == []
    assert [(line["id"], line["loose"], line["strict"], line["paper_strict"]) for line in lines] == [
        (1, True, True, True),
        ("b", False, False, False),
    ]
    assert lines[0]["claims"] == [
        {"vendor": "OpenAI", "product": None, "start": 14, "end": 20, "kind": "maker", "role_play": False}
    ]
    assert summary.rows == 2
    assert summary.as_json()["models"] == {"m": {"n": 2, "empty": 0, "loose": 0.5, "strict": 0.5, "paper_strict": 0.5}}


def test_an_empty_answer_has_null_verdicts(tmp_path: Path) -> None:
    lines, _, summary = score(write(tmp_path, {**GOOD, "response": ""}, {**GOOD, "id": 2, "response": None}))
    assert lines[0] == {"id": 1, "loose": None, "strict": None, "paper_strict": None, "claims": []}
    assert lines[1]["loose"] is None
    assert summary.as_json()["models"]["m"] == {
        "n": 0,
        "empty": 2,
        "loose": None,
        "strict": None,
        "paper_strict": None,
    }


@pytest.mark.parametrize("blank", [" ", "\n\t", "\u3000"])
def test_an_answer_of_white_space_is_scored_as_given(tmp_path: Path, blank: str) -> None:
    (line,), _, summary = score(write(tmp_path, {**GOOD, "response": blank}))
    assert line == {"id": 1, "loose": False, "strict": False, "paper_strict": False, "claims": []}
    assert (summary.models["m"].scored, summary.models["m"].empty) == (1, 0)


def test_offsets_count_in_the_answer_as_given(tmp_path: Path) -> None:
    response = "<think>😀 hm</think>\n  [Claude]: I was made by Anthropic."
    lines, _, _ = score(write(tmp_path, {**GOOD, "response": response}))
    (claim,) = lines[0]["claims"]
    assert response[claim["start"] : claim["end"]] == "Anthropic"
    assert claim["role_play"] is True


def test_the_format_is_told_by_content(tmp_path: Path) -> None:
    array, packed = tmp_path / "a.jsonl", tmp_path / "b.json"
    array.write_text(json.dumps([GOOD]), encoding="utf-8")
    packed.write_bytes(gzip.compress(json.dumps(GOOD).encode()))
    assert score(array)[0] == score(packed)[0]


def test_an_unknown_family_is_a_warning_once(tmp_path: Path) -> None:
    rows = [{**GOOD, "family": "acme"}, {**GOOD, "id": 2, "family": "acme"}]
    lines, warnings, summary = score(write(tmp_path, *rows))
    assert len(warnings) == 1
    assert "acme" in warnings[0]
    assert [line["strict"] for line in lines] == [True, True]
    assert summary.unknown_families == ["acme"]


def test_a_fact_is_enough(tmp_path: Path) -> None:
    row = {"id": 1, "model": "m", "fact": "I am Kimi by Moonshot AI.", "response": "I was made by Moonshot AI."}
    lines, warnings, _ = score(write(tmp_path, row, {**row, "id": 2, "response": "I was made by OpenAI."}))
    assert [line["loose"] for line in lines] == [False, True]
    assert warnings == []


def test_own_facts_are_used(tmp_path: Path) -> None:
    facts = tmp_path / "own.toml"
    facts.write_text('[families.acme]\nvendors = ["Acme Labs"]\n', encoding="utf-8")
    row = {**GOOD, "family": "acme", "response": "I was made by Acme Labs."}
    lines, warnings, _ = score(write(tmp_path, row), facts=facts)
    assert (lines[0]["loose"], lines[0]["claims"][0]["vendor"], warnings) == (False, "acme", [])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": None}, "id"),
        ({"id": True}, "id"),
        ({"id": [1]}, "id"),
        ({"model": 3}, "model"),
        ({"response": 5}, "response"),
        ({"query": []}, "query"),
        ({"family": 5}, "family"),
        ({"fact": {}}, "fact"),
        ({"family": None}, "family"),
        ({"family": "  "}, "family"),
    ],
)
def test_a_bad_row_is_told_by_line_and_field(tmp_path: Path, change: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as caught:
        score(write(tmp_path, {**GOOD, "id": 0}, {**GOOD, **change}))
    assert (caught.value.line, caught.value.field) == (2, field)


def test_a_missing_answer_and_a_doubled_id_are_bad_rows(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="response"):
        score(write(tmp_path, {key: value for key, value in GOOD.items() if key != "response"}))
    with pytest.raises(InputError, match="id"):
        score(write(tmp_path, GOOD, GOOD))


def test_no_rows_is_bad_input(tmp_path: Path) -> None:
    for text in ("", "\n\n", "[]"):
        path = tmp_path / "empty"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="no rows"):
            score(path)
