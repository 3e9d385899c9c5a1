"""What a tree of models is made of: the aspects of all pairs prompt by prompt, and similarities for any prompt weights.

A bootstrap draw is a weight for each prompt, so that the means of all draws are one matrix product, and pool z is
computed for all draws at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from distq_tui.rse.compare import ASPECT_WEIGHTS, ASPECTS
from distq_tui.rse.matrix import SimilarityMatrix
from distq_tui.rse.pool import MIN_PAIRS, off_diagonal

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Scale = Literal["pool z", "RSE"]
"""Pool z has no upper end, RSE lies in [0, 1]."""

Cell = tuple[str, str, str, Sequence[float]]
"""Prompt, one model, another model, and content, structure and style of their answers, each in [0, 1]."""

_LEAST_VARIANCE: Final = 1e-18


@dataclass(frozen=True, slots=True, eq=False)
class AspectScores:
    """Aspects of all pairs prompt by prompt: shape (3, P, M, M), symmetric; NaN where a pair has no score.

    `relatives` masks the pairs of declared relatives, shape (M, M), symmetric; None = none are declared.
    """

    models: tuple[str, ...]
    prompts: tuple[str, ...]
    values: Floats
    relatives: Mask | None = None

    @classmethod
    def of(
        cls, cells: Iterable[Cell], models: Sequence[str] = (), relatives: Collection[frozenset[str]] = ()
    ) -> AspectScores:
        """Collect cells; several of one prompt and pair (samples) are averaged. `models` come first in the order."""
        names, prompts = {name: place for place, name in enumerate(models)}, dict[str, int]()
        listed: list[tuple[int, int, int]] = []
        triples: list[Sequence[float]] = []
        for prompt, one, other, triple in cells:
            places = (names.setdefault(one, len(names)), names.setdefault(other, len(names)))
            listed.append((prompts.setdefault(prompt, len(prompts)), *places))
            triples.append(triple)
        shape = (len(prompts), len(names), len(names))
        total, count = np.zeros((len(ASPECTS), *shape)), np.zeros(shape)
        if listed:
            p, a, b = np.array(listed).T
            for rows, columns in ((a, b), (b, a)):
                np.add.at(count, (p, rows, columns), 1)
                for aspect, values in enumerate(np.asarray(triples, float).T):
                    np.add.at(total[aspect], (p, rows, columns), values)
        with np.errstate(invalid="ignore"):
            values = np.where(count > 0, total / count, np.nan)
        values[:, :, np.arange(len(names)), np.arange(len(names))] = np.nan
        kin = np.array([[frozenset((one, other)) in relatives for other in names] for one in names], dtype=bool)
        return cls(tuple(names), tuple(prompts), values, kin.reshape(len(names), len(names)))

    @property
    def rse(self) -> Floats:
        """Mean of the aspects, shape (P, M, M)."""
        return np.asarray(self.values.mean(axis=0))


def cells_of(matrix: SimilarityMatrix) -> Iterator[Cell]:
    """The cells of a live matrix; a model's pair with itself is left out."""
    for place, one in enumerate(matrix.models):
        for other in matrix.models[place + 1 :]:
            scores = matrix.per_prompt(one, other)
            for prompt, triple in zip(scores.prompts, (ASPECT_WEIGHTS @ scores.values).T, strict=True):
                yield prompt, one, other, triple


def similarity_of(values: Floats, weights: Floats, scale: Scale, relatives: Mask | None = None) -> Floats:
    """Similarity matrices, shape (B, M, M), of `AspectScores.values` under prompt weights of shape (B, P)."""
    size = values.shape[-1]
    a, b = np.triu_indices(size, 1)
    pairs = values[:, :, a, b]
    known = np.isfinite(pairs[0])
    count = weights @ known.astype(float)
    total = np.zeros((len(weights), size, size))
    for aspect in pairs:
        with np.errstate(invalid="ignore"):
            mean = (weights @ np.where(known, aspect, 0.0)) / np.where(count > 0, count, np.nan)
        square = np.full((len(weights), size, size), np.nan)
        square[:, a, b] = square[:, b, a] = mean
        total += pool_z_of(square, relatives) if scale == "pool z" else square
    return total / len(pairs)


def pool_z_of(similarity: Floats, relatives: Mask | None = None) -> Floats:
    """`pool.pool_sides` averaged over both sides, for a batch of matrices, shape (..., M, M).

    Each row is centred first, so that sums of squares keep their digits; without a floor.
    """
    known = np.isfinite(similarity) & off_diagonal(similarity.shape[-1])
    used = known if relatives is None else known & ~relatives
    filled = np.where(known, similarity, 0.0)
    count = used.sum(axis=-1, keepdims=True)
    centred = filled - np.where(used, filled, 0.0).sum(axis=-1, keepdims=True) / np.maximum(count, 1)
    counted = np.where(used, centred, 0.0)
    others = count - used
    first = counted.sum(axis=-1, keepdims=True) - counted
    second = (counted**2).sum(axis=-1, keepdims=True) - counted**2
    mean = first / np.maximum(others, 1)
    variance = (second - others * mean**2) / np.maximum(others - 1, 1)
    known &= (others >= MIN_PAIRS) & (variance > _LEAST_VARIANCE)
    sides = np.where(known, (centred - mean) / np.sqrt(np.maximum(variance, _LEAST_VARIANCE)), np.nan)
    return np.asarray((sides + np.swapaxes(sides, -1, -2)) / 2)
