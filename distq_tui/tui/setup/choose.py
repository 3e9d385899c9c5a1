"""From what is picked in Setup to the plan's `Choices`: apart from `picks`, since it loads the plan rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from distq_tui.config.models import ANSWERING_ROLES, ModelSpec
from distq_tui.plan.choices import (
    DEFAULT_ITERATIONS,
    DEFAULT_QUESTIONS_PER_TEMPLATE,
    AdaptiveChoice,
    Choices,
    IceChoice,
    SetChoice,
)
from distq_tui.plan.run_plan import Budget, Judges
from distq_tui.tui.setup.picks import OPTIONS, Picks, number


def choices_of(picks: Picks) -> Choices:
    """The choices as the plan builder takes them.

    Raises:
        ValueError: nothing is picked, or a number is none.
    """
    models = picks.picked()
    if not any(model.role in ANSWERING_ROLES for model in models):
        raise ValueError("pick a model: t target, r reference, c control")
    opened = picks.opened or Choices("", ())
    adaptive = _adaptive(picks, models, opened.adaptive)
    if not picks.chosen and adaptive is None:
        raise ValueError("choose a prompt set: space")
    numbers = {option.name: number(option, picks.values.get(option.name, "")) for option in OPTIONS}
    limit = _whole(numbers["limit"])
    templates = [line.name for line in picks.sets if line.kind == "templates" and line.name in picks.chosen]
    sets = [line.name for line in picks.sets if line.kind != "templates" and line.name in picks.chosen]
    return replace(
        opened,
        name=_name(models, opened),
        adaptive=adaptive,
        judges=_judges(picks, models, opened.judges),
        seed=_whole(numbers["seed"]) or 0,
        models=tuple(models),
        sets=tuple(SetChoice(name, picks.own_limits.get(name, limit)) for name in sets),
        ice=_ice(picks, templates[0], numbers, opened.ice or IceChoice()) if templates else None,
        samples=_whole(numbers["samples"]) or 1,
        params=replace(opened.params, temperature=numbers["temperature"], max_tokens=_whole(numbers["max_tokens"])),
        limits=replace(opened.limits, concurrency=_whole(numbers["concurrency"])),
        budget=Budget(_whole(numbers["max_requests"]), numbers["max_cost"]),
    )


def _name(models: Sequence[ModelSpec], opened: Choices) -> str:
    """The opened plan's name; one by its models where it has none, or had only such a one."""
    return _named_by(models) if opened.name in {"", _named_by(opened.models)} else opened.name


def _named_by(models: Sequence[ModelSpec]) -> str:
    """`gpt-4o · acme-1 …`."""
    return " · ".join(model.title for model in models[:2]) + (" …" if len(models) > 2 else "")


def _ice(picks: Picks, templates: str, numbers: dict[str, float | None], opened: IceChoice) -> IceChoice:
    return replace(
        opened,
        templates=templates,
        twins=picks.does("twins"),
        count=_whole(numbers["templates"]),
        questions_per_template=_whole(numbers["questions"]) or DEFAULT_QUESTIONS_PER_TEMPLATE,
    )


def _judges(picks: Picks, models: Sequence[ModelSpec], opened: Judges) -> Judges:
    titles = tuple(model.title for model in models if model.role == "judge")
    if titles and not (picks.does("judge_ice") or picks.does("judge_rse")):
        raise ValueError(f"{titles[0]} has nothing to judge: choose judge identity or judge similarity")
    return Judges(
        ice=_kept(opened.ice, titles) if picks.does("judge_ice") else (),
        rse=_kept(opened.rse, titles) if picks.does("judge_rse") else (),
        gate="unsure" if picks.does("unsure") else "all",
    )


def _kept(opened: Sequence[str], titles: tuple[str, ...]) -> tuple[str, ...]:
    """The judges that an opened plan names for this, as far as they are picked; all who are picked without such."""
    return tuple(title for title in opened if title in titles) or titles


def _adaptive(picks: Picks, models: Sequence[ModelSpec], opened: AdaptiveChoice | None) -> AdaptiveChoice | None:
    helpers = [model.title for model in models if model.role == "helper"]
    if not helpers:
        return None
    if not picks.does("search"):
        raise ValueError(f"{helpers[0]} has nothing to help with: choose adaptive search")
    if len(helpers) > 1:
        raise ValueError(f"one helper is enough: {', '.join(helpers)}")
    targets = [model.title for model in models if model.role == "target"]
    if not targets:
        raise ValueError("an adaptive search needs a target: t")
    option = next(option for option in OPTIONS if option.name == "iterations")
    opened = opened or AdaptiveChoice("")
    return replace(
        opened,
        helper=helpers[0],
        target=opened.target if opened.target in targets else None,
        iterations=_whole(number(option, picks.values[option.name])) or DEFAULT_ITERATIONS,
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
