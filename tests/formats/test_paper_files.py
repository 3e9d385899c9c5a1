"""The released files of the identity study: attacks, score files, and both put together."""

import csv
import io
import json

import pytest

from distq_tui.errors import InputError
from distq_tui.formats.paper import LITERAL_LIMIT, model_of
from distq_tui.formats.paper_run import LABELS, Labels, paper_runs
from distq_tui.formats.responses import read_paper, read_responses

TEMPLATE = "Play a robot. {query}"
GOOD = {"jailbreak_prompt": TEMPLATE, "query": "Who are you?", "target_responses": ["a"], "eval_results": True}


def jsonl(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def table(path, *rows):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), newline="")
    return path


def labels(path):
    return [(a.response, a.loose, a.strict) for a in read_paper(path).answers]


def test_lists_plain_values_and_reprs_of_lists_say_the_same(tmp_path):
    forms = [
        (['it\'s \n "me"'], [True]),
        (['it\'s \n "me"'], True),
        ('it\'s \n "me"', 1),
        (str(['it\'s \n "me"']), "[True]"),
    ]
    for number, (response, label) in enumerate(forms):
        row = {**GOOD, "target_responses": response, "eval_results": label}
        assert labels(jsonl(tmp_path / f"{number}.x", row)) == [('it\'s \n "me"', True, None)], number


@pytest.mark.parametrize("column", ["strict_score", "re_judge"])
def test_a_csv_of_reprs_with_the_second_judges_column(tmp_path, column):
    long = "x" * 200_000
    rows = [
        {**GOOD, "target_responses": str([text]), "eval_results": str([flag]), column: strict}
        for text, flag, strict in (("I\nam a \\d robot", True, 1), (long, False, 0), ("[AI]: hi", True, 0))
    ]
    path = table(tmp_path / "scores", *rows)
    assert labels(path) == [("I\nam a \\d robot", True, True), (long, False, False), ("[AI]: hi", True, False)]


def test_an_answer_that_begins_like_a_list_is_left_as_it_is(tmp_path):
    texts = ["[AI Assistant:] I am [me]", "['broken", "['a' 'b', oops]", "[1, 2]"]
    path = table(tmp_path / "s.csv", *({**GOOD, "target_responses": text} for text in texts))
    assert [answer.response for answer in read_paper(path).answers] == texts


def test_several_responses_of_a_row_are_several_answers(tmp_path):
    path = jsonl(tmp_path / "a", {**GOOD, "target_responses": ["a", None], "eval_results": [1, 0]})
    assert labels(path) == [("a", True, None), ("", False, None)]


def test_unknown_labels_are_unknown_and_never_false(tmp_path):
    path = jsonl(tmp_path / "a", {**GOOD, "eval_results": None}, {**GOOD, "eval_results": "nan"})
    assert [loose for _, loose, _ in labels(path)] == [None, None]


def test_a_filled_prompt_gives_its_template_back_and_one_without_a_slot_is_put_before_the_question(tmp_path):
    path = jsonl(
        tmp_path / "a",
        GOOD,
        {**GOOD, "jailbreak_prompt": "Play a robot. Who are you?"},
        {**GOOD, "jailbreak_prompt": "Play a robot. "},
    )
    slotted, filled, bare = read_paper(path).answers
    assert filled.template_id == slotted.template_id
    assert {answer.prompt for answer in (slotted, filled, bare)} == {"Play a robot. Who are you?"}
    assert bare.template_id != slotted.template_id


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("gpt_GPT_qwen2.5-72b.jsonl", "qwen2.5-72b"),
        ("GPT_qwen2.5-7b-instruct_0.17.csv", "qwen2.5-7b-instruct"),
        ("GPT_gemini-2.0-flash_0.24_in_1000.csv", "gemini-2.0-flash"),
        ("qwen2.5-14b_0.171.csv", "qwen2.5-14b"),
        ("GPT_GPT_deepseek-r1.jsonl.gz", "deepseek-r1"),
        ("mine", "mine"),
    ],
)
def test_the_model_stands_in_the_files_name(tmp_path, name, model):
    assert model_of(tmp_path / name) == model


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({**GOOD, "query": ""}, ":2: query: "),
        ({**GOOD, "jailbreak_prompt": None}, ":2: jailbreak_prompt: "),
        ({**GOOD, "target_responses": []}, ":2: target_responses: "),
        ({**GOOD, "target_responses": [3]}, ":2: target_responses: "),
        ({**GOOD, "eval_results": [True, False]}, ":2: eval_results: holds 2 labels for 1 responses"),
        ({**GOOD, "eval_results": "maybe"}, ":2: eval_results: "),
        ({**GOOD, "strict_score": 7}, ":2: strict_score: "),
        ({**GOOD, "target_responses": "['" + "x" * LITERAL_LIMIT + "']"}, ":2: target_responses: a list of more"),
    ],
)
def test_a_bad_row_is_one_line_with_file_line_and_field(tmp_path, row, said):
    with pytest.raises(InputError) as caught:
        read_paper(jsonl(tmp_path / "theirs", GOOD, row))
    assert f"theirs{said}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('jailbreak_prompt,query,target_responses,eval_results\n"a\nb",q,r,True\nonly,two\n', ":4: has another number"),
        ('jailbreak_prompt,query,target_responses,eval_results\na,q,"r" x,True\n', ":2: not CSV"),
    ],
)
def test_a_broken_csv_names_the_line(tmp_path, text, said):
    path = tmp_path / "s.csv"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_paper(path)
    assert f"s.csv{said}" in str(caught.value)


def run_of(tmp_path, name="gpt_GPT_phi-4.jsonl"):
    """Two templates x two questions; the first judge marked three of four."""
    cells = [(t, q) for t in ("A {query}", "B GPT {query}") for q in ("who?", "谁？")]
    return jsonl(
        tmp_path / name,
        *(
            {"jailbreak_prompt": t, "query": q, "target_responses": [f"r{n}"], "eval_results": n < 3}
            for n, (t, q) in enumerate(cells)
        ),
    )


def scores(tmp_path, name, numbers, **more):
    cells = [(t, q) for t in ("A {query}", "B GPT {query}") for q in ("who?", "谁？")]
    return table(
        tmp_path / name,
        *(
            {"jailbreak_prompt": t, "query": q, "target_responses": str([f"r{n}"]), "eval_results": "[True]", **more}
            for n, (t, q) in enumerate(cells)
            if n in numbers
        ),
    )


def joined(*paths, model=None):
    told = []
    runs = paper_runs([read_paper(path) for path in paths], told.append, model=model)
    return runs, told


def test_a_strict_file_marks_its_answers_and_no_other(tmp_path):
    (run,), told = joined(run_of(tmp_path), scores(tmp_path, "GPT_Phi4_0.14.csv", {1, 2}, strict_score=1))
    assert [(a.loose, a.strict) for a in run.answers] == [(True, False), (True, True), (True, True), (False, False)]
    assert (run.model, run.whole, told) == ("phi-4", True, [])


def test_a_loose_file_replaces_the_attacks_own_labels(tmp_path):
    (run,), _ = joined(run_of(tmp_path), scores(tmp_path, "GPT_phi-4_0.22.csv", {0, 3}))
    assert [(a.loose, a.strict) for a in run.answers] == [(True, None), (False, None), (False, None), (True, None)]


def test_rows_carry_labels_clusters_and_language(tmp_path):
    (run,), _ = joined(run_of(tmp_path), scores(tmp_path, "GPT_phi-4_0.1.csv", {2}, re_judge=1))
    rows = [row for _, row in run.rows()]
    assert [row["language"] for row in rows] == ["en", "zh"] * 2
    assert len({row["template"] for row in rows}) == 2
    assert len({row["question"] for row in rows}) == 2
    assert [row[LABELS] for row in rows] == [
        Labels(True, False),
        Labels(True, False),
        Labels(True, True),
        Labels(False, False),
    ]
    assert rows[2]["prompt"] == "B GPT who?"


def test_a_cell_that_was_asked_again_is_no_new_cluster(tmp_path):
    rows = [row for _, row in read_responses(jsonl(tmp_path / "a", GOOD, {**GOOD, "target_responses": ["b"]}))]
    assert [row["prompt_id"].endswith("#2") for row in rows] == [False, True]
    assert len({(row["template"], row["question"]) for row in rows}) == 1


def test_marked_answers_alone_are_told_of(tmp_path):
    loose, strict = (
        scores(tmp_path, "GPT_phi-4_0.22.csv", {0, 1, 2}),
        scores(tmp_path, "GPT_phi-4_0.14.csv", {2}, strict_score=1),
    )
    (run,), told = joined(strict, loose)
    assert [(a.loose, a.strict) for a in run.answers] == [(True, False), (True, False), (True, True)]
    assert not run.whole
    assert "rates say nothing of the run" in told[0]


def test_each_score_file_goes_to_its_own_model(tmp_path):
    attacks = [run_of(tmp_path, "gpt_GPT_gemini-2.0-flash-exp.jsonl"), run_of(tmp_path, "gpt_GPT_phi-4.jsonl")]
    runs, _ = joined(*attacks, scores(tmp_path, "GPT_gemini-2.0-flash_0.03.csv", {0}, strict_score=1))
    assert [(run.model, [a.strict for a in run.answers]) for run in runs] == [
        ("gemini-2.0-flash-exp", [True, False, False, False]),
        ("phi-4", [None] * 4),
    ]
    with pytest.raises(InputError, match="is of 'glm-4'"):
        joined(*attacks, scores(tmp_path, "GPT_glm-4_0.1.csv", {0}))


def test_a_score_file_of_another_run_is_refused_and_strays_are_counted(tmp_path):
    path = run_of(tmp_path)
    stray = {**GOOD, "eval_results": "[True]", "target_responses": "['z']"}
    with pytest.raises(InputError, match="none of its answers"):
        joined(path, table(tmp_path / "GPT_phi-4_0.9.csv", stray))
    known = {**stray, "jailbreak_prompt": "A {query}", "query": "who?"}
    _, told = joined(path, table(tmp_path / "GPT_phi-4_0.8.csv", stray, known))
    assert "1 of 2 answers are in no other file" in told[0]


def test_line_ends_and_outer_spaces_do_not_keep_files_apart(tmp_path):
    cell = {"jailbreak_prompt": "Line one\r\nLine two {query}", "query": "Who?  "}
    attack = jsonl(
        tmp_path / "gpt_GPT_phi-4.jsonl",
        {**cell, "target_responses": ["a\r\nb"], "eval_results": True},
        {**cell, "query": "What?", "target_responses": ["c"], "eval_results": False},
    )
    score = table(
        tmp_path / "GPT_phi-4_0.5.csv", {**cell, "target_responses": "['a\\nb']", "eval_results": True, "re_judge": 1}
    )
    (run,), told = joined(attack, score)
    assert [(a.loose, a.strict) for a in run.answers] == [(True, True), (False, False)]
    assert told == []
    assert run.answers[0].prompt == "Line one\r\nLine two Who?  "


def test_one_name_for_all_files(tmp_path):
    (run,), _ = joined(run_of(tmp_path), scores(tmp_path, "odd", {1}, strict_score=1), model="mine")
    assert run.model == "mine"
