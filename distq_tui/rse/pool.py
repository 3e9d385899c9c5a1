"""From per-prompt pair scores to one table of model pairs: means, excess, pool z and the ranking similarity.

Arrays are (M, M) over models, symmetric, NaN where a pair has no prompt in common; the diagonal is never read here.
The formulas are those of docs/similarity.md; standard deviations are sample ones (n - 1).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from distq_tui.rse.constants import UNRELATED_MEAN, UNRELATED_SD
from distq_tui.rse.voice import SD_FLOOR
from distq_tui.stats.crossed import NO_SPREAD

POOL_SIZE: Final = 8
"""Models from which on a pool z is defined."""

MIN_PAIRS: Final = 3
"""Pairs that a prompt needs to be centred, and other models that a model needs to have a pool z."""

_SD_SHARE: Final = 0.1
"""Ranking only: least standard deviation of a feature in a pool, as a share of the one among unrelated pairs."""

Matrix = NDArray[np.float64]


def off_diagonal(size: int) -> NDArray[np.bool_]:
    """The mask of the pairs of two different models, shape (size, size)."""
    return ~np.eye(size, dtype=bool)


def pool_sides(scores: Matrix, *, relatives: NDArray[np.bool_] | None = None, sd_floor: float = 0.0) -> Matrix:
    """z[a, b] = (S_ab - mu_a) / sd_a, mu and sd over the other models of a without b and without a's relatives.

    Args:
        scores: S, shape (M, M), NaN where unknown.
        relatives: mask of declared relatives, left out of mu and sd; symmetric.
        sd_floor: least standard deviation; at 0 a side without spread has no z.

    Returns:
        z, shape (M, M), not symmetric; NaN where S is unknown or fewer than `MIN_PAIRS` others are left.
    """
    used = np.isfinite(scores) & off_diagonal(len(scores))
    if relatives is not None:
        used &= ~relatives
    sides = np.full(scores.shape, np.nan)
    others = off_diagonal(len(scores))
    for model, row in enumerate(scores):
        # in two passes for each left-out model: a one-pass variance loses its digits to one large value
        kept = used[model] & others
        count = kept.sum(axis=1)
        mean = np.where(kept, row, 0.0).sum(axis=1) / np.maximum(count, 1)
        squares = np.where(kept, (row - mean[:, None]) ** 2, 0.0).sum(axis=1)
        sd = np.sqrt(squares / np.maximum(count - 1, 1))
        sd = np.maximum(sd, sd_floor) if sd_floor else np.where(sd > NO_SPREAD, sd, np.nan)
        sides[model] = np.where(count >= MIN_PAIRS, (row - mean) / sd, np.nan)
    return sides


def pool_z(scores: Matrix, *, relatives: NDArray[np.bool_] | None = None) -> Matrix:
    """Mean of both sides' z; NaN below `POOL_SIZE` models or where a side has none."""
    if _loaded(scores) < POOL_SIZE:
        return np.full(scores.shape, np.nan)
    sides = pool_sides(scores, relatives=relatives)
    return (sides + sides.T) / 2


def ranking(means: NDArray[np.float64], centred: NDArray[np.float64], voice: Matrix) -> Matrix:
    """The similarity to rank pairs by: equal-weight mean of the standardised features; any real number.

    From `POOL_SIZE` models on each feature is standardised by its pool z (on prompt-centred means, which matters where
    pairs do not share all prompts), and the voice is one more feature. Below that, and where a pair has no pool, the
    features are standardised by constants of unrelated pairs.

    Args:
        means: mean features, shape (F, M, M).
        centred: the same of features less their prompt's mean over all pairs, shape (F, M, M).
        voice: `voice.voice_similarity`, shape (M, M).
    """
    fixed = np.stack([(one - mean) / sd for one, mean, sd in zip(means, UNRELATED_MEAN, UNRELATED_SD, strict=True)])
    if _loaded(means[0]) < POOL_SIZE:
        return np.asarray(fixed.mean(axis=0))
    pooled = np.stack([_both_sides(one, sd * _SD_SHARE) for one, sd in zip(centred, UNRELATED_SD, strict=True)])
    features = np.where(np.isfinite(pooled), pooled, fixed)
    return np.asarray(np.concatenate([features, _both_sides(voice, SD_FLOOR)[None]]).mean(axis=0))


def _both_sides(scores: Matrix, sd_floor: float) -> Matrix:
    sides = pool_sides(scores, sd_floor=sd_floor)
    return np.where(np.isnan(sides), sides.T, np.where(np.isnan(sides.T), sides, (sides + sides.T) / 2))


def _loaded(scores: Matrix) -> int:
    """Models that have a pair at all."""
    return int((np.isfinite(scores) & off_diagonal(len(scores))).any(axis=1).sum())
