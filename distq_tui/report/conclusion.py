"""Whether a similarity is more than chance, in the few words that are allowed, and never more than the controls carry.

The unit of the null is the model pair (MEASUREMENT section 3): the target's similarity to a reference is compared with
its similarities to controls of other families. Step 1 asks whether any reference stands out, step 2 which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from distq_tui.config.models import ModelSpec
from distq_tui.ice.facts import load_facts
from distq_tui.providers.endpoints import is_simulated
from distq_tui.report.answers import Answers, Cell
from distq_tui.report.model import Candidate, Conclusion
from distq_tui.report.rse import PairScores, common_cells, prompt_sets
from distq_tui.stats import holm, paired_difference, prediction_p

LEVEL = 0.05
FEWEST = 3
"""Control families below which nothing can be said."""


@dataclass(frozen=True, slots=True)
class _Scores:
    """Per-prompt similarities on one set, by pair."""

    pairs: Mapping[frozenset[str], PairScores]
    answers: Answers
    prompts: Sequence[str]

    def by_cell(self, a: str, b: str) -> dict[Cell, float]:
        pair = self.pairs.get(frozenset((a, b)))
        if pair is None:
            return {}
        cells = common_cells(self.answers, (a, b), self.prompts)
        return {cell: value for cell in cells if (value := pair.rse(cell)) is not None}

    def mean(self, a: str, b: str) -> float | None:
        values = list(self.by_cell(a, b).values())
        return float(np.mean(values)) if values else None

    def null(self, model: str, families: Mapping[str, Sequence[str]]) -> list[float]:
        """The model's similarity to each control family: one family counts once."""
        found = []
        for titles in families.values():
            values = [value for title in titles if (value := self.mean(model, title)) is not None]
            if values:
                found.append(float(np.mean(values)))
        return found


def conclusions(answers: Answers, pairs: Sequence[PairScores]) -> tuple[Conclusion, ...]:
    """One conclusion for each target and similarity set, where there is a reference; step 1 by Holm over all."""
    plan = answers.plan
    references = [model for model in plan.answering if model.role == "reference"]
    by_pair = {frozenset(pair.models): pair for pair in pairs}
    found = []
    for target in (model for model in plan.answering if model.role == "target"):
        for name, prompts in prompt_sets(plan).items() if references else ():
            found.append(_conclude(_Scores(by_pair, answers, prompts), name, target, references))
    testable = [index for index, conclusion in enumerate(found) if conclusion.p is not None]
    adjusted = holm([p for index in testable if (p := found[index].p) is not None])
    for index, p in zip(testable, adjusted, strict=True):
        found[index] = _worded(found[index], float(p))
    return tuple(found)


def _conclude(scores: _Scores, name: str, target: ModelSpec, references: Sequence[ModelSpec]) -> Conclusion:
    """Everything but the adjustment over the report: `p` is step 1 of this target and set alone."""
    families, left_out = _control_families(scores.answers, [target, *references])
    candidates = [_candidate(scores, target.title, reference.title, families) for reference in references]
    standing = [candidate.p for candidate in candidates if candidate.p is not None]
    best = _undistinguished(scores, target.title, candidates)
    result = Conclusion(
        target=target.title,
        prompt_set=name,
        word="inconclusive",
        references=best,
        reason="",
        p=min(1.0, len(standing) * min(standing)) if standing else None,
        controls=tuple(title for titles in families.values() for title in titles),
        candidates=tuple(candidates),
    )
    problem = _problem(scores, families, left_out, [target, *references])
    if problem is None and result.p is None:
        problem = "the controls all score the same, or nothing was compared"
    return result if problem is None else replace(result, references=(), p=None, reason=problem)


def _problem(
    scores: _Scores, families: Mapping[str, Sequence[str]], left_out: int, models: Sequence[ModelSpec]
) -> str | None:
    """Why nothing can be concluded; None where something can."""
    if len(families) < FEWEST:
        aside = f"; {left_out} left out: family unknown or under test, or simulated" if left_out else ""
        return f"too few controls: {len(families)} of different families, {FEWEST} are needed{aside}"
    compared = [*(model.title for model in models), *(title for titles in families.values() for title in titles)]
    if not all(scores.answers.complete(title, "similarity") for title in compared):
        return "the plan was not completed, and these tests hold for a fixed number of prompts"
    for reference in models[1:]:
        close = _failed_controls(scores, reference.title, families)
        if close:
            return f"controls failed: {', '.join(close)} would itself look close to {reference.title}"
    return None


def _control_families(answers: Answers, models: Sequence[ModelSpec]) -> tuple[dict[str, list[str]], int]:
    """The control titles by family, and how many controls are left out.

    Left out are families under test, unknown ones (they may be the same), and scripted speakers beside a real target:
    they are no sample of what unrelated models are like. The target is the first of `models`.
    """
    facts = load_facts()

    def family(model: ModelSpec) -> str | None:
        found = facts.lookup(model.family or model.name)
        return found.key if found else model.family and model.family.casefold()

    tested = {family(model) for model in models}
    families: dict[str, list[str]] = {}
    left_out = 0
    for control in (model for model in answers.plan.answering if model.role == "control"):
        key = family(control)
        if key is None or key in tested or (is_simulated(control) and not is_simulated(models[0])):
            left_out += 1
        else:
            families.setdefault(key, []).append(control.title)
    return families, left_out


def _candidate(scores: _Scores, target: str, reference: str, families: Mapping[str, Sequence[str]]) -> Candidate:
    value, null = scores.mean(target, reference), scores.null(target, families)
    return Candidate(
        reference=reference,
        rse=value,
        floor=float(np.mean(null)) if null else None,
        spread=float(np.std(null, ddof=1)) if len(null) > 1 else None,
        p=None if value is None else prediction_p(value, null),
        p_reference=None if value is None else prediction_p(value, scores.null(reference, families)),
    )


def _failed_controls(scores: _Scores, reference: str, families: Mapping[str, Sequence[str]]) -> list[str]:
    """Control families that, left out in turn and tested as if they were the target, stand out (Holm)."""
    tested, values = [], []
    for key, titles in families.items():
        rest = {other: others for other, others in families.items() if other != key}
        score = scores.mean(titles[0], reference)
        p = None if score is None else prediction_p(score, scores.null(titles[0], rest))
        if p is not None:
            tested.append(titles[0])
            values.append(p)
    return [title for title, p in zip(tested, holm(values), strict=True) if p <= LEVEL]


def _undistinguished(scores: _Scores, target: str, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Step 2: the best reference, and those not significantly below it (paired over prompts, Holm)."""
    ranked = sorted((c for c in candidates if c.rse is not None), key=lambda c: (-(c.rse or 0.0), c.reference))
    if not ranked:
        return ()
    best = scores.by_cell(target, ranked[0].reference)
    names, values = [], []
    for candidate in ranked[1:]:
        theirs = scores.by_cell(target, candidate.reference)
        common = [cell for cell in best if cell in theirs]
        prompts = [prompt for prompt, _ in common]
        test = paired_difference(
            [best[cell] for cell in common], [theirs[cell] for cell in common], prompts, ["set"] * len(common)
        )
        names.append(candidate.reference)
        values.append(1.0 if test is None else test.p)
    near = [name for name, p in zip(names, holm(values), strict=True) if p > LEVEL]
    return (ranked[0].reference, *near)


def _worded(conclusion: Conclusion, p: float) -> Conclusion:
    if p > LEVEL:
        reason = "no reference is closer to the target than the controls are, beyond chance"
        return replace(conclusion, word="none", references=(), reason=reason, p=p)
    reason = "closer to the target than the controls are, beyond chance; RSE is symmetric and says not who taught whom"
    return replace(conclusion, word="consistent with", reason=reason, p=p)
