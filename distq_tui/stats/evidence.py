"""Is a pair's score more than chance? The null is other, unrelated pairs; and asking many questions has its price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from distq_tui.stats.crossed import NO_SPREAD, Floats, outcomes, t_upper_tail


def holm(p: ArrayLike) -> Floats:
    """Return Holm-adjusted p-values of one family of claims (shape [k]), in the order given (Holm 1979).

    Raises:
        ValueError: a p-value is outside [0, 1] or not finite.
    """
    array = outcomes(p).reshape(-1)
    order = np.argsort(array, kind="stable")
    scaled = array[order] * np.arange(len(array), 0, -1)
    adjusted = np.empty_like(array)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(scaled)) if len(array) else scaled
    return adjusted


class Claim(Protocol):
    """A frozen dataclass with a p of its own, None where nothing was tested, and a place for the one in its family."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def p(self) -> float | None:
        """Of this claim alone."""
        ...

    @property
    def p_holm(self) -> float | None:
        """Within its family."""
        ...


C = TypeVar("C", bound=Claim)


def in_one_family(claims: Sequence[C]) -> list[C]:
    """The claims with their `p_holm`; what was not tested is no member of the family and stays as it is."""
    adjusted = iter(holm([claim.p for claim in claims if claim.p is not None]))
    return [claim if claim.p is None else replace(claim, p_holm=float(next(adjusted))) for claim in claims]


def prediction_p(score: float, controls: ArrayLike) -> float | None:
    """One-sided p that a new pair's score is as high as `score`, were it one more of the c control pairs.

    t(c - 1) prediction on (score - mean) / (sd * sqrt(1 + 1/c)): the unit of the null is the model pair, so more
    prompts do not help. One score for each control family. None, "inconclusive", with fewer than 3 controls, or
    where all of them score the same (up to rounding).

    Raises:
        ValueError: a score is not finite.
    """
    null = _scores(score, controls)
    c = len(null)
    if c < 3 or np.ptp(null) <= NO_SPREAD:
        return None
    statistic = (score - null.mean()) / (null.std(ddof=1) * np.sqrt(1.0 + 1.0 / c))
    return t_upper_tail(float(statistic), c - 1)


def rank_p(score: float, controls: ArrayLike) -> float:
    """One-sided p by rank, (1 + #{controls >= score}) / (1 + c): free of any shape, but it needs c >= 19 for .05.

    Raises:
        ValueError: a score is not finite.
    """
    null = _scores(score, controls)
    return (1 + int(np.count_nonzero(null >= score))) / (1 + len(null))


def _scores(score: float, controls: ArrayLike) -> Floats:
    null = np.asarray(controls, dtype=np.float64).reshape(-1)
    if not np.isfinite(score) or not np.all(np.isfinite(null)):
        raise ValueError("scores must be finite")
    return null
