"""From choices (models, sets, the ICE design) to a RunPlan; a plan file and the setup screen both end here."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from distq_tui.config.models import ANSWERING_ROLES, ModelSpec, Role
from distq_tui.errors import InputError
from distq_tui.plan.choices import DEFAULT_TEMPLATES, AdaptiveChoice, Choices, IceChoice
from distq_tui.plan.design import bare_probe, crossed_probes
from distq_tui.plan.run_plan import Adaptive, Judges, RunPlan
from distq_tui.plan.trial import Probe
from distq_tui.prompts import Prompt, PromptSet, TemplateSet, load_prompt_set, load_template_set

_VENDOR_KEYS = {"openai": "env:OPENAI_API_KEY", "anthropic": "env:ANTHROPIC_API_KEY"}


class _Used:
    """The sets that a plan uses: loaded with the key that names them blamed for what is missing, and remembered."""

    def __init__(self, base: Path | None) -> None:
        self._base = base
        self._sets: dict[tuple[str, str, str], None] = {}

    @property
    def sets(self) -> tuple[tuple[str, str, str], ...]:
        return tuple(self._sets)

    def prompts(self, name: str, field: str) -> PromptSet:
        with _named_by(field):
            found = load_prompt_set(name, self._base)
        self._sets[found.name, found.version, found.digest] = None
        return found

    def templates(self, name: str, field: str) -> TemplateSet:
        with _named_by(field):
            found = load_template_set(name, self._base)
        self._sets[found.name, found.version, found.digest] = None
        return found

    def questions(self, names: Sequence[str], field: str) -> list[Prompt]:
        """The identity questions of these sets that fit a template's slot, each text once."""
        by_text: dict[str, Prompt] = {}
        for name in names:
            for prompt in self.prompts(name, field).prompts:
                if prompt.kind == "identity" and prompt.is_plain:
                    by_text.setdefault(prompt.text, prompt)
        return list(by_text.values())


def build_plan(choices: Choices) -> RunPlan:
    """The plan that the choices make.

    Raises:
        InputError: no model to ask, two models of one name, no prompt, a judge or helper that is no model of that role,
            or a set that is missing or wrong.
    """
    models = tuple(_with_vendor_key(model) for model in choices.models)
    _check_models(models)
    _check_judges(choices.judges, models)
    used = _Used(choices.base)
    probes: list[Probe] = []
    for index, choice in enumerate(choices.sets):
        prompt_set = used.prompts(choice.name, f"prompts[{index}].set")
        prompts = list(prompt_set.prompts[: choice.limit])
        # a live interval assumes that what comes next is like what came before, and a file is ordered by subject
        random.Random(f"order:{choices.seed}").shuffle(prompts)
        probes += [bare_probe(prompt, prompt_set.name, prompt.id) for prompt in prompts]
    if choices.ice is not None:
        probes += _ice_probes(choices.ice, choices.seed, used)
    adaptive = None if choices.adaptive is None else _adaptive(choices.adaptive, models, used)
    if not probes and adaptive is None:
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
        prompt_sets=used.sets,
        judges=choices.judges,
        adaptive=adaptive,
        embeddings=choices.embeddings,
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
    titles = [model.title for model in models]
    for title, count in Counter(titles).items():
        if count > 1:
            second = titles.index(title, titles.index(title) + 1)
            raise InputError(
                f"`{title}` is named {count} times; give one of them a `label` of its own",
                field=f"models[{second}].name",
            )


def _check_judges(judges: Judges, models: Sequence[ModelSpec]) -> None:
    for kind, titles in (("ice", judges.ice), ("rse", judges.rse)):
        for title in titles:
            _check_role(title, "judge", models, f"judges.{kind}")


def _check_role(title: str, role: Role, models: Sequence[ModelSpec], field: str) -> None:
    if not any(model.title == title and model.role == role for model in models):
        raise InputError(f"no model of this plan is called {title!r} and has the role {role}", field=field)


def _ice_probes(ice: IceChoice, seed: int, used: _Used) -> list[Probe]:
    template_set = used.templates(ice.templates, "ice.templates")
    questions = used.questions(ice.questions, "ice.questions")
    available = len(template_set.templates)
    if ice.count is not None and ice.count > available:
        raise InputError(f"`{template_set.name}` has {available} templates, not {ice.count}", field="ice.count")
    _check_questions(ice.questions_per_template, questions, "ice.questions_per_template")
    count = min(DEFAULT_TEMPLATES, available) if ice.count is None else ice.count
    return crossed_probes(
        template_set.templates[:count],
        questions,
        questions_per_template=ice.questions_per_template,
        twins=ice.twins,
        seed=seed,
        set_name=template_set.name,
    )


def _check_questions(wanted: int, questions: Sequence[Prompt], field: str) -> None:
    if wanted > len(questions):
        raise InputError(f"there are {len(questions)} questions to draw from, not {wanted}", field=field)


def _adaptive(choice: AdaptiveChoice, models: Sequence[ModelSpec], used: _Used) -> Adaptive:
    _check_role(choice.helper, "helper", models, "adaptive.helper")
    if choice.target is not None:
        _check_role(choice.target, "target", models, "adaptive.target")
    questions = used.questions(choice.questions, "adaptive.questions")
    _check_questions(choice.questions_per_template, questions, "adaptive.questions_per_template")
    return Adaptive(
        helper=choice.helper,
        target=choice.target or "",
        iterations=choice.iterations,
        selection=choice.selection,
        questions=choice.questions_per_template,
        seeds=used.templates(choice.templates, "adaptive.templates").templates,
        query_pool=tuple((prompt.id, prompt.language, prompt.aspect or "", prompt.text) for prompt in questions),
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
