"""A filter's way through a run's rows, a slice at a time, so that a long list holds nothing up. Pure."""

from __future__ import annotations

from operator import itemgetter

from rapidfuzz import fuzz, process, utils

from distq_tui.tui.lines.filters import holds, parse
from distq_tui.tui.live import LiveRun, Row

SLICE = 500
"""Rows that are looked at together: some 2 ms."""
FUZZY_CUTOFF = 70
"""Percent of alikeness from which a row that does not hold the words is let through."""
NEAR_CHARS = 200
"""Characters of a row that are looked at for words nearly so."""


class Search:
    """Finds the rows that a filter lets through, among those that the run has when it begins.

    Args:
        live: the run.
        query: the filter as it was typed.
        size: rows in a slice.
    """

    def __init__(self, live: LiveRun, query: str, size: int = SLICE) -> None:
        self.live, self.query = live, query
        self._wanted = parse(query)
        self._needle = self._wanted.text.lower()
        self._size = size
        self._at, self._end = 0, len(live.rows)
        self._held: list[Row] = []
        self._near: list[tuple[float, Row]] = []

    @property
    def over(self) -> bool:
        """Whether every row was looked at."""
        return self._at >= self._end

    @property
    def rows(self) -> list[Row]:
        """Those that hold the words, in the list's order, then the nearly so, best first."""
        return self._held + [row for _, row in sorted(self._near, key=itemgetter(0), reverse=True)]

    def go_on(self) -> None:
        """Look at the next slice."""
        until = min(self._at + self._size, self._end)
        rows = [row for row in self.live.rows[self._at : until] if holds(self.live, row, self._wanted)]
        self._at = until
        if not self._needle:
            self._held += rows
            return
        other: dict[Row, str] = {}
        for row in rows:
            text = self._text(row)
            if self._needle in text.lower():
                self._held.append(row)
            else:
                other[row] = text[:NEAR_CHARS]
        near = process.extract(
            self._wanted.text,
            other,
            scorer=fuzz.token_set_ratio,
            processor=utils.default_process,
            score_cutoff=FUZZY_CUTOFF,
            limit=None,
        )
        self._near += [(score, row) for _, score, row in near]

    def _text(self, row: Row) -> str:
        probe = self.live.probes.get(row[0])
        return f"{row[0]} {probe.text if probe else ''}"
