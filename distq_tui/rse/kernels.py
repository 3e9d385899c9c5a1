"""The array work behind pair scores: many pairs of one prompt at once, exactly as pair by pair.

Every function takes two lists of responses and gives one number a pair, shape (rows, columns). Where both are the same
list object all pairs of the list are meant, and much of the work is shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from distq_tui.rse.features import Features
from distq_tui.rse.tokens import from_points, points_of

Values = NDArray[np.float64]

_SURROGATES: Final = (0xD800, 0x800)
_AT_ONCE: Final = 1 << 15
"""N-grams in one product: bounds its memory however long the responses are."""

_FEW: Final = 4
"""Responses up to which recoding costs more than it saves."""


def token_overlap(rows: list[Features], columns: list[Features]) -> Values:
    """2 LCS / (m + n) over tokens; 1 for two responses without a token."""
    if rows is not columns or len(rows) <= _FEW:
        return _overlap([item.tokens for item in rows], [item.tokens for item in columns])
    lengths = np.array([len(item.tokens) for item in rows], float)
    recoded = _recoded([item.tokens for item in rows])
    kept = np.array([len(text) for text in recoded], float)
    # normalised Indel similarity of the recoded texts is 2 LCS / (their own lengths): scale it to the full lengths
    common = _overlap(recoded, recoded) * (kept[:, None] + kept[None, :])
    total = lengths[:, None] + lengths[None, :]
    overlap = np.where(total > 0, np.rint(common) / np.maximum(total, 1.0), 1.0)
    np.fill_diagonal(overlap, 1.0)  # a response's own tokens were left out
    return overlap


def line_overlap(rows: list[Features], columns: list[Features]) -> Values:
    """2 LCS / (m + n) over the kinds of lines; 1 for two responses without a line."""
    left = [item.lines for item in rows]
    return _overlap(left, left if rows is columns else [item.lines for item in columns])


def _overlap(left: list[str], right: list[str]) -> Values:
    """rapidfuzz's normalised Indel similarity is 2 LCS / (m + n); one list given twice halves the work."""
    # here and not above: reports and exports read this room's names and compare no texts
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cdist

    return np.asarray(cdist(left, right, scorer=Indel.normalized_similarity, dtype=np.float64))


def _recoded(texts: list[str]) -> list[str]:
    """The same sequences without the tokens that only one of them holds, the commonest tokens as code points below 256.

    No common subsequence changes. rapidfuzz finds a character below 256 in a table and any other in a hash map, so that
    this makes the comparison three times as fast.
    """
    points = np.concatenate([points_of(text) for text in texts])
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    distinct, token, counts = np.unique(points, return_inverse=True, return_counts=True)
    first, last = np.full(len(distinct), len(texts)), np.zeros(len(distinct), np.intp)
    np.minimum.at(first, token, owner)
    np.maximum.at(last, token, owner)
    shared = first < last
    code = np.empty(len(distinct), np.uint32)
    code[np.argsort(np.where(shared, -counts, 0), kind="stable")] = np.arange(len(distinct))
    start, width = _SURROGATES
    code[code >= start] += width
    kept = shared[token]
    ends = np.cumsum(np.bincount(owner[kept], minlength=len(texts)))[:-1]
    return [from_points(part) for part in np.split(code[token[kept]], ends)]


def ngram_jaccard(rows: list[Features], columns: list[Features]) -> Values:
    """Jaccard index of the n-gram sets; 0 for two empty sets."""
    shared = _shared_within(rows) if rows is columns else _shared_between(rows, columns)
    row_sizes = np.array([len(item.ngrams) for item in rows], float)[:, None]
    column_sizes = np.array([len(item.ngrams) for item in columns], float)[None, :]
    return np.asarray(shared / np.maximum(row_sizes + column_sizes - shared, 1.0))


def _shared_within(items: list[Features]) -> Values:
    """Common n-grams of every pair: a product of 0/1 rows over the n-grams that two responses or more hold."""
    _, column, holders = np.unique(
        np.concatenate([item.ngrams for item in items]), return_inverse=True, return_counts=True
    )
    owner = np.repeat(np.arange(len(items)), [len(item.ngrams) for item in items])
    common = holders > 1
    kept = common[column]
    owner, position = owner[kept], (np.cumsum(common) - 1)[column[kept]]
    total = int(common.sum())
    shared = np.zeros((len(items), len(items)))
    for start in range(0, total, _AT_ONCE):
        here = (position >= start) & (position < start + _AT_ONCE)
        member = np.zeros((len(items), min(_AT_ONCE, total - start)), np.float32)  # exact: counts stay below 2**24
        member[owner[here], position[here] - start] = 1.0
        shared += member @ member.T
    np.fill_diagonal(shared, [len(item.ngrams) for item in items])
    return shared


def _shared_between(rows: list[Features], columns: list[Features]) -> Values:
    return np.array([[_common(a.ngrams, b.ngrams) for b in columns] for a in rows], float)


def _common(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> int:
    if not len(a) or not len(b):
        return 0
    place = np.minimum(np.searchsorted(b, a), len(b) - 1)
    return int(np.count_nonzero(b[place] == a))


def shared_run(rows: Sequence[NDArray[np.int64]], columns: Sequence[NDArray[np.int64]]) -> Values:
    """Share of the positions that agree before the first difference; each row is one response's edge."""
    equal = np.stack(rows)[:, None, :] == np.stack(columns)[None, :, :]
    return np.asarray(np.logical_and.accumulate(equal, axis=2).mean(axis=2))
