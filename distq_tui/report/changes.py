"""What changed between the plans of two sessions, and in what ran them: models, prompts, parameters, versions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from distq_tui.config.models import ModelSpec
from distq_tui.plan.run_plan import RunPlan
from distq_tui.report.answers import Answers
from distq_tui.report.sources import without_secrets
from distq_tui.store import SessionRow

ABSENT = "–"
"""Stands for what one of the two has not."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: what it is, and its value in either session as text."""

    what: str
    before: str
    after: str


def plan_changes(before: RunPlan, after: RunPlan) -> Iterator[Change]:
    """Models and their fields, prompt sets, prompts, parameters, judges, search. Budget and limits ask nothing else."""
    yield from _models(before, after)
    yield from _fields("prompt set ", _sets(before), _sets(after))
    yield from _prompts(before, after)
    yield from _fields("", _settings(before), _settings(after))


def run_changes(before: SessionRow, after: SessionRow) -> Iterator[Change]:
    """The versions of what ran the sessions."""
    yield from _fields("version of ", before.versions, after.versions)


def served_changes(before: Answers, after: Answers) -> Iterator[Change]:
    """The names under which a model's server answered: another one is another model."""
    for model in before.by_model:
        if model in after.by_model:
            names = [_served(answers, model) for answers in (before, after)]
            if names[0] != names[1] and all(names):
                yield Change(f"{model}: served as", *names)


def _served(answers: Answers, model: str) -> str:
    rows = answers.by_model[model].values()
    return ", ".join(sorted({name for answer in rows if (name := answer.row.response.served_model)}))


def _models(before: RunPlan, after: RunPlan) -> Iterator[Change]:
    old, new = ({model.title: model for model in plan.models} for plan in (before, after))
    for title in dict.fromkeys([*old, *new]):
        if title in old and title in new:
            yield from _fields(f"{title}: ", _model(old[title]), _model(new[title]))
        else:
            yield Change("model", title if title in old else ABSENT, title if title in new else ABSENT)


def _model(spec: ModelSpec) -> dict[str, Any]:
    fields = {name: value for name, value in asdict(spec).items() if value not in (None, "", ())}
    del fields["name"]
    fields.pop("label", None)
    if spec.base_url is not None:
        fields["base_url"] = without_secrets(spec.base_url)
    return {"asked as": spec.name, **fields}


def _sets(plan: RunPlan) -> dict[str, str]:
    return {name: f"{version} ({digest[:8]})" for name, version, digest in plan.prompt_sets}


def _prompts(before: RunPlan, after: RunPlan) -> Iterator[Change]:
    old, new = ({probe.prompt_id: probe.messages for probe in plan.probes} for plan in (before, after))
    if gone := len(old.keys() - new.keys()):
        yield Change("prompts asked only before", str(gone), ABSENT)
    if come := len(new.keys() - old.keys()):
        yield Change("prompts asked only after", ABSENT, str(come))
    if other := sum(old[name] != new[name] for name in old.keys() & new.keys()):
        yield Change("prompts of one id and another text", str(other), str(other))


def _settings(plan: RunPlan) -> dict[str, Any]:
    adaptive = plan.adaptive
    return {
        "name": plan.name,
        "samples": plan.samples,
        "seed": plan.seed,
        **plan.params.sent(),
        "judges of identity": plan.judges.ice,
        "judges of similarity": plan.judges.rse,
        "judges are asked of": plan.judges.gate,
        **({} if adaptive is None else {"search by": adaptive.helper, "search steps": adaptive.iterations}),
    }


def _fields(area: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield Change(f"{area}{name}", _text(before.get(name)), _text(after.get(name)))


def _text(value: Any) -> str:
    match value:
        case None | () | []:
            return ABSENT
        case str():
            return value
        case tuple() | list():
            return ", ".join(map(str, value))
        case _:
            return json.dumps(value)
