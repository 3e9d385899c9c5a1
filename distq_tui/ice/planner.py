"""How many templates and questions a plan needs for an interval of a wanted width, at the least cost."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from distq_tui.plan.design import BARE
from distq_tui.plan.trial import Probe
from distq_tui.prompts.sets import TWIN_SUFFIX
from distq_tui.stats.crossed import Floats, Grouping, normal_quantile, outcomes, t_quantile, tail
from distq_tui.stats.rate import wilson


@dataclass(frozen=True, slots=True)
class Spread:
    """How alike answers are: the rate, and the correlations of two answers that share a template, or a question.

    Raises:
        ValueError: a number outside [0, 1], or correlations that add up to more than 1.
    """

    rate: float
    template: float
    question: float

    def __post_init__(self) -> None:
        if not all(0.0 <= value <= 1.0 for value in (self.rate, self.template, self.question)):
            raise ValueError(f"rate and correlations must lie in [0, 1], not {self}")
        if self.template + self.question > 1.0 + 1e-9:
            raise ValueError(f"the correlations must add up to at most 1, not {self}")


TYPICAL = Spread(0.3, 0.2, 0.06)
"""What is assumed before anything was measured: the rate and correlations that the intervals were tried at."""

NARROW = 0.05
"""A half-width to aim at: rates that are .1 apart are then told apart."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What one call of one model costs, and what one more template or question costs to write; any one unit."""

    call: float = 1.0
    template: float = 0.0
    question: float = 0.0


@dataclass(frozen=True, slots=True)
class Design:
    """A plan and what it is expected to give.

    Attributes:
        templates, questions: how many of each; `per_template` questions go under each template.
        calls: templates x per_template, of one model with one sample.
        cost: in the unit of the costs.
        half_width: of the two-sided interval, expected.
        deff: the design effect, expected.
    """

    templates: int
    questions: int
    per_template: int
    calls: int
    cost: float
    half_width: float
    deff: float


def expected(
    spread: Spread,
    templates: int,
    questions: int,
    per_template: int,
    *,
    costs: Costs | None = None,
    level: float = 0.95,
    fixed_questions: bool = False,
) -> Design:
    """What a balanced plan gives: each of G templates with k of Q questions, each question equally often.

    The variance of its rate is p(1-p) (a/G + b/Q + (1 - a - b)/(G k)), a and b the correlations of answers that share a
    template or a question; the half-width is that of `rate`: Wilson on (n / deff) (z / t)^2. With `fixed_questions` the
    estimand is this list of questions: b/Q is no error, and t has G - 1 degrees of freedom.

    Raises:
        ValueError: fewer than 2 templates (or questions, where they are not fixed), or more questions a template than
            there are.
    """
    units = templates if fixed_questions else min(templates, questions)
    if units < 2 or not 1 <= per_template <= questions:
        raise ValueError("needs at least 2 templates and questions, and 1 to `questions` a template")
    calls = templates * per_template
    share = spread.template / templates + (1.0 - spread.template - spread.question) / calls
    if not fixed_questions:
        share += spread.question / questions
    deff = max(1.0, share * calls)
    z, t = normal_quantile(1.0 - tail(level)), t_quantile(1.0 - tail(level), units - 1)
    low, high = wilson(np.asarray(spread.rate), np.asarray(calls / deff * (z / t) ** 2), z)
    prices = costs or Costs()
    cost = calls * prices.call + templates * prices.template + questions * prices.question
    return Design(templates, questions, per_template, calls, cost, float(high - low) / 2.0, deff)


def outlook(probes: Iterable[Probe]) -> Design | None:
    """What a plan's templates and questions are expected to give, if its answers are as alike as is typical.

    Primed twins are left out: they double the calls, not what is known of clean templates. None under two templates or
    questions, where nothing is known beforehand.
    """
    cells = [
        (probe.template, probe.question)
        for probe in probes
        if probe.kind == "identity" and probe.template != BARE and not (probe.template or "").endswith(TWIN_SUFFIX)
    ]
    templates, questions = (len(set(ids)) for ids in zip(*cells, strict=True)) if cells else (0, 0)
    if min(templates, questions) < 2:
        return None
    return expected(TYPICAL, templates, questions, max(1, round(len(cells) / templates)))


def cheapest(
    spread: Spread,
    half_width: float,
    *,
    costs: Costs | None = None,
    most_templates: int = 500,
    most_questions: int = 50,
    level: float = 0.95,
    fixed_questions: bool = False,
) -> Design | None:
    """The cheapest plan whose interval is expected to be no wider than +- `half_width`; None where none is in reach.

    Where question variance alone is wider than that, no number of templates helps: `narrowest` says how far it goes.
    With `fixed_questions` the list has `most_questions`, and only how many of them go under a template is chosen.

    Raises:
        ValueError: a half-width that is not between 0 and 1.
    """
    if not 0.0 < half_width < 1.0:
        raise ValueError(f"half_width must lie between 0 and 1, not {half_width}")

    def plan(templates: int, questions: int, per_template: int) -> Design:
        return expected(
            spread, templates, questions, per_template, costs=costs, level=level, fixed_questions=fixed_questions
        )

    found: list[Design] = []
    for questions, per_template in _choices(most_questions, fixed_questions=fixed_questions):
        if plan(most_templates, questions, per_template).half_width > half_width:
            continue
        low, high = 2, most_templates  # the half-width falls with every template: the fewest that do, by bisection
        while low < high:
            middle = (low + high) // 2
            low, high = (
                (low, middle) if plan(middle, questions, per_template).half_width <= half_width else (middle + 1, high)
            )
        found.append(plan(low, questions, per_template))
    return min(found, key=lambda design: (design.cost, design.half_width), default=None)


def narrowest(
    spread: Spread,
    *,
    most_templates: int = 500,
    most_questions: int = 50,
    level: float = 0.95,
    fixed_questions: bool = False,
) -> Design:
    """The plan with everything asked: no plan within reach gives a narrower interval."""
    return expected(
        spread, most_templates, most_questions, most_questions, level=level, fixed_questions=fixed_questions
    )


def _choices(most: int, *, fixed_questions: bool) -> Iterator[tuple[int, int]]:
    """Numbers of questions, and how many of them go under each template."""
    for questions in range(most if fixed_questions else 2, most + 1):
        for per_template in range(1, questions + 1):
            yield questions, per_template


def measured_spread(values: ArrayLike, templates: Sequence[Hashable], questions: Sequence[Hashable]) -> Spread | None:
    """The spread of answers that are there (outcomes in [0, 1], shape [n]); None where it can't be told.

    By moments: the mean product of two answers that share a template (a question) but no cell, less that of two that
    share nothing, over the same of an answer with itself. Any design will do; a negative estimate counts as 0.

    Raises:
        ValueError: lengths differ, or a value is outside [0, 1] or not finite.
    """
    array = outcomes(values)
    if array.ndim != 1 or not len(array) == len(templates) == len(questions):
        raise ValueError("one template and question id for each value")
    if len(array) == 0:
        return None
    rate = float(array.mean())
    residuals = array - rate
    cells = list(zip(templates, questions, strict=True))
    in_cells, own = _products(residuals, cells), (float((residuals**2).sum()), len(array))
    by_template, by_question = (_less(_products(residuals, ids), in_cells) for ids in (templates, questions))
    whole = (float(residuals.sum()) ** 2, len(array) ** 2)
    apart = _less(_less(_less(whole, by_template), by_question), in_cells)
    if apart[1] == 0 or min(by_template[1], by_question[1]) < 0:
        return None
    unrelated = apart[0] / apart[1]
    total = own[0] / own[1] - unrelated
    if total <= 0.0:
        return None
    shares = [
        max(0.0, (sums / pairs - unrelated) / total) if pairs else 0.0 for sums, pairs in (by_template, by_question)
    ]
    scale = max(1.0, math.fsum(shares))
    return Spread(rate, shares[0] / scale, shares[1] / scale)


def _products(residuals: Floats, ids: Sequence[Hashable]) -> tuple[float, int]:
    """Sum of products over all ordered pairs with the same id, an answer with itself too, and how many they are."""
    groups = Grouping.of(ids)
    sums, sizes = groups.sums(residuals), groups.sums(np.ones_like(residuals))
    return float((sums**2).sum()), int((sizes**2).sum())


def _less(a: tuple[float, int], b: tuple[float, int]) -> tuple[float, int]:
    return a[0] - b[0], a[1] - b[1]
