"""How alike two models write over all prompts together: the one feature that is not a mean of pair scores.

One answer's profile is noisy; a model's mean profile is not. Each answer's profile is taken less the mean profile of
all answers to its prompt, which removes the prompt's own style, and averaged over the model's prompts. Over the loaded
models each dimension is then standardised and cut, and two models compare by the cosine: Cosine Delta (Smith & Aldridge
2011) as it was meant, on whole bodies of text. It exists only within a pool, so that it ranks and is no aspect.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

LIMIT: Final = 2.0
"""Standard deviations over models at which a dimension is cut: one odd model must not be the pool's only contrast."""

SD_FLOOR: Final = 0.02
"""Least standard deviation of the cosines of a model, a tenth of the usual one in a pool of unrelated models."""

_LEAST_SPREAD: Final = 1e-9
_LEAST_NORM: Final = 1e-2  # of a row of standard scores: far below it only rounding is left of a voice


def voice_similarity(total: NDArray[np.float64], count: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosine of every two models' voices, shape (M, M); NaN for a model without a prompt shared with another.

    Args:
        total: sums over prompts of profile less the prompt's mean profile, shape (M, profile.SIZE).
        count: prompts in the sum, shape (M,).
    """
    cosines = np.full((len(count), len(count)), np.nan)
    heard = np.flatnonzero(count)
    if len(heard) < 2:
        return cosines
    mean = total[heard] / count[heard, None]
    mean = mean - mean.mean(axis=0)
    sd = mean.std(axis=0, ddof=1)
    spread = sd > _LEAST_SPREAD
    standard = np.clip(mean[:, spread] / sd[spread], -LIMIT, LIMIT)
    standard /= np.maximum(np.linalg.norm(standard, axis=1, keepdims=True), _LEAST_NORM)
    cosines[np.ix_(heard, heard)] = standard @ standard.T
    return cosines
