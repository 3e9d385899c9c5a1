"""Comparisons of models, by hand and by brute force."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import pytest

from distq_tui.stats import holm, in_one_family, paired_difference, prediction_p, rank_p, sign_flip_p, unpaired_p


def test_paired_difference_by_hand() -> None:
    # Differences 1 1 0 0 1 1 0 0: mean 1/2, V = 1/12 (templates), t(1): p = 1 - 2 atan(t) / pi.
    result = paired_difference([1, 1, 0, 0, 1, 1, 0, 0], [0] * 8, list("aabbccdd"), [1, 2] * 4)
    assert result is not None
    statistic = 0.5 / math.sqrt(1 / 12)
    assert result.value == pytest.approx(0.5)
    assert result.p == pytest.approx(1 - 2 * math.atan(statistic) / math.pi)
    assert (result.low, result.high) == (-1.0, 1.0)
    listed = paired_difference([1, 1, 0, 0, 1, 1, 0, 0], [0] * 8, list("aabbccdd"), [1, 2] * 4, fixed_questions=True)
    assert listed is not None
    assert listed.low == pytest.approx(0.5 - 3.182446305284263 * math.sqrt(1 / 12))
    assert listed.high == 1.0
    assert listed.method == "t, by template"


def test_what_a_template_does_to_both_cancels() -> None:
    templates, questions = np.repeat(np.arange(10), 2).tolist(), [1, 2] * 10
    a = [1, 1] * 5 + [0, 0] * 5
    b = [1, 1] * 5 + [0, 0] * 4 + [0, 1]
    result = paired_difference(a, b, templates, questions, fixed_questions=True)
    assert result is not None
    assert result.value == pytest.approx(-1 / 20)
    # Nine templates with sum of residuals .1, one with -.9: V = 10/9 * .9 / 400
    reach = 2.2621571628540993 * math.sqrt(10 / 9 * 0.9 / 400)
    assert (result.low, result.high) == pytest.approx((-0.05 - reach, -0.05 + reach))


def test_no_difference_anywhere_is_no_certainty() -> None:
    result = paired_difference([1, 0, 1, 0], [1, 0, 1, 0], list("aabb"), [1, 2, 1, 2])
    assert result is not None
    share = 1 - 0.025 ** (1 / 2)
    assert (result.value, result.p) == (0.0, 1.0)
    assert (result.low, result.high) == pytest.approx((-share, share))


def test_the_same_difference_everywhere_is_tested_by_its_sign() -> None:
    result = paired_difference([1] * 16, [0] * 16, [t for t in range(4) for _ in range(4)], [1, 2, 3, 4] * 4)
    assert result is not None
    assert result.p == pytest.approx(2 / 2**4)
    assert (result.low, result.high) == pytest.approx((1 - 2 * (1 - 0.025**0.25), 1.0))


def test_degenerate_comparisons() -> None:
    one = paired_difference([1], [0], ["t"], ["q"])
    assert one is not None
    assert (one.low, one.high, one.p, one.method) == (-1.0, 1.0, 1.0, "one cluster: no test")
    assert paired_difference([], [], [], []) is None
    bare = paired_difference([1, 0, 1], [0, 0, 0], [0] * 3, [1, 2, 3])
    assert bare is not None
    assert (bare.clusters, bare.method) == (3, "t, by question")
    with pytest.raises(ValueError, match="same order"):
        paired_difference([1, 0], [1], ["t", "t"], ["q", "r"])


def test_sign_flip_tries_every_pattern() -> None:
    rng = np.random.default_rng(0)
    assert sign_flip_p([1] * 6, [0] * 6, range(6), rng=rng) == pytest.approx(2 / 2**6)
    assert sign_flip_p([1] * 5, [0] * 5, range(5), rng=rng) is None
    assert sign_flip_p([1] * 6, [1] * 6, range(6), rng=rng) == 1.0
    with pytest.raises(ValueError, match="same order"):
        sign_flip_p([1], [0, 1], range(2), rng=rng)


def test_sign_flip_against_a_plain_loop() -> None:
    differences = np.array([0.5, 0.2, -0.1, 0.4, 0.3, -0.2, 0.1])
    sizes = np.array([1, 2, 1, 1, 3, 1, 2])
    templates = np.repeat(np.arange(7), sizes)
    a = np.clip(differences, 0, None)[templates]
    b = np.clip(-differences, 0, None)[templates]

    def statistic(signs: tuple[int, ...]) -> float:
        flipped = np.array(signs) * differences
        mean = (flipped * sizes).sum() / sizes.sum()
        return abs(mean) / math.sqrt(sum((n * (d - mean)) ** 2 for d, n in zip(flipped, sizes, strict=True)))

    observed = statistic((1,) * 7)
    expected = np.mean([statistic(signs) >= observed - 1e-9 for signs in itertools.product((1, -1), repeat=7)])
    assert sign_flip_p(a, b, templates.tolist(), rng=np.random.default_rng(0)) == pytest.approx(expected)


def test_random_sign_flips_come_near_all_of_them_and_follow_the_seed() -> None:
    rng = np.random.default_rng(9)
    a, b = rng.random(14) * 0.7, rng.random(14) * 0.45
    student = paired_difference(a, b, range(14), ["q"] * 14)
    p, again = (sign_flip_p(a, b, range(14), rng=np.random.default_rng(1)) for _ in range(2))
    assert p == again
    assert student is not None
    assert p == pytest.approx(student.p, abs=0.03)
    assert p > 0


def test_unpaired_p_finds_a_gap_and_only_a_gap() -> None:
    templates = np.repeat(np.arange(10), 4).tolist()
    low, high = [1, 0, 0, 0] * 5 + [0, 0, 0, 0] * 5, [1, 1, 0, 1] * 5 + [1, 1, 1, 0] * 3 + [1, 0, 0, 0] * 2
    assert (unpaired_p(low, templates, high, templates, rng=np.random.default_rng(0)) or 1.0) < 0.01
    assert unpaired_p(low, templates, low, templates, rng=np.random.default_rng(0)) == 1.0
    assert unpaired_p([1, 0, 1], [1, 2, 3], high, templates, rng=np.random.default_rng(0)) is None
    with pytest.raises(ValueError, match="template"):
        unpaired_p([1], [], high, templates, rng=np.random.default_rng(0))


def test_unpaired_p_against_all_allocations() -> None:
    rates = np.array([0.9, 0.5, 0.7, 0.8, 0.3, 0.4, 0.1, 0.6])

    def statistic(members: tuple[int, ...]) -> float:
        a, b = rates[list(members)], np.delete(rates, list(members))
        return abs(a.mean() - b.mean()) / math.sqrt(a.var(ddof=1) / 4 + b.var(ddof=1) / 4)

    observed = statistic((0, 1, 2, 3))
    expected = np.mean([statistic(members) >= observed - 1e-9 for members in itertools.combinations(range(8), 4)])
    p = unpaired_p(rates[:4], range(4), rates[4:], range(4), rng=np.random.default_rng(2))
    assert p == pytest.approx(expected, abs=0.02)


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    assert holm([]).size == 0
    with pytest.raises(ValueError, match="values"):
        holm([1.2])


def test_prediction_p_by_hand() -> None:
    # mean 1, sd 1: t = 2 / sqrt(4/3) = sqrt(3); for df 2 the tail is 1/2 - t / (2 sqrt(2 + t^2))
    assert prediction_p(3.0, [0.0, 1.0, 2.0]) == pytest.approx(0.5 - math.sqrt(3) / (2 * math.sqrt(5)))
    assert prediction_p(1.0, [0.0, 1.0, 2.0]) == pytest.approx(0.5)


def test_too_few_controls_are_inconclusive() -> None:
    assert prediction_p(3.0, [0.0, 1.0]) is None
    assert prediction_p(3.0, [0.2, 0.2, 0.2]) is None
    assert prediction_p(3.0, [0.1 + 0.2, 0.3, 0.3]) is None  # the same but for rounding
    with pytest.raises(ValueError, match="finite"):
        prediction_p(math.nan, [0.0, 1.0, 2.0])


def test_rank_p_counts_ties_against_the_claim() -> None:
    assert rank_p(0.9, [0.1, 0.9, 0.95, 0.2]) == pytest.approx(3 / 5)
    assert rank_p(0.9, np.linspace(0, 0.8, 19)) == pytest.approx(0.05)
    assert rank_p(0.9, []) == 1.0
    with pytest.raises(ValueError, match="finite"):
        rank_p(0.9, [math.inf])


@dataclass(frozen=True)
class Claimed:
    name: str
    p: float | None
    p_holm: float | None = None


def test_what_was_not_tested_is_no_member_of_the_family():
    claims = in_one_family([Claimed("a", 0.02), Claimed("b", None), Claimed("c", 0.03)])
    assert claims == [Claimed("a", 0.02, 0.04), Claimed("b", None), Claimed("c", 0.03, 0.04)]
    assert in_one_family([]) == []
