"""What is said where a filter lets no prompt through: the term that can match nothing here, and what is near. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from distq_tui.tui.lines.filters import IS_WORDS, SCORE, TERMS
from distq_tui.tui.live import LiveRun
from distq_tui.tui.text import words

NEAR = 60
"""Percent of alikeness from which a word is taken for another one mistyped."""
LISTED = 4
"""Words that are listed where none is near."""


def unmatched(live: LiveRun, query: str) -> str:
    """`is:faild matches nothing (is:failed?)`, or that no prompt matches where each term could."""
    for word in query.split():
        meant = _meant(live, word)
        if meant is not None:
            return f"{word} matches nothing ({' or '.join(meant)}?)" if meant else f"{word} matches nothing"
    return f"no prompt matches {query!r}"


def _meant(live: LiveRun, word: str) -> list[str] | None:
    """What may be meant by a term that can match nothing here; None where it can, or is no term."""
    name, colon, value = word.lower().partition(":")
    if not colon or not value:
        wants_score = name.startswith("score") and any(sign in name for sign in "<>=")
        return ["score>0.6", "score<=.5"] if wants_score and SCORE.fullmatch(name) is None else None
    if name not in TERMS:
        near = process.extractOne(name, TERMS, scorer=fuzz.ratio, score_cutoff=NEAR)
        return [f"{near[0]}:{value}"] if near is not None else None
    known = _known(live, name)
    if value in known if name in {"is", "lang"} else any(value in one.lower() for one in known):
        return None
    near_values = [one for one, _, _ in process.extract(value, known, scorer=fuzz.WRatio, score_cutoff=NEAR, limit=2)]
    return [f"{name}:{one}" for one in near_values or known[:LISTED]]


def _known(live: LiveRun, name: str) -> list[str]:
    """What may stand after a term's name in this run."""
    match name:
        case "is":
            return [*words.GLYPHS, *IS_WORDS]
        case "model":
            return list(live.titles)
        case "lang":
            return _once(probe.language.lower() for probe in live.probes.values())
        case _:
            return _once(probe.set_name for probe in live.probes.values())


def _once(values: Iterable[str]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value]
