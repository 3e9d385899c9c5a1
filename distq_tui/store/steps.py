"""The adaptive search's steps of a session, as they were: made anew by another version they might be others."""

from __future__ import annotations

from dataclasses import astuple

from distq_tui.events import SearchStep
from distq_tui.store.connection import Connected

_ADD = """
INSERT OR REPLACE INTO search_steps (session, step, template, parent, mutator, text, reward, visits, level)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_FIND = "SELECT step, template, parent, mutator, text, reward, visits, level FROM search_steps WHERE session = ?"


class StepTable(Connected):
    """One row a step; a resumed search goes through its old steps again and replaces them by the same."""

    def add_step(self, session_id: str, step: SearchStep) -> None:
        """Store a step."""
        self._write(_ADD, (session_id, *astuple(step)))

    def search_steps(self, session_id: str) -> list[SearchStep]:
        """The session's steps in their order; none where nothing was searched."""
        return [SearchStep(*row) for row in self._conn.execute(f"{_FIND} ORDER BY step", (session_id,))]
