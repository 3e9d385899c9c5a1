"""The length-matched similarity: length explains part of how alike two answers look, so it stands beside RSE.

It is the mean over the prompts whose two answers are about equally long: the longer has at most 1.25 times the
characters of the shorter (caliper matching, Cochran & Rubin 1973, on the one covariate that is known to matter). A pair
that is alike only because both models write long, or short, is not higher there than elsewhere; docs/evidence.md has
the measurement. Prompts that are not matched say nothing, so it has an n of its own.
"""

from __future__ import annotations

from typing import Final

CALIPER: Final = 1.25
"""Greatest ratio of the two lengths."""


def length(text: str) -> int:
    """Characters of an answer without the space around it."""
    return len(text.strip())


def matched(a: int, b: int) -> bool:
    """Whether two lengths (characters, `length`) are about equal; 0 matches only 0."""
    return max(a, b) <= CALIPER * min(a, b)
