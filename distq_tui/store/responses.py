"""Responses: written once, found by trial key, linked to the sessions that asked for them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from distq_tui.events import Response, Usage
from distq_tui.interned import interned
from distq_tui.plan.trial import Params, Trial, canonical_json, messages_json
from distq_tui.store.connection import Connected, to_json
from distq_tui.store.records import StoredResponse

RESPONSE_COLUMNS = (
    "r.id, r.cost, r.input_tokens, r.output_tokens, r.usage_source, r.sent, r.refused, r.class, r.text, r.reasoning,"
    " r.served_model, r.finish_reason, r.first_token_ms, r.total_ms, r.retries, r.error, r.queued_at, r.created_at"
)
"""What `stored_response` takes, of `responses AS r`."""

# The condition on class is spelled as in the partial index, or SQLite would not use that.
_STORED = "FROM responses AS r WHERE r.trial_key = ? AND r.class IN ('ok', 'refusal', 'truncated', 'no_answer')"
_HIT = f"SELECT {RESPONSE_COLUMNS} {_STORED} ORDER BY r.id DESC LIMIT 1"
_OWN = (
    f"{_STORED} AND r.id IN"
    " (SELECT t.response FROM session_trials AS t WHERE t.session = ? AND t.trial_key = r.trial_key)"
)
_OWN_HIT = f"SELECT {RESPONSE_COLUMNS} {_OWN} ORDER BY r.id DESC LIMIT 1"
_SERVED = f"SELECT r.served_model {_STORED} ORDER BY r.id DESC LIMIT 1"
_OWN_SERVED = f"SELECT r.served_model {_OWN} ORDER BY r.id DESC LIMIT 1"
_ADD_REQUEST = """
INSERT INTO requests (trial_key, provider, endpoint, model, messages, params, sample) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (trial_key) DO NOTHING
"""
_ADD_RESPONSE = """
INSERT INTO responses (trial_key, class, served_model, finish_reason, sent, refused, input_tokens, output_tokens,
    usage_source, cost, queued_at, first_token_ms, total_ms, retries, error, session, created_at, text, reasoning)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_LINK = """
INSERT INTO session_trials (session, trial_key, response, class, cached, model, role, purpose, prompt_id, kind,
    language, aspect, template, question, tags, prompt_set, sample, facts)
SELECT ?, r.trial_key, r.id, r.class, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM responses AS r WHERE r.id = ?
ON CONFLICT (session, model, prompt_id, sample, trial_key)
DO UPDATE SET response = excluded.response, class = excluded.class,
    cached = CASE response WHEN excluded.response THEN cached ELSE excluded.cached END
"""


_LINK_HIT = f"{_LINK} RETURNING cached"


class ResponseTable(Connected):
    """The cache, and which session got which answer."""

    def hits(self, keys: Iterable[str]) -> dict[str, StoredResponse]:
        """The newest complete response of each trial key that has one."""
        cursor = self._conn.cursor()
        found: dict[str, StoredResponse] = {}
        with self._snapshot():
            for key in keys:
                row = cursor.execute(_HIT, (key,)).fetchone()
                if row is not None:
                    found[key] = stored_response(row)
        return found

    def own_hits(self, session_id: str, keys: Iterable[str]) -> dict[str, StoredResponse]:
        """As `hits`, but only of answers that this session was given: what a fresh session goes on with."""
        cursor = self._conn.cursor()
        with self._snapshot():
            rows = {key: cursor.execute(_OWN_HIT, (key, session_id)).fetchone() for key in keys}
        return {key: stored_response(row) for key, row in rows.items() if row is not None}

    def stored_keys(self, keys: Iterable[str], *, session_id: str | None = None) -> dict[str, str | None]:
        """The served name of what `hits` would find, or `own_hits` of that session, without reading a text."""
        cursor = self._conn.cursor()
        sql, owner = (_SERVED, ()) if session_id is None else (_OWN_SERVED, (session_id,))
        with self._snapshot():
            rows = {key: cursor.execute(sql, (key, *owner)).fetchone() for key in keys}
        return {key: row[0] for key, row in rows.items() if row is not None}

    def add_response(self, session_id: str, trial: Trial, response: Response, cost: float | None) -> int:
        """Store an answer (or a failure) and link it to the session; returns the response's id.

        A trial that was asked again in the same session is linked to this newer response; the older one stays. Lone
        surrogates in texts are stored as U+FFFD.
        """
        request, usage = trial.request, response.usage
        with self._transaction():
            self._write(
                _ADD_REQUEST,
                (
                    trial.key,
                    request.provider,
                    request.endpoint,
                    request.model,
                    to_json(messages_json(request.messages)),
                    _params_json(request.params),
                    request.sample,
                ),
            )
            row_id = self._write(
                _ADD_RESPONSE,
                (
                    trial.key,
                    response.cls,
                    response.served_model,
                    response.finish_reason,
                    to_json(response.sent),
                    _list_json(response.refused),
                    usage.input_tokens if usage else None,
                    usage.output_tokens if usage else None,
                    usage.source if usage else None,
                    cost,
                    response.queued_at,
                    response.first_token_ms,
                    response.total_ms,
                    response.retries,
                    response.error,
                    session_id,
                    response.created_at,
                    response.text,
                    response.reasoning,
                ),
            ).lastrowid
            assert row_id is not None  # an INSERT that did not raise has one
            self._link(session_id, trial, row_id, cached=False)
        return row_id

    def link_hit(self, session_id: str, trial: Trial, row_id: int) -> bool:
        """Say that this session's trial was served by the stored response `row_id`; returns whether that is its own.

        Where the session is linked to that very response already (it asked for it before it was resumed), nothing
        changes: it stays an answer that this session paid for.
        """
        (cached,) = self._link(session_id, trial, row_id, cached=True, sql=_LINK_HIT).fetchone()
        return not cached

    def _link(self, session_id: str, trial: Trial, row_id: int, *, cached: bool, sql: str = _LINK) -> sqlite3.Cursor:
        model, probe = trial.model, trial.probe
        return self._write(
            sql,
            (
                session_id,
                cached,
                model.title,
                model.role,
                trial.purpose,
                probe.prompt_id,
                probe.kind,
                probe.language,
                probe.aspect,
                probe.template,
                probe.question,
                _list_json(probe.tags),
                probe.set_name,
                trial.sample,
                canonical_json(trial.measured_against),
                row_id,
            ),
        )


def stored_response(row: Sequence[Any]) -> StoredResponse:
    """The response in a row that begins with `RESPONSE_COLUMNS`, exactly as it was given to the store."""
    row_id, cost, input_tokens, output_tokens, source, sent, refused, cls, text, reasoning, served, finish, *rest = row
    first_token_ms, total_ms, retries, error, queued_at, created_at = rest[:6]
    response = Response(
        interned(cls),
        text,
        reasoning,
        interned(served),
        interned(finish),
        dict(_parsed(sent)),
        tuple(_parsed(refused)),
        None if source is None else Usage(input_tokens, output_tokens, interned(source)),
        first_token_ms,
        total_ms,
        retries,
        error,
        queued_at,
        created_at,
    )
    return StoredResponse(row_id, response, cost)


# The many answers of a run share a few values; making their JSON anew is a tenth of a stored row's cost.


@lru_cache(maxsize=256)
def _params_json(params: Params) -> str:
    return to_json(params.sent())


@lru_cache(maxsize=256)
def _list_json(values: tuple[str, ...]) -> str:
    return to_json(values)


_parsed = lru_cache(maxsize=256)(json.loads)
"""A value that was parsed before is the same object: copy it, never hand it out."""
