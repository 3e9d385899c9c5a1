"""An opened plan into Setup's form: models with their roles, sets, switches and numbers. Pure."""

from __future__ import annotations

from decimal import Decimal

from distq_tui.plan.choices import Choices
from distq_tui.tui.records import OpenedPlan
from distq_tui.tui.setup.picks import OPTIONS, SWITCHES, Picks, ident


def refill(picks: Picks, opened: OpenedPlan) -> None:
    """Choose what the plan chooses, in place of what was chosen; what the form does not show is kept with it."""
    choices = opened.choices
    ours = {ident(line.spec) for line in opened.models}
    picks.lines = [*opened.models, *(line for line in picks.lines if ident(line.spec) not in ours)]
    picks.roles = {ident(line.spec): line.spec.role for line in opened.models}
    known = {line.name for line in picks.sets}
    picks.sets = [*picks.sets, *(line for line in opened.sets if line.name not in known)]
    picks.own_limits = {choice.name: choice.limit for choice in choices.sets}
    picks.chosen = {*picks.own_limits, *([choices.ice.templates] if choices.ice else [])}
    picks.on = _switches(choices)
    picks.values = _values(choices)
    picks.opened = choices


def _switches(choices: Choices) -> set[str]:
    """Those that do nothing without a judge or helper are as they are at first, so that a judge added later judges."""
    judges, default = choices.judges, {switch.name for switch in SWITCHES if switch.on}
    graded = {"judge_ice": bool(judges.ice), "judge_rse": bool(judges.rse)} if judges.ice or judges.rse else {}
    told = {**graded, "unsure": judges.gate == "unsure", "twins": bool(choices.ice and choices.ice.twins)}
    return {name for name, on in told.items() if on} | (default - told.keys())


def _values(choices: Choices) -> dict[str, str]:
    """The numbers as the form has them; those of a table that the plan has not are as they are at first."""
    ice, adaptive = choices.ice, choices.adaptive
    told: dict[str, float | None] = {
        "samples": choices.samples,
        "seed": choices.seed,
        "temperature": choices.params.temperature,
        "max_tokens": choices.params.max_tokens,
        "concurrency": choices.limits.concurrency,
        "max_requests": choices.budget.max_requests,
        "max_cost": choices.budget.max_cost,
    }
    if ice is not None:
        told |= {"templates": ice.count, "questions": ice.questions_per_template}
    if adaptive is not None:
        told["iterations"] = adaptive.iterations
    given = {name: "" if value is None else f"{Decimal(repr(value)):f}" for name, value in told.items()}
    return {option.name: given.get(option.name, option.value) for option in OPTIONS}
