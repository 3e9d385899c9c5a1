"""Plans of sessions: the prompts are rows of their own, so that a long plan is on screen before all of it is read."""

from __future__ import annotations

import dataclasses
import json

from distq_tui.plan.run_plan import RunPlan, probe_from_json
from distq_tui.plan.trial import Probe
from distq_tui.store.connection import Connected, to_json

_ROWS = "plan_probes"
_WHOLE = "(SELECT p.session, e.key AS place, e.value AS probe FROM plans AS p, json_each(p.plan, '$.probes') AS e)"
"""What has the prompts of a session whose plan is one text, with its prompts: a program of before the prompts were rows
writes such plans for as long as it stays open."""


class PlanTable(Connected):
    """What each session asks: a plan without its prompts, and its prompts in their order."""

    def plan_of(self, session_id: str) -> RunPlan:
        """The plan of a session.

        Raises:
            KeyError: there is no such session, or its plan lacks what this version needs of one.
        """
        with self._snapshot():
            return dataclasses.replace(self.plan_head(session_id), probes=tuple(self.probes(session_id)))

    def plan_head(self, session_id: str) -> RunPlan:
        """The plan with no prompt: how it asks, and whom. It costs the same however long the plan is.

        Raises:
            KeyError: as of `plan_of`.
        """
        row = self._conn.execute("SELECT plan FROM plans WHERE session = ?", (session_id,)).fetchone()
        if row is None:
            raise KeyError(session_id)
        return RunPlan.from_json({**json.loads(row[0]), "probes": ()})

    def probe_count(self, session_id: str) -> int:
        """How many prompts the plan of a session has."""
        (last,) = self._conn.execute(
            f"SELECT max(place) FROM {self._prompts(session_id)} WHERE session = ?", (session_id,)
        ).fetchone()
        return 0 if last is None else int(last) + 1

    def probes(self, session_id: str, *, first: int = 0, limit: int | None = None) -> list[Probe]:
        """The prompts of a session's plan from that place on, at most `limit`; None = all."""
        rows = self._conn.execute(
            f"SELECT probe FROM {self._prompts(session_id)} WHERE session = ? AND place >= ? ORDER BY place LIMIT ?",
            (session_id, first, -1 if limit is None else limit),
        )
        return [probe_from_json(json.loads(row[0])) for row in rows]

    def _prompts(self, session_id: str) -> str:
        """What to read a session's prompts from."""
        found = self._conn.execute("SELECT 1 FROM plan_probes WHERE session = ? LIMIT 1", (session_id,)).fetchone()
        return _WHOLE if found is None else _ROWS

    def _add_plan(self, session_id: str, plan: RunPlan) -> None:
        self._write("INSERT INTO plans (session, plan) VALUES (?, ?)", (session_id, _head_json(plan)))
        self._add_probes(session_id, plan)

    def _add_probes(self, session_id: str, plan: RunPlan) -> None:
        for place, probe in enumerate(plan.probes):
            self._write(
                "INSERT INTO plan_probes (session, place, prompt_id, probe) VALUES (?, ?, ?, ?)",
                (session_id, place, probe.prompt_id, to_json(dataclasses.asdict(probe))),
            )

    def _set_plan_head(self, session_id: str, plan: RunPlan) -> None:
        self._write("UPDATE plans SET plan = ? WHERE session = ?", (_head_json(plan), session_id))
        if self._prompts(session_id) == _WHOLE:
            self._add_probes(session_id, plan)


def _head_json(plan: RunPlan) -> str:
    head = dataclasses.replace(plan, probes=()).to_json()
    del head["probes"]
    return to_json(head)
