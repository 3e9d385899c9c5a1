"""The stylometric profile of one response: how it is written, whatever it says.

Each dimension is a rate or shape, standardised by constants (`constants`), cut at `LIMIT` standard deviations; the
vector is scaled to length 1, so that two profiles compare by a dot product. This is Cosine Delta (Smith & Aldridge
2011; Evert et al. 2017) on one response, with layout and length among the features.
"""

from __future__ import annotations

from string import ascii_uppercase
from typing import Final

import numpy as np
from numpy.typing import NDArray

from distq_tui.rse.constants import PROFILE_MEAN, PROFILE_SD
from distq_tui.rse.lines import KINDS
from distq_tui.rse.vocabulary import CLASSES

LIMIT: Final = 4.0
"""Standard deviations at which a dimension is cut: one odd answer must not be its whole profile."""

SD_FLOOR: Final = 0.15
"""Least standard deviation of a dimension: classes that the estimation sample hardly used stay usable."""

SHAPES: Final = ("characters", "sentence", "line", "word", "variety", "upper", "paragraph")
"""The dimensions after class rates and line kinds."""

SIZE: Final = len(CLASSES) + len(KINDS) + len(SHAPES)
"""Dimensions of a profile."""

_CAPITALS_IN: Final = 4_096
_RATE_SCALE: Final = 100.0
_ENDERS: Final = [CLASSES.index(sign) for sign in ".!?。！？"]
_BREAKS: Final = [CLASSES.index(name) for name in ("\n", "<paragraph>")]
_PARAGRAPH: Final = CLASSES.index("<paragraph>")
_SIGNS: Final = np.array([not (name[0].isalnum() or name in ("<word>", "<number>")) for name in CLASSES])


def raw_profile(text: str, hashes: NDArray[np.int64], classes: NDArray[np.int64], kinds: str) -> NDArray[np.float64]:
    """The dimensions before standardisation, shape (SIZE,): log rates per 100 tokens, log line kinds, shapes.

    Args:
        text: the response; only its length and capitals are read here.
        hashes: of its tokens.
        classes: of its tokens, indices into `CLASSES`.
        kinds: its lines, letters of `lines.KINDS`.
    """
    counts = np.bincount(classes, minlength=len(CLASSES)).astype(np.float64)
    total = max(1, len(classes))
    words = max(1.0, float(counts[~_SIGNS].sum()))
    shapes = (
        np.log1p(len(text)),
        np.log1p(words / (1 + counts[_ENDERS].sum())),
        np.log1p(words / (1 + counts[_BREAKS].sum())),
        len(text) / words,
        np.log(len(set(hashes.tolist())) / total) if len(hashes) else 0.0,
        np.log1p(_capitals(text)),
        np.log1p(words / (1 + counts[_PARAGRAPH])),
    )
    lines = [np.log1p(kinds.count(kind)) for kind in KINDS]
    return np.concatenate([np.log1p(counts * (_RATE_SCALE / total)), lines, shapes])


def _capitals(text: str) -> int:
    """Latin capitals among the first characters, counted by what deleting them takes away."""
    start = text[:_CAPITALS_IN].encode("ascii", "ignore")
    return len(start) - len(start.translate(None, ascii_uppercase.encode()))


def profile(raw: NDArray[np.float64]) -> NDArray[np.float64]:
    """The raw profile standardised, cut and scaled to length 1 (all zero stays all zero)."""
    standard = np.clip((raw - _MEAN) / _SD, -LIMIT, LIMIT)
    return np.asarray(standard / max(float(np.linalg.norm(standard)), 1e-12))


_MEAN: Final = np.array(PROFILE_MEAN)
_SD: Final = np.maximum(np.array(PROFILE_SD), SD_FLOOR)
