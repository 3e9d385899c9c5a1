"""From choices (models, sets, the ICE design) to a RunPlan; a plan file and the setup screen both end here."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from distq_tui.config.models import ANSWERING_ROLES, ModelSpec
from distq_tui.errors import InputError
from distq_tui.plan.design import bare_probe, crossed_probes
from distq_tui.plan.run_plan import Budget, Limits, RunPlan
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Prompt, load_prompt_set, load_template_set

DEFAULT_TEMPLATES = 100
DEFAULT_QUESTIONS_PER_TEMPLATE = 6
IDENTITY_SETS = ("identity-en", "identity-zh")
_VENDOR_KEYS = {"openai": "env:OPENAI_API_KEY", "anthropic": "env:ANTHROPIC_API_KEY"}


@dataclass(frozen=True, slots=True)
class SetChoice:
    """A prompt set, by a shipped name or a path, and how many of its prompts are asked (from the first; None = all)."""

    name: str
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class IceChoice:
    """Templates x questions: the `[ice]` table.

    `count` None = min(100, templates in the set), fewer being no error; `questions` are the identity sets to draw from.
    """

    templates: str = "clean"
    twins: bool = False
    count: int | None = None
    questions_per_template: int = DEFAULT_QUESTIONS_PER_TEMPLATE
    questions: tuple[str, ...] = IDENTITY_SETS


@dataclass(frozen=True, slots=True)
class Choices:
    """All that a user chooses.

    Attributes:
        base: the folder that relative set paths start from; None = the working folder.
    """

    name: str
    models: tuple[ModelSpec, ...]
    sets: tuple[SetChoice, ...] = ()
    ice: IceChoice | None = None
    seed: int = 0
    samples: int = 1
    params: Params = field(default_factory=Params)
    limits: Limits = field(default_factory=Limits)
    budget: Budget = field(default_factory=Budget)
    base: Path | None = None


def build_plan(choices: Choices) -> RunPlan:
    """The plan that the choices make.

    Raises:
        InputError: no model to ask, two models of one name, no prompt, or a set that is missing or wrong.
    """
    models = tuple(_with_vendor_key(model) for model in choices.models)
    _check_models(models)
    probes: list[Probe] = []
    used: list[tuple[str, str, str]] = []
    for index, choice in enumerate(choices.sets):
        with _named_by(f"prompts[{index}].set"):
            prompt_set = load_prompt_set(choice.name, choices.base)
        used.append((prompt_set.name, prompt_set.version, prompt_set.digest))
        prompts = list(prompt_set.prompts[: choice.limit])
        # a live interval assumes that what comes next is like what came before, and a file is ordered by subject
        random.Random(f"order:{choices.seed}").shuffle(prompts)
        probes += [bare_probe(prompt, prompt_set.name, prompt.id) for prompt in prompts]
    if choices.ice is not None:
        probes += _ice_probes(choices, choices.ice, used)
    if not probes:
        raise InputError("must name at least one prompt set", field="prompts")
    return RunPlan(
        name=choices.name,
        seed=choices.seed,
        samples=choices.samples,
        params=choices.params,
        models=models,
        probes=tuple(_once_each(probes)),
        limits=choices.limits,
        budget=choices.budget,
        prompt_sets=tuple(used),
    )


@contextmanager
def _named_by(field: str) -> Iterator[None]:
    """A set that is not there is the fault of the key that names it; a fault inside the set's file is the file's."""
    try:
        yield
    except InputError as error:
        raise error if error.file else InputError(error.message, field=field) from error


def _with_vendor_key(model: ModelSpec) -> ModelSpec:
    """The vendor's usual key reference, at the vendor's own endpoint only: no key goes to any other by default."""
    if model.key is None and model.base_url is None and model.provider in _VENDOR_KEYS:
        return replace(model, key=_VENDOR_KEYS[model.provider])
    return model


def _check_models(models: Sequence[ModelSpec]) -> None:
    if not any(model.role in ANSWERING_ROLES for model in models):
        raise InputError("must name at least one model that is a target, reference or control", field="models")
    for title, count in Counter(model.title for model in models).items():
        if count > 1:
            index = [model.title for model in models].index(title, [model.title for model in models].index(title) + 1)
            raise InputError(
                f"`{title}` is named {count} times; give one of them a `label` of its own",
                field=f"models[{index}].name",
            )


def _ice_probes(choices: Choices, ice: IceChoice, used: list[tuple[str, str, str]]) -> list[Probe]:
    with _named_by("ice.templates"):
        template_set = load_template_set(ice.templates, choices.base)
    used.append((template_set.name, template_set.version, template_set.digest))
    by_text: dict[str, Prompt] = {}
    for name in ice.questions:
        with _named_by("ice.questions"):
            prompt_set = load_prompt_set(name, choices.base)
        used.append((prompt_set.name, prompt_set.version, prompt_set.digest))
        for prompt in prompt_set.prompts:
            if prompt.kind == "identity" and prompt.is_plain:
                by_text.setdefault(prompt.text, prompt)
    questions = list(by_text.values())
    available = len(template_set.templates)
    if ice.count is not None and ice.count > available:
        raise InputError(f"`{template_set.name}` has {available} templates, not {ice.count}", field="ice.count")
    if ice.questions_per_template > len(questions):
        raise InputError(
            f"there are {len(questions)} questions to draw from, not {ice.questions_per_template}",
            field="ice.questions_per_template",
        )
    count = min(DEFAULT_TEMPLATES, available) if ice.count is None else ice.count
    return crossed_probes(
        template_set.templates[:count],
        questions,
        questions_per_template=ice.questions_per_template,
        twins=ice.twins,
        seed=choices.seed,
        set_name=template_set.name,
    )


def _once_each(probes: Sequence[Probe]) -> list[Probe]:
    """The probes with unique ids: the same text is asked once, another text under the same id gets its set's name."""
    by_id: dict[str, Probe] = {}
    for probe in probes:
        name = probe.prompt_id
        while name in by_id and by_id[name].messages != probe.messages:
            name = f"{probe.set_name}:{name}"
        by_id.setdefault(name, replace(probe, prompt_id=name))
    return list(by_id.values())
