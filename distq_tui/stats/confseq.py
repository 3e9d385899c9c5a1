"""An interval for a mean that stays valid however often one looks and whenever one stops: a confidence sequence.

Users watch scores move and stop when they like; an interval for a fixed n is wrong then. One gambler for each candidate
mean m bets that the values lie above it, another that they lie below; a fair game does not make anybody rich, so a
candidate whose gambler multiplied the stake by 2/alpha is ruled out, for good (Waudby-Smith & Ramdas 2024, "Estimating
means of bounded random variables by betting", JRSS B 86: hedged capital, predictable plug-in bets).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from distq_tui.stats.crossed import Floats

GRID = 1000
"""Candidate means are 0, 1/GRID, ... 1: the limits are exact to a thousandth, rounded outward."""
CAP = 0.75
"""Share of the stake that a bet may lose at worst: the larger of the paper's two suggestions for c.

At rates near 0 it gives intervals a quarter narrower after 25 and 100 templates than 0.5, at rates near 0.5 about the
same. Any value under 1 is valid.
"""


class ConfidenceSequence:
    """Anytime-valid interval for the mean of values in [0, 1], fed one value (a closed cluster) at a time.

    Valid when each value has the same mean given those before it; the running intersection is kept, so intervals are
    nested. Deterministic; O(candidates still in) for each value.

    Values may have weights, where clusters differ in size: what is bet on one is then its share of the stake, which is
    fair for the weighted mean where clusters come in random order and a bet is placed before the weight is known.

    Args:
        level: probability that the interval holds the mean at every moment at once.

    Raises:
        ValueError: level is not between 0 and 1.
    """

    def __init__(self, level: float = 0.95) -> None:
        if not 0.0 < level < 1.0:
            raise ValueError(f"level must lie between 0 and 1, not {level}")
        self.level = level
        self._threshold = math.log(2.0 / (1.0 - level))
        self._candidates: Floats = np.linspace(0.0, 1.0, GRID + 1)
        with np.errstate(divide="ignore"):
            self._cap_above: Floats = CAP / self._candidates
            self._cap_below: Floats = self._cap_above[::-1].copy()
        self._above: Floats = np.zeros(GRID + 1)  # log capital of the bets that the mean is above the candidate
        self._below: Floats = np.zeros(GRID + 1)
        self._low, self._high = 0, GRID
        self._count = 0
        self._weights = 0.0
        self._total = 0.0
        self._squares = 0.25  # the plug-in variance starts at its greatest possible value, as one pseudo-observation
        self._contradicted = False

    @property
    def count(self) -> int:
        """Number of values (clusters) so far."""
        return self._count

    @property
    def value(self) -> float | None:
        """(Weighted) mean of the values so far; None before the first. It may leave the interval where values drift."""
        return self._total / self._weights if self._count else None

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper limit now; (0, 1) before the first value."""
        return float(self._candidates[self._low]), float(self._candidates[self._high])

    @property
    def contradicted(self) -> bool:
        """Whether every candidate was ruled out (by chance at most 1 - level): the values drift, the interval stays."""
        return self._contradicted

    def update(self, value: float, weight: float = 1.0) -> None:
        """Take the next value; ValueError unless it lies in [0, 1], and its weight in (0, 1]."""
        if not (0.0 <= value <= 1.0 and 0.0 < weight <= 1.0):
            raise ValueError(f"value must lie in [0, 1] and weight in (0, 1], not {value} and {weight}")
        self._settle(float(value), weight, self._next_bet())
        self._count += 1
        self._weights += weight
        self._total += weight * value
        plug_in_mean = (0.5 + self._total) / (self._weights + 1.0)
        self._squares += (weight * (value - plug_in_mean)) ** 2

    def extend(self, values: Iterable[float]) -> ConfidenceSequence:
        """Take values in order and return self."""
        for value in values:
            self.update(value)
        return self

    def _next_bet(self) -> float:
        """Bet before its caps, from the past alone (the paper's predictable plug-in)."""
        step = self._count + 1
        variance = self._squares / step
        return math.sqrt(2.0 * self._threshold / (variance * step * math.log1p(step)))

    def _settle(self, value: float, weight: float, bet: float) -> None:
        """Pay out the bets of the candidates still in, and rule out.

        Capital above falls with the candidate and capital below rises with it, so what is ruled out is an end piece
        each, and the limits on the grid err outward.
        """
        if self._contradicted:
            return
        open_ = slice(self._low, self._high + 1)
        gain = weight * (value - self._candidates[open_])
        self._above[open_] += np.log1p(np.minimum(bet, self._cap_above[open_]) * gain)
        self._below[open_] += np.log1p(-np.minimum(bet, self._cap_below[open_]) * gain)
        too_low = np.flatnonzero(self._above[open_] >= self._threshold)
        too_high = np.flatnonzero(self._below[open_] >= self._threshold)
        low = self._low + int(too_low[-1]) if too_low.size else self._low
        high = self._low + int(too_high[0]) if too_high.size else self._high
        if low >= high:
            self._contradicted = True
        else:
            self._low, self._high = low, high
