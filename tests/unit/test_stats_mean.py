"""Means over prompts: t by hand, the bootstrap against what it must do."""

import math

import numpy as np
import pytest

from distq_tui.stats import ConfidenceSequence, mean


def test_t_interval_by_hand() -> None:
    # mean .3, sd .1, standard error .1 / sqrt(3), t(2) = 4.302653
    result = mean([0.2, 0.3, 0.4])
    assert result is not None
    reach = 4.302652729911275 * 0.1 / math.sqrt(3)
    assert (result.value, result.low, result.high) == pytest.approx((0.3, 0.3 - reach, 0.3 + reach))
    assert (result.n, result.method) == (3, "t")


def test_limits_stop_at_the_bounds() -> None:
    result = mean([0.0, 0.9])
    assert result is not None
    assert (result.low, result.high) == (0.0, 1.0)
    free = mean([0.0, 0.9], bounds=(-math.inf, math.inf))
    assert free is not None
    assert free.low < 0.0
    assert free.high > 1.0


def test_turns_of_a_conversation_are_one_cluster() -> None:
    alone = mean([0.2, 0.3, 0.4])
    turns = mean([0.1, 0.3, 0.3, 0.3, 0.4, 0.4], ["a", "a", "b", "b", "c", "c"])
    assert alone is not None
    assert turns is not None
    assert (turns.low, turns.high, turns.n) == (pytest.approx(alone.low), pytest.approx(alone.high), 3)


def test_equal_scores_are_not_certainty() -> None:
    # Five clusters: another kind of prompt may still be up to 1 - .025^(1/5) of all.
    share = 1 - 0.025 ** (1 / 5)
    result = mean([0.4] * 5)
    assert result is not None
    assert (result.low, result.high) == pytest.approx((0.4 - 0.4 * share, 0.4 + 0.6 * share))
    assert result.method == "no spread"
    even = mean([0.0, 1.0, 1.0, 0.0], ["a", "a", "b", "b"])
    assert even is not None
    assert even.method == "no spread"


def test_one_prompt_says_nothing_of_others() -> None:
    result = mean([0.7])
    assert result is not None
    assert (result.low, result.high, result.method) == (0.0, 1.0, "one cluster: no interval")


def test_nothing_gives_nothing() -> None:
    assert mean([]) is None


def test_a_few_scores_far_from_the_others_do_not_stretch_the_interval_over_everything() -> None:
    # Most resamples without the two low ones have next to no spread, and statistics without bound.
    scores = [0.17, 0.19, *np.linspace(0.50, 0.53, 12)]
    result, student = mean(scores, rng=np.random.default_rng(5)), mean(scores)
    assert result is not None
    assert student is not None
    low, high = ConfidenceSequence().extend(scores).interval
    assert result.method == "bootstrap-t within the confidence sequence"
    assert result.low == pytest.approx(low)
    assert 0.0 < result.low < student.low < result.value < result.high < high
    scaled = mean([4 * score - 1 for score in scores], rng=np.random.default_rng(5), bounds=(-1.0, 3.0))
    assert scaled is not None
    assert (scaled.low, scaled.high) == pytest.approx((4 * result.low - 1, 4 * result.high - 1))


def test_the_bootstrap_follows_the_skew_and_its_seed() -> None:
    scores = np.linspace(0.0, 1.0, 60) ** 6
    result = mean(scores, rng=np.random.default_rng(3))
    again = mean(scores, rng=np.random.default_rng(3))
    student = mean(scores)
    assert result is not None
    assert student is not None
    assert result == again
    assert result.method == "bootstrap-t"
    assert result.high - result.value > 1.3 * (result.value - result.low)
    assert student.high - student.value == pytest.approx(student.value - student.low)


def test_the_bootstrap_agrees_with_t_on_symmetric_scores() -> None:
    scores = np.random.default_rng(8).normal(0.5, 0.1, 400)
    boot, student = mean(scores, rng=np.random.default_rng(1)), mean(scores)
    assert boot is not None
    assert student is not None
    assert boot.high - boot.low == pytest.approx(student.high - student.low, rel=0.08)


def test_resamples_without_spread_widen_to_the_bound() -> None:
    # One hit in 40: over a third of the resamples have none, and the data cannot say how rare hits are.
    result = mean([0.0] * 39 + [1.0], rng=np.random.default_rng(0))
    assert result is not None
    assert result.high == 1.0


@pytest.mark.parametrize(("values", "clusters"), [([1.5], None), ([math.nan], None), ([0.1, 0.2], ["a"])])
def test_misuse_is_refused(values: list[float], clusters: list[str] | None) -> None:
    with pytest.raises(ValueError, match=r"values"):
        mean(values, clusters)


def test_bootstrap_t_covers_crowded_scores_where_t_does_not() -> None:
    rng = np.random.default_rng(5)
    hits = np.zeros(2)
    for scores in rng.beta(0.1, 4.9, (200, 25)):
        for index, result in enumerate((mean(scores, rng=rng, resamples=500), mean(scores))):
            assert result is not None
            hits[index] += result.low <= 0.02 <= result.high
    assert hits[0] >= 0.9 * 200
    assert hits[1] <= 0.88 * 200
