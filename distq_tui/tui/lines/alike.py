"""What the matrix shows, apart from how: standing similarities, the tree that orders them, and why a pair is alike.

numpy and scipy come in inside the functions that a thread calls, so that no frame waits for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING

from distq_tui.events import RSE_SCORED, RseScored, ScoreUpdated
from distq_tui.tui.live import LiveRun

if TYPE_CHECKING:
    from distq_tui.plan.run_plan import RunPlan
    from distq_tui.rse.lineage import Lineage

LEAST_MODELS = 3
"""Two models make no tree."""

SEQUENCE = "confidence sequence"
"""Begins the method of an interval that holds at whatever moment one looks."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A copy of what a pair is judged by, for a thread to read while the run goes on.

    Attributes:
        events: similarities of two models' answers, one a prompt, pair and sample.
        texts: scored answers by prompt, then model (the first sample).
        prompts: texts of the prompts.
        seed: of the bootstrap.
    """

    events: Sequence[RseScored]
    texts: Mapping[str, Mapping[str, str]]
    prompts: Mapping[str, str]
    seed: int


def pairs_of(live: LiveRun) -> list[ScoreUpdated]:
    """Similarities of two models over all prompts, most alike first."""
    found = [score for key, score in live.state.scores.items() if key[0] == "rse" and score.value is not None]
    return sorted(found, key=lambda score: (-(score.value or 0.0), score.models))


def models_of(pairs: Iterable[ScoreUpdated], titles: Sequence[str]) -> list[str]:
    """The models that are in a pair, in the plan's order."""
    known = {model for score in pairs for model in score.models}
    return [title for title in titles if title in known]


def method_mark(score: ScoreUpdated) -> str:
    """`~` for an interval that holds at any moment, `=` for that of a completed plan, blank where there is none."""
    if score.low is None:
        return " "
    return "~" if score.method.startswith(SEQUENCE) else "="


def events_of(live: LiveRun) -> list[RseScored]:
    """Similarities of two models, prompt by prompt; a model's with itself are left out."""
    return [event for events in live.state.pairs.values() for event in events if event.model_a != event.model_b]


def evidence_of(live: LiveRun) -> Evidence:
    """Everything that explains a pair, as it is now."""
    texts: dict[str, dict[str, str]] = {}
    for cell in live.state.cells.values():
        if cell.response is not None and cell.response.cls in RSE_SCORED:
            texts.setdefault(cell.prompt_id, {}).setdefault(cell.model, cell.response.text)
    prompts = {name: probe.text for name, probe in live.probes.items() if name in texts}
    return Evidence(events_of(live), texts, prompts, live.run.plan.seed)


def tree_of(events: Sequence[RseScored], plan: RunPlan, *, support: bool) -> Lineage | None:
    """The tree of the models in these events, None for fewer than three; slow: call it in a thread.

    Args:
        events: see `events_of`.
        plan: says who are relatives, and the seed that resamples the prompts.
        support: how often branches come back; costs a few hundred trees.
    """
    import numpy as np

    from distq_tui.engine.cast import relatives
    from distq_tui.rse.lineage import DRAWS, lineage
    from distq_tui.rse.lineage_scores import AspectScores

    scores = AspectScores.of(_cells(events), relatives=relatives(plan))
    if len(scores.models) < LEAST_MODELS:
        return None
    return lineage(scores, np.random.default_rng(plan.seed), draws=DRAWS if support else 0)


def explain(one: str, other: str, evidence: Evidence) -> list[str]:
    """Why two models are alike, as lines of text; empty where they share no scored prompt. Slow: for a thread."""
    from distq_tui.rse.lineage_scores import AspectScores
    from distq_tui.rse.lineage_why import why_alike, why_lines

    scores = AspectScores.of(_cells(evidence.events))
    if not {one, other} <= set(scores.models):
        return []
    why = why_alike(one, other, scores, evidence.texts, prompts=evidence.prompts)
    names = {prompt: f"{prompt} {text}" for prompt, text in evidence.prompts.items()}
    return list(why_lines(why, names))[1:]


def prompts_of(one: str, other: str, events: Iterable[RseScored]) -> list[RseScored]:
    """The pair's prompts, those on which it is most alike first; several samples of one are averaged."""
    by_prompt: dict[str, list[RseScored]] = {}
    for event in events:
        if {event.model_a, event.model_b} == {one, other}:
            by_prompt.setdefault(event.prompt_id, []).append(event)
    return sorted(map(_averaged, by_prompt.values()), key=lambda event: (-rse_of(event), event.prompt_id))


def rse_of(event: RseScored) -> float:
    """The mean of the three aspects."""
    return (event.content + event.structure + event.style) / 3


def _averaged(samples: Sequence[RseScored]) -> RseScored:
    return replace(
        samples[0],
        content=fmean(event.content for event in samples),
        structure=fmean(event.structure for event in samples),
        style=fmean(event.style for event in samples),
    )


def _cells(events: Iterable[RseScored]) -> Iterable[tuple[str, str, str, tuple[float, float, float]]]:
    for event in events:
        yield event.prompt_id, event.model_a, event.model_b, (event.content, event.structure, event.style)
