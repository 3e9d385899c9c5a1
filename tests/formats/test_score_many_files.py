"""`score rse` over other tools' files gives what it gives for rows of the contract."""

import csv
import io
import json

import pytest

from distq_tui.errors import InputError
from distq_tui.rse.files import score_rse_file, score_rse_files

TEXTS = {
    "m1": {"Say hi.": "Hi there.", "Count.": "One, two."},
    "m2": {"Count.": "One, two!", "Say hi.": "Hello."},
    "m3": {"Say hi.": "Hi there!"},
}


def table(*paths):
    out, told = io.StringIO(), []
    score_rse_files(paths, out, told.append)
    assert told == []
    rows = csv.DictReader(io.StringIO(out.getvalue()))
    return {(row.pop("model_a"), row.pop("model_b")): row for row in rows}


def plain(tmp_path):
    path = tmp_path / "rows"
    rows = [{"prompt_id": p, "model": m, "response": r} for m, said in TEXTS.items() for p, r in said.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def alpaca(tmp_path):
    for model, said in TEXTS.items():
        path = tmp_path / f"{model}.outputs"
        path.write_text(json.dumps([{"instruction": i, "output": o, "generator": model} for i, o in said.items()]))
        yield path


def first_generation(tmp_path):
    for model, said in TEXTS.items():
        path = tmp_path / f"{model}.one"
        rows = [
            {"question_id": i, "model_id": model, "choices": [{"turns": [{"content": o}]}]} for i, o in said.items()
        ]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        yield path


def second_generation(tmp_path):
    for model, said in TEXTS.items():
        path = tmp_path / f"{model}.two"
        talks = {
            i: [{"role": "user", "content": i}, {"role": "assistant", "content": {"answer": o}}]
            for i, o in said.items()
        }
        path.write_text("".join(json.dumps({"uid": i, "model": model, "messages": t}) + "\n" for i, t in talks.items()))
        yield path


@pytest.mark.parametrize("files", [alpaca, first_generation, second_generation])
def test_several_files_score_as_one_file_of_rows(tmp_path, files):
    expected = table(plain(tmp_path))
    assert [pair for pair in expected if expected[pair]["n"] == "2"] == [("m1", "m2")]
    assert table(*files(tmp_path)) == expected


def test_both_generations_meet_on_the_same_questions(tmp_path):
    one, two = list(first_generation(tmp_path)), list(second_generation(tmp_path))
    assert table(one[0], two[1])[("m1", "m2")]["n"] == "2"


def test_an_error_names_the_file_that_is_to_blame(tmp_path):
    good, *_ = alpaca(tmp_path)
    bad = tmp_path / "bad"
    bad.write_text('{"prompt_id": 1, "model": "x", "response": "r"}\n{"prompt_id": 1, "model": "x", "response": 3}\n')
    with pytest.raises(InputError, match=r"bad:2: response: "):
        score_rse_files([good, bad], io.StringIO(), print)
    with pytest.raises(InputError, match=r"m1\.outputs: model: responses of 1 model"):
        score_rse_file(good, io.StringIO(), print)
    (tmp_path / "empty").write_text("")
    with pytest.raises(InputError, match="empty and 1 more: no rows"):
        score_rse_files([tmp_path / "empty", tmp_path / "empty"], io.StringIO(), print)
