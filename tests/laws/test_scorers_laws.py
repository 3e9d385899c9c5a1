"""Whatever the order in which answers land, a complete plan ends with the same scores."""

import random
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from results import identity, result, similarity

from distq_tui.config.models import ModelSpec
from distq_tui.events import ScoreUpdated
from distq_tui.ice.facts import load_facts
from distq_tui.ice.scorer import IceScorer
from distq_tui.rse.scorer import RseScorer

MODELS = [ModelSpec(name, "demo", family=family) for name, family in (("a", "qwen"), ("b", "openai"), ("c", "qwen"))]
ANSWERS = (
    "I am Qwen, made by Alibaba Cloud.",
    "I am ChatGPT, made by OpenAI.",
    "I can't help with that.",
    "Here are three steps:\n1. Look\n2. Think\n3. Act",
    "It depends on what you like.",
)
CLASSES = ("ok", "ok", "ok", "truncated", "refusal", "error")
FACTS = load_facts()
SAMPLES = st.fixed_dictionaries({model.name: st.integers(1, 2) for model in MODELS})
SEEDS = st.integers(0, 999)


def answered(probes, samples, seed):
    """Every cell of the plan, closed with an answer and class that the seed draws."""
    rng = random.Random(seed)
    return [
        result(model, probe, rng.choice(ANSWERS), rng.choice(CLASSES), sample)
        for probe in probes
        for model in MODELS
        for sample in range(samples[model.name])
    ]


def final(scorer, results, seed):
    """The last score of each measure and models, after the results landed in an order that the seed draws."""
    order = list(results)
    random.Random(seed).shuffle(order)
    last = {}
    for each in order:
        for event in scorer.score(each):
            if isinstance(event, ScoreUpdated):
                last[event.measure, event.models] = event
    return last


@settings(deadline=None, max_examples=25)
@given(SAMPLES, SEEDS, SEEDS, SEEDS, st.booleans())
def test_ice(samples, answers, one, two, bare):
    texts = ("Who made you?", "You are Claude. Who made you?", "Play a robot. Who made you?")
    probes = [
        identity("bare" if bare else f"t{t}", f"q{t}{q}" if bare else f"q{q}", text)
        for t, text in enumerate(texts)
        for q in range(3)
    ]
    results = answered(probes, samples, answers)
    scores = [final(IceScorer(probes, samples, facts=FACTS), results, seed) for seed in (one, two)]
    assert scores[0] == scores[1]
    for measure, probes_asked in (("ice.loose", 9), ("ice.strict", 9), ("ice.hard", 6)):
        for title, repeats in samples.items():
            score = scores[0][measure, (title,)]
            assert score.n + sum(score.excluded.values()) == repeats * probes_asked


@settings(deadline=None, max_examples=25)
@given(SAMPLES, SEEDS, SEEDS, SEEDS)
def test_rse(samples, answers, one, two):
    probes = [similarity(f"p{n}") for n in range(9)]
    results = answered(probes, samples, answers)
    scores = [final(RseScorer(probes, samples, seed=3), results, seed) for seed in (one, two)]
    assert scores[0].keys() == scores[1].keys()
    for a, b in combinations(sorted(samples), 2):
        score, other = (each["rse", (a, b)] for each in scores)
        # answers that were there first are compared in one block: its sums may differ in their last digit
        exact = [replace(each, value=None, low=None, high=None) for each in (score, other)]
        assert exact[0] == exact[1]
        assert (score.value, score.low, score.high) == pytest.approx((other.value, other.low, other.high), abs=1e-12)
        cells = 9 * min(samples[a], samples[b])
        assert score.n <= cells <= score.n + sum(score.excluded.values())
        assert score.value is None or score.low <= score.value <= score.high
