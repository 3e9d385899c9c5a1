"""Sessions: one run of one plan, found again by id, prefix, name or `latest`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from distq_tui.errors import InputError
from distq_tui.plan.run_plan import RunPlan
from distq_tui.store.connection import Value, storable, to_json
from distq_tui.store.plans import PlanTable
from distq_tui.store.records import SessionRow, SessionState

# `running` is what a session said of itself when it began or went on; a killed one never took it back.
_SELECT = """
SELECT s.id, s.name, s.plan_digest, s.created_at, s.finished_at,
       CASE s.state WHEN 'running' THEN 'unfinished' ELSE s.state END, s.total,
       count(t.id), coalesce(sum(t.class NOT IN ('ok', 'refusal', 'truncated', 'no_answer')), 0),
       coalesce(sum(t.cached AND t.class IN ('ok', 'refusal', 'truncated', 'no_answer')), 0),
       s.seed, s.fresh, s.versions,
       coalesce(sum(t.class = 'cancelled'), 0)
FROM sessions AS s LEFT JOIN session_trials AS t ON t.session = s.id
"""
_NEWEST_FIRST = "GROUP BY s.id ORDER BY s.created_at DESC, s.rowid DESC"


class SessionTable(PlanTable):
    """Creates, finds and ends sessions."""

    def create_session(
        self, plan: RunPlan, *, session_id: str, at: str, versions: Mapping[str, str], fresh: bool = False
    ) -> None:
        """Store a new running session of that plan; `at` is ISO-8601 UTC.

        The plan holds key references only, so no key is ever stored.
        """
        total = len(plan.probes) * sum(model.samples or plan.samples for model in plan.answering)
        with self._transaction():
            self._write(
                "INSERT INTO sessions (id, name, plan_digest, seed, fresh, state, total, versions, created_at)"
                " VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?)",
                (session_id, plan.name, plan.digest(), plan.seed, fresh, total, to_json(dict(versions)), at),
            )
            self._add_plan(session_id, plan)

    def set_total(self, session_id: str, total: int) -> None:
        """Say how many trials are planned by now (judges and adaptive search add some)."""
        self._write("UPDATE sessions SET total = ? WHERE id = ?", (total, session_id))

    def resume_session(self, session_id: str, plan: RunPlan) -> None:
        """Mark a session as running again, of the same plan: its budget and limits may be others by now."""
        with self._transaction():
            self._write("UPDATE sessions SET state = 'running', finished_at = NULL WHERE id = ?", (session_id,))
            self._set_plan_head(session_id, plan)

    def finish_session(self, session_id: str, state: SessionState, at: str) -> None:
        """Say how a session ended, and when (ISO-8601 UTC)."""
        self._write("UPDATE sessions SET state = ?, finished_at = ? WHERE id = ?", (state, at, session_id))

    def delete_session(self, session_id: str) -> None:
        """Drop a session and its trials; the responses stay, they are the cache."""
        self._write("DELETE FROM sessions WHERE id = ?", (session_id,))

    def sessions(self) -> list[SessionRow]:
        """All sessions, newest first."""
        return self._sessions("", ())

    def find_session(self, ref: str) -> SessionRow:
        """The session that `ref` names: `latest`, an id, a name (its newest session), or a unique prefix.

        A prefix is one of the id, else of what stands behind its last dash: `20261124-d8ea5e4b` is found by `d8ea` too.

        Raises:
            InputError: there is none, or more than one id begins so.
        """
        return self._sessions("WHERE s.id = ?", (self.session_id(ref),))[0]

    def session_id(self, ref: str) -> str:
        """The id of the session that `ref` names, as `find_session` finds it, without counting its trials.

        Raises:
            InputError: there is none, or more than one id begins so.
        """
        ids = self._ids("true", ())
        if ref == "latest":
            if not ids:
                raise InputError("there is no session yet; `distq-tui run` makes one")
            return ids[0]
        value = storable(ref)
        found = (
            self._ids("id = ?", (value,))
            or self._ids("name = ?", (value,))[:1]
            or [one for one in ids if ref and one.startswith(ref)]
            or [one for one in ids if ref and one.rpartition("-")[2].startswith(ref)]
        )
        if not found:
            raise InputError(f"no session is called {ref!r}; `distq-tui sessions` lists them", field="session")
        if len(found) > 1:
            some = ", ".join(found[:4])
            raise InputError(f"{len(found)} sessions begin with {ref!r} ({some}); give more of the id", field="session")
        return found[0]

    def unfinished(self, plan_digest: str) -> SessionRow | None:
        """The newest session of that plan, if it has not ended as `done`; None where there is nothing to go on with."""
        found = self._sessions("WHERE s.plan_digest = ?", (plan_digest,))
        return found[0] if found and found[0].state != "done" else None

    def _ids(self, where: str, values: tuple[Value, ...]) -> list[str]:
        rows = self._conn.execute(f"SELECT id FROM sessions WHERE {where} ORDER BY created_at DESC, rowid DESC", values)
        return [session_id for (session_id,) in rows]

    def _sessions(self, where: str, values: tuple[Value, ...]) -> list[SessionRow]:
        cursor = self._conn.execute(f"{_SELECT} {where} {_NEWEST_FIRST}", values)
        return [SessionRow(*(*row[:-3], bool(row[-3]), json.loads(row[-2]), row[-1])) for row in cursor]
