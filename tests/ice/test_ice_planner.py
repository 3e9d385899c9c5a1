"""How many templates and questions: by hand, as the cheapest of all, and against intervals of simulated answers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from results import identity, similarity

from distq_tui.ice.planner import TYPICAL, Costs, Spread, cheapest, expected, measured_spread, narrowest, outlook
from distq_tui.stats import rate


def test_the_design_effect_by_hand():
    # 600 x (.2/100 + .06/50 + .74/600)
    design = expected(TYPICAL, 100, 50, 6)
    assert design.deff == pytest.approx(1.2 + 0.72 + 0.74)
    assert (design.calls, design.cost) == (600, 600.0)
    assert expected(TYPICAL, 100, 50, 6, fixed_questions=True).deff == pytest.approx(1.2 + 0.74)


def test_independent_answers_need_what_a_binomial_rate_needs():
    design = expected(Spread(0.5, 0.0, 0.0), 1000, 1000, 1)
    assert design.deff == 1.0
    assert design.half_width == pytest.approx(1.96 * math.sqrt(0.25 / 1000), rel=0.01)


def test_costs_are_counted():
    assert expected(TYPICAL, 10, 5, 2, costs=Costs(0.5, 3.0, 7.0)).cost == 20 * 0.5 + 10 * 3 + 5 * 7


@pytest.mark.parametrize("costs", [Costs(), Costs(template=2.0), Costs(0.01, 5.0, 1.0), Costs(1.0, 0.0, 40.0)])
@pytest.mark.parametrize("half_width", [0.12, 0.2])
def test_no_plan_within_reach_that_is_narrow_enough_is_cheaper(costs, half_width):
    found = cheapest(TYPICAL, half_width, costs=costs, most_templates=60, most_questions=12)
    every = [
        expected(TYPICAL, templates, questions, each, costs=costs)
        for templates in range(2, 61)
        for questions in range(2, 13)
        for each in range(1, questions + 1)
    ]
    assert found.half_width <= half_width
    assert found.cost == min(design.cost for design in every if design.half_width <= half_width)


def test_dear_templates_get_more_questions_each():
    cheap, dear = (cheapest(TYPICAL, 0.08, costs=Costs(1.0, template)) for template in (0.0, 20.0))
    assert cheap.per_template < dear.per_template
    assert cheap.templates > dear.templates


def test_where_question_variance_is_in_the_way_no_number_of_templates_helps():
    limit = narrowest(TYPICAL, most_templates=500).half_width
    assert cheapest(TYPICAL, limit * 0.99) is None
    assert cheapest(TYPICAL, limit * 1.01) is not None
    fixed = cheapest(TYPICAL, limit * 0.9, fixed_questions=True)
    assert fixed.questions == 50
    assert fixed.half_width <= limit * 0.9


@given(st.floats(0.02, 0.98), st.floats(0, 0.5), st.floats(0, 0.5), st.integers(2, 80), st.integers(2, 50), st.data())
def test_more_of_anything_never_widens(p, template, question, templates, questions, data):
    each = data.draw(st.integers(1, questions))
    spread = Spread(p, template, question)
    now = expected(spread, templates, questions, each).half_width + 1e-12
    assert expected(spread, templates + 1, questions, each).half_width <= now
    assert expected(spread, templates, questions + 1, each).half_width <= now
    assert expected(spread, templates, questions + 1, each + 1).half_width <= now


@pytest.mark.parametrize("bad", [(-0.1, 0, 0), (0.5, 0.7, 0.4), (0.5, 2, 0), (1.1, 0, 0), (0.5, math.nan, 0)])
def test_a_spread_that_cannot_be(bad):
    with pytest.raises(ValueError, match="must"):
        Spread(*bad)


@pytest.mark.parametrize("design", [(1, 5, 2), (5, 1, 1), (5, 5, 6), (5, 5, 0)])
def test_a_design_that_cannot_be(design):
    with pytest.raises(ValueError, match="needs at least 2"):
        expected(TYPICAL, *design)


@pytest.mark.parametrize("half_width", [0.0, 1.0, math.nan])
def test_a_half_width_that_cannot_be(half_width):
    with pytest.raises(ValueError, match="half_width must"):
        cheapest(TYPICAL, half_width)


# ------------------------------------------------------------------------- measured


def answers(rng, templates, questions, each, sd_template, sd_question):
    """Probabilities with additive effects of either side, so that the correlations are known: see `truth`."""
    template = np.repeat(np.arange(templates), each)
    question = np.concatenate([rng.permutation(questions)[:each] for _ in range(templates)])
    effect = (
        rng.choice([-1, 1], templates)[template] * sd_template + rng.choice([-1, 1], questions)[question] * sd_question
    )
    return (rng.random(len(template)) < 0.5 + effect).astype(float), template.tolist(), question.tolist()


def test_the_spread_of_simulated_answers_is_found_without_bias():
    rng = np.random.default_rng(3)
    found = [measured_spread(*answers(rng, 100, 50, 6, 0.25, 0.1)) for _ in range(150)]
    assert np.mean([spread.rate for spread in found]) == pytest.approx(0.5, abs=0.01)
    assert np.mean([spread.template for spread in found]) == pytest.approx(0.25**2 / 0.25, abs=0.012)
    assert np.mean([spread.question for spread in found]) == pytest.approx(0.1**2 / 0.25, abs=0.008)


def test_a_plan_gives_about_the_interval_that_was_expected():
    rng = np.random.default_rng(4)
    design = cheapest(Spread(0.5, 0.25, 0.04), 0.09, most_templates=80, most_questions=30)
    widths = []
    for _ in range(60):
        values, *ids = answers(rng, design.templates, design.questions, design.per_template, 0.25, 0.1)
        found = rate(values, *ids)
        widths.append((found.high - found.low) / 2)
    assert np.mean(widths) == pytest.approx(design.half_width, rel=0.08)


@pytest.mark.parametrize(
    "cells",
    [
        ([], [], []),
        ([1.0, 1.0], ["a", "b"], ["x", "y"]),
        ([1.0, 0.0], ["a", "a"], ["x", "y"]),
        ([1.0, 0.0], ["a", "b"], ["x", "x"]),
    ],
)
def test_where_it_cannot_be_told(cells):
    assert measured_spread(*cells) is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4)), max_size=40))
@settings(max_examples=200)
def test_any_design_gives_a_spread_that_can_be_or_none(cells):
    found = measured_spread([float(v) for v, _, _ in cells], [t for _, t, _ in cells], [q for _, _, q in cells])
    assert found is None or expected(found, 10, 10, 2).deff >= 1.0


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="one template and question"):
        measured_spread([1.0], ["a", "b"], ["x"])


def test_a_plans_outlook_is_that_of_its_clean_design():
    cells = [identity(f"t{t}", f"q{(t + q) % 5}") for t in range(10) for q in range(3)]
    twins = [identity(f"t{t}+twin", f"q{t % 5}") for t in range(10)]
    assert outlook([*cells, *twins, similarity("s1")]) == expected(TYPICAL, 10, 5, 3)


def test_bare_questions_and_a_lone_template_have_no_outlook():
    assert outlook([identity(question=f"q{n}") for n in range(9)]) is None
    assert outlook([identity("t1", f"q{n}") for n in range(9)]) is None
    assert outlook([]) is None
