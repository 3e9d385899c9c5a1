"""The plan of an imported session: its models and probes, as the answers tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from distq_tui.cli.import_fields import same, text_of
from distq_tui.cli.import_rows import Answer
from distq_tui.config.models import ANSWERING_ROLES, SIMULATED, ModelSpec, Role
from distq_tui.errors import InputError
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.trial import Params

_MODEL_FIELDS = ("family", "fact", "role")


def plan_of(
    name: str, answers: Sequence[Answer], systems: Mapping[str, str | None], roles: Mapping[str, Role]
) -> RunPlan:
    """A plan whose session these answers would be.

    Args:
        name: the plan's.
        answers: all of them, in the files' order.
        systems: the system prompt of each model, as `systems_of` gives it.
        roles: by model, instead of what rows say.

    Raises:
        InputError: rows contradict each other, or a role is given to no model of them.
    """
    samples: dict[str, int] = {}
    stated: dict[str, dict[str, str]] = {}
    files: dict[str, Path] = {}
    scripted = _scripted(answers)
    for answer in answers:
        model, path, line = answer.entry.model, answer.path, answer.line
        files.setdefault(model, path)
        samples[model] = max(samples.get(model, 1), answer.sample + 1)
        said = stated.setdefault(model, {})
        for field in _MODEL_FIELDS:
            value = text_of(answer.row, field, path, line)
            if value is not None and not same(field, said.setdefault(field, value), value):
                raise InputError(
                    f"of {model} is {said[field]!r} further up and {value!r} here; a session knows one {field} a model",
                    file=path,
                    line=line,
                    field=field,
                )
            if field == "role" and value is not None and value not in ANSWERING_ROLES:
                raise InputError("must be target, reference or control", file=path, line=line, field=field)
    unknown = [model for model in roles if model not in stated]
    if unknown:
        raise InputError(
            f"no model is called {unknown[0]!r}; these files have {', '.join(stated)}", field=f"--{roles[unknown[0]]}"
        )
    asked = {answer.params for answer in answers}
    return RunPlan(
        name=name,
        seed=0,
        samples=1,
        params=asked.pop() if len(asked) == 1 else Params(),
        models=tuple(
            ModelSpec(
                model,
                "replay",
                base_url=(SIMULATED if model in scripted else "") + str(files[model].absolute()),
                family=said.get("family"),
                fact=said.get("fact"),
                role=roles.get(model) or cast(Role, said.get("role", "target")),
                samples=samples[model],
                system=systems[model],
            )
            for model, said in stated.items()
        ),
        probes=tuple({answer.probe.prompt_id: answer.probe for answer in answers}.values()),
    )


def _scripted(answers: Sequence[Answer]) -> set[str]:
    """The models whose answers this program scripted.

    Raises:
        InputError: only some of a model's are: neither label would be true of it.
    """
    found: dict[str, bool] = {}
    for answer in answers:
        model, scripted = answer.entry.model, answer.entry.simulated
        if found.setdefault(model, scripted) != scripted:
            raise InputError(
                f"answers of {model} further up are {'' if found[model] else 'not '}simulated, unlike this one;"
                " import them apart",
                file=answer.path,
                line=answer.line,
                field="source",
            )
    return {model for model, scripted in found.items() if scripted}
