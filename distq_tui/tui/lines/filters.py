"""A filter of prompts, as words and `is:`, `lang:`, `set:`, `model:`, `score>` terms; what those say of a row. Pure."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from distq_tui.tui.live import LiveRun, Row

IS_WORDS = {"contradiction": "conflict"}
"""Words after `is:` for a state of another name."""
TERMS = ("is", "lang", "set", "model")
"""What may stand before a colon."""
SCORE = re.compile(r"score(>=|<=|>|<)([01]?\.?\d+)")
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed filter; every part must hold, and of a part with several values any one.

    Where models are named, the states are those of their own answers, and without a state a contradicting one is meant.
    """

    states: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    scores: tuple[tuple[str, float], ...] = ()
    text: str = ""

    @property
    def of_answers(self) -> bool:
        """Whether it takes the answers to tell; the rest is told by the prompts."""
        return bool(self.states or self.models or self.scores)


def parse(query: str) -> Query:
    """`is:conflict lang:zh who made you` as a Query; an unknown `is:` word matches nothing."""
    states, languages, sets, models, scores, rest = [], [], [], [], [], []
    for word in query.split():
        if (bound := SCORE.fullmatch(word.lower())) is not None:
            scores.append((bound[1], float(bound[2])))
            continue
        name, _, value = word.partition(":")
        match name if value else "":
            case "is":
                states.append(IS_WORDS.get(value.lower(), value.lower()))
            case "lang":
                languages.append(value.lower())
            case "set":
                sets.append(value.lower())
            case "model":
                models.append(value.lower())
            case _:
                rest.append(word)
    return Query(tuple(states), tuple(languages), tuple(sets), tuple(models), tuple(scores), " ".join(rest))


def asks_answers(query: str) -> bool:
    """Whether answers that come may change what the filter lets through."""
    return parse(query).of_answers


def share_seen(live: LiveRun, query: str) -> float:
    """How much of what the filter looks at is there, in [0, 1]: less than 1 while a stored session is read."""
    if live.whole:
        return 1.0
    have, of = (live.state.done, live.state.total) if asks_answers(query) else (len(live.rows), live.lines)
    return have / of if of else 0.0


def holds(live: LiveRun, row: Row, wanted: Query) -> bool:
    """Whether every part of the filter but its words lets the row through."""
    if wanted.models:
        states = wanted.states or ("conflict",)
        if not any(_answer_state(live, title, row) in states for title in _named(live, wanted.models)):
            return False
    elif wanted.states and live.state_of(row) not in wanted.states:
        return False
    probe = live.probes.get(row[0])
    if wanted.languages and (probe is None or probe.language.lower() not in wanted.languages):
        return False
    if wanted.sets and (probe is None or not any(name in probe.set_name.lower() for name in wanted.sets)):
        return False
    if wanted.scores:
        score = live.similarity(row[0])
        if score is None or not all(_COMPARED[sign](score, bound) for sign, bound in wanted.scores):
            return False
    return True


def _named(live: LiveRun, names: tuple[str, ...]) -> list[str]:
    return [title for title in live.titles if any(name in title.lower() for name in names)]


def _answer_state(live: LiveRun, title: str, row: Row) -> str:
    """One answer's state, in the words of the list."""
    cell = live.cell(title, row)
    if cell is None:
        return "waiting" if live.whole else "unread"
    return "conflict" if cell.verdict is not None and cell.verdict.loose else cell.state
