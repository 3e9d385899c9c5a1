"""Rates corrected by blind labels: by hand, at their edges, and against planted truths."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from distq_tui.stats import Stratum, accuracy, corrected_rate, draw_blind, rate, strata_of


def cells(n, per_template=6):
    """Template and question ids of n answers."""
    return [i // per_template for i in range(n)], [(i * 7) % 50 for i in range(n)]


def corrected(yes, no, *, labelled=(0, 0), true=(0, 0), **options):
    """Of a model with so many positive and negative verdicts, so many labelled in each and so many of those true."""
    strata = [Stratum("m", True, True, yes, labelled[0], true[0]), Stratum("m", False, False, no, labelled[1], true[1])]
    verdicts = np.random.default_rng(0).permutation([1] * yes + [0] * no)
    return corrected_rate(verdicts, *cells(yes + no), strata, **options)


def test_counting_into_strata():
    answers = [("a", True, True), ("a", True, None), ("b", False, False), ("a", True, False)]
    strata = strata_of((group, verdict, verdict, label) for group, verdict, label in answers)
    assert strata == (Stratum("a", True, True, 3, 2, 1), Stratum("b", False, False, 1, 1, 0))


@pytest.mark.parametrize("numbers", [(3, 4, 0), (3, 2, 3), (3, 1, -1)])
def test_a_stratum_that_cannot_be(numbers):
    with pytest.raises(ValueError, match="positive <= labelled <= total"):
        Stratum("a", True, True, *numbers)


def test_the_difference_estimator_by_hand():
    # 200 x 30/40 true + 400 x 4/40 true = 150 + 40, of 600
    found = corrected(200, 400, labelled=(40, 40), true=(30, 4))
    assert found.value == pytest.approx(190 / 600)
    assert (found.apparent, found.n, found.labelled) == (pytest.approx(1 / 3), 600, 80)
    assert found.method == "difference estimator"
    assert found.low < 190 / 600 < found.high


def test_sensitivity_and_specificity_by_hand():
    # true: 150 found of 190; false: 360 let go of 410
    found = accuracy([Stratum("m", True, True, 200, 40, 30), Stratum("m", False, False, 400, 40, 4)])
    assert found.sensitivity.value == pytest.approx(150 / 190)
    assert found.specificity.value == pytest.approx(360 / 410)
    assert (found.labelled, found.total) == (80, 600)
    for share in (found.sensitivity, found.specificity):
        assert 0.0 <= share.low < share.value < share.high <= 1.0


def test_rogan_gladen_by_hand():
    # sensitivity .8, specificity .9, apparent .31: (.31 + .9 - 1) / (.8 + .9 - 1) = .3
    pool = [Stratum("o", True, True, 500, 500, 400), Stratum("o", False, False, 1000, 1000, 100)]
    assert accuracy(pool).sensitivity.value == pytest.approx(0.8)
    assert accuracy(pool).specificity.value == pytest.approx(0.9)
    found = corrected(186, 414, pool=pool)
    assert found.value == pytest.approx(0.3)
    assert found.method.startswith("Rogan-Gladen")


def test_a_detector_that_is_no_better_than_chance_corrects_nothing():
    pool = [Stratum("o", True, True, 100, 50, 25), Stratum("o", False, False, 100, 50, 25)]
    found = accuracy(pool)
    assert found.sensitivity.value + found.specificity.value == pytest.approx(1.0)
    assert corrected(60, 60, pool=pool) is None
    assert corrected(60, 60) is None


def test_labels_of_the_model_itself_come_first():
    pool = [Stratum("o", True, True, 500, 500, 400), Stratum("o", False, False, 1000, 1000, 100)]
    assert corrected(60, 60, labelled=(5, 5), true=(5, 0), pool=pool).method == "difference estimator"
    assert corrected(60, 60, labelled=(5, 0), true=(5, 0), pool=pool).method.startswith("Rogan-Gladen")


def test_the_fewer_labels_the_wider_and_with_all_labels_it_is_the_true_rate():
    widths = []
    for share in (10, 40, 100):
        found = corrected(100, 500, labelled=(share, share), true=(share * 9 // 10, share // 10))
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True)
    full = corrected(100, 500, labelled=(100, 500), true=(100, 0))
    verdicts = np.random.default_rng(0).permutation([1] * 100 + [0] * 500)
    plain = rate(verdicts, *cells(600))
    assert (full.value, full.low, full.high) == pytest.approx((plain.value, plain.low, plain.high))


def test_no_false_negative_among_few_labels_does_not_pass_for_none():
    found = corrected(6, 594, labelled=(6, 20), true=(6, 0))
    assert found.value == pytest.approx(0.01)
    assert found.high > 0.1, "1 - .05^(1/20) of the negatives may well be wrong"


def test_groups_without_labels_on_both_sides_say_nothing():
    whole = [Stratum("a", True, True, 20, 10, 9), Stratum("a", False, False, 80, 10, 1)]
    half = [Stratum("b", True, True, 20, 10, 9), Stratum("b", False, False, 80, 0, 0)]
    assert accuracy([*whole, *half]) == accuracy(whole)
    assert accuracy(half) == accuracy([])
    assert accuracy([]).sensitivity is None


def test_an_empty_stratum_needs_no_label():
    found = corrected(0, 600, labelled=(0, 30), true=(0, 3))
    assert found.value == pytest.approx(0.1)


def test_a_judge_is_held_against_labels_that_were_drawn_by_the_detector():
    # of the detector's 100 positives 50 are labelled, of its 500 negatives 50: a judge's verdicts cut across both
    strata = [
        Stratum("m", True, True, 80, 40, 40),
        Stratum("m", True, False, 20, 10, 5),
        Stratum("m", False, True, 50, 5, 4),
        Stratum("m", False, False, 450, 45, 0),
    ]
    found = accuracy(strata)
    assert found.sensitivity.value == pytest.approx((80 + 40) / (80 + 40 + 10))
    assert found.specificity.value == pytest.approx((10 + 450) / (10 + 450 + 10))
    verdicts = [1] * 130 + [0] * 470
    assert corrected_rate(verdicts, *cells(600), strata).value == pytest.approx(130 / 600)


def test_what_the_draw_missed_may_be_anything_and_widens_the_interval():
    def found(missed):
        strata = [
            Stratum("m", True, True, 100 - missed, 40, 36),
            *([Stratum("m", True, False, missed, 0, 0)] if missed else []),
            Stratum("m", False, False, 500, 40, 1),
        ]
        verdicts = np.random.default_rng(0).permutation([1] * (100 - missed) + [0] * (500 + missed))
        return corrected_rate(verdicts, *cells(600), strata)

    whole, holed = found(0), found(50)
    assert holed.high - holed.low > whole.high - whole.low + 0.02


def test_no_true_answer_leaves_sensitivity_open():
    found = accuracy([Stratum("a", True, True, 20, 10, 0), Stratum("a", False, False, 80, 10, 0)])
    assert found.sensitivity is None
    assert found.specificity.value == pytest.approx(0.8)


def test_what_cannot_be_computed():
    assert corrected_rate([], [], [], []) is None
    assert corrected_rate([1, 0], ["t", "t"], ["q", "q"], [Stratum("m", v, v, 1, 1, 1) for v in (True, False)]) is None
    with pytest.raises(ValueError, match="count the verdicts"):
        corrected_rate([1, 0], ["t", "u"], ["q", "r"], [Stratum("m", True, True, 2, 2, 2)])
    with pytest.raises(ValueError, match="0 or 1"):
        corrected_rate([0.5], ["t"], ["q"], [])


@given(
    st.integers(0, 40), st.integers(0, 40), st.data(), st.sampled_from(["own", "pool"]), st.sampled_from([0.5, 0.95])
)
def test_limits_are_in_order_and_inside_the_unit_interval(yes, no, data, how, level):
    def stratum(verdict, total, least):
        labelled = data.draw(st.integers(min(least, total), total))
        return Stratum("m", verdict, verdict, total, labelled, data.draw(st.integers(0, labelled)))

    strata = [stratum(True, yes, 1), stratum(False, no, 1)]
    verdicts = [1] * yes + [0] * no
    if how == "own":
        found = corrected_rate(verdicts, *cells(yes + no, 3), strata, level=level)
    else:
        unlabelled = [Stratum("m", True, True, yes, 0, 0), Stratum("m", False, False, no, 0, 0)]
        pool = [stratum(True, 30, 1), stratum(False, 30, 1)]
        found = corrected_rate(verdicts, *cells(yes + no, 3), unlabelled, pool=pool, level=level)
    for each in (found, accuracy(strata).sensitivity, accuracy(strata).specificity):
        if each is not None:
            assert 0.0 <= each.low <= each.value <= each.high <= 1.0
            assert not math.isnan(each.low + each.high)


# ------------------------------------------------------------------------- planted truth


def world(rng, p, sensitivity, specificity, *, templates=100, per_template=6):
    """Truth with alike replies within a template, and verdicts that err: (truth, verdicts, templates, questions)."""
    template = np.repeat(np.arange(templates), per_template)
    question = np.concatenate([rng.permutation(50)[:per_template] for _ in range(templates)])
    # a quarter of the latent spread is the template's: an intraclass correlation of about .1 at these rates
    score = 0.5 * rng.normal(size=templates)[template] + math.sqrt(0.75) * rng.normal(size=len(template))
    truth = score < ndtri(p)
    verdicts = np.where(truth, rng.random(len(truth)) < sensitivity, rng.random(len(truth)) > specificity)
    return truth, verdicts, template, question


def labelled(rng, group, truth, verdicts, each):
    labels = [None] * len(truth)
    for verdict in (False, True):
        for index in rng.permutation(np.flatnonzero(verdicts == verdict))[:each]:
            labels[index] = bool(truth[index])
    return strata_of((group, verdict, verdict, label) for verdict, label in zip(verdicts, labels, strict=True))


@pytest.mark.parametrize(("p", "sensitivity", "specificity"), [(0.05, 0.8, 0.95), (0.3, 0.8, 0.97)])
@pytest.mark.parametrize("how", ["own", "pool"])
def test_corrected_intervals_cover_a_planted_truth_and_uncorrected_ones_do_not(p, sensitivity, specificity, how):
    rng = np.random.default_rng(7)
    repeats, covered, uncorrected, sure = 150, 0, 0, 0
    for _ in range(repeats):
        truth, verdicts, template, question = world(rng, p, sensitivity, specificity)
        strata = labelled(rng, "m", truth, verdicts, 40)
        found_accuracy = accuracy(strata)
        pool = ()
        if how == "pool":
            other, judged, *_ = world(rng, 0.3, sensitivity, specificity)
            pool = labelled(rng, "o", other, judged, 60)
            strata = labelled(rng, "m", truth, verdicts, 0)
        found = corrected_rate(verdicts, template, question, strata, pool=pool)
        covered += found.low <= p <= found.high
        plain = rate(verdicts, template, question)
        uncorrected += plain.low <= p <= plain.high
        sure += found_accuracy.sensitivity.low <= sensitivity <= found_accuracy.sensitivity.high
    # 3 standard errors below 95 %: a true coverage of 95 % fails once in a thousand seeds
    least = 0.95 - 3 * math.sqrt(0.95 * 0.05 / repeats)
    assert covered / repeats >= least
    assert sure / repeats >= least
    assert uncorrected / repeats < 0.8


# ------------------------------------------------------------------------- what to label

ANSWERS = [(n, "m/en" if n % 3 else "m/zh", n % 5 == 0) for n in range(300)]


def test_a_blind_draw_takes_as_many_of_each_stratum_as_there_are():
    drawn = draw_blind(ANSWERS, per_stratum=30, seed=1)
    by_id = {answer: (group, verdict) for answer, group, verdict in ANSWERS}
    counts = {}
    for answer in drawn:
        counts[by_id[answer]] = counts.get(by_id[answer], 0) + 1
    assert counts == {("m/en", True): 30, ("m/en", False): 30, ("m/zh", True): 20, ("m/zh", False): 30}


def test_a_blind_draw_is_the_seeds_and_grows_without_changing():
    small, large = (draw_blind(ANSWERS, per_stratum=count, seed=1) for count in (5, 20))
    assert set(small) < set(large)
    assert small == draw_blind(reversed(ANSWERS), per_stratum=5, seed=1)
    assert small != draw_blind(ANSWERS, per_stratum=5, seed=2)


def test_the_order_of_a_blind_draw_tells_nothing_of_the_verdicts():
    drawn = draw_blind(ANSWERS, per_stratum=20, seed=3)
    verdicts = [answer % 5 == 0 for answer in drawn]
    half = len(verdicts) // 2
    assert abs(sum(verdicts[:half]) - sum(verdicts[half:])) < half / 2
