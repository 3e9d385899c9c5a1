"""What is said where a filter lets no prompt through: the term that can match nothing here, and what is near. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from distq_tui.tui import words
from distq_tui.tui.filters import IS_WORDS, SCORE, TERMS
from distq_tui.tui.live import LiveRun

NEAR = 60
"""Percent of alikeness from which a word is taken for another one mistyped."""
LISTED = 4
"""Words that are listed where none is near."""


def unmatched(live: LiveRun, query: str) -> str:
    """`is:faild: is:failed?`, or that no prompt matches where each term could."""
    for word in query.split():
        if told := _mistyped(live, word):
            return told
    return f"no prompt matches {query!r}"


def _mistyped(live: LiveRun, word: str) -> str:
    name, colon, value = word.lower().partition(":")
    if not colon or not value:
        wants_score = name.startswith("score") and any(sign in name for sign in "<>=")
        return f"{word}: score>0.6, score<=.5?" if wants_score and SCORE.fullmatch(name) is None else ""
    if name not in TERMS:
        meant = process.extractOne(name, TERMS, scorer=fuzz.ratio, score_cutoff=NEAR)
        return f"{word}: {meant[0]}:{value}?" if meant is not None else ""
    known = _known(live, name)
    if value in known if name in {"is", "lang"} else any(value in one.lower() for one in known):
        return ""
    near = process.extract(value, known, scorer=fuzz.WRatio, score_cutoff=NEAR, limit=2)
    offered = [f"{name}:{one}" for one, _, _ in near] or [f"{name}:{one}" for one in known[:LISTED]]
    return f"{word}: {' or '.join(offered)}?" if offered else f"{word}: there is none here"


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
