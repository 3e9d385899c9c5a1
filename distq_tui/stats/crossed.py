"""Cluster sums and the two-way cluster-robust variance that every crossed interval and test here rests on.

A cell is one (template, question) pair; repeats of a request are values in the same cell. The functions take a batch of
outcomes over one design (last axis = values), so that a simulation runs the very code that the app shows.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Basis: TypeAlias = Literal["two-way", "by template", "by question", "one cluster"]
"""Whose variation the variance holds: both crossed dimensions, one of them, or nothing that could be estimated."""
NO_SPREAD = 1e-12
"""Scores no further apart are the same but for rounding; to divide by so little would make certainty of it."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """A partition of n positions into `count` non-empty groups, stored as a sort order and the start of each group."""

    order: NDArray[np.intp]
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, ids: Sequence[Hashable]) -> Grouping:
        """Group positions by equal ids (any hashable, mixed types too); groups keep the order of first appearance."""
        seen: dict[Hashable, int] = {}
        codes = np.fromiter((seen.setdefault(key, len(seen)) for key in ids), dtype=np.intp, count=len(ids))
        order = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[order], np.arange(len(seen)))
        return cls(order, starts)

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.starts)

    def sums(self, values: Floats) -> Floats:
        """Sum `values` (shape [..., n]) within groups: shape [..., count]."""
        return np.asarray(np.add.reduceat(values[..., self.order], self.starts, axis=-1), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Crossed:
    """A crossed design: which template and which question each of n >= 1 values belongs to, and what varies.

    `cells` (template and question) are grouped where both vary, and None where only one does.
    """

    templates: Grouping
    questions: Grouping
    cells: Grouping | None
    n: int
    basis: Basis

    @classmethod
    def of(
        cls, templates: Sequence[Hashable], questions: Sequence[Hashable], *, fixed_questions: bool = False
    ) -> Crossed:
        """Read a design from one template id and one question id per value.

        With one template only (bare questions: template 0) the statement is about that template, and each question is
        a cluster; with one question, or with `fixed_questions` (the estimand is this very list), each template is.

        Raises:
            ValueError: lengths differ, or there are no values.
        """
        if len(templates) != len(questions):
            raise ValueError(f"{len(templates)} template ids for {len(questions)} question ids")
        if len(templates) == 0:
            raise ValueError("a design needs at least one value")
        by_template, by_question = Grouping.of(templates), Grouping.of(questions)
        basis: Basis = "two-way"
        if by_template.count == 1 and (fixed_questions or by_question.count == 1):
            basis = "one cluster"
        elif fixed_questions or by_question.count == 1:
            basis = "by template"
        elif by_template.count == 1:
            basis = "by question"
        by_cell = Grouping.of(list(zip(templates, questions, strict=True))) if basis == "two-way" else None
        return cls(by_template, by_question, by_cell, len(templates), basis)

    @property
    def units(self) -> int:
        """Number of independent units that the interval may count on: min(G, Q), or G or Q where only one varies."""
        if self.basis == "two-way":
            return min(self.templates.count, self.questions.count)
        return self.questions.count if self.basis == "by question" else self.templates.count

    @property
    def clusters(self) -> int:
        """Number of clusters to name beside a figure: templates, or questions where those are the clusters."""
        return self.questions.count if self.basis == "by question" else self.templates.count

    def variance(self, values: Floats) -> Floats:
        """Cluster-robust variance of the mean of `values` (shape [..., n]): shape [...]; NaN for one cluster.

        Two-way: V_template + V_question - V_cell, not below any of the three (Cameron, Gelbach & Miller 2011, "Robust
        inference with multiway clustering", JBES 29; the floor keeps it positive and conservative). V_cell sums
        residuals within a cell before squaring, so repeats of one request do not pass for independent cells.
        """
        if self.basis == "one cluster":
            return np.full(values.shape[:-1], np.nan)
        residuals = values - values.mean(axis=-1, keepdims=True)
        if self.basis == "by template":
            return self._one_way(residuals, self.templates)
        if self.basis == "by question" or self.cells is None:
            return self._one_way(residuals, self.questions)
        v_template = self._one_way(residuals, self.templates)
        v_question = self._one_way(residuals, self.questions)
        v_cell = (self.cells.sums(residuals) ** 2).sum(axis=-1) / self.n**2
        floor = np.maximum(np.maximum(v_template, v_question), v_cell)
        return np.asarray(np.maximum(v_template + v_question - v_cell, floor))

    def _one_way(self, residuals: Floats, groups: Grouping) -> Floats:
        squares = (groups.sums(residuals) ** 2).sum(axis=-1)
        return np.asarray(groups.count / (groups.count - 1) * squares / self.n**2)


def outcomes(values: ArrayLike, low: float = 0.0, high: float = 1.0) -> Floats:
    """Return `values` as floats; raise ValueError for a value that is not finite or lies outside [low, high]."""
    array = np.asarray(values, dtype=np.float64)
    if not np.all((array >= low) & (array <= high) & np.isfinite(array)):
        raise ValueError(f"values must be finite and lie in [{low:g}, {high:g}]")
    return array


def tail(level: float) -> float:
    """Probability left on each side of a two-sided interval at `level`; ValueError unless 0 < level < 1."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    return (1.0 - level) / 2.0


def normal_quantile(probability: float) -> float:
    """Quantile of the standard normal distribution."""
    return NormalDist().inv_cdf(probability)


def warm() -> None:
    """Import what the first interval needs: 0.2 s of CPU that a run can spend while it waits for answers."""
    t_quantile(0.975, 1)


@lru_cache(maxsize=1024)
def t_quantile(probability: float, df: int) -> float:
    """Quantile of Student's t with `df` >= 1 degrees of freedom (cached: a live score asks for the same few)."""
    from scipy.special import stdtrit

    return float(stdtrit(df, probability))


def t_upper_tail(statistic: float, df: int) -> float:
    """P(T > statistic) for Student's t with `df` >= 1 degrees of freedom."""
    from scipy.special import stdtr

    return float(stdtr(df, -statistic))
