"""The prompt list's words: names short enough for their line that still differ, and what a row asks. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

from rich.cells import cell_len

from distq_tui.tui.live import LiveRun, Row
from distq_tui.tui.text import words
from distq_tui.tui.text.spans import Span, width_of

LEAST = 8
"""Columns below which nothing can be told apart; narrower names are left to the line's own end."""
CURSOR = 1
"""Columns of the cursor's marker."""
BEFORE_NAME = 4
"""Columns of the cursor's marker, the state's sign and letter, and a blank."""
SCORE = 5
"""Columns of a similarity in [0, 1] and the blank before it."""
BESIDE_SCORE = 12
"""Columns that names must have left for scores to be shown."""


def short_names(ids: Iterable[str], width: int) -> dict[str, str]:
    """Each id in at most `width` characters, no two alike.

    An id is cut in its middle. Those that look alike then lose the beginning that they share; those that still do are
    numbered in their order.
    """
    every = list(dict.fromkeys(ids))
    room = max(width, LEAST)
    names = {name: words.middle(name, room) for name in every}
    for alike in _alike(names):
        shared = _shared(min(alike), max(alike))  # what the first and the last in order share, all do
        for name in alike:
            names[name] = words.middle("…" + name[shared:], room)
    taken = set(names.values())
    for alike in _alike(names):
        number = 0
        for name in alike[1:]:
            while (numbered := _numbered(name, number, room)) in taken:
                number += 1
            names[name] = numbered
            taken.add(numbered)
    return names


def _alike(names: dict[str, str]) -> list[list[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name, shown in names.items():
        groups[shown].append(name)
    return [group for group in groups.values() if len(group) > 1]


def _shared(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _numbered(name: str, number: int, width: int) -> str:
    tail = f"~{number + 2}"
    return words.middle(name, width - len(tail)) + tail


NAMED_AT_ONCE = 5000
"""Prompts whose names are made while the list is painted: some 10 ms."""


class RowNames:
    """The short names of a run's prompts, worked out again only where the width or the prompts change.

    While a session's plan is read they are only cut: what tells two names apart can't be known before all are there.

    Args:
        later: does a job in a thread, and then paints the list again; until then the names of many prompts are cut.
    """

    def __init__(self, later: Callable[[Callable[[], None]], object] = lambda job: job()) -> None:
        self._later = later
        self._live: LiveRun | None = None
        self._count = 0
        self._names: dict[int, dict[str, str]] = {}

    def spans(self, live: LiveRun, row: Row, width: int) -> list[Span]:
        """`✓d id-en-c…ation-1 #2 .41`: state, name, sample, similarity of target and reference, in a list that wide."""
        # a prompt's samples share its name
        room = width - len(words.sampled(live.samples - 1)) - BEFORE_NAME
        scored = bool(live.state.pairs) and room - SCORE >= BESIDE_SCORE and _compared(live, row)
        room = max(room - SCORE if scored else room, LEAST)
        if cell_len(row[0]) <= room and "…" not in row[0]:
            name = row[0]  # no cut one is like it
        elif len(live.rows) < live.lines:
            name = words.middle(row[0], room)
        else:
            name = self._name(live, row[0], room)
        state = live.state_of(row)
        mark = f"{words.GLYPHS[state]}{words.LETTERS[state]}"
        line: list[Span] = [(mark, words.ROLES[state]), (f" {name}{words.sampled(row[1])}", "")]
        score = live.similarity(row[0]) if scored else None
        if score is None:
            return line
        return [*line, (f"{words.share(score):>{width - CURSOR - width_of(line)}}", "key")]

    def _name(self, live: LiveRun, prompt_id: str, room: int) -> str:
        if live is not self._live or len(live.rows) != self._count:
            self._live, self._count, self._names = live, len(live.rows), {}
        if room not in self._names:
            self._names[room] = {}
            make = partial(self._make, live, self._count, room)
            if self._count <= NAMED_AT_ONCE:
                make()
            else:
                self._later(make)
        return self._names[room].get(prompt_id) or words.middle(prompt_id, room)

    def _make(self, live: LiveRun, count: int, room: int) -> None:
        names = short_names((name for name, _ in live.rows), room)
        if live is self._live and count == self._count:  # else others are wanted by now
            self._names[room] = names


def _compared(live: LiveRun, row: Row) -> bool:
    """Whether answers to it are held against each other: a row that has a similarity, or will have one."""
    probe = live.probes.get(row[0])
    return live.similarity(row[0]) is not None or (probe is not None and probe.kind == "similarity")


def asked_spans(live: LiveRun, row: Row | None) -> list[Span]:
    """What a row asks, then its whole id: one line that is cut at its end."""
    if row is None:
        return []
    probe = live.probes.get(row[0])
    text = " ".join(probe.text.split()) if probe is not None else ""
    return [(text, ""), ("  ", ""), (row[0], "dim")]
