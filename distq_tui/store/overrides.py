"""What a user knows better than a scorer: kept with a time, never written over."""

from __future__ import annotations

from distq_tui.store.connection import Connected
from distq_tui.store.records import Override


class OverrideTable(Connected):
    """A user's labels on responses."""

    def set_override(self, response_id: int, label: str, value: str | None, *, at: str) -> None:
        """Set a response's label (`loose`, `strict`, ...) to `value`, or take the override back with None.

        Earlier values stay in the table; `at` is ISO-8601 UTC.
        """
        self._write(
            "INSERT INTO overrides (response, label, value, at) VALUES (?, ?, ?, ?)", (response_id, label, value, at)
        )

    def overrides(self, session_id: str) -> list[Override]:
        """The overrides that hold for a session's responses, by response and label."""
        rows = self._conn.execute(
            "SELECT response, label, value, at FROM overrides WHERE value IS NOT NULL"
            " AND id IN (SELECT max(id) FROM overrides GROUP BY response, label)"
            " AND response IN (SELECT response FROM session_trials WHERE session = ?) ORDER BY response, label",
            (session_id,),
        )
        return [Override(*row) for row in rows]
