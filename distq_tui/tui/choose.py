"""From what is picked in Setup to the plan's `Choices`: apart from `picks`, since it loads the plan rooms."""

from __future__ import annotations

from distq_tui.plan.choices import Choices, IceChoice, SetChoice
from distq_tui.plan.run_plan import Budget, Limits
from distq_tui.plan.trial import Params
from distq_tui.tui.picks import OPTIONS, Picks, number


def choices_of(picks: Picks) -> Choices:
    """The choices as the plan builder takes them.

    Raises:
        ValueError: nothing is picked, or a number is none.
    """
    models = picks.picked()
    if not models:
        raise ValueError("pick a model: t target, r reference, c control")
    if not picks.chosen:
        raise ValueError("choose a prompt set: space")
    numbers = {option.name: number(option, picks.values.get(option.name, "")) for option in OPTIONS}
    limit = _whole(numbers["limit"])
    templates = [line.name for line in picks.sets if line.kind == "templates" and line.name in picks.chosen]
    sets = [line.name for line in picks.sets if line.kind != "templates" and line.name in picks.chosen]
    return Choices(
        name=" · ".join(model.title for model in models[:2]) + (" …" if len(models) > 2 else ""),
        models=tuple(models),
        sets=tuple(SetChoice(name, limit) for name in sets),
        ice=IceChoice(templates=templates[0]) if templates else None,
        samples=_whole(numbers["samples"]) or 1,
        params=Params(temperature=numbers["temperature"], max_tokens=_whole(numbers["max_tokens"])),
        limits=Limits(concurrency=_whole(numbers["concurrency"])),
        budget=Budget(_whole(numbers["max_requests"]), numbers["max_cost"]),
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
