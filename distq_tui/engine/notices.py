"""What a user should know of a plan before it runs: what it asks in vain."""

from __future__ import annotations

from collections.abc import Iterator

from distq_tui.events import Notice
from distq_tui.ice.facts import load_facts
from distq_tui.ice.search.selection import never_adapts
from distq_tui.plan.run_plan import RunPlan


def notices_of(plan: RunPlan) -> list[Notice]:
    """Models whose identity is asked for and can't be scored, and a search that can't learn."""
    return [*_unscored(plan), *_not_adaptive(plan)]


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


def _not_adaptive(plan: RunPlan) -> Iterator[Notice]:
    if plan.adaptive is not None and (why := never_adapts(plan.adaptive)):
        yield Notice(f"adaptive search: {why}")
