"""What is kept of one response so that it compares with any other response to the same prompt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from distq_tui.rse.lines import line_kinds
from distq_tui.rse.profile import profile, raw_profile
from distq_tui.rse.tokens import as_string, numbered_tokens

VERSION: Final = "rse-offline/1"
"""Scorer version: raised whenever the score of any pair of texts changes."""

NGRAM: Final = 3
"""Tokens of an n-gram."""

EDGE: Final = 8
"""Tokens of the opening, and of the ending, that are compared."""

_MIX: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """One response, ready to be compared; about 12 bytes a token and 3 kB.

    Attributes:
        tokens: the tokens, one code point each (`tokens.as_string`).
        ngrams: sorted distinct hashes of its token trigrams (of the whole answer where it is shorter), uint64.
        lines: its skeleton, one letter a line (`lines.KINDS`).
        profile: stylometric profile of length 1 (`profile.profile`), shape (profile.SIZE,), float64.
        opening: hashes of its first `EDGE` tokens, zero-padded, int64.
        ending: hashes of its last `EDGE` tokens, last first, zero-padded, int64.
    """

    tokens: str
    ngrams: NDArray[np.uint64]
    lines: str
    profile: NDArray[np.float64]
    opening: NDArray[np.int64]
    ending: NDArray[np.int64]

    @property
    def empty(self) -> bool:
        """Whether the response holds no visible character."""
        return not self.tokens


def features(text: str) -> Features:
    """The features of one response; at most `tokens.MAX_CHARS` characters of it are read, whatever its length."""
    text = text.strip()
    hashes, classes = numbered_tokens(text)
    kinds = line_kinds(text)
    return Features(
        tokens=as_string(hashes),
        ngrams=_ngrams(hashes),
        lines=kinds,
        profile=profile(raw_profile(text, hashes, classes, kinds)),
        opening=_edge(hashes[:EDGE]),
        ending=_edge(hashes[: -EDGE - 1 : -1]),
    )


def _ngrams(hashes: NDArray[np.int64]) -> NDArray[np.uint64]:
    size = min(NGRAM, len(hashes))
    starts = max(0, len(hashes) - size + 1) if size else 0
    mixed = np.zeros(starts, np.uint64)
    for offset in range(size):
        mixed = mixed * _MIX + hashes[offset : offset + starts].astype(np.uint64)
    mixed.sort()
    return mixed[np.append(mixed[1:] != mixed[:-1], True)] if len(mixed) else mixed


def _edge(hashes: NDArray[np.int64]) -> NDArray[np.int64]:
    padded = np.zeros(EDGE, np.int64)
    padded[: len(hashes)] = hashes
    return padded
