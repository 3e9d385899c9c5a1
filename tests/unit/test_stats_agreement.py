"""Agreement by hand and against published worked examples."""

import math

import numpy as np
import pytest

from distq_tui.stats import cohen_kappa, cohen_kappa_of_counts, ordinal_alpha, weighted_kappa

NAN = math.nan


def test_cohen_kappa_by_hand() -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed .7, expected .5
    a = ["yes"] * 25 + ["no"] * 25
    b = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohen_kappa(a, b) == pytest.approx(0.4)
    assert cohen_kappa(a, a) == pytest.approx(1.0)
    assert cohen_kappa([1, 0], [0, 1]) == pytest.approx(-1.0)


def test_cohen_kappa_from_counts_is_that_from_labels() -> None:
    counts = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}
    assert cohen_kappa_of_counts(counts) == pytest.approx(0.4)
    assert cohen_kappa_of_counts({("yes", "yes"): 3}) is None
    assert cohen_kappa_of_counts({}) is None


def test_weighted_kappa_by_hand() -> None:
    # Observed cost 1/4; expected, over the margins, 20/16
    assert weighted_kappa([1, 2, 3, 3], [1, 2, 2, 3]) == pytest.approx(0.8)
    assert weighted_kappa([1, 2, 3], [1, 2, 1]) == pytest.approx(0.0)


def test_a_near_miss_costs_less_than_a_far_one() -> None:
    near, far = weighted_kappa([1, 2, 3, 4, 5], [1, 2, 3, 4, 4]), weighted_kappa([1, 2, 3, 4, 5], [1, 2, 3, 4, 1])
    assert near is not None
    assert far is not None
    assert near > far


def test_ordinal_alpha_on_krippendorff_s_own_example() -> None:
    # Krippendorff 2011, example D: four observers, twelve units, missing grades; alpha ordinal .815
    ratings = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
    assert ordinal_alpha(ratings) == pytest.approx(0.815, abs=5e-4)


def test_grades_that_came_so_often_agree_like_grades_told_one_by_one() -> None:
    first, second, times = [1, 2, 3, 3, NAN], [1, 2, 2, 5, 4], [3, 1, 4, 2, 6]
    one_by_one = [np.repeat(grades, times) for grades in (first, second)]
    assert ordinal_alpha([first, second], times) == pytest.approx(ordinal_alpha(one_by_one))
    assert weighted_kappa(first[:4], second[:4], times[:4]) == pytest.approx(
        weighted_kappa(*(grades[:10] for grades in one_by_one))
    )


def test_agreement_without_variety_is_undefined() -> None:
    assert cohen_kappa(["a", "a"], ["a", "a"]) is None
    assert cohen_kappa([], []) is None
    assert weighted_kappa([3, 3], [3, 3]) is None
    assert weighted_kappa([], []) is None
    assert ordinal_alpha([[1, 1], [1, 1]]) is None
    assert ordinal_alpha([[1, NAN], [NAN, 2]]) is None
    assert ordinal_alpha(np.empty((2, 0))) is None


def test_misuse_is_refused() -> None:
    with pytest.raises(ValueError, match="labels"):
        cohen_kappa([1], [])
    with pytest.raises(ValueError, match="shape"):
        weighted_kappa([1], [])
    with pytest.raises(ValueError, match="finite"):
        weighted_kappa([1], [NAN])
    with pytest.raises(ValueError, match="shape"):
        ordinal_alpha([1, 2])
