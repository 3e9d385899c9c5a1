"""A session's tables for other tools: answers, verdicts, similarities and rates, as rows of plain values.

The answers are rows that `score ice`, `score rse` and the `replay` provider read back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from distq_tui.events import COMPLETE
from distq_tui.report.answers import Answer, Answers
from distq_tui.report.grades import Judged
from distq_tui.report.ice import ice_figures
from distq_tui.report.judge_rates import judge_figures
from distq_tui.report.judged import JudgedIdentity
from distq_tui.report.model import Figure
from distq_tui.report.overridden import detectors_figures
from distq_tui.report.rse import ASPECTS, pair_scores, rse_figures, semantic_figures
from distq_tui.report.sources import source_of, without_secrets
from distq_tui.store import PairRow

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SessionData:
    """What was read of a session: its answers with verdicts, its similarities, and what judges made of both."""

    session: str
    answers: Answers
    pairs: Sequence[PairRow]
    judged: Judged = field(default_factory=Judged)
    identity: JudgedIdentity = field(default_factory=JudgedIdentity)


def answer_rows(data: SessionData, kind: str | None = None) -> Iterator[Row]:
    """One row an answer, in the order of arrival; only identity or similarity prompts where `kind` says so.

    By kind, the rows are those that can be scored again: identity answers of a model without family or fact can't, and
    those of an adaptive search would mix with the planned ones in one rate.
    `response` is empty where the class is no answer, so that nobody scores half a text; what arrived is in `partial`.
    `query` is the question without its template, `prompt` the last turn as it was sent.
    """
    specs = {model.title: model for model in data.answers.plan.answering}
    for answer in _arrived(data.answers):
        row, response, spec = answer.row, answer.row.response, specs.get(answer.row.model)
        unknown = kind == "identity" and not answer.has_fact
        if kind is not None and (row.kind != kind or row.purpose != "plan" or unknown):
            continue
        probe = data.answers.probes.get(row.prompt_id)
        whole = response.cls in COMPLETE
        yield {
            "id": row.id,
            "session": data.session,
            "trial_key": row.trial_key,
            "model": row.model,
            "requested_model": row.requested_model,
            "served_model": response.served_model,
            "provider": row.provider,
            "endpoint": without_secrets(row.endpoint),
            "source": source_of(spec) if spec else None,
            "role": row.role,
            "family": spec.family if spec else None,
            "fact": spec.fact if spec else None,
            "prompt_id": row.prompt_id,
            "kind": row.kind,
            "purpose": row.purpose,
            "language": row.language,
            "aspect": row.aspect,
            "template": row.template,
            "question": row.question,
            "prompt_set": row.prompt_set,
            "tags": list(row.tags),
            "sample": row.sample,
            "query": (probe.query if probe else None) or row.messages[-1].content,
            "prompt": row.messages[-1].content,
            "messages": [asdict(message) for message in row.messages],
            "response": response.text if whole else "",
            "partial": "" if whole else response.text,
            "reasoning": response.reasoning,
            "class": response.cls,
            "finish_reason": response.finish_reason,
            "params": dict(row.params),
            "sent": dict(response.sent),
            "refused": list(response.refused),
            "error": response.error,
            "input_tokens": response.usage.input_tokens if response.usage else None,
            "output_tokens": response.usage.output_tokens if response.usage else None,
            "first_token_ms": response.first_token_ms,
            "total_ms": response.total_ms,
            "retries": response.retries,
            "cost": row.cost,
            "cached": row.cached,
            "created_at": response.created_at,
        }


def ice_rows(data: SessionData) -> Iterator[Row]:
    """One row a verdict that holds."""
    for answer in _arrived(data.answers):
        verdict, row = answer.verdict, answer.row
        if verdict is None:
            continue
        yield {
            "id": row.id,
            "session": data.session,
            "model": row.model,
            "role": row.role,
            "prompt_id": row.prompt_id,
            "language": row.language,
            "sample": row.sample,
            "class": row.response.cls,
            "purpose": row.purpose,
            "prompt_set": row.prompt_set,
            "aspect": row.aspect,
            "template": row.template,
            "question": row.question,
            "has_fact": answer.has_fact,
            "primed": verdict.primed,
            "loose": verdict.loose,
            "strict": verdict.strict,
            "paper_strict": verdict.paper_strict,
            "hard": verdict.strict if verdict.primed is False else None,
            "claimed": list(verdict.claimed),
            "marks": [asdict(mark) for mark in verdict.marks],
            "overridden": answer.overridden,
            "scorer": verdict.scorer,
            "scorer_version": verdict.version,
        }


def rse_rows(data: SessionData) -> Iterator[Row]:
    """One row a prompt and pair of answers, in the plan's order."""
    order = {prompt: place for place, prompt in enumerate(data.answers.probes)}
    place = len(order)
    for pair in sorted(
        data.pairs,
        key=lambda p: (order.get(p.prompt_id, place), p.model_a, p.model_b, p.sample_a, p.sample_b, p.response_a),
    ):
        yield {
            "session": data.session,
            **asdict(pair),
            "similarity": (pair.content + pair.structure + pair.style) / 3,
        }


def rate_rows(data: SessionData) -> Iterator[Row]:
    """One row a figure of the report: rates of identity and means of similarity, with their intervals."""
    pairs = pair_scores(data.answers.plan, data.pairs)
    figures: list[Figure] = [
        *ice_figures(data.answers),
        *detectors_figures(data.answers),
        *judge_figures(data.answers, data.identity.answers),
        *rse_figures(data.answers, pairs),
        *semantic_figures(data.answers, pairs),
    ]
    for figure in figures:
        row = asdict(figure)
        models, aspects = row.pop("models"), row.pop("aspects")
        yield {
            "session": data.session,
            "measure": row.pop("measure"),
            "model": models[0],
            "other_model": models[1] if len(models) > 1 else None,
            **row,
            **{aspect: aspects.get(aspect) for aspect in ASPECTS},
        }


def grade_rows(data: SessionData) -> Iterator[Row]:
    """One row a comparison that a judge was asked for, both role orders; without grades where it is unscored."""
    for judged in data.judged.comparisons:
        row = asdict(judged)
        del row["judge_rows"]
        yield {"session": data.session, "response_a": row.pop("row_a"), "response_b": row.pop("row_b"), **row}


def judge_rows(data: SessionData) -> Iterator[Row]:
    """One row a figure of the judges: mean grades, order effects, self-checks and agreement, as on the screen."""
    for score in data.judged.scores.values():
        row = asdict(score)
        yield {"session": data.session, **row, "models": list(score.models), "excluded": dict(score.excluded)}


def columns_of(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The keys of the rows in order of first appearance."""
    return list(dict.fromkeys(key for row in rows for key in row))


def _arrived(answers: Answers) -> list[Answer]:
    return sorted([*answers.all(), *answers.searched], key=lambda answer: answer.row.id)
