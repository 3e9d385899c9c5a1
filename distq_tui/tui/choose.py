"""From what is picked in Setup to the plan's `Choices`: apart from `picks`, since it loads the plan rooms."""

from __future__ import annotations

from collections.abc import Sequence

from distq_tui.config.models import ANSWERING_ROLES, ModelSpec
from distq_tui.plan.choices import (
    DEFAULT_ITERATIONS,
    DEFAULT_QUESTIONS_PER_TEMPLATE,
    AdaptiveChoice,
    Choices,
    IceChoice,
    SetChoice,
)
from distq_tui.plan.run_plan import Budget, Judges, Limits
from distq_tui.plan.trial import Params
from distq_tui.tui.picks import OPTIONS, Picks, number


def choices_of(picks: Picks) -> Choices:
    """The choices as the plan builder takes them.

    Raises:
        ValueError: nothing is picked, or a number is none.
    """
    models = picks.picked()
    if not any(model.role in ANSWERING_ROLES for model in models):
        raise ValueError("pick a model: t target, r reference, c control")
    adaptive = _adaptive(picks, models)
    if not picks.chosen and adaptive is None:
        raise ValueError("choose a prompt set: space")
    numbers = {option.name: number(option, picks.values.get(option.name, "")) for option in OPTIONS}
    limit = _whole(numbers["limit"])
    templates = [line.name for line in picks.sets if line.kind == "templates" and line.name in picks.chosen]
    sets = [line.name for line in picks.sets if line.kind != "templates" and line.name in picks.chosen]
    return Choices(
        name=" · ".join(model.title for model in models[:2]) + (" …" if len(models) > 2 else ""),
        adaptive=adaptive,
        judges=_judges(picks, models),
        seed=_whole(numbers["seed"]) or 0,
        models=tuple(models),
        sets=tuple(SetChoice(name, limit) for name in sets),
        ice=_ice(picks, templates[0], numbers) if templates else None,
        samples=_whole(numbers["samples"]) or 1,
        params=Params(temperature=numbers["temperature"], max_tokens=_whole(numbers["max_tokens"])),
        limits=Limits(concurrency=_whole(numbers["concurrency"])),
        budget=Budget(_whole(numbers["max_requests"]), numbers["max_cost"]),
    )


def _ice(picks: Picks, templates: str, numbers: dict[str, float | None]) -> IceChoice:
    return IceChoice(
        templates=templates,
        twins=picks.does("twins"),
        count=_whole(numbers["templates"]),
        questions_per_template=_whole(numbers["questions"]) or DEFAULT_QUESTIONS_PER_TEMPLATE,
    )


def _judges(picks: Picks, models: Sequence[ModelSpec]) -> Judges:
    titles = tuple(model.title for model in models if model.role == "judge")
    if titles and not (picks.does("judge_ice") or picks.does("judge_rse")):
        raise ValueError(f"{titles[0]} has nothing to judge: choose judge identity or judge similarity")
    return Judges(
        ice=titles if picks.does("judge_ice") else (),
        rse=titles if picks.does("judge_rse") else (),
        gate="unsure" if picks.does("unsure") else "all",
    )


def _adaptive(picks: Picks, models: Sequence[ModelSpec]) -> AdaptiveChoice | None:
    helpers = [model.title for model in models if model.role == "helper"]
    if not helpers:
        return None
    if not picks.does("search"):
        raise ValueError(f"{helpers[0]} has nothing to help with: choose adaptive search")
    if len(helpers) > 1:
        raise ValueError(f"one helper is enough: {', '.join(helpers)}")
    if not any(model.role == "target" for model in models):
        raise ValueError("an adaptive search needs a target: t")
    option = next(option for option in OPTIONS if option.name == "iterations")
    return AdaptiveChoice(
        helpers[0], iterations=_whole(number(option, picks.values[option.name])) or DEFAULT_ITERATIONS
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
