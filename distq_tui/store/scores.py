"""Scores, keyed apart from the responses: scoring again with another version needs no call and loses no old verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from distq_tui.events import IceJudged, IceScored, RseJudged, RseScored
from distq_tui.plan.trial import canonical_json
from distq_tui.store.connection import Connected, to_json

_ADD_ICE = """
INSERT OR REPLACE INTO ice_scores
    (response, scorer, version, options, loose, strict, paper_strict, primed, claimed, marks)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_JUDGED = """
SELECT 1 FROM ice_scores
WHERE response = ? AND scorer = ? AND options = ? AND loose IS NOT NULL AND version NOT LIKE '% gated %'
"""
_ADD_RSE = """
INSERT OR REPLACE INTO rse_scores
    (response_a, response_b, scorer, version, options, content, structure, style)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_ADD_RSE_JUDGED = """
INSERT OR REPLACE INTO rse_judgements
    (response_a, response_b, judge, version, content, structure, style, overall, order_effect)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_JUDGED_BY = """
SELECT judge, response_a, response_b, version FROM rse_judgements
WHERE response_a IN (SELECT response FROM session_trials WHERE session = ?) ORDER BY id
"""
_QUESTIONS = "SELECT model, prompt_id FROM session_trials WHERE session = ? AND purpose = 'judge'"
_IDENTITIES = """
SELECT substr(scorer, 7), response, version FROM ice_scores
WHERE scorer LIKE 'judge:%' AND response IN (SELECT response FROM session_trials WHERE session = ?)
ORDER BY version LIKE '% gated %', id
"""


class ScoreTables(Connected):
    """Verdicts on responses, and similarities of pairs of them.

    Storing the same score again changes nothing but makes it the newest. `options` is whatever else the result depends
    on beside the scorer's version (the fact that was used, a threshold).
    """

    def add_ice(
        self,
        verdicts: Iterable[IceScored],
        *,
        scorer: str,
        version: str,
        options: Mapping[str, Any],
    ) -> None:
        """Store verdicts, each under its response, `scorer`, `version` and `options` (`Trial.measured_against`)."""
        options_json = canonical_json(options)
        with self._transaction():
            for verdict in verdicts:
                self._write(
                    _ADD_ICE,
                    (
                        verdict.row,
                        scorer,
                        version,
                        options_json,
                        verdict.loose,
                        verdict.strict,
                        verdict.paper_strict,
                        verdict.primed,
                        to_json(verdict.claimed),
                        to_json([asdict(mark) for mark in verdict.marks]),
                    ),
                )

    def add_rse(
        self,
        pairs: Iterable[RseScored],
        *,
        scorer: str,
        version: str,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        """Store similarities; a pair is the same in either order."""
        options_json = canonical_json(options or {})
        with self._transaction():
            self._conn.executemany(
                _ADD_RSE,
                (
                    (
                        min(pair.row_a, pair.row_b),
                        max(pair.row_a, pair.row_b),
                        scorer,
                        version,
                        options_json,
                        pair.content,
                        pair.structure,
                        pair.style,
                    )
                    for pair in pairs
                ),
            )

    def add_ice_judged(self, verdict: IceJudged) -> None:
        """Store a judge's verdict beside the detector's: scorer `judge:TITLE`, null where it is unscored.

        A call that failed leaves nothing to store. A gated verdict is not stored where the judge was asked about the
        same answer in another session: what a judge said must not give way to what was taken for granted.
        """
        if verdict.failed and verdict.loose is None:
            return
        judged = (verdict.loose, verdict.strict, None, None)
        key = (verdict.row, f"judge:{verdict.judge}", canonical_json(verdict.facts))
        with self._transaction():
            if verdict.gated and self._conn.execute(_JUDGED, key).fetchone():
                return
            self._write(_ADD_ICE, (*key[:2], verdict.version, key[2], *judged, "[]", "[]"))

    def judge_questions(self, session_id: str) -> set[tuple[str, str]]:
        """Every question that was put to a judge in the session: the judge's title and the question's id."""
        return set(self._conn.execute(_QUESTIONS, (session_id,)))

    def judged_identities(self, session_id: str) -> dict[tuple[str, int], str]:
        """Versions of judges' verdicts on the session's answers, by judge and response: a gated one's, if any."""
        return {
            (judge, response): version for judge, response, version in self._conn.execute(_IDENTITIES, (session_id,))
        }

    def judged_versions(self, session_id: str) -> dict[tuple[str, int, int], str]:
        """Which questions the judges were given, by judge and the ids of the two responses, the lower one first."""
        return {(judge, a, b): version for judge, a, b, version in self._conn.execute(_JUDGED_BY, (session_id,))}

    def add_rse_judged(self, verdict: RseJudged) -> None:
        """Store a judge's similarity of two responses, unless a call failed; a pair is the same in either order."""
        if verdict.failed:
            return
        effect = verdict.order_effect
        if verdict.row_a > verdict.row_b and effect is not None:
            effect = -effect
        rows = (min(verdict.row_a, verdict.row_b), max(verdict.row_a, verdict.row_b))
        grades = (verdict.content, verdict.structure, verdict.style, verdict.overall, effect)
        with self._transaction():
            self._write(_ADD_RSE_JUDGED, (*rows, verdict.judge, verdict.version, *grades))
