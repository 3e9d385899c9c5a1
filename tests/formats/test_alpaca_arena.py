"""AlpacaEval's and Arena-Hard's files become rows of the contract, told apart by what is in them."""

import gzip
import json

import pytest

from distq_tui.errors import InputError
from distq_tui.formats.responses import read_responses
from distq_tui.formats.turns import joined, text_of


def written(tmp_path, content, name="any.txt"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows(path):
    return [row for _, row in read_responses(path)]


def lines(*objects):
    return "".join(json.dumps(one) + "\n" for one in objects)


def alpaca(generator, *pairs):
    return [{"instruction": i, "output": o, "generator": generator, "dataset": "x"} for i, o in pairs]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_alpaca_outputs_meet_on_the_hash_of_the_instruction_whatever_their_order(tmp_path, packed):
    one = json.dumps(alpaca("m1", ("Say hi.", "hi"), ("Count.", "1, 2"))).encode()
    two = json.dumps(alpaca("m2", ("Count.", "one, two"), ("Say hi.", "hello")), indent=2).encode()
    first = rows(written(tmp_path, gzip.compress(one) if packed else one))
    second = rows(written(tmp_path, two))
    assert [(r["model"], r["prompt"], r["response"], r["sample"]) for r in first] == [
        ("m1", "Say hi.", "hi", 0),
        ("m1", "Count.", "1, 2", 0),
    ]
    assert [r["prompt_id"] for r in first] == [r["prompt_id"] for r in reversed(second)]
    assert first[0]["prompt_id"] != first[1]["prompt_id"]


def test_an_instruction_answered_twice_gives_two_samples_and_null_is_missing(tmp_path):
    path = written(tmp_path, json.dumps(alpaca("m", ("Q", "a"), ("Q", None), ("R", "b"))))
    assert [(r["sample"], r["response"]) for r in rows(path)] == [(0, "a"), (1, ""), (0, "b")]


@pytest.mark.parametrize(
    ("turns", "response"),
    [
        (["one"], "one"),
        ([{"content": "one", "token_len": 3}, {"content": "two"}], "one\n\ntwo"),
        ([{"content": {"answer": "one"}}], "one"),
        ([{"content": {"answer": None}}], ""),
        ([{"content": None}, {"content": "two"}], "two"),
        ([], ""),
    ],
)
def test_answers_of_the_first_generation(tmp_path, turns, response):
    row = {"question_id": "q1", "answer_id": "a", "model_id": "m", "choices": [{"index": 0, "turns": turns}]}
    (found,) = rows(written(tmp_path, lines(row)))
    several = found.pop("turns", [response])
    assert found == {"prompt_id": "q1", "model": "m", "response": response, "sample": 0}
    assert len(several) == max(1, len(turns)), "each turn keeps its place, an empty one too"
    assert joined(several) == response


def test_each_choice_is_a_sample_and_a_question_may_be_numbered(tmp_path):
    row = {"question_id": 81, "model_id": "m", "choices": [{"turns": ["x"]}, {"turns": ["y", "z"]}]}
    assert [(r["prompt_id"], r["sample"], r["response"]) for r in rows(written(tmp_path, lines(row)))] == [
        ("81", 0, "x"),
        ("81", 1, "y\n\nz"),
    ]


def test_answers_of_the_second_generation_carry_the_prompt(tmp_path):
    conversation = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "One?"},
        {"role": "assistant", "content": {"answer": "1", "thought": "hm"}},
        {"role": "user", "content": [{"type": "text", "text": "Two?"}, {"type": "image_url", "image_url": {}}]},
        {"role": "assistant", "content": "2"},
    ]
    row = {"uid": "u", "ans_id": "a", "model": "m", "messages": conversation, "metadata": {}}
    assert rows(written(tmp_path, lines(row))) == [
        {
            "prompt_id": "u",
            "model": "m",
            "response": "1\n\n2",
            "sample": 0,
            "turns": ["1", "2"],
            "prompt": "One?\n\nTwo?",
        },
    ]


def test_rows_of_the_contract_pass_unchanged(tmp_path):
    own = [
        {"prompt_id": 1, "model": "m", "response": "x", "instruction": "i", "output": "o"},
        {"prompt_id": 1, "model": "n", "response": "y", "messages": [{"role": "user", "content": "hi"}], "uid": "u"},
    ]
    assert rows(written(tmp_path, lines(*own))) == own


def test_an_empty_file_has_no_rows(tmp_path):
    assert rows(written(tmp_path, "\n \n")) == []


CHOICES = {"question_id": "q", "model_id": "m", "choices": [{"turns": ["x"]}]}
TALK = {"uid": "u", "model": "m", "messages": [{"role": "assistant", "content": "x"}]}
OUTPUT = {"instruction": "i", "output": "o", "generator": "m"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({**OUTPUT, "generator": ""}, "2: generator: "),
        ({**OUTPUT, "instruction": 3}, "2: instruction: "),
        ({**OUTPUT, "output": 3}, "2: output: "),
        ({**CHOICES, "model_id": None}, "2: model_id: "),
        ({**CHOICES, "question_id": True}, "2: question_id: "),
        ({**CHOICES, "choices": ["x"]}, "2: choices[0].turns: "),
        ({**CHOICES, "choices": [{"turns": ["x", 3]}]}, "2: choices[0].turns[1]: "),
        ({**TALK, "model": ""}, "2: model: "),
        ({**TALK, "uid": None}, "2: uid: "),
        ({**TALK, "messages": ["x"]}, "2: messages[0].role: "),
        ({**TALK, "messages": [{"role": "user", "content": 1}]}, "2: messages[0].content: "),
    ],
)
def test_a_bad_row_is_one_line_with_file_line_and_field(tmp_path, row, said):
    good = next(one for one in (OUTPUT, CHOICES, TALK) if one.keys() == row.keys())
    with pytest.raises(InputError) as caught:
        rows(written(tmp_path, lines(good, row)))
    assert f"any.txt:{said}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [{"answer": {"answer": {}}}, {"other": "x"}, 3, ["x"], True])
def test_what_is_no_text_is_none(value):
    assert text_of(value) is None


def test_turns_that_said_nothing_leave_no_gap():
    assert joined(["", "a", "", "b"]) == "a\n\nb"
