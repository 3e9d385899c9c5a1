"""What a plan says of its models for every score: who is held against whom, and how often each is asked.

Scorers and reports need the same answer. Nothing here imports judges or the search, which no report of a stored session
should wait for.
"""

from __future__ import annotations

from itertools import combinations

from distq_tui.ice.facts import load_facts
from distq_tui.plan.run_plan import RunPlan
from distq_tui.rse.verdict_controls import Cast, cast_of, family_key


def plan_cast(plan: RunPlan) -> Cast:
    """Who is target, reference and control of whom."""
    return cast_of(plan.answering, lookup=load_facts().lookup)


def relatives(plan: RunPlan) -> frozenset[frozenset[str]]:
    """Declared relatives: the titles of every two answering models of one family. Unknown families are none."""
    lookup = load_facts().lookup
    family = {model.title: family_key(model, lookup) for model in plan.answering}
    pairs = combinations(family, 2)
    return frozenset(frozenset(pair) for pair in pairs if None is not family[pair[0]] == family[pair[1]])


def samples_of(plan: RunPlan) -> dict[str, int]:
    """Repeats of each probe, by title of the answering model."""
    return {model.title: model.samples or plan.samples for model in plan.answering}
