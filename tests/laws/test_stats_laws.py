"""Laws that hold for every input: of intervals, of tests, of agreement."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distq_tui.stats import (
    ConfidenceSequence,
    cohen_kappa,
    holm,
    mean,
    ordinal_alpha,
    paired_difference,
    rate,
    sign_flip_p,
    weighted_kappa,
)

unit = st.floats(0.0, 1.0, allow_subnormal=False)
outcome = st.one_of(st.sampled_from([0.0, 1.0]), unit)
cell = st.tuples(outcome, st.integers(0, 5), st.integers(0, 4))
cells = st.lists(cell, min_size=1, max_size=40)
laws = settings(max_examples=150, deadline=None)


def split(rows: list[tuple[float, int, int]]) -> tuple[list[float], list[int], list[int]]:
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


@laws
@given(cells, st.booleans(), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_an_interval_holds_its_rate_and_stays_in_range(
    rows: list[tuple[float, int, int]], fixed: bool, level: float
) -> None:
    result = rate(*split(rows), fixed_questions=fixed, level=level)
    assert result is not None
    assert 0.0 <= result.low <= result.value <= result.high <= 1.0
    assert result.deff >= 1.0
    assert 0.0 < result.n_eff <= result.n
    assert result.high > result.low


@laws
@given(cells, st.randoms(use_true_random=False), st.booleans())
def test_a_rate_knows_neither_order_nor_names(rows: list[tuple[float, int, int]], random: object, fixed: bool) -> None:
    renamed = [(value, f"template {9 - template}", (question,)) for value, template, question in rows]
    random.shuffle(renamed)  # type: ignore[attr-defined]
    one, other = rate(*split(rows), fixed_questions=fixed), rate(*zip(*renamed, strict=True), fixed_questions=fixed)
    assert one is not None
    assert other is not None
    assert (one.value, one.low, one.high, one.deff) == pytest.approx((other.value, other.low, other.high, other.deff))
    assert (one.clusters, one.questions, one.method) == (other.clusters, other.questions, other.method)


@laws
@given(st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.integers(0, 5), st.integers(0, 4)), min_size=1, max_size=40))
def test_misses_are_hits_the_other_way_round(rows: list[tuple[float, int, int]]) -> None:
    values, templates, questions = split(rows)
    hit, miss = rate(values, templates, questions), rate([1.0 - value for value in values], templates, questions)
    assert hit is not None
    assert miss is not None
    assert (hit.low, hit.high, hit.deff) == pytest.approx((1.0 - miss.high, 1.0 - miss.low, miss.deff))


@laws
@given(cells)
def test_templates_and_questions_are_alike(rows: list[tuple[float, int, int]]) -> None:
    values, templates, questions = split(rows)
    one, other = rate(values, templates, questions), rate(values, questions, templates)
    assert one is not None
    assert other is not None
    assert (one.low, one.high, one.deff) == pytest.approx((other.low, other.high, other.deff))


@laws
@given(st.lists(unit, min_size=1, max_size=30), st.booleans())
def test_a_mean_is_in_its_interval(values: list[float], bootstrap: bool) -> None:
    rng = np.random.default_rng(1) if bootstrap else None
    result = mean(values, rng=rng, resamples=200)
    assert result is not None
    assert 0.0 <= result.low <= result.value <= result.high <= 1.0
    assert result.low < result.high


@laws
@given(st.lists(unit, min_size=2, max_size=30))
def test_a_mean_turned_round_turns_its_interval(values: list[float]) -> None:
    one, other = mean(values), mean([-value for value in values], bounds=(-1.0, 0.0))
    assert one is not None
    assert other is not None
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


@laws
@given(st.lists(unit, max_size=60), st.sampled_from([0.5, 0.95]))
def test_a_confidence_sequence_only_narrows(values: list[float], level: float) -> None:
    sequence = ConfidenceSequence(level)
    low, high = sequence.interval
    for value in values:
        sequence.update(value)
        assert low <= sequence.interval[0] < sequence.interval[1] <= high
        low, high = sequence.interval


@laws
@given(st.lists(unit, max_size=60))
def test_a_confidence_sequence_is_symmetric(values: list[float]) -> None:
    one, other = ConfidenceSequence().extend(values), ConfidenceSequence().extend([1.0 - value for value in values])
    low, high = other.interval
    # A candidate exactly on the threshold may fall to either side by rounding: one step of the grid.
    assert one.interval == pytest.approx((1.0 - high, 1.0 - low), abs=1.1e-3)


@laws
@given(cells, st.data())
def test_swapping_two_models_turns_their_difference(rows: list[tuple[float, int, int]], data: st.DataObject) -> None:
    a, templates, questions = split(rows)
    b = data.draw(st.lists(outcome, min_size=len(a), max_size=len(a)))
    one, other = paired_difference(a, b, templates, questions), paired_difference(b, a, templates, questions)
    assert one is not None
    assert other is not None
    assert (one.value, one.low, one.high, one.p) == pytest.approx((-other.value, -other.high, -other.low, other.p))
    assert -1.0 <= one.low <= one.value <= one.high <= 1.0
    assert 0.0 <= one.p <= 1.0


@laws
@given(st.lists(outcome, min_size=6, max_size=9), st.data())
def test_a_sign_flip_p_is_a_count_of_patterns(a: list[float], data: st.DataObject) -> None:
    b = data.draw(st.lists(outcome, min_size=len(a), max_size=len(a)))
    p = sign_flip_p(a, b, range(len(a)), rng=np.random.default_rng(0))
    assert p is not None
    assert p >= 2 / 2 ** len(a)
    assert p * 2 ** len(a) == pytest.approx(round(p * 2 ** len(a)))


@laws
@given(st.lists(unit, max_size=20), st.randoms(use_true_random=False))
def test_holm_keeps_order_and_never_helps(p: list[float], random: object) -> None:
    adjusted = holm(p)
    assert all(before <= after <= 1.0 for before, after in zip(p, adjusted, strict=True))
    order = np.argsort(p, kind="stable")
    assert np.all(np.diff(adjusted[order]) >= 0.0)
    positions = list(range(len(p)))
    random.shuffle(positions)  # type: ignore[attr-defined]
    assert holm([p[i] for i in positions]) == pytest.approx([adjusted[i] for i in positions])


grades = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=20)


@laws
@given(grades)
def test_agreement_is_symmetric_and_at_most_one(pairs: list[tuple[int, int]]) -> None:
    a, b = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    for measure in (cohen_kappa, weighted_kappa, lambda x, y: ordinal_alpha([x, y])):
        one, other = measure(a, b), measure(b, a)
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert one == pytest.approx(other)
            assert one <= 1.0 + 1e-12
            assert (one > 1.0 - 1e-12) == (a == b)


@laws
@given(grades)
def test_two_grades_leave_nothing_to_weigh(pairs: list[tuple[int, int]]) -> None:
    a, b = [pair[0] % 2 for pair in pairs], [pair[1] % 2 for pair in pairs]
    plain, weighted = cohen_kappa(a, b), weighted_kappa(a, b)
    assert (plain is None) == (weighted is None)
    assert plain is None or math.isclose(plain, weighted or 0.0, abs_tol=1e-12)


@laws
@given(grades, st.lists(st.floats(-3, 3), min_size=5, max_size=5, unique=True))
def test_ordinal_alpha_knows_ranks_only(pairs: list[tuple[int, int]], names: list[float]) -> None:
    renamed = sorted(names)
    one = ordinal_alpha([[a for a, _ in pairs], [b for _, b in pairs]])
    other = ordinal_alpha([[renamed[a - 1] for a, _ in pairs], [renamed[b - 1] for _, b in pairs]])
    assert one == (None if other is None else pytest.approx(other))
