"""All model pairs of one prompt set: sums per pair, and the columns that are read from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distq_tui.rse.compare import ASPECT_WEIGHTS, FEATURES, RSE_WEIGHTS
from distq_tui.rse.pool import MIN_PAIRS, off_diagonal, pool_z, ranking
from distq_tui.rse.profile import SIZE
from distq_tui.rse.voice import voice_similarity
from distq_tui.stats.crossed import NO_SPREAD


@dataclass(slots=True, eq=False)
class PairSums:
    """Running sums over prompts for each pair of models; adding a prompt costs nothing per prompt already in.

    Attributes:
        count: prompts in common, shape (M, M); the diagonal counts prompts with two samples of a model.
        total: sums of the features, shape (F, M, M).
        centred_count, centred: the same over prompts with at least `pool.MIN_PAIRS` pairs, each feature less its mean
            over that prompt's pairs.
        excess_count, excess: sums of the RSE standardised over the prompt's pairs, shape (M, M).
        voice_count, voice: prompts of each model that another answered too, shape (M,), and sums over them of its
            profile less the mean profile of the prompt, shape (M, profile.SIZE).
    """

    count: NDArray[np.float64]
    total: NDArray[np.float64]
    centred_count: NDArray[np.float64]
    centred: NDArray[np.float64]
    excess_count: NDArray[np.float64]
    excess: NDArray[np.float64]
    voice_count: NDArray[np.float64]
    voice: NDArray[np.float64]

    @classmethod
    def zeros(cls, models: int) -> PairSums:
        """Sums over no prompt."""
        square, stack = (models, models), (len(FEATURES), models, models)
        shapes = (square, stack, square, stack, square, square, (models,), (models, SIZE))
        return cls(*(np.zeros(shape) for shape in shapes))

    def add(self, present: NDArray[np.intp], block: NDArray[np.float64], profiles: NDArray[np.float64]) -> None:
        """Add one prompt.

        Args:
            present: indices of the models that answered it, shape (m,), distinct.
            block: features of their pairs, shape (F, m, m), NaN on the diagonal of a model with one sample.
            profiles: their profiles, mean over samples, shape (m, profile.SIZE).
        """
        if len(present) > 1:
            self.voice_count[present] += 1
            self.voice[present] += profiles - profiles.mean(axis=0)
        here = np.ix_(present, present)
        known = np.isfinite(block[0])
        pairs = known & off_diagonal(len(present))
        self.count[here] += known
        self.total[:, here[0], here[1]] += np.where(known, block, 0.0)
        if int(pairs.sum()) // 2 < MIN_PAIRS:
            return
        self.centred_count[here] += known
        centre = block[:, pairs].mean(axis=1)
        self.centred[:, here[0], here[1]] += np.where(known, block - centre[:, None, None], 0.0)
        rse = np.tensordot(RSE_WEIGHTS, block, 1)
        sd = rse[pairs].std() * np.sqrt(pairs.sum() / max(1, pairs.sum() - 2))  # each pair stands there twice
        if sd > NO_SPREAD:
            self.excess_count[here] += known
            self.excess[here] += np.where(known, (rse - rse[pairs].mean()) / sd, 0.0)


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair of models over the prompts they have in common; `excess` and `pool_z` are None where undefined."""

    model_a: str
    model_b: str
    similarity: float
    content: float
    structure: float
    style: float
    excess: float | None
    pool_z: float | None
    n: int

    @property
    def rse(self) -> float:
        """The mean of the three aspects, in [0, 1]."""
        return (self.content + self.structure + self.style) / 3


def pair_rows(models: Sequence[str], sums: PairSums, *, relatives: NDArray[np.bool_] | None = None) -> list[PairRow]:
    """A row for every unordered pair with a prompt in common, in the order of `models`."""
    with np.errstate(invalid="ignore", divide="ignore"):  # 0/0 is the NaN of a pair without a common prompt
        means = sums.total / sums.count
        centred = sums.centred / sums.centred_count
        excess = sums.excess / sums.excess_count
    aspects = np.tensordot(ASPECT_WEIGHTS, means, 1)
    z = pool_z(np.tensordot(RSE_WEIGHTS, means, 1), relatives=relatives)
    similarity = ranking(means, centred, voice_similarity(sums.voice, sums.voice_count))
    return [
        PairRow(
            model_a=models[a],
            model_b=models[b],
            similarity=float(similarity[a, b]),
            content=float(aspects[0, a, b]),
            structure=float(aspects[1, a, b]),
            style=float(aspects[2, a, b]),
            excess=_known(excess[a, b]),
            pool_z=_known(z[a, b]),
            n=int(sums.count[a, b]),
        )
        for a in range(len(models))
        for b in range(a + 1, len(models))
        if sums.count[a, b]
    ]


def _known(value: np.float64) -> float | None:
    return float(value) if np.isfinite(value) else None
