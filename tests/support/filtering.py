"""What a filter lets through, looked for to the end."""

from __future__ import annotations

from distq_tui.tui.lines.search import SLICE, Search
from distq_tui.tui.live import LiveRun, Row


def matching(live: LiveRun, query: str, size: int = SLICE) -> list[Row]:
    search = Search(live, query, size)
    while not search.over:
        search.go_on()
    return search.rows
