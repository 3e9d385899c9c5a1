"""Step 2: which of several references can't be told from the closest one."""

from __future__ import annotations

from collections.abc import Sequence

from distq_tui.rse.verdict_scores import SetScores
from distq_tui.stats import holm, paired_difference

LEVEL = 0.05


def candidate_set(scores: SetScores, target: str, references: Sequence[str]) -> tuple[str, ...]:
    """The closest reference, and those not significantly below it, closest first.

    Each other reference is compared with the closest over the prompts that both have, paired, one-sided (the closest is
    above it), Holm over the comparisons. A reference without a score is none of them.
    """
    means = {reference: scores.mean(target, reference) for reference in references}
    ranked = sorted((-value, reference) for reference, value in means.items() if value is not None)
    if not ranked:
        return ()
    best, *rest = [reference for _, reference in ranked]
    values = [_below(scores, target, best, other) for other in rest]
    return (best, *(name for name, p in zip(rest, holm(values), strict=True) if p > LEVEL))


def _below(scores: SetScores, target: str, best: str, other: str) -> float:
    """One-sided p that `other` is as close to the target as `best`; 1 where nothing can be compared."""
    ours, theirs = scores.of(target, best), scores.of(target, other)
    common = [prompt for prompt in scores.prompts if prompt in ours and prompt in theirs]
    test = paired_difference(
        [ours[prompt] for prompt in common], [theirs[prompt] for prompt in common], common, ["set"] * len(common)
    )
    if test is None or test.value <= 0.0:
        return 1.0
    return test.p / 2.0
