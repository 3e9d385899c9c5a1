"""From a plan back to the choices that make it: the inverse of `build`, as far as a plan tells what was chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from distq_tui.errors import InputError
from distq_tui.plan.build import build_plan
from distq_tui.plan.choices import IDENTITY_SETS, AdaptiveChoice, Choices, IceChoice, SetChoice
from distq_tui.plan.design import BARE
from distq_tui.plan.run_plan import Adaptive, RunPlan
from distq_tui.plan.trial import Probe
from distq_tui.prompts import list_shipped, load_template_set

_TWIN = "twin"


def recall(plan: RunPlan) -> Choices:
    """The choices of a plan, by whatever way it was made.

    A plan names its sets and not their files: a set that is none of the shipped ones is left out. `makes` says whether
    these choices still give the same plan.
    """
    shipped = {line.name: line.kind for line in list_shipped()}
    crossed = [probe for probe in plan.probes if probe.template not in {BARE, None}]
    bare = Counter(probe.set_name for probe in plan.probes if probe.template in {BARE, None})
    used = [name for name, _, _ in plan.prompt_sets if "identity" in shipped.get(name, "")]
    questions = IDENTITY_SETS if set(IDENTITY_SETS) <= set(used) else tuple(used)
    return Choices(
        name=plan.name,
        models=plan.models,
        sets=tuple(SetChoice(name, count) for name, count in bare.items() if name in shipped),
        ice=_ice(crossed, questions) if crossed and crossed[0].set_name in shipped else None,
        adaptive=None if plan.adaptive is None else _adaptive(plan.adaptive, plan.prompt_sets, shipped, questions),
        judges=plan.judges,
        embeddings=plan.embeddings,
        seed=plan.seed,
        samples=plan.samples,
        params=plan.params,
        limits=plan.limits,
        budget=plan.budget,
    )


def makes(choices: Choices, plan: RunPlan) -> bool:
    """Whether these choices make that very plan: its sets may have changed since, or be files that it does not name."""
    try:
        return build_plan(choices).digest() == plan.digest()
    except InputError:
        return False


def _ice(crossed: list[Probe], questions: tuple[str, ...]) -> IceChoice:
    cells = Counter(probe.template for probe in crossed if _TWIN not in probe.tags)
    return IceChoice(
        templates=crossed[0].set_name,
        twins=any(_TWIN in probe.tags for probe in crossed),
        count=len(cells),
        questions_per_template=max(cells.values()),
        questions=questions,
    )


def _adaptive(
    adaptive: Adaptive, used: Iterable[tuple[str, str, str]], shipped: dict[str, str], questions: tuple[str, ...]
) -> AdaptiveChoice:
    templates = [name for name, _, _ in used if shipped.get(name) == "templates"]
    seeds = next((name for name in templates if load_template_set(name).templates == adaptive.seeds), "clean")
    return AdaptiveChoice(
        helper=adaptive.helper,
        target=adaptive.target or None,
        templates=seeds,
        questions=questions,
        questions_per_template=adaptive.questions,
        iterations=adaptive.iterations,
        selection=adaptive.selection,
    )
