"""`score rse FILE`: what is read, what is refused and what is written."""

import csv
import gzip
import io
import json
import subprocess
import sys

import pytest

from distq_tui.errors import InputError
from distq_tui.rse.files import COLUMNS, score_rse_file, score_rse_files


def run(tmp_path, rows, *, raw=None, name="rows.jsonl"):
    path = tmp_path / name
    path.write_bytes(raw if raw is not None else "".join(json.dumps(row) + "\n" for row in rows).encode())
    out, warnings = io.StringIO(), []
    summary = score_rse_file(path, out, warnings.append)
    return summary, list(csv.DictReader(io.StringIO(out.getvalue()))), warnings, out.getvalue()


def rows_of(models, prompts, text=lambda model, prompt: f"Answer {prompt} of {model}."):
    return [
        {"prompt_id": prompt, "model": model, "response": text(model, prompt)} for prompt in prompts for model in models
    ]


def test_a_row_for_every_unordered_pair_with_the_columns_of_the_contract(tmp_path):
    summary, table, warnings, text = run(tmp_path, rows_of(["b", "a", "c"], [1, 2]))
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert [(row["model_a"], row["model_b"], row["n"]) for row in table] == [
        ("a", "b", "2"), ("a", "c", "2"), ("b", "c", "2"),
    ]  # fmt: skip
    for row in table:
        assert all(0 <= float(row[aspect]) <= 1 for aspect in ("content", "structure", "style"))
        assert row["pool_z"] == ""
    assert (summary.rows, summary.models, summary.prompts, summary.pairs) == (6, 3, 2, 3)
    assert (summary.ranked_by, summary.scorer, warnings) == ("fixed constants", "rse-offline/1", [])


def test_the_order_of_rows_does_not_matter(tmp_path):
    rows = rows_of("abcdefghij", [1, 2, 3], lambda model, prompt: f"{model * prompt} says {prompt}.")
    assert run(tmp_path, rows)[3] == run(tmp_path, rows[::-1])[3]


def test_pool_z_from_eight_models_on(tmp_path):
    texts = [
        "Sure, here it is.",
        "No.",
        "- one\n- two",
        "The capital is Paris.",
        "I think so!",
        "1. first",
        "Why?",
        "Maybe so.",
    ]
    rows = rows_of(range(8), [1, 2], lambda model, prompt: texts[model] + str(prompt) * model)
    for row in rows:
        row["model"] = f"m{row['model']}"
    summary, table, _, _ = run(tmp_path, rows)
    assert len(table) == 28
    assert all(row["pool_z"] for row in table)
    assert summary.ranked_by == "pool z"
    assert all(not row["pool_z"] for row in run(tmp_path, [r for r in rows if r["model"] != "m3"])[1])


@pytest.mark.parametrize("clones", [3, 9])
def test_near_copies_rank_first_below_and_above_eight_models(tmp_path, clones):
    words = [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "mu",
        "nu",
        "xi",
        "pi",
    ]
    names = [f"m{index}" for index in range(clones)] + ["copy"]

    def text(model, prompt):
        index = 0 if model == "copy" else int(model[1:])
        body = " ".join(words[(index * 5 + step * (index + 1) + prompt) % len(words)] for step in range(9))
        return body + (" indeed." if model == "copy" else ".")

    table = run(tmp_path, rows_of(names, range(6), text))[1]
    best = max(table, key=lambda row: float(row["similarity"]))
    assert {best["model_a"], best["model_b"]} == {"m0", "copy"}


def test_an_empty_or_null_response_is_missing(tmp_path):
    rows = rows_of("abc", [1, 2])
    rows[0]["response"], rows[1]["response"] = "", None
    summary, table, _, _ = run(tmp_path, [*rows, {"prompt_id": 3, "model": "a", "response": " \n"}])
    assert summary.missing == 3
    assert {(row["model_a"], row["model_b"]): row["n"] for row in table} == {
        ("a", "b"): "1", ("a", "c"): "1", ("b", "c"): "1",
    }  # fmt: skip


def test_number_and_string_prompt_ids_name_the_same_prompt_and_samples_are_averaged(tmp_path):
    rows = [
        {"prompt_id": 7, "model": "a", "response": "one two three"},
        {"prompt_id": "7", "model": "b", "response": "one two three"},
        {"prompt_id": 7.0, "model": "b", "response": "four five six", "sample": 1},
    ]
    _, table, _, _ = run(tmp_path, rows)
    assert table[0]["n"] == "1"
    assert float(table[0]["content"]) == pytest.approx(0.5)


def test_a_row_that_is_repeated_word_for_word_counts_once_and_is_told(tmp_path):
    rows = [*rows_of("ab", [1, 2]), {"response": "Answer 1 of b.", "model": "b", "prompt_id": 1}]
    summary, table, warnings, _ = run(tmp_path, rows)
    assert (summary.rows, summary.repeated) == (5, 1)
    assert "1 row(s) repeat an earlier one word for word" in warnings[0]
    assert table == run(tmp_path, rows[:-1])[1]


def test_several_answers_without_sample_are_further_samples(tmp_path):
    rows = [*rows_of("ab", [1]), {"prompt_id": 1, "model": "b", "response": "Answer 1 of a."}]
    summary, table, warnings, _ = run(tmp_path, rows)
    assert (summary.repeated, warnings) == (0, [])
    numbered = run(tmp_path, [{**row, "sample": n // 2} for n, row in enumerate(rows)])
    assert table == numbered[1]
    assert 0 < float(table[0]["content"]) < 1


def test_rows_of_one_id_with_different_prompts_are_refused(tmp_path):
    rows = [{**row, "prompt": "Say  hi."} for row in rows_of("ab", [1])]
    assert run(tmp_path, [rows[0], {**rows[1], "prompt": "Say hi.\n"}])[0].pairs == 1, "white space apart"
    assert run(tmp_path, [rows[0], rows_of("b", [1])[0]])[0].pairs == 1, "a row need not tell the prompt"
    with pytest.raises(InputError, match=r"rows\.jsonl:2: prompt_id: '1' stands for another prompt in .*:1;"):
        run(tmp_path, [rows[0], {**rows[1], "prompt": "Say no."}])


def test_models_without_a_common_prompt_have_no_row(tmp_path):
    alone = {"prompt_id": 9, "model": "c", "response": "y"}
    assert [row["n"] for row in run(tmp_path, [*rows_of("ab", [1]), alone])[1]] == ["1"]


def test_the_format_is_told_from_the_content(tmp_path):
    rows = rows_of("ab", [1])
    plain = run(tmp_path, rows)[3]
    assert run(tmp_path, [], raw=json.dumps(rows).encode())[3] == plain
    assert run(tmp_path, [], raw=gzip.compress(json.dumps(rows).encode()), name="rows.txt")[3] == plain


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "no rows"),
        ([{"prompt_id": 1, "model": "a", "response": "x"}], "at least two"),
        (
            [{"prompt_id": 1, "model": "a", "response": "x"}, {"prompt_id": 1, "model": "b", "response": ""}],
            "at least two",
        ),
        (
            [{"prompt_id": prompt, "model": model, "response": "x"} for prompt, model in enumerate("abc")],
            "rows.jsonl: prompt_id: no two of the 3 models have a prompt in common; ",
        ),
        ([{"model": "a", "response": "x"}], ":1: prompt_id: "),
        ([{"prompt_id": True, "model": "a", "response": "x"}], ":1: prompt_id: "),
        ([{"prompt_id": 1, "response": "x"}], ":1: model: "),
        ([{"prompt_id": 1, "model": " ", "response": "x"}], ":1: model: "),
        ([{"prompt_id": 1, "model": "a\u001b[31m", "response": "x"}], ":1: model: "),
        ([{"prompt_id": 1, "model": "a", "response": 3}], ":1: response: "),
        ([{"prompt_id": 1, "model": "a"}], ":1: response: "),
        ([{"prompt_id": 1, "model": "a", "response": "x", "sample": "1"}], ":1: sample: "),
        ([{"prompt_id": 1, "model": "a", "response": "x", "prompt": 1}], ":1: prompt: "),
        (
            [{"prompt_id": 1, "model": "a", "response": text, "sample": 3} for text in "xy"],
            ":2: sample: sample 3 of a has another answer in ",
        ),
    ],
)
def test_bad_input_is_one_line_with_the_place(tmp_path, rows, said):
    with pytest.raises(InputError) as caught:
        run(tmp_path, rows)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_lone_surrogate_in_a_response_is_scored(tmp_path):
    raw = b'{"prompt_id":1,"model":"a","response":"\\ud800 hi"}\n{"prompt_id":1,"model":"b","response":"\\ud800 hi"}\n'
    assert float(run(tmp_path, [], raw=raw)[1][0]["content"]) == 1


def test_scoring_imports_neither_scipy_nor_a_window_nor_an_sdk():
    code = (
        "import sys, distq_tui.rse.files, distq_tui.rse.matrix; print(sorted({m.split('.')[0] for m in sys.modules}))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "'numpy'" in loaded
    assert not any(
        f"'{name}'" in loaded for name in ("scipy", "rapidfuzz", "textual", "openai", "anthropic", "sqlite3")
    )


def talk(model, *turns):
    return {"prompt_id": "c", "model": model, "response": "\n\n".join(turns), "turns": list(turns)}


def by_turn(tmp_path, rows):
    path = tmp_path / "talks.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    whole, turns = io.StringIO(), io.StringIO()
    summary = score_rse_files((path,), whole, print, turns)
    return summary, list(csv.DictReader(io.StringIO(turns.getvalue())))


def test_turns_are_compared_with_the_same_turn_and_the_conversation_is_one_prompt(tmp_path):
    same, other = "It is blue, as the sea is.", "1. No\n2. Never\n3. Ask somebody else!"
    rows = [talk("a", same, other), talk("b", same, same)]
    rows += [{"prompt_id": "single", "model": model, "response": same} for model in "ab"]
    summary, table = by_turn(tmp_path, rows)
    assert [(row["turn"], row["n"]) for row in table] == [("1", "2"), ("2", "1")]
    assert float(table[0]["content"]) == 1.0
    assert float(table[1]["content"]) < 0.5
    assert (summary.turns, summary.prompts, summary.pairs) == (2, 2, 1), "the whole stays one cluster"


def test_a_turn_that_one_model_lacks_is_missing(tmp_path):
    _, table = by_turn(
        tmp_path, [talk("a", "Yes.", "And so on."), talk("b", "Yes.", " "), talk("c", "No.", "Why not?")]
    )
    assert [(row["turn"], row["model_a"], row["model_b"]) for row in table if row["turn"] == "2"] == [("2", "a", "c")]


def test_without_conversations_the_first_turn_is_the_whole_table(tmp_path):
    rows = rows_of("abc", [1, 2])
    summary, table = by_turn(tmp_path, rows)
    assert summary.turns == 1
    assert [{name: value for name, value in row.items() if name != "turn"} for row in table] == run(tmp_path, rows)[1]


@pytest.mark.parametrize("turns", ["text", [1], {"a": "b"}])
def test_turns_that_are_no_list_of_texts_are_refused(tmp_path, turns):
    with pytest.raises(InputError, match=r"talks.jsonl:1: turns: must be a list of strings"):
        by_turn(tmp_path, [{"prompt_id": "c", "model": "a", "response": "x", "turns": turns}])


def test_a_name_that_a_spreadsheet_would_run_is_text_in_both_tables(tmp_path):
    rows = [talk(model, "Yes.", "No.") for model in ("=1+1", "@x", "-y", "z=1")]
    path = tmp_path / "talks.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    whole, turns = io.StringIO(), io.StringIO()
    score_rse_files((path,), whole, print, turns)
    for text in (whole.getvalue(), turns.getvalue()):
        table = list(csv.DictReader(io.StringIO(text)))
        assert {row[name] for row in table for name in ("model_a", "model_b")} == {"'=1+1", "'@x", "'-y", "z=1"}
