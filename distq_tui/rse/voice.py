"""How alike two models write over all prompts together: the two features that are no means of pair scores.

One answer says little about its writer; a model's mean over prompts says more. Each answer's signature is taken less
the mean signature of all answers to its prompt, which removes the prompt's own style, and averaged over the model's
prompts. Over the loaded models each dimension is then standardised and cut, and two models compare by the cosine: this
is Cosine Delta (Smith & Aldridge 2011) as it was meant, on whole bodies of text. A signature has two parts, compared
apart: the stylometric profile, and the set of words that the answer opens with. Both exist only within a pool, so that
they rank and are no aspects.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from distq_tui.rse.features import Features
from distq_tui.rse.profile import SIZE
from distq_tui.rse.tokens import points_of

OPENING_TOKENS: Final = 16
"""Tokens at the start of an answer whose set is the second part of its signature."""

BUCKETS: Final = 1_024
"""Dimensions of that set: tokens are hashed, a bucket is 1 where one of them falls into it."""

SIGNATURE: Final = SIZE + BUCKETS
"""Dimensions of a signature."""

LIMIT: Final = 2.0
"""Standard deviations over models at which a dimension is cut: one odd model must not be the pool's only contrast."""

SD_FLOOR: Final = 0.02
"""Least standard deviation of the cosines of a model, a tenth of the usual one in a pool of unrelated models."""

_LEAST_SPREAD: Final = 1e-9
_LEAST_NORM: Final = 1e-2  # of a row of standard scores: far below it only rounding is left of a voice


def signature(item: Features) -> NDArray[np.float64]:
    """The profile, then the buckets of the opening's tokens; shape (SIGNATURE,)."""
    opening = np.zeros(BUCKETS)
    opening[points_of(item.tokens[:OPENING_TOKENS]) % BUCKETS] = 1.0
    return np.concatenate([item.profile, opening])


def voice_similarity(total: NDArray[np.float64], count: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosines of every two models' profiles and openings, shape (2, M, M); NaN for a model that shares no prompt.

    Args:
        total: sums over prompts of signature less the prompt's mean signature, shape (M, SIGNATURE).
        count: prompts in the sum, shape (M,).
    """
    cosines = np.full((2, len(count), len(count)), np.nan)
    heard = np.flatnonzero(count)
    if len(heard) > 1:
        mean = total[heard] / count[heard, None]
        cosines[:, heard[:, None], heard] = [_delta(mean[:, :SIZE]), _delta(mean[:, SIZE:])]
    return cosines


def _delta(mean: NDArray[np.float64]) -> NDArray[np.float64]:
    mean = mean - mean.mean(axis=0)
    sd = mean.std(axis=0, ddof=1)
    spread = sd > _LEAST_SPREAD
    standard = np.clip(mean[:, spread] / sd[spread], -LIMIT, LIMIT)
    standard /= np.maximum(np.linalg.norm(standard, axis=1, keepdims=True), _LEAST_NORM)
    return np.asarray(standard @ standard.T)
