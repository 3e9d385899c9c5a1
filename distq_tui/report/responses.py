"""The report as a table: every answer of the session, failures too, with its verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from distq_tui.config.models import ModelSpec
from distq_tui.formats.csv_cells import Value, csv_text
from distq_tui.report.answers import Answer, Answers
from distq_tui.report.sources import source_of

RESPONSE_COLUMNS = (
    "session",
    "trial_key",
    "model",
    "served_model",
    "role",
    "prompt_id",
    "language",
    "sample",
    "class",
    "cached",
    "text",
    "reasoning",
    "input_tokens",
    "output_tokens",
    "first_token_ms",
    "total_ms",
    "created_at",
)
"""The columns of the view `v_responses`."""

VERDICT_COLUMNS = (
    "primed",
    "loose",
    "strict",
    "paper_strict",
    "hard",
    "claimed",
    "marks",
    "scorer",
    "scorer_version",
    "overridden",
    "source",
    "sent",
    "purpose",
)
"""The verdict that holds (empty where there is none or no fact), where the model's answers come from, the parameters
sent, and whether plan or search asked: a search's answers are in no rate: they were chosen because they hit."""


def response_rows(session_id: str, answers: Answers) -> Iterator[tuple[Value, ...]]:
    """One row a response, in the order of arrival."""
    specs = {model.title: model for model in answers.plan.answering}
    found = [*answers.all(), *answers.searched]
    for answer in sorted(found, key=lambda answer: answer.row.id):
        source, sent = _source(specs.get(answer.row.model)), json.dumps(answer.row.response.sent, sort_keys=True)
        yield (*_response(session_id, answer), *_verdict(answer), source, sent, answer.row.purpose)


def csv_report(session_id: str, answers: Answers) -> str:
    """The table as CSV text."""
    return csv_text((*RESPONSE_COLUMNS, *VERDICT_COLUMNS), response_rows(session_id, answers))


def _response(session_id: str, answer: Answer) -> tuple[Value, ...]:
    row, response = answer.row, answer.row.response
    usage = response.usage
    return (
        session_id,
        row.trial_key,
        row.model,
        response.served_model,
        row.role,
        row.prompt_id,
        row.language,
        row.sample,
        response.cls,
        row.cached,
        response.text,
        response.reasoning,
        usage.input_tokens if usage else None,
        usage.output_tokens if usage else None,
        response.first_token_ms,
        response.total_ms,
        response.created_at,
    )


def _verdict(answer: Answer) -> tuple[Value, ...]:
    verdict = answer.verdict
    if verdict is None:
        return (None,) * (len(VERDICT_COLUMNS) - 3)
    flags: tuple[Value, ...] = (
        verdict.loose,
        verdict.strict,
        verdict.paper_strict,
        verdict.strict if verdict.primed is False else None,
    )
    return (
        verdict.primed,
        *(flags if answer.has_fact else (None,) * len(flags)),  # without a fact a 0 would say what nobody knows
        json.dumps(verdict.claimed, ensure_ascii=False),
        json.dumps([asdict(mark) for mark in verdict.marks], ensure_ascii=False),
        verdict.scorer,
        verdict.version,
        answer.overridden,
    )


def _source(spec: ModelSpec | None) -> str:
    return "" if spec is None else source_of(spec)
