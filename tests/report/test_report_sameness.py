"""Answers that are the same word for word are told: a similarity of 1 has other causes than likeness."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_session import PLAN, PROBES, ok

from distq_tui.events import Response
from distq_tui.report import build_report, write_report_file
from distq_tui.report.answers import collect_answers
from distq_tui.report.sameness import same_answers

PROMPTS = [probe.prompt_id for probe in PROBES]


def told(maker):
    return [note for note in build_report(maker.store, maker.write()).notes if "word for word" in note]


def answer_alike(maker, models, prompts, text="answer to {}"):
    for prompt in prompts:
        for model in models:
            maker.answers[model, prompt] = ok(text.format(prompt))


def test_a_pair_with_the_same_answers_is_told(maker):
    answer_alike(maker, ["pupil", "mute"], PROMPTS)
    assert told(maker) == [
        f"pupil and mute gave the same answer, word for word, on all {len(PROMPTS)} prompts: one backend, a cache"
        " between, or constant answers."
    ]


def test_one_prompt_that_differs_is_enough(maker):
    answer_alike(maker, ["pupil", "mute"], PROMPTS[1:])
    assert told(maker) == []


def test_what_is_no_answer_is_not_compared(maker):
    answer_alike(maker, ["pupil", "mute"], PROMPTS[:-2])
    maker.answers["pupil", PROMPTS[-2]] = Response("error", "")
    maker.answers["mute", PROMPTS[-1]] = Response("incomplete", "half")
    assert [f"on all {len(PROMPTS) - 2} prompts" in note for note in told(maker)] == [True]


@pytest.mark.parametrize(("asked", "notes"), [(2, 0), (3, 1)])
def test_it_takes_three_prompts(maker, asked, notes):
    maker.plan = replace(PLAN, probes=PROBES[:asked])
    answer_alike(maker, ["pupil", "mute"], PROMPTS[:asked])
    assert len(told(maker)) == notes


def test_a_model_with_one_answer_to_everything_is_told(maker):
    answer_alike(maker, ["pupil"], PROMPTS, "I am a cache.")
    assert [note.partition(":")[0] for note in told(maker)] == [
        f"pupil gave one and the same answer, word for word, to all {len(PROMPTS)} prompts"
    ]


def test_samples_of_one_prompt_are_one_prompt(maker):
    maker.plan = replace(PLAN, samples=3, probes=PROBES[:1])
    answer_alike(maker, ["pupil", "mute"], PROMPTS[:1])
    session = maker.write()
    rows = list(maker.store.session_rows(session.id))
    assert len(rows) == 3 * len(PLAN.models)
    assert list(same_answers(collect_answers(rows, maker.plan, ()))) == []


@pytest.mark.parametrize("suffix", ["html", "md", "json"])
def test_every_report_says_it(maker, tmp_path, suffix):
    answer_alike(maker, ["pupil", "mute"], PROMPTS)
    maker.write()
    path = write_report_file(maker.store, "latest", tmp_path / f"x.{suffix}")
    assert "pupil and mute gave the same answer, word for word" in path.read_text()
