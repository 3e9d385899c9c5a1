"""The similarity of all models in one pass over all texts, prompt by prompt.

It gives what `matrix.SimilarityMatrix` gives, at a fraction of its cost and with memory that does not grow with the
number of prompts; it cannot be added to afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from distq_tui.rse.compare import FEATURES, pair_block
from distq_tui.rse.features import features
from distq_tui.rse.table import PairRow, PairSums, pair_rows

Answers = Mapping[str, Mapping[tuple[str, int], str]]
"""prompt id -> (model, sample) -> response."""


def score_answers(answers: Answers) -> list[PairRow]:
    """Every pair of models with a prompt in common, models in alphabetical order.

    A pair's score on a prompt is the mean over pairs of their samples. Responses without a visible character are no
    answers and must have been left out.
    """
    models = sorted({model for cells in answers.values() for model, _ in cells})
    index = {model: place for place, model in enumerate(models)}
    sums = PairSums.zeros(len(models))
    for cells in answers.values():
        owners = np.array([index[model] for model, _ in cells])
        items = [features(text) for text in cells.values()]
        sums.add(*_by_model(owners, pair_block(items), np.stack([item.profile for item in items])))
    return pair_rows(models, sums)


def _by_model(
    owners: NDArray[np.intp], block: NDArray[np.float64], profiles: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """The models, their mean over pairs of samples (of distinct samples on the diagonal, else NaN), mean profiles."""
    present, owner = np.unique(owners, return_inverse=True)
    if len(present) == len(owners):
        order = np.argsort(owners)
        means = block[:, order[:, None], order]
        means[:, np.arange(len(order)), np.arange(len(order))] = np.nan
        return present, means, profiles[order]
    member = (owner[:, None] == np.arange(len(present))).astype(float)
    size = member.sum(axis=0)
    number = np.outer(size, size)
    total = np.einsum("ia,fij,jb->fab", member, block, member, optimize=True)
    own = np.einsum("ia,fi->fa", member, np.diagonal(block, axis1=1, axis2=2))
    for feature in range(len(FEATURES)):
        total[feature][np.diag_indices(len(present))] -= own[feature]
    np.fill_diagonal(number, size * (size - 1))
    means = np.where(number > 0, total / np.maximum(number, 1), np.nan)
    return present, means, member.T @ profiles / size[:, None]
