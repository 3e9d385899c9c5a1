"""The models of a session: what was asked of each, what was really sent, who answered, and what it cost."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from distq_tui.config.models import ModelSpec
from distq_tui.events import COMPLETE, JudgeUpdated
from distq_tui.ice.facts import Facts, load_facts
from distq_tui.plan.run_plan import RunPlan
from distq_tui.report.answers import Answers
from distq_tui.report.model import Failure, JudgePart, ModelPart, PromptPart, Source
from distq_tui.store import AnswerRow

_FEW = 4
"""Values of a sent parameter that a report lists one by one."""


def model_parts(answers: Answers) -> tuple[ModelPart, ...]:
    """Every answering model in the plan's order."""
    facts = load_facts()
    return tuple(
        _part(answers.plan, spec, [answer.row for answer in answers.by_model[spec.title].values()], facts)
        for spec in answers.plan.answering
    )


def judge_parts(
    plan: RunPlan,
    replies: Iterable[AnswerRow],
    stands: Iterable[JudgeUpdated],
    gates: Mapping[str, Mapping[str, int]],
) -> tuple[JudgePart, ...]:
    """Every judge in the plan's order, of identity or of similarity or both.

    Args:
        plan: names them.
        replies: the session's calls to them.
        stands: what became of their questions.
        gates: answers that were kept from each, by what decided.
    """
    facts, rows, told = load_facts(), list(replies), list(stands)
    titles = {*plan.judges.ice, *plan.judges.rse}
    return tuple(
        JudgePart(
            # its questions' own parameters are sent, and no others
            replace(_part(plan, spec, [row for row in rows if row.model == spec.title], facts), asked={}),
            tuple(each for each in told if each.judge == spec.title),
            dict(gates.get(spec.title, {})),
        )
        for spec in plan.models
        if spec.title in titles
    )


def prompt_parts(plan: RunPlan) -> tuple[PromptPart, ...]:
    """What was asked, by set, kind and language, in the plan's order."""
    groups = dict.fromkeys((probe.set_name, probe.kind, probe.language) for probe in plan.probes)
    parts = []
    for group in groups:
        inside = [probe for probe in plan.probes if (probe.set_name, probe.kind, probe.language) == group]
        templates = {probe.template for probe in inside if probe.template}
        questions = {probe.question for probe in inside if probe.question}
        parts.append(PromptPart(*group, len(inside), len(templates), len(questions)))
    return tuple(parts)


def failures(rows: Iterable[AnswerRow]) -> tuple[Failure, ...]:
    """What went wrong, by model, class and reason."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        response = row.response
        if response.cls not in COMPLETE:
            counts[row.model, response.cls, response.error or ""] += 1
    return tuple(Failure(*key, count) for key, count in counts.items())


def total_cost(costs: Iterable[float | None]) -> float | None:
    """The sum in US dollars; None where any of them is unknown."""
    known = list(costs)
    return None if None in known else sum(cost for cost in known if cost is not None)


def source_of(spec: ModelSpec) -> Source:
    """Where a model's answers come from."""
    return "simulated" if spec.simulated else "recorded" if spec.recorded else "live"


def without_secrets(endpoint: str) -> str:
    """The endpoint without what a URL may carry of a password: user part, query and fragment."""
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return "(not a URL)"
    if parts.scheme not in {"http", "https"}:
        return endpoint
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _part(plan: RunPlan, spec: ModelSpec, rows: Sequence[AnswerRow], facts: Facts) -> ModelPart:
    asked_now = [row for row in rows if not row.cached]
    answered = [row for row in rows if row.response.usage is not None]
    varying = _varying([row.response.sent for row in answered])
    usages = [row.response.usage for row in answered if row.response.usage is not None]
    endpoints = sorted({without_secrets(row.endpoint) for row in rows}) or [without_secrets(spec.base_url or "")]
    return ModelPart(
        title=spec.title,
        role=spec.role,
        source=source_of(spec),
        provider=spec.provider,
        endpoint=", ".join(endpoints),
        requested=spec.name,
        served=_counts(row.response.served_model or "" for row in answered),
        family=spec.family,
        named=spec.family is not None and facts.lookup(spec.family) == facts.of_model(spec.name),
        fact=facts.statement(spec.family, spec.fact),
        system=spec.system,
        samples=spec.samples or plan.samples,
        asked=plan.params.sent(),
        sent=_variants([row.response.sent for row in answered], varying),
        varying={name: _values(name, answered) for name in sorted(varying)},
        refused=_counts(name for row in rows for name in row.response.refused),
        calls=sum(row.response.retries + 1 for row in asked_now if was_sent(row.response.queued_at)),
        cached=sum(row.cached and row.response.cls in COMPLETE for row in rows),
        retries=sum(row.response.retries for row in asked_now),
        input_tokens=sum(usage.input_tokens for usage in usages),
        output_tokens=sum(usage.output_tokens for usage in usages),
        usage_estimated=any(usage.source == "estimated" for usage in usages),
        cost=total_cost(row.cost for row in asked_now if row.response.usage is not None),
    )


def was_sent(queued_at: str) -> bool:
    """Whether a request was made at all: a trial that was dropped before its turn has no such time."""
    return queued_at != ""


def _varying(sent: Iterable[Mapping[str, float | int]]) -> set[str]:
    """The parameters with many values: a seed for each request."""
    values: dict[str, set[float | int]] = {}
    for params in sent:
        for name, value in params.items():
            values.setdefault(name, set()).add(value)
    return {name for name, seen in values.items() if len(seen) > _FEW}


def _variants(sent: Iterable[Mapping[str, float | int]], varying: set[str]) -> Mapping[str, int]:
    """Each variant as JSON text; a varying parameter is told as "varies"."""
    return _counts(
        json.dumps({**params, **{name: "varies" for name in params if name in varying}}, sort_keys=True)
        for params in sent
    )


def _values(name: str, rows: Iterable[AnswerRow]) -> Mapping[str, float | int]:
    """A varying parameter's value by answer."""
    return {
        f"{row.prompt_id}#{row.sample}": row.response.sent[name]
        for row in sorted(rows, key=lambda row: (row.prompt_id, row.sample))
        if name in row.response.sent
    }


def _counts(values: Iterable[str]) -> Mapping[str, int]:
    return dict(sorted(Counter(values).items()))
