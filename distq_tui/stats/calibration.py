"""What a detector's or judge's rate becomes once a person has labelled some of its answers blind.

Labels are drawn at random within strata: one verdict of the detector for one model in one language. Where another
verdict is held against the same labels, a judge's, it divides those strata further. The share of true answers in each
part is known with a binomial error, whatever the templates do; how the answers themselves stand for all that could have
been asked is another error, and both are in the interval.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from distq_tui.stats.crossed import Crossed, normal_quantile, outcomes, t_quantile, tail
from distq_tui.stats.rate import rate_limits, wilson

Limits = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stratum:
    """Answers that were drawn from alike and have the same verdict.

    Attributes:
        group: the domain that they count for: a model and language.
        drawn: the verdict by which answers were drawn for labelling: the detector's, on one measure or on several.
        verdict: the verdict that is calibrated.
        total, labelled, positive: all of them, those labelled blind, and those of them labelled true.

    Raises:
        ValueError: not 0 <= positive <= labelled <= total.
    """

    group: Hashable
    drawn: Hashable
    verdict: bool
    total: int
    labelled: int
    positive: int

    def __post_init__(self) -> None:
        if not 0 <= self.positive <= self.labelled <= self.total:
            raise ValueError(f"needs 0 <= positive <= labelled <= total, not {self}")


@dataclass(frozen=True, slots=True)
class Share:
    """An estimated probability with its two-sided limits."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How a detector or judge does against blind labels; None where no label speaks for it.

    `sensitivity`: the share of true answers with a positive verdict; `specificity`: of false ones with a negative one.
    `labelled` of `total` answers were labelled, in the strata that could be used.
    """

    sensitivity: Share | None
    specificity: Share | None
    labelled: int
    total: int


@dataclass(frozen=True, slots=True)
class CorrectedRate:
    """A rate as it is once errors are accounted for; `apparent` is that of the verdicts, `labelled` the labels used.

    Its limits hold for a fixed number of answers; whoever has another number leaves them out (None).
    """

    value: float
    low: float | None
    high: float | None
    apparent: float
    n: int
    labelled: int
    method: str


def strata_of(answers: Iterable[tuple[Hashable, Hashable, bool, bool | None]]) -> tuple[Stratum, ...]:
    """Count (group, drawn by, verdict, blind label or None) into strata, in order of first appearance."""
    totals: Counter[tuple[Hashable, Hashable, bool]] = Counter()
    labelled: Counter[tuple[Hashable, Hashable, bool]] = Counter()
    positive: Counter[tuple[Hashable, Hashable, bool]] = Counter()
    for group, drawn, verdict, label in answers:
        place = (group, drawn, bool(verdict))
        totals[place] += 1
        labelled[place] += label is not None
        positive[place] += label is True
    return tuple(Stratum(*key, total, labelled[key], positive[key]) for key, total in totals.items())


def accuracy(strata: Iterable[Stratum], *, level: float = 0.95) -> Accuracy:
    """Sensitivity and specificity, each stratum weighted by its size; groups that were not drawn from are left out.

    Each is a share a / (a + b) of two sums over disjoint strata, with limits from those of a and b (Donner & Zou 2012,
    "Closed-form confidence intervals for functions of the normal mean and standard deviation", SMMR 21: MOVER-R). To
    the labels' error comes that of the answers, which stand for all that might be given: Wilson on the number of true
    (false) ones.
    """
    used = [stratum for group in _usable(strata) for stratum in group]
    z = normal_quantile(1.0 - tail(level))
    yes, no = ([stratum for stratum in used if stratum.verdict is verdict] for verdict in (True, False))
    return Accuracy(
        sensitivity=_share(_sum(yes, z), _sum(no, z), z),
        specificity=_share(_sum(no, z, of_true=False), _sum(yes, z, of_true=False), z),
        labelled=sum(stratum.labelled for stratum in used),
        total=sum(stratum.total for stratum in used),
    )


def corrected_rate(
    verdicts: ArrayLike,
    templates: Sequence[Hashable],
    questions: Sequence[Hashable],
    strata: Sequence[Stratum],
    *,
    pool: Sequence[Stratum] = (),
    level: float = 0.95,
) -> CorrectedRate | None:
    """The rate of what the verdicts (shape [n], 0 or 1) stand for, corrected by blind labels; None where it can't be.

    The difference estimator where labels were drawn from the domain's own `strata`: the verdicts' rate plus the labels'
    mean deviation from the verdicts. Else Rogan & Gladen 1978 ("Estimating prevalence from the results of a screening
    test", AJE 107) by sensitivity and specificity over `pool` (other models' strata), only where they add up to more
    than 1: it takes for granted that errors are as frequent here as there.

    Limits add the squares of the distances that each independent error alone would give (MOVER, Zou & Donner 2008,
    "Construction of confidence limits about effect measures", Statist. Med. 27): labels by Wilson within their stratum
    with the finite population's correction, answers by Wilson on the effective sample of `rate`, with the verdicts'
    design effect.

    Raises:
        ValueError: lengths differ, a verdict is not 0 or 1, or the strata do not count the verdicts.
    """
    array = outcomes(verdicts)
    if array.ndim != 1 or not len(array) == len(templates) == len(questions) or np.any((array != 0) & (array != 1)):
        raise ValueError("verdicts must be 0 or 1, with one template and question id for each")
    if [int(array.sum()), len(array)] != [sum(s.total for s in strata if s.verdict), sum(s.total for s in strata)]:
        raise ValueError("the strata must count the verdicts")
    if len(array) == 0:
        return None
    design = Crossed.of(templates, questions)
    if design.basis == "one cluster":
        return None
    z = normal_quantile(1.0 - tail(level))
    t = t_quantile(1.0 - tail(level), design.units - 1)
    effective = len(array) / float(rate_limits(array, design, level=level).deff) * (z / t) ** 2
    apparent = float(array.mean())
    if _drawn_from(strata):
        return _difference(strata, apparent, effective, z)
    return _rogan_gladen(accuracy(pool, level=level), apparent, effective, z, len(array))


def _difference(strata: Sequence[Stratum], apparent: float, effective: float, z: float) -> CorrectedRate:
    n = sum(stratum.total for stratum in strata)
    count, (low, high) = _sum(strata, z)
    value = min(max(count / n, 0.0), 1.0)
    sampled = _wilson(value, effective, z)
    below = math.hypot(value - sampled[0], value - low / n)
    above = math.hypot(sampled[1] - value, high / n - value)
    labelled = sum(stratum.labelled for stratum in strata)
    limits = max(0.0, value - below), min(1.0, value + above)
    return CorrectedRate(value, *limits, apparent, n, labelled, "difference estimator")


def _rogan_gladen(found: Accuracy, apparent: float, effective: float, z: float, n: int) -> CorrectedRate | None:
    sensitivity, specificity = found.sensitivity, found.specificity
    if sensitivity is None or specificity is None or sensitivity.value + specificity.value <= 1.0:
        return None

    def prevalence(rate: float, sens: float, spec: float) -> float:
        power = sens + spec - 1.0
        return (rate + spec - 1.0) / power if power > 0.0 else math.copysign(math.inf, rate + spec - 1.0)

    low, high = _wilson(apparent, effective, z)
    value = prevalence(apparent, sensitivity.value, specificity.value)
    # one error at a time, each in the direction that lowers (raises) the rate
    down = (
        prevalence(low, sensitivity.value, specificity.value),
        prevalence(apparent, sensitivity.high, specificity.value),
        prevalence(apparent, sensitivity.value, specificity.low),
    )
    up = (
        prevalence(high, sensitivity.value, specificity.value),
        prevalence(apparent, sensitivity.low, specificity.value),
        prevalence(apparent, sensitivity.value, specificity.high),
    )
    below, above = (math.hypot(*(limit - value for limit in limits)) for limits in (down, up))
    value, low, high = (min(max(limit, 0.0), 1.0) for limit in (value, value - below, value + above))
    method = "Rogan-Gladen, sensitivity and specificity of other answers"
    return CorrectedRate(value, low, high, apparent, n, found.labelled, method)


def _usable(strata: Iterable[Stratum]) -> list[list[Stratum]]:
    """The groups that labels were drawn from."""
    groups: dict[Hashable, list[Stratum]] = {}
    for stratum in strata:
        groups.setdefault(stratum.group, []).append(stratum)
    return [group for group in groups.values() if _drawn_from(group)]


def _drawn_from(strata: Sequence[Stratum]) -> bool:
    """Whether there are labels on all sides of the drawing, as far as there are answers."""
    totals: Counter[tuple[Hashable, Hashable]] = Counter()
    labelled: Counter[tuple[Hashable, Hashable]] = Counter()
    for stratum in strata:
        totals[stratum.group, stratum.drawn] += stratum.total
        labelled[stratum.group, stratum.drawn] += stratum.labelled
    return all(labelled[side] for side, total in totals.items() if total)


def _sum(strata: Sequence[Stratum], z: float, *, of_true: bool = True) -> tuple[float, Limits]:
    """How many answers of these strata are true (or false), estimated, with limits by MOVER."""
    total = below = above = 0.0
    for stratum in strata:
        share, low, high = _labelled_share(stratum, z, of_true=of_true)
        total += stratum.total * share
        below += (stratum.total * (share - low)) ** 2
        above += (stratum.total * (high - share)) ** 2
    return total, (max(0.0, total - math.sqrt(below)), total + math.sqrt(above))


def _labelled_share(stratum: Stratum, z: float, *, of_true: bool) -> tuple[float, float, float]:
    """Share of true (or false) answers in a stratum; Wilson, with no error left once all are labelled.

    The draw may have missed a small one (a judge contradicts the detector now and then): anything is possible in it.
    """
    if stratum.labelled == 0:
        return 0.5, 0.0, 1.0
    hits = stratum.positive if of_true else stratum.labelled - stratum.positive
    share = hits / stratum.labelled
    rest = stratum.total - stratum.labelled
    if rest == 0:
        return share, share, share
    effective = stratum.labelled * (stratum.total - 1) / rest
    return share, *_wilson(share, effective, z)


def _share(a: tuple[float, Limits], b: tuple[float, Limits], z: float) -> Share | None:
    """a / (a + b) of independent sums; None where both are 0."""
    size = a[0] + b[0]
    if size == 0.0:
        return None
    value = a[0] / size
    low, high = 1.0 / (1.0 + _ratio_limit(b, a)), 1.0 - 1.0 / (1.0 + _ratio_limit(a, b))
    sampled = _wilson(value, size, z)
    below = math.hypot(max(0.0, value - low), value - sampled[0])
    above = math.hypot(max(0.0, high - value), sampled[1] - value)
    return Share(value, max(0.0, value - below), min(1.0, value + above))


def _wilson(value: float, n: float, z: float) -> Limits:
    low, high = wilson(np.asarray(value, dtype=np.float64), np.asarray(n, dtype=np.float64), z)
    return min(value, max(0.0, float(low))), max(value, min(1.0, float(high)))


def _ratio_limit(top: tuple[float, Limits], bottom: tuple[float, Limits]) -> float:
    """Upper limit of top / bottom (both >= 0, independent); infinite where the bottom may be 0."""
    (over, (_, upper)), (under, (lower, _)) = top, bottom
    spread = lower * (2.0 * under - lower)
    if spread <= 0.0:
        return math.inf
    product = over * under
    return (product + math.sqrt(max(0.0, product**2 - upper * (2.0 * over - upper) * spread))) / spread
