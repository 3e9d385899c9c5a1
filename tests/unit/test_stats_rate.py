"""Rates by hand: every expected figure is worked out from the formula, not from the code."""

import math
import subprocess
import sys

import numpy as np
import pytest

from distq_tui.stats import Rate, rate
from distq_tui.stats.crossed import Crossed
from distq_tui.stats.rate import rate_limits, zero_hits_limit

Z = 1.959963984540054
T1, T2, T3 = 12.706204736432095, 4.302652729911275, 3.182446305284263  # t quantiles at .975, df 1, 2, 3


def test_template_variance_alone_gives_the_design_effect() -> None:
    # Sums of residuals: templates +1 -1 +1 -1, questions 0. V = 4/3 * 4/64 = 1/12; binomial 1/32; deff 8/3.
    result = rate([1, 1, 0, 0, 1, 1, 0, 0], list("aabbccdd"), [1, 2] * 4)
    assert result is not None
    assert result.deff == pytest.approx(8 / 3)
    assert result.n_eff == pytest.approx(3.0)
    assert (result.n, result.clusters, result.questions) == (8, 4, 2)
    # At p = .5 Wilson's half width is z / (2 sqrt(n* + z^2)).
    half = Z / (2 * math.sqrt(3 * (Z / T1) ** 2 + Z**2))
    assert (result.low, result.high) == pytest.approx((0.5 - half, 0.5 + half))
    assert result.method == "Wilson, two-way"


def test_a_fixed_list_of_questions_counts_templates_only() -> None:
    result = rate([1, 1, 0, 0, 1, 1, 0, 0], list("aabbccdd"), [1, 2] * 4, fixed_questions=True)
    assert result is not None
    half = Z / (2 * math.sqrt(3 * (Z / T3) ** 2 + Z**2))
    assert (result.low, result.high) == pytest.approx((0.5 - half, 0.5 + half))
    assert result.method == "Wilson, by template"


def test_both_dimensions_add_up() -> None:
    # Rows 111, 100, 100, in units of 1/81: V_template = V_question = 4, V_cell = binomial = 20/9.
    # deff = (4 + 4 - 20/9) / (20/9) = 2.6.
    result = rate([1, 1, 1, 1, 0, 0, 1, 0, 0], list("aaabbbccc"), [1, 2, 3] * 3)
    assert result is not None
    assert result.value == pytest.approx(5 / 9)
    assert result.deff == pytest.approx(2.6)
    n, p = 9 / 2.6 * (Z / T2) ** 2, 5 / 9
    centre = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    assert (result.low, result.high) == pytest.approx((centre - half, centre + half))


def test_variance_does_not_fall_below_that_of_the_cells() -> None:
    # V_template + V_question - V_cell = 1/36 + 0 - 1/27 < 0; the floor is V_cell = binomial, so deff = 1.
    result = rate([1, 0, 0, 1, 0, 0], list("aabbcc"), [1, 2] * 3)
    assert result is not None
    assert result.deff == pytest.approx(1.0)


def test_repeats_of_a_request_are_no_new_evidence() -> None:
    once = rate([1, 1, 1, 1, 0, 0, 1, 0, 0], list("aaabbbccc"), [1, 2, 3] * 3)
    thrice = rate([1, 1, 1, 1, 0, 0, 1, 0, 0] * 3, list("aaabbbccc") * 3, [1, 2, 3] * 9)
    assert once is not None
    assert thrice is not None
    assert thrice.n == 27
    assert (thrice.n_eff, thrice.low, thrice.high) == pytest.approx((once.n_eff, once.low, once.high))


def test_bare_questions_are_the_clusters() -> None:
    result = rate([1, 0, 0, 0], [0] * 4, ["q1", "q2", "q3", "q4"])
    assert result is not None
    assert (result.clusters, result.questions) == (4, 4)
    assert result.deff == pytest.approx(4 / 3)  # V = 4/3 * p(1-p)/n
    assert result.method == "Wilson, by question"


def test_one_question_speaks_of_that_question() -> None:
    result = rate([1, 0, 0, 0], ["a", "b", "c", "d"], ["q"] * 4)
    assert result is not None
    assert (result.clusters, result.questions, result.method) == (4, 1, "Wilson, by template")


@pytest.mark.parametrize(("fixed", "units"), [(False, 3), (True, 4)])
def test_no_hits_are_limited_by_the_clusters(fixed: bool, units: int) -> None:
    ids = [template for template in "abcd" for _ in range(3)], [1, 2, 3] * 4
    none = rate([0] * 12, *ids, fixed_questions=fixed)
    every = rate([1] * 12, *ids, fixed_questions=fixed)
    assert none is not None
    assert every is not None
    assert (none.low, none.high) == (0.0, pytest.approx(1 - 0.025 ** (1 / units)))
    assert none.one_sided == pytest.approx(1 - 0.05 ** (1 / units))
    assert none.n_eff == pytest.approx(units)
    assert (every.low, every.high) == (pytest.approx(0.025 ** (1 / units)), 1.0)
    assert every.one_sided == pytest.approx(0.05 ** (1 / units))
    assert none.method.startswith("no hits")
    assert every.method.startswith("all hits")


@pytest.mark.parametrize("values", [[1], [0, 1]])
def test_one_cluster_gives_no_interval(values: list[int]) -> None:
    result = rate(values, ["t"] * len(values), ["q"] * len(values))
    assert result is not None
    assert (result.low, result.high, result.n_eff) == (0.0, 1.0, 1.0)
    assert result.method == "one cluster: no interval"


def test_a_fixed_list_under_one_template_gives_no_interval() -> None:
    result = rate([0, 1, 1], [0] * 3, [1, 2, 3], fixed_questions=True)
    assert result is not None
    assert (result.low, result.high) == (0.0, 1.0)


def test_nothing_gives_nothing() -> None:
    assert rate([], [], []) is None


@pytest.mark.parametrize(
    ("values", "templates", "level"),
    [([2], ["t"], 0.95), ([math.nan], ["t"], 0.95), ([1], [], 0.95), ([1], ["t"], 1.0), ([1], ["t"], 95.0)],
)
def test_misuse_is_refused(values: list[float], templates: list[str], level: float) -> None:
    with pytest.raises(ValueError, match=r"values|template|level"):
        rate(values, templates, ["q"], level=level)


def test_a_wider_level_gives_a_wider_interval() -> None:
    ids = list("aabbccdd"), [1, 2] * 4
    narrow, wide = (rate([1, 1, 0, 0, 1, 0, 0, 0], *ids, level=level) for level in (0.8, 0.99))
    assert isinstance(narrow, Rate)
    assert isinstance(wide, Rate)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_zero_hits_limit_by_the_rule_of_three() -> None:
    assert zero_hits_limit(1000, 0.05) == pytest.approx(3 / 1000, rel=0.01)
    with pytest.raises(ValueError, match="cluster"):
        zero_hits_limit(0, 0.05)


def test_a_batch_equals_its_rows_one_by_one() -> None:
    rng = np.random.default_rng(4)
    templates, questions = np.repeat(np.arange(8), 3).tolist(), np.tile(np.arange(3), 8).tolist()
    values = (rng.random((40, 24)) < rng.random((40, 1))).astype(float)
    batch = rate_limits(values, Crossed.of(templates, questions))
    for index, row in enumerate(values):
        one = rate(row, templates, questions)
        assert one is not None
        assert (one.value, one.low, one.high, one.deff) == pytest.approx(
            (batch.value[index], batch.low[index], batch.high[index], batch.deff[index])
        )


def test_coverage_where_the_binomial_interval_fails() -> None:
    rng = np.random.default_rng(11)
    templates, questions = np.repeat(np.arange(30), 6).tolist(), np.tile(np.arange(6), 30).tolist()
    values = (rng.random((600, 30, 6)) < rng.beta(1, 1, (600, 30, 1))).astype(float).reshape(600, -1)
    ours = rate_limits(values, Crossed.of(templates, questions, fixed_questions=True))
    naive = rate_limits(values, Crossed.of(range(180), range(180)))
    assert 0.93 <= np.mean((ours.low <= 0.5) & (ours.high >= 0.5)) <= 0.985
    assert np.mean((naive.low <= 0.5) & (naive.high >= 0.5)) < 0.85


def test_importing_the_package_does_not_import_scipy() -> None:
    code = "import sys, distq_tui.stats; sys.exit(any(name.split('.')[0] == 'scipy' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
