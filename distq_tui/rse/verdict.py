"""Whether a similarity is more than chance, in the few words that are allowed, and never more than the controls carry.

The unit of the null is the model pair (docs/evidence.md): the target's similarity to a reference is compared with
its similarities to controls of other families. Step 1 asks whether any reference stands out, step 2 which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from distq_tui.rse.candidates import candidate_set
from distq_tui.rse.verdict_controls import FEWEST, Controls
from distq_tui.rse.verdict_scores import SetScores
from distq_tui.stats import holm, prediction_p, rank_p

LEVEL = 0.05
STRONG_LEVEL = 0.01
STRONG_CONTROLS = 5
STRONG_PROMPTS = 60
RANK_FROM = 19
"""Control families from which on a p by rank can reach .05."""

Word = Literal["no word yet", "inconclusive", "none", "consistent with", "strong evidence"]
"""`no word yet` is none of the method's: planned answers are open. The others are."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reference beside the controls; every p is one-sided, None where it can't be computed.

    Attributes:
        rse: similarity of target and reference over `n` prompts.
        floor: mean similarity of the target to the control families, `spread` its standard deviation over them.
        p: chance of so high a score, were the reference one more control: t(c - 1) prediction.
        p_reference: the same seen from the reference: its similarity to the controls as the null.
        p_rank: the same as `p` by rank, from 19 control families on.
        families: control families that the target could be compared with.
    """

    reference: str
    rse: float | None
    floor: float | None
    spread: float | None
    p: float | None
    p_reference: float | None
    p_rank: float | None = None
    n: int = 0
    families: int = 0


@dataclass(frozen=True, slots=True)
class ControlTest:
    """A control tested against a reference as if it were a target.

    `p` is Holm-adjusted over the negative controls, which must not stand out, and plain for a positive one, which must.
    """

    control: str
    reference: str
    kind: Literal["positive", "negative"]
    p: float
    passed: bool


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What may be said of one target on one prompt set, in the words that are allowed.

    Attributes:
        references: those that `consistent with` or `strong evidence` names; empty otherwise.
        reason: why, in a sentence.
        p: step 1, over all references, Holm over the report's targets and sets.
        controls: the negative ones that were used.
        tests: of the controls themselves.
    """

    target: str
    prompt_set: str
    word: Word
    references: tuple[str, ...]
    reason: str
    p: float | None
    controls: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    tests: tuple[ControlTest, ...] = ()


def conclude(
    scores: SetScores,
    prompt_set: str,
    target: str,
    references: Sequence[str],
    controls: Controls,
    *,
    complete: bool = True,
) -> Conclusion:
    """Steps 1 and 2 for one target on one set, before the adjustment over targets and sets (`settle` gives the word).

    Args:
        scores: of all pairs of these models.
        prompt_set: the set's name.
        target: title of the target.
        references: titles of K references; step 1 is min(1, K * the smallest p).
        controls: the target's.
        complete: every planned answer of these models is in; the tests hold for a fixed number of prompts only, and
            without it there is no p anywhere.
    """
    candidates = tuple(_candidate(scores, target, reference, controls) for reference in references)
    testable = [candidate.p for candidate in candidates if candidate.p is not None]
    tests = control_tests(scores, references, controls)
    result = Conclusion(
        target=target,
        prompt_set=prompt_set,
        word="inconclusive",
        references=candidate_set(scores, target, [c.reference for c in candidates if c.p is not None]),
        reason="",
        p=min(1.0, len(references) * min(testable)) if testable else None,
        controls=controls.titles,
        candidates=candidates,
        tests=tests,
    )
    if not complete:
        return _open(result, controls)
    problem = _problem(candidates, controls, tests)
    if problem is None and result.p is None:
        problem = "the controls all score the same, or nothing was compared"
    return result if problem is None else replace(result, references=(), p=None, reason=problem)


def settle(conclusions: Sequence[Conclusion]) -> tuple[Conclusion, ...]:
    """Step 1 adjusted by Holm over all targets and sets that could be tested, and the word for each."""
    testable = [index for index, conclusion in enumerate(conclusions) if conclusion.p is not None]
    adjusted = holm([p for conclusion in conclusions if (p := conclusion.p) is not None])
    settled = list(conclusions)
    for index, p in zip(testable, adjusted, strict=True):
        settled[index] = _worded(settled[index], float(p))
    return tuple(settled)


def control_tests(scores: SetScores, references: Sequence[str], controls: Controls) -> tuple[ControlTest, ...]:
    """The controls put to the test against each reference as if each were the target.

    A negative control is left out of the null in turn; Holm over all of them and all references. Where only two other
    families are left nothing can be tested. A positive control meets the whole null and must stand out at .05.
    """
    names: list[tuple[str, str]] = []
    values: list[float] = []
    for reference in references:
        for key, titles in controls.negative.items():
            rest = {other: others for other, others in controls.negative.items() if other != key}
            for title in titles:
                p = _stands_out(scores, title, reference, Controls(rest))
                if p is not None:
                    names.append((title, reference))
                    values.append(p)
    tests = [
        ControlTest(title, reference, "negative", float(p), bool(p > LEVEL))
        for (title, reference), p in zip(names, holm(values), strict=True)
    ]
    for reference in references:
        for title in controls.positive.get(reference, ()):
            found = _stands_out(scores, title, reference, controls)
            if found is not None:
                tests.append(ControlTest(title, reference, "positive", found, found <= LEVEL))
    return tuple(tests)


def _stands_out(scores: SetScores, model: str, reference: str, controls: Controls) -> float | None:
    value = scores.mean(model, reference)
    return None if value is None else prediction_p(value, scores.null(model, controls.negative))


def _candidate(scores: SetScores, target: str, reference: str, controls: Controls) -> Candidate:
    value, null = scores.mean(target, reference), scores.null(target, controls.negative)
    return Candidate(
        reference=reference,
        rse=value,
        floor=float(np.mean(null)) if null else None,
        spread=float(np.std(null, ddof=1)) if len(null) > 1 else None,
        p=prediction_p(value, null) if value is not None else None,
        p_reference=prediction_p(value, scores.null(reference, controls.negative)) if value is not None else None,
        p_rank=rank_p(value, null) if value is not None and len(null) >= RANK_FROM else None,
        n=len(scores.of(target, reference)),
        families=len(null),
    )


def _open(conclusion: Conclusion, controls: Controls) -> Conclusion:
    """The same while planned answers are open: a p for a fixed number of prompts is wrong in a candidate's row too."""
    untested = tuple(replace(candidate, p=None, p_reference=None, p_rank=None) for candidate in conclusion.candidates)
    why = "planned answers are open, and the tests hold for a fixed number of prompts"
    reason = "; then too: ".join(filter(None, (why, _too_few(controls))))
    return replace(conclusion, word="no word yet", references=(), p=None, reason=reason, candidates=untested, tests=())


def _too_few(controls: Controls) -> str | None:
    """That the plan has not enough controls, whatever they answer; None where it has."""
    families, left_out = len(controls.negative), len(controls.left_out)
    if families >= FEWEST:
        return None
    aside = f"; {left_out} left out: family unknown or under test, or simulated" if left_out else ""
    return f"too few controls: {families} of different families, {FEWEST} are needed{aside}"


def _problem(candidates: Sequence[Candidate], controls: Controls, tests: Sequence[ControlTest]) -> str | None:
    """Why nothing can be concluded; None where something can."""
    too_few = _too_few(controls)
    if too_few is not None:
        return too_few
    answered = max((candidate.families for candidate in candidates), default=0)
    if answered < FEWEST:
        return f"too few controls: {answered} families gave answers to compare, {FEWEST} are needed"
    failures = [
        f"{test.control} would itself look close to {test.reference}"
        if test.kind == "negative"
        else f"{test.control} is not found close to {test.reference}"
        for test in tests
        if not test.passed
    ]
    tested = {(test.control, test.reference) for test in tests if test.kind == "positive"}
    failures += [
        f"{title} gave no answers to compare with {candidate.reference}"
        for candidate in candidates
        for title in controls.positive.get(candidate.reference, ())
        if (title, candidate.reference) not in tested
    ]
    return f"controls failed: {'; '.join(failures)}" if failures else None


def _worded(conclusion: Conclusion, p: float) -> Conclusion:
    if p > LEVEL:
        reason = "no reference is closer to the target than the controls are, beyond chance"
        return replace(conclusion, word="none", references=(), reason=reason, p=p)
    reason = "closer to the target than the controls are, beyond chance; RSE is symmetric and says not who taught whom"
    word: Word = "strong evidence" if p <= STRONG_LEVEL and _is_strong(conclusion) else "consistent with"
    return replace(conclusion, word=word, reason=reason, p=p)


def _is_strong(conclusion: Conclusion) -> bool:
    """Enough controls and prompts, and a positive control among those that passed (`_problem` holds the others)."""
    named = [c for c in conclusion.candidates if c.reference in conclusion.references]
    return all(c.families >= STRONG_CONTROLS and c.n >= STRONG_PROMPTS for c in named) and any(
        test.kind == "positive" for test in conclusion.tests
    )
