"""Reading a session back: whole for a report, pair by pair for similarities, page by page for a list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from distq_tui.events import Mark
from distq_tui.prompts import Message
from distq_tui.store.connection import Connected, Value
from distq_tui.store.records import AnswerRow, PageRow, PairRow, Verdict
from distq_tui.store.responses import RESPONSE_COLUMNS, stored_response

ViewName = Literal["v_responses", "v_ice", "v_rse"]

_ROWS = f"""
SELECT {RESPONSE_COLUMNS},
       t.id, t.trial_key, t.response, t.model, q.model, q.provider, q.endpoint, t.role, t.purpose, t.prompt_id, t.kind,
       t.language, t.aspect, t.template, t.question, t.prompt_set, t.sample, t.tags, t.cached, q.messages, q.params,
       i.scorer, i.version, i.options, i.loose, i.strict, i.paper_strict, i.primed, i.claimed, i.marks
FROM session_trials AS t
JOIN responses AS r ON r.id = t.response
JOIN requests AS q ON q.trial_key = t.trial_key
LEFT JOIN ice_scores AS i ON i.id = (
    SELECT max(n.id) FROM ice_scores AS n
    WHERE n.response = t.response AND n.options = t.facts
      AND CASE WHEN ?1 IS NULL THEN substr(n.scorer, 1, 6) <> 'judge:' ELSE n.scorer = ?1 END)
WHERE t.session = ?2 AND (?3 IS NULL OR t.id = ?3) AND t.id > ?4 ORDER BY t.id LIMIT ?5
"""
_PAIRS = """
SELECT prompt_id, language, kind, prompt_set, model_a, sample_a, response_a, model_b, sample_b, response_b,
       content, structure, style, scorer, version,
       (SELECT s.semantic FROM semantic_scores AS s
        WHERE s.response_a = min(v.response_a, v.response_b) AND s.response_b = max(v.response_a, v.response_b)
          AND s.version = ?3)
FROM v_rse AS v WHERE session = ?1 AND (?2 IS NULL OR scorer = ?2)
"""
# Under the response with the lower id: wherever the other stands, they are there when the later of the two is read.
_STORED_PAIRS = """
SELECT s.response_a, s.response_b, s.content, s.structure, s.style
FROM session_trials AS t JOIN rse_scores AS s ON s.response_a = t.response
WHERE t.session = ?1 AND t.id > ?2 AND t.id <= ?3 AND s.scorer = ?4 AND s.version = ?5 AND s.options = '{}'
  AND EXISTS (SELECT 1 FROM session_trials AS o WHERE o.response = s.response_b AND o.session = ?1)
"""
_PAGE = """
SELECT t.id, t.response, t.model, t.prompt_id, t.sample, t.class, substr(r.text, 1, 200), r.output_tokens, r.total_ms,
       t.cached
FROM session_trials AS t JOIN responses AS r ON r.id = t.response
"""


class SessionRows(Connected):
    """Everything that was asked and answered in one session."""

    def session_rows(
        self, session_id: str, *, scorer: str | None = None, after: int = 0, limit: int | None = None
    ) -> Iterator[AnswerRow]:
        """The session's trials in order of arrival, each with its newest verdict by `scorer`.

        Without `scorer` the newest of any that is no judge: judges' verdicts stand beside the detector's and never take
        their place unasked. Lazy: consume it in the thread that owns the store.

        Args:
            after: the `AnswerRow.id` behind which to begin.
            limit: how many at most; None = all.
        """
        for row in self._conn.execute(_ROWS, (scorer, session_id, None, after, -1 if limit is None else limit)):
            yield _answer(row)

    def session_row(self, session_id: str, row_id: int, *, scorer: str | None = None) -> AnswerRow | None:
        """One trial of a session by its `AnswerRow.id` (or `PageRow.id`); None where it is not there."""
        row = self._conn.execute(_ROWS, (scorer, session_id, row_id, 0, 1)).fetchone()
        return None if row is None else _answer(row)

    def answers_stamp(self, session_id: str) -> tuple[int, int]:
        """Another pair of numbers whenever an answer of the session is added or takes an older one's place."""
        count, total = self._conn.execute(
            "SELECT count(*), total(response) FROM session_trials WHERE session = ?", (session_id,)
        ).fetchone()
        return count, int(total)

    def session_pairs(
        self, session_id: str, *, scorer: str | None = None, semantic: str | None = None
    ) -> Iterator[PairRow]:
        """The session's stored similarities, one a prompt and pair of answers, the newest of each scorer. Lazy.

        `semantic` is the version of the semantic aspect that stands beside them; None = none does.
        """
        for row in self._conn.execute(_PAIRS, (session_id, scorer, semantic)):
            yield PairRow(*row)

    def stored_similarities(
        self, session_id: str, *, after: int, last: int, scorer: str, version: str
    ) -> dict[tuple[int, int], tuple[float, float, float]]:
        """Content, structure and style that a scorer's version gave to answers of a session, by two responses' ids.

        The lower id comes first; those are told whose lower one is the answer of a row behind `after`, up to `last`
        (`AnswerRow.id`). Read part by part, each is there once both of its answers are.
        """
        found = self._conn.execute(_STORED_PAIRS, (session_id, after, last, scorer, version))
        return {(a, b): (content, structure, style) for a, b, content, structure, style in found}

    def view_rows(self, view: ViewName, session_id: str) -> tuple[tuple[str, ...], Iterator[tuple[Value, ...]]]:
        """A view's column names and the session's rows of it, for an export. Lazy."""
        cursor = self._conn.execute(f"SELECT * FROM {view} WHERE session = ?", (session_id,))
        return tuple(column[0] for column in cursor.description), cursor

    def page(
        self,
        session_id: str,
        *,
        after: int | None = None,
        before: int | None = None,
        limit: int = 200,
        model: str | None = None,
        prompt_id: str | None = None,
        cls: str | None = None,
    ) -> list[PageRow]:
        """At most `limit` answers in order of arrival, those after the row `after` or the last ones before `before`.

        The cost is that of the page, wherever it lies in the session, as long as the filters let most rows through.
        """
        conditions: list[tuple[str, Value]] = [
            ("t.session = ?", session_id),
            ("t.id > ?", after),
            ("t.id < ?", before),
            ("t.model = ?", model),
            ("t.prompt_id = ?", prompt_id),
            ("t.class = ?", cls),
        ]
        used = [(condition, value) for condition, value in conditions if value is not None]
        where = " AND ".join(condition for condition, _ in used)
        order = "DESC" if before is not None and after is None else "ASC"
        rows = self._conn.execute(
            f"{_PAGE} WHERE {where} ORDER BY t.id {order} LIMIT ?", [*(value for _, value in used), limit]
        )
        page = [PageRow(*(*row[:-1], bool(row[-1]))) for row in rows]
        return page if order == "ASC" else page[::-1]


def _answer(row: tuple[Any, ...]) -> AnswerRow:
    stored, trial, verdict = stored_response(row), row[18:39], row[39:]
    parsed = (
        tuple(json.loads(trial[17])),
        bool(trial[18]),
        tuple(Message(**message) for message in json.loads(trial[19])),
        json.loads(trial[20]),
        stored.response,
        stored.cost,
        None if verdict[0] is None else _verdict(verdict),
    )
    return AnswerRow(*(*trial[:17], *parsed))


def _verdict(row: tuple[Any, ...]) -> Verdict:
    scorer, version, options, *flags, claimed, marks = row
    loose, strict, paper_strict, primed = (None if flag is None else bool(flag) for flag in flags)
    return Verdict(
        scorer,
        version,
        options,
        loose,
        strict,
        paper_strict,
        primed,
        tuple(json.loads(claimed)),
        tuple(Mark(**mark) for mark in json.loads(marks)),
    )
