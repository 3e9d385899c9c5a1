"""What a user should know of a plan before it runs: what it asks in vain."""

from __future__ import annotations

from collections.abc import Iterator

from distq_tui.engine.cast import plan_cast
from distq_tui.events import Notice
from distq_tui.ice.facts import load_facts
from distq_tui.ice.search.selection import never_adapts
from distq_tui.plan.run_plan import RunPlan
from distq_tui.rse.verdict_controls import FEWEST


def notices_of(plan: RunPlan) -> list[Notice]:
    """Models whose identity can't be scored, targets of which nothing can be concluded, a search that can't learn."""
    return [*_unscored(plan), *_inconclusive(plan), *_not_adaptive(plan)]


def _unscored(plan: RunPlan) -> Iterator[Notice]:
    """Identity questions to models of which no fact is known."""
    if not any(probe.kind == "identity" for probe in plan.probes):
        return
    facts = load_facts()
    for model in plan.answering:
        known = model.fact and model.fact.strip()
        if not known and (model.family is None or facts.lookup(model.family) is None):
            what = "its family is in no fact table" if model.family else "no fact is known"
            named = facts.of_model(model.name)
            hint = f'; its name tells family = "{named.key}"' if named else ""
            yield Notice(f"{what}: identity is not scored; give `family` or `fact`{hint}", model.title)


def _inconclusive(plan: RunPlan) -> Iterator[Notice]:
    """Similarities to references that no conclusion can be drawn of, whatever they will be."""
    if not any(probe.kind == "similarity" for probe in plan.probes):
        return
    cast = plan_cast(plan)
    for target in cast.targets if cast.references else ():
        families = len(cast.controls[target].negative)
        if families < FEWEST:
            yield Notice(
                f"similarity will stay inconclusive: {families} control families, and a conclusion takes {FEWEST}"
                " (models of role `control`, each of another `family` than target and reference)",
                target,
            )


def _not_adaptive(plan: RunPlan) -> Iterator[Notice]:
    if plan.adaptive is not None and (why := never_adapts(plan.adaptive)):
        yield Notice(f"adaptive search: {why}")
