"""Floor, ceiling and position: from per-prompt scores, and live in whatever order answers land."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from results import result
from vocabulary import WORDS

from distq_tui.config.models import ModelSpec
from distq_tui.events import RseScored, ScoreUpdated
from distq_tui.plan.trial import Probe
from distq_tui.prompts import Message
from distq_tui.rse.compare import compare
from distq_tui.rse.features import features
from distq_tui.rse.length import matched
from distq_tui.rse.position import ceiling_score, position, position_on
from distq_tui.rse.scorer import RseScorer
from distq_tui.rse.verdict_controls import Cast, Controls
from distq_tui.rse.verdict_scores import SetScores
from distq_tui.stats.crossed import t_quantile
from distq_tui.stats.fieller import ratio

RNG = np.random.default_rng


def drawn(seed, n, floor=0.3, target=0.5, ceiling=0.7, noise=0.05):
    rng = RNG(seed)
    base = rng.normal(0, 0.1, n)
    return [mean + base + rng.normal(0, noise, n) for mean in (target, floor, ceiling)]


def test_fieller_limits_are_where_the_test_turns():
    """A ratio r is in the interval exactly where mean(above - r below) is within t standard errors of 0."""
    rse, floor, ceiling = drawn(1, 20)
    above, below = rse - floor, ceiling - floor
    found = ratio(above, below, rng=RNG(0))
    assert found.method == "Fieller, t"
    for limit in (found.low, found.high):
        difference = above - limit * below
        error = difference.std(ddof=1) / np.sqrt(20)
        assert abs(difference.mean()) == pytest.approx(t_quantile(0.975, 19) * error)
    assert found.low < found.value < found.high


@pytest.mark.parametrize(("n", "method"), [(39, "Fieller, t"), (40, "percentile bootstrap")])
def test_the_method_turns_at_40_prompts(n, method):
    rse, floor, ceiling = drawn(2, n)
    assert ratio(rse - floor, ceiling - floor, rng=RNG(0)).method == method


@pytest.mark.parametrize("n", [20, 80])
def test_a_denominator_that_may_be_0_has_no_ratio(n):
    rse, floor, ceiling = drawn(3, n, ceiling=0.3, noise=0.1)
    assert ratio(rse - floor, ceiling - floor, rng=RNG(0)) is None


def test_ratio_refuses_what_it_cannot_pair():
    with pytest.raises(ValueError, match="shape"):
        ratio([1.0, 2.0], [1.0], rng=RNG(0))
    with pytest.raises(ValueError, match="finite"):
        ratio([1.0, np.nan], [1.0, 2.0], rng=RNG(0))
    assert ratio([0.5], [1.0], rng=RNG(0)) is None
    assert ratio([0.5, 0.5], [1.0, 1.0], rng=RNG(0)) is None
    assert ratio([0.3, 0.1 + 0.2], [1.0, 1.0], rng=RNG(0)) is None  # the same but for rounding


def test_position_uses_the_prompts_that_have_all_three():
    rse = {"a": 0.5, "b": 0.6, "c": 0.4, "d": 1.0}
    floor = {"a": 0.3, "b": 0.35, "c": 0.25, "e": 0.0}
    ceiling = {"a": 0.7, "b": 0.8, "c": 0.6, "d": 1.0}
    found = position("abcde", rse, floor, ceiling, controls=("c1",))
    assert (found.n, found.rse, found.floor, found.ceiling) == (3, *map(pytest.approx, (0.5, 0.3, 0.7)))
    assert found.value == pytest.approx(0.5)
    assert found.low <= 0.5 <= found.high
    assert found.controls == ("c1",)


@pytest.mark.parametrize(
    ("floor", "ceiling", "why"),
    [
        ({}, {"a": 0.7}, "no floor was measured"),
        ({"a": 0.2}, {}, "no ceiling was measured"),
        ({}, {}, "no floor and no ceiling was measured"),
        ({"a": 0.2}, {"b": 0.7}, "no prompt has all three scores"),
        ({"a": 0.2}, {"a": 0.7}, "one prompt only"),
        ({"a": 0.6, "b": 0.5}, {"a": 0.7, "b": 0.4}, "the interval of ceiling - floor holds 0"),
        ({"a": 0.9, "b": 0.91}, {"a": 0.1, "b": 0.12}, "the ceiling is below the floor"),
    ],
)
def test_undefined_says_why(floor, ceiling, why):
    found = position("ab", {"a": 0.5, "b": 0.6}, floor, ceiling)
    assert (found.value, found.low, found.high, found.method) == (None, None, None, f"undefined: {why}")


def test_the_floor_is_both_models_beside_the_control_families():
    """Family f has two controls and counts once; the floor is the mean of the target's side and the reference's."""
    prompts = ["p", "q", "s"]
    level = {("t", "r"): 0.6, ("r",): 0.8, ("t", "c1"): 0.2, ("t", "c2"): 0.4, ("t", "d"): 0.5, ("r", "c1"): 0.1}
    level |= {("r", "c2"): 0.1, ("r", "d"): 0.3}
    tilt = {"p": 0.0, "q": 0.01, "s": -0.01}
    scores = SetScores(prompts, {frozenset(k): {p: v * (1 + tilt[p]) for p in prompts} for k, v in level.items()})
    found = position_on(scores, "t", "r", {"f": ("c1", "c2"), "g": ("d",)})
    assert found.floor == pytest.approx(((0.3 + 0.5) / 2 + (0.1 + 0.3) / 2) / 2)
    assert found.value == pytest.approx((0.6 - 0.3) / (0.8 - 0.3))


def test_identical_texts_are_no_ceiling():
    texts = {0: "one", 1: " one\n", 2: "two"}
    assert ceiling_score(texts, {(0, 1): 1.0}) is None
    assert ceiling_score(texts, {(0, 1): 1.0, (0, 2): 0.4, (1, 2): 0.6}) == pytest.approx(0.5)


def test_lengths_match_up_to_a_quarter():
    assert matched(100, 125)
    assert matched(125, 100)
    assert not matched(100, 126)
    assert not matched(0, 1)


# ---------------------------------------------------------------------- live

T, R, C, D = (ModelSpec(name, "openai") for name in "trcd")
CAST = Cast(("t",), ("r",), {name: Controls({"f": ("c",), "g": ("d",)}) for name in "tr"})
SAMPLES = {"t": 1, "r": 2, "c": 1, "d": 1}


def probes(count, sets=("chat",)):
    return [
        Probe(f"p{n}", "similarity", "en", (Message("user", f"q{n}"),), set_name=sets[n % len(sets)])
        for n in range(count)
    ]


def text(seed):
    rng = random.Random(seed)
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(5, 14)))


def answers(prompts, *, identical=(), failed=()):
    found = []
    for probe in prompts:
        for model in (T, R, C, D):
            for sample in range(SAMPLES[model.name]):
                same = model is R and probe.prompt_id in identical
                words = text(f"{probe.prompt_id} {model.name} {0 if same else sample}")
                cls = "error" if (model.name, probe.prompt_id) in failed else "ok"
                found.append(result(model, probe, words, cls, sample, row=len(found)))
    return found


def last_scores(scorer, results):
    last, pairs = {}, []
    for each in results:
        for event in scorer.score(each):
            if isinstance(event, ScoreUpdated):
                last[event.measure, event.models] = event
            else:
                pairs.append(event)
    return last, pairs


def test_live_scores_are_those_of_the_stored_pairs():
    prompts = probes(12)
    results = answers(prompts)
    last, pairs = last_scores(RseScorer(prompts, SAMPLES, seed=5, cast=CAST), results)
    texts = {(r.trial.model.title, r.trial.probe.prompt_id, r.trial.sample): r.response.text for r in results}

    def by_prompt(a, b, cell=(0, 0)):
        found = {}
        for probe in prompts:
            one, other = texts[a, probe.prompt_id, cell[0]], texts[b, probe.prompt_id, cell[1]]
            found[probe.prompt_id] = compare(features(one), features(other)).rse
        return found

    scores = {frozenset((a, b)): by_prompt(a, b) for a, b in ("tr", "tc", "td", "rc", "rd")}
    scores[frozenset("r")] = by_prompt("r", "r", (0, 1))
    whole = SetScores([p.prompt_id for p in prompts], scores)
    expected = position_on(whole, "t", "r", {"f": ("c",), "g": ("d",)}, seed=5)
    found = last["rse.position", ("t", "r")]
    assert (found.value, found.low, found.high) == pytest.approx((expected.value, expected.low, expected.high))
    assert found.method == f"{expected.method}; controls: c, d"
    assert last["rse.floor", ("t", "r")].value == pytest.approx(expected.floor)
    assert last["rse.floor", ("t",)].value == pytest.approx(
        np.mean(list(whole.floor("t", {"f": ("c",), "g": ("d",)}).values()))
    )
    assert last["rse.ceiling", ("r",)].value == pytest.approx(expected.ceiling)
    own = [pair for pair in pairs if isinstance(pair, RseScored) and pair.model_a == pair.model_b]
    assert len(own) == 12
    assert all(pair.row_a < pair.row_b for pair in own)


def test_without_a_cast_there_are_pairs_alone():
    prompts = probes(3)
    last, _ = last_scores(RseScorer(prompts, SAMPLES), answers(prompts))
    assert {measure for measure, _ in last} == {"rse"}


def test_identical_samples_leave_the_ceiling_without_a_value():
    prompts = probes(4)
    last, _ = last_scores(
        RseScorer(prompts, SAMPLES, cast=CAST), answers(prompts, identical=[p.prompt_id for p in prompts])
    )
    ceiling, placed = last["rse.ceiling", ("r",)], last["rse.position", ("t", "r")]
    assert (ceiling.value, ceiling.n, ceiling.excluded) == (None, 0, {"identical": 4})
    assert placed.value is None
    assert placed.method.startswith("undefined")


def test_position_has_no_interval_before_the_end():
    prompts = probes(8)
    scorer = RseScorer(prompts, SAMPLES, cast=CAST)
    last, _ = last_scores(scorer, answers(prompts)[:-1])
    found = last["rse.position", ("t", "r")]
    assert (found.low, found.high, found.n) == (None, None, 7)


def test_sets_are_told_apart_beside_the_whole():
    prompts = probes(6, ("chat", "math"))
    last, _ = last_scores(RseScorer(prompts, SAMPLES, cast=CAST), answers(prompts))
    names = {measure for measure, _ in last}
    assert {"rse", "rse:chat", "rse:math", "rse.floor:chat", "rse.position:math", "rse.matched"} <= names
    assert [last[f"rse{part}", ("r", "t")].n for part in ("", ":chat", ":math")] == [6, 3, 3]


def test_the_matched_value_counts_equally_long_answers_only():
    prompts = probes(2)
    scorer = RseScorer(prompts, {"t": 1, "r": 1}, cast=Cast(("t",), ("r",), {"t": Controls(), "r": Controls()}))
    texts = {"p0": ("a b c d", "a b c e"), "p1": ("a b c d", "a b c d e f g h")}
    results = [result(m, p, texts[p.prompt_id][n]) for p in prompts for n, m in enumerate((T, R))]
    last, _ = last_scores(scorer, results)
    assert (last["rse.matched", ("t", "r")].n, last["rse.matched", ("t", "r")].excluded) == (1, {"length": 1})
    assert last["rse", ("r", "t")].n == 2


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 99), st.integers(0, 99), st.sets(st.integers(0, 8)), st.sets(st.integers(0, 8)))
def test_the_order_of_arrival_leaves_no_trace(one, two, identical, failed):
    prompts = probes(9, ("chat", "math"))
    results = answers(
        prompts, identical={f"p{n}" for n in identical}, failed={("cdtr"[n % 4], f"p{n}") for n in failed}
    )
    finals = []
    for seed in (one, two):
        order = list(results)
        random.Random(seed).shuffle(order)
        scorer = RseScorer(prompts, SAMPLES, seed=3, cast=CAST)
        finals.append(last_scores(scorer, order)[0])
        assert not scorer._open
        assert not scorer._own
    assert finals[0].keys() == finals[1].keys()
    for key, score in finals[0].items():
        other = finals[1][key]
        assert (score.n, score.clusters, score.method, score.excluded) == (
            other.n,
            other.clusters,
            other.method,
            other.excluded,
        )
        assert (score.value, score.low, score.high) == pytest.approx((other.value, other.low, other.high), abs=1e-12)
