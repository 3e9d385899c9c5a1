"""Agreement of judges, detectors and people beyond what chance gives. None where it is undefined: 0 / 0."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from distq_tui.stats.crossed import Floats


def cohen_kappa(a: Sequence[Hashable], b: Sequence[Hashable]) -> float | None:
    """Cohen's kappa of two raters' nominal labels (one per item, same order); None where both use one same label.

    Cohen 1960, "A coefficient of agreement for nominal scales". None without items, too.

    Raises:
        ValueError: lengths differ.
    """
    if len(a) != len(b):
        raise ValueError(f"{len(a)} labels against {len(b)}")
    index = {label: code for code, label in enumerate(dict.fromkeys([*a, *b]))}
    table = _table([index[label] for label in a], [index[label] for label in b], len(index))
    return _kappa(table, 1.0 - np.eye(len(index)))


def cohen_kappa_of_counts(counts: Mapping[tuple[Hashable, Hashable], int]) -> float | None:
    """`cohen_kappa` from how often each pair of labels was given: at a cost that does not grow with the items."""
    index = {label: code for code, label in enumerate(dict.fromkeys(label for pair in counts for label in pair))}
    table = np.zeros((len(index), len(index)))
    for (first, second), count in counts.items():
        table[index[first], index[second]] += count
    return _kappa(table, 1.0 - np.eye(len(index)))


def weighted_kappa(a: ArrayLike, b: ArrayLike, times: ArrayLike = 1.0) -> float | None:
    """Quadratic weighted kappa of two raters' grades (finite numbers, shape [k]): a miss costs its square.

    Cohen 1968, "Weighted kappa". It depends on the grades' distances alone, so grades that nobody gave change nothing.
    None without items, or where both raters give one same grade throughout. `times`: how often each of these pairs of
    grades was given; shape [k], or one number for all.

    Raises:
        ValueError: lengths differ, or a grade is not finite.
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"grades of shape {first.shape} against {second.shape}")
    if not (np.all(np.isfinite(first)) and np.all(np.isfinite(second))):
        raise ValueError("grades must be finite")
    grades, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    table = _table(codes[: len(first)], codes[len(first) :], len(grades), times)
    return _kappa(table, np.subtract.outer(grades, grades) ** 2)


def ordinal_alpha(ratings: ArrayLike, times: ArrayLike = 1.0) -> float | None:
    """Krippendorff's alpha for ordinal grades of shape [raters, items], NaN where a rater gave none.

    Krippendorff 2011, "Computing Krippendorff's alpha-reliability": the distance of two grades is the number of given
    grades from the one to the other, counting both ends by half. Items with fewer than two grades say nothing. None
    where no item can be paired or only one grade was given. `times`: how many items got the same grades as this one;
    shape [items], or one number for all.

    Raises:
        ValueError: not two-dimensional, or a grade is infinite.
    """
    array = np.asarray(ratings, dtype=np.float64)
    if array.ndim != 2 or np.any(np.isinf(array)):
        raise ValueError("ratings must be finite (or NaN for none) and of shape [raters, items]")
    given = ~np.isnan(array)
    array = np.where(given.sum(axis=0) >= 2, array, np.nan)
    grades = np.unique(array[~np.isnan(array)])
    # counts[item, grade]; each item's ordered pairs of grades weigh 1 / (its number of grades - 1)
    counts = (array[:, :, None] == grades).sum(axis=0).astype(np.float64)
    pairs = counts / np.maximum(counts.sum(axis=1, keepdims=True) - 1.0, 1.0)
    pairs *= np.broadcast_to(np.asarray(times, dtype=np.float64), array.shape[1])[:, None]
    coincidences = pairs.T @ counts - np.diag(pairs.sum(axis=0))
    totals = coincidences.sum(axis=1)
    middles = np.cumsum(totals) - totals / 2.0
    distances = np.subtract.outer(middles, middles) ** 2
    expected = float((np.outer(totals, totals) * distances).sum())
    if expected == 0.0:
        return None
    observed = float((coincidences * distances).sum())
    return 1.0 - (float(totals.sum()) - 1.0) * observed / expected


def _table(
    a: Sequence[int] | NDArray[np.intp], b: Sequence[int] | NDArray[np.intp], size: int, times: ArrayLike = 1.0
) -> Floats:
    """Joint counts of two raters' codes, each pair so many times; shape [size, size]."""
    table = np.zeros((size, size))
    np.add.at(table, (np.asarray(a, dtype=np.intp), np.asarray(b, dtype=np.intp)), times)
    return table


def _kappa(table: Floats, costs: Floats) -> float | None:
    """1 - observed cost / cost expected of independent raters with these margins."""
    expected = float((np.outer(table.sum(axis=1), table.sum(axis=0)) * costs).sum())
    if expected == 0.0:
        return None
    return 1.0 - float((table * costs).sum()) * float(table.sum()) / expected
