"""Pair scores: six features of two responses to one prompt, and the three aspects made of them.

Features, each in [0, 1], 1 for identical texts:
    rouge_l: 2 LCS / (m + n), the F1 of the longest common subsequence of tokens (ROUGE-L; Lin 2004).
    ngram: Jaccard index of the sets of token trigrams (Broder 1997).
    lines: 2 LCS / (m + n) of the two sequences of line kinds.
    profile: (1 + cosine) / 2 of the stylometric profiles (Cosine Delta; Smith & Aldridge 2011).
    opening: share of the first eight tokens that agree before the first difference.
    ending: the same from the last token backwards.

Aspects: content = (rouge_l + ngram) / 2; structure = lines; style = (2 profile + opening + ending) / 4.
RSE = (content + structure + style) / 3. Two empty responses are alike (1), an empty and a non-empty one are not (0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from distq_tui.rse.features import Features
from distq_tui.rse.kernels import line_overlap, ngram_jaccard, shared_run, token_overlap

FEATURES: Final = ("rouge_l", "ngram", "lines", "profile", "opening", "ending")
"""Order of the first axis of every block."""

ASPECTS: Final = ("content", "structure", "style")
"""Order of the rows of `ASPECT_WEIGHTS`."""

ASPECT_WEIGHTS: Final = np.array(
    [[1 / 2, 1 / 2, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0], [0, 0, 0, 1 / 2, 1 / 4, 1 / 4]],
)
"""Aspects = ASPECT_WEIGHTS @ features, shape (3, 6); each row sums to 1."""

RSE_WEIGHTS: Final = ASPECT_WEIGHTS.mean(axis=0)
"""RSE = RSE_WEIGHTS @ features."""

Block = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PairScore:
    """How alike two responses to one prompt are; every value lies in [0, 1]."""

    content: float
    structure: float
    style: float

    @property
    def rse(self) -> float:
        """The mean of the three aspects."""
        return (self.content + self.structure + self.style) / 3


def pair_score(values: NDArray[np.float64]) -> PairScore:
    """The aspects of one pair from its features, shape (6,)."""
    content, structure, style = (ASPECT_WEIGHTS @ values).tolist()
    return PairScore(content, structure, style)


def compare(a: Features, b: Features) -> PairScore:
    """The score of two responses to the same prompt; symmetric."""
    return pair_score(row_block(a, [b])[:, 0])


def row_block(one: Features, others: Sequence[Features]) -> Block:
    """Features of one response against each of the others, shape (6, len(others))."""
    return _block([one], list(others))[:, 0, :]


def pair_block(items: Sequence[Features]) -> Block:
    """Features of all pairs of responses to one prompt, shape (6, len(items), len(items)), symmetric.

    Equal to comparing pair by pair (the profile up to rounding), and much cheaper.
    """
    both = list(items)
    return _block(both, both)


def _block(rows: list[Features], columns: list[Features]) -> Block:
    block = np.empty((len(FEATURES), len(rows), len(columns)))
    block[0] = token_overlap(rows, columns)
    block[1] = ngram_jaccard(rows, columns)
    block[2] = line_overlap(rows, columns)
    cosine = np.stack([item.profile for item in rows]) @ np.stack([item.profile for item in columns]).T
    block[3] = np.clip((1 + cosine) / 2, 0, 1)
    block[4] = shared_run([item.opening for item in rows], [item.opening for item in columns])
    block[5] = shared_run([item.ending for item in rows], [item.ending for item in columns])
    row_empty = np.array([item.empty for item in rows])[:, None]
    column_empty = np.array([item.empty for item in columns])[None, :]
    if row_empty.any() or column_empty.any():
        block[:, row_empty != column_empty] = 0.0
        block[:, row_empty & column_empty] = 1.0
    return block
