"""The confidence sequence against the formulas of its paper, and its promise checked exactly."""

import itertools
import math

import numpy as np
import pytest

from distq_tui.stats import ConfidenceSequence
from distq_tui.stats.confseq import CAP, GRID


def paper_interval(values: list[float], level: float) -> tuple[float, float]:
    """Hedged capital over every candidate mean at every time, written straight from the paper."""
    alpha = 1 - level
    candidates = np.linspace(0, 1, GRID + 1)
    up, down = np.ones(GRID + 1), np.ones(GRID + 1)
    low, high = 0, GRID
    for t, x in enumerate(values, start=1):
        means = [(0.5 + sum(values[:i])) / (i + 1) for i in range(1, t)]
        variance = (0.25 + sum((v - m) ** 2 for v, m in zip(values, means, strict=False))) / t
        bet = math.sqrt(2 * math.log(2 / alpha) / (variance * t * math.log(1 + t)))
        with np.errstate(divide="ignore"):
            up = up * (1 + np.minimum(bet, CAP / candidates) * (x - candidates))
            down = down * (1 - np.minimum(bet, CAP / (1 - candidates)) * (x - candidates))
        low = max([low, *np.flatnonzero(up >= 2 / alpha)])
        high = min([high, *np.flatnonzero(down >= 2 / alpha)])
    return candidates[low], candidates[high]


@pytest.mark.parametrize("level", [0.5, 0.95])
def test_interval_is_that_of_the_paper(level: float) -> None:
    values = np.random.default_rng(2).beta(2, 5, 60).tolist()
    sequence = ConfidenceSequence(level).extend(values)
    assert sequence.interval == pytest.approx(paper_interval(values, level), abs=1e-12)
    assert 0 < sequence.interval[0] < sequence.interval[1] < 1


@pytest.mark.parametrize("truth", [0.1, 0.5])
def test_the_promise_holds_exactly_for_coins(truth: float) -> None:
    # Every one of the 2^10 paths of a coin: the chance that the truth is ever outside is at most 1 - level.
    level, missed = 0.6, 0.0
    for path in itertools.product((0.0, 1.0), repeat=10):
        sequence = ConfidenceSequence(level).extend(path)
        low, high = sequence.interval
        if not low <= truth <= high or sequence.contradicted:
            hits = sum(path)
            missed += truth**hits * (1 - truth) ** (10 - hits)
    assert 0 < missed <= 1 - level


def test_the_promise_holds_exactly_for_clusters_of_two_sizes() -> None:
    # Each draw is a whole cluster (weight 1, hits with .8) or a half one (weight .5, hits with .1): 4^6 paths.
    level, missed = 0.6, 0.0
    draws = [(1.0, 1.0, 0.4), (0.0, 1.0, 0.1), (1.0, 0.5, 0.05), (0.0, 0.5, 0.45)]  # value, weight, chance
    truth = sum(v * w * chance for v, w, chance in draws) / sum(w * chance for _, w, chance in draws)
    for path in itertools.product(draws, repeat=6):
        sequence = ConfidenceSequence(level)
        for value, weight, _ in path:
            sequence.update(value, weight)
        low, high = sequence.interval
        if not low <= truth <= high or sequence.contradicted:
            missed += math.prod(chance for *_, chance in path)
    assert 0 < missed <= 1 - level


def test_it_narrows_round_a_steady_mean() -> None:
    sequence = ConfidenceSequence().extend([0.2, 0.4] * 150)
    low, high = sequence.interval
    assert low < 0.3 < high
    assert high - low < 0.05
    assert (sequence.count, sequence.value) == (300, pytest.approx(0.3))


def test_all_zero_rules_out_high_means_only() -> None:
    sequence = ConfidenceSequence().extend([0.0] * 100)
    assert sequence.interval[0] == 0.0
    assert 0.0 < sequence.interval[1] < 0.08


def test_before_the_first_value_all_is_open() -> None:
    sequence = ConfidenceSequence()
    assert (sequence.interval, sequence.value, sequence.count) == ((0.0, 1.0), None, 0)


def test_values_that_drift_are_reported_and_the_interval_stays() -> None:
    sequence = ConfidenceSequence().extend([0.0] * 200)
    before = sequence.interval
    assert not sequence.contradicted
    sequence.extend([1.0] * 400)
    assert sequence.contradicted
    assert before[0] <= sequence.interval[0] < sequence.interval[1] <= before[1]


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan])
def test_misuse_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="value"):
        ConfidenceSequence().update(value)
    with pytest.raises(ValueError, match="level"):
        ConfidenceSequence(value)


def test_coverage_over_the_whole_path() -> None:
    rng = np.random.default_rng(6)
    held = 0
    for path in rng.binomial(6, rng.beta(1.2, 2.8, (200, 100))) / 6:
        sequence = ConfidenceSequence().extend(path)
        held += sequence.interval[0] <= 0.3 <= sequence.interval[1] and not sequence.contradicted
    assert held >= 0.95 * 200
