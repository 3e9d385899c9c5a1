"""RSE while a run goes on: each pair of answers is compared once, and each pair of models has one standing score."""

import numpy as np
import pytest
from results import identity, result, similarity

from distq_tui.config.models import ModelSpec
from distq_tui.events import RseScored, ScoreUpdated
from distq_tui.rse import scorer as module
from distq_tui.rse.compare import PairScore, compare
from distq_tui.rse.features import features
from distq_tui.rse.scorer import RseScorer
from distq_tui.stats import mean

A, B, C = (ModelSpec(name, "demo") for name in "abc")
TEXTS = (
    "The river runs to the sea, and the sea keeps it.",
    "First, take two eggs.\n- beat them\n- fry them",
    "def add(a, b):\n    return a + b",
    "Three things matter: rest, food and time.",
)
PROMPTS = [similarity(f"p{n}") for n in range(4)]


def scorer(samples=(("a", 1), ("b", 1)), prompts=PROMPTS, seed=1):
    return RseScorer(prompts, dict(samples), seed=seed)


def play(rse, *results):
    """The pair scores and the last standing of each pair."""
    pairs, last = [], {}
    for each in results:
        for event in rse.score(each):
            if isinstance(event, RseScored):
                pairs.append(event)
            else:
                assert isinstance(event, ScoreUpdated)
                last[event.models] = event
    return pairs, last


def test_the_second_answer_to_a_prompt_brings_the_pair():
    rse = scorer()
    assert rse.score(result(B, PROMPTS[0], TEXTS[0], row=5)) == []
    pairs, last = play(rse, result(A, PROMPTS[0], TEXTS[1], row=9))
    (pair,) = pairs
    assert (pair.model_a, pair.row_a, pair.model_b, pair.row_b, pair.prompt_id) == ("a", 9, "b", 5, "p0")
    assert last["a", "b"].n == 1
    direct = compare(features(TEXTS[0]), features(TEXTS[1]))
    assert (pair.content, pair.structure, pair.style) == pytest.approx((direct.content, direct.structure, direct.style))


def test_a_known_pair_is_taken_as_it_is_and_only_another_is_compared(monkeypatch):
    read = []
    monkeypatch.setattr(module, "features", lambda text: read.append(text) or features(text))
    known = {(3, 7): PairScore(0.25, 0.5, 0.75), (1, 7): PairScore(0.0, 0.0, 0.0)}
    rse = RseScorer(PROMPTS, {"a": 1, "b": 1, "c": 1}, known=known)
    pairs, last = play(rse, result(A, PROMPTS[0], TEXTS[0], row=7), result(B, PROMPTS[0], TEXTS[1], row=3))
    assert [(pair.content, pair.structure, pair.style) for pair in pairs] == [(0.25, 0.5, 0.75)]
    assert last["a", "b"].value == 0.5
    assert (read, list(known)) == ([], [(1, 7)])
    play(rse, result(C, PROMPTS[0], TEXTS[2], row=5))
    assert sorted(read) == sorted(TEXTS[:3])


def test_a_known_pair_scores_nothing_that_is_no_answer():
    rse = RseScorer(PROMPTS, {"a": 1, "b": 1}, known={(3, 7): PairScore(0.25, 0.5, 0.75)})
    pairs, last = play(rse, result(A, PROMPTS[0], "", "error", row=7), result(B, PROMPTS[0], TEXTS[1], row=3))
    assert (pairs, last["a", "b"].n) == ([], 0)


def test_three_models_make_three_pairs_and_nothing_is_held_afterwards():
    rse = scorer((("a", 1), ("b", 1), ("c", 1)))
    pairs, last = play(rse, *(result(model, PROMPTS[0], TEXTS[0]) for model in (C, A, B)))
    assert {(pair.model_a, pair.model_b) for pair in pairs} == set(last) == {("a", "b"), ("a", "c"), ("b", "c")}
    assert all(score.value == pytest.approx(1.0) for score in last.values())
    assert rse._open == {}


@pytest.mark.parametrize(
    "cls", ["refusal", "no_answer", "incomplete", "filtered", "error", "cancelled", "model_mismatch"]
)
def test_what_is_no_comparable_answer_is_counted_and_never_scored(cls):
    rse = scorer(prompts=PROMPTS[:2])
    pairs, last = play(rse, result(A, PROMPTS[0], TEXTS[0], cls), result(B, PROMPTS[0], TEXTS[0]))
    assert pairs == []
    standing = last["a", "b"]
    assert (standing.value, standing.low, standing.high, standing.n) == (None, None, None, 0)
    _, last = play(rse, result(A, PROMPTS[1], TEXTS[0]), result(B, PROMPTS[1], TEXTS[0]))
    assert (last["a", "b"].n, last["a", "b"].excluded) == (1, {cls: 1})


@pytest.mark.parametrize("cls", ["ok", "truncated"])
def test_these_classes_are_scored(cls):
    _, last = play(scorer(), result(A, PROMPTS[0], TEXTS[0], cls), result(B, PROMPTS[0], TEXTS[0]))
    assert last["a", "b"].n == 1


def test_incomplete_is_a_sequence_and_complete_the_fixed_n_interval():
    rse = scorer(seed=5)
    pairs, last = [], {}
    for number, prompt in enumerate(PROMPTS):
        found, last = play(rse, result(A, prompt, TEXTS[number]), result(B, prompt, TEXTS[number - 1]))
        pairs += found
        if number < 3:
            assert (last["a", "b"].method, last["a", "b"].clusters) == ("confidence sequence", number + 1)
    values = [(pair.content + pair.structure + pair.style) / 3 for pair in pairs]
    direct = mean(values, [pair.prompt_id for pair in pairs], rng=np.random.default_rng(5))
    final = last["a", "b"]
    assert (final.value, final.low, final.high) == pytest.approx((direct.value, direct.low, direct.high))
    assert (final.method, final.clusters, final.n) == (direct.method, 4, 4)


def test_a_prompt_waits_for_those_before_it():
    rse = scorer()
    _, last = play(rse, result(A, PROMPTS[1], TEXTS[0]), result(B, PROMPTS[1], TEXTS[0]))
    assert (last["a", "b"].n, last["a", "b"].clusters, last["a", "b"].value) == (1, 0, None)
    _, last = play(rse, result(A, PROMPTS[0], TEXTS[0]), result(B, PROMPTS[0], TEXTS[0]))
    assert (last["a", "b"].n, last["a", "b"].clusters) == (2, 2)


def test_only_repeats_of_the_same_number_meet():
    rse = scorer((("a", 2), ("b", 2)), prompts=PROMPTS[:1])
    pairs, _ = play(rse, result(A, PROMPTS[0], TEXTS[0]), result(B, PROMPTS[0], TEXTS[1], sample=1))
    assert pairs == []
    pairs, last = play(rse, result(A, PROMPTS[0], TEXTS[2], sample=1), result(B, PROMPTS[0], TEXTS[3]))
    assert len(pairs) == 2
    assert (last["a", "b"].n, last["a", "b"].clusters) == (2, 1)
    assert rse._open == {}


def test_two_models_are_compared_over_the_samples_that_both_give():
    rse = scorer((("a", 2), ("b", 2), ("c", 1)), prompts=PROMPTS[:1])
    results = [
        result(model, PROMPTS[0], TEXTS[0], sample=n) for n in (1, 0) for model in (A, B, C) if n == 0 or model != C
    ]
    _, last = play(rse, *results)
    assert (last["a", "b"].n, last["a", "c"].n, last["b", "c"].n) == (2, 1, 1)
    assert all(score.method != "confidence sequence" for score in last.values())
    assert rse._open == {}, "what no further model will answer is not held"


def test_probes_and_models_outside_the_plan_are_left_alone():
    rse = scorer()
    assert rse.score(result(C, PROMPTS[0], TEXTS[0])) == ()
    assert rse.score(result(A, identity("t1"), TEXTS[0])) == ()
    assert rse.begin(result(A, PROMPTS[0]).trial) is None
