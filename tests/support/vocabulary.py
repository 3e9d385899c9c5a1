"""Words that scripted answers are made of."""

from __future__ import annotations

WORDS = ("the", "river", "runs", "to", "a", "sea", "and", "keeps", "its", "time", "over", "stone", "under", "light")
