"""Where a target stands between unrelated models and the reference itself: position = (RSE - floor)/(ceiling - floor).

All three are means over the same prompts. The floor is the similarity of both models of the pair, target and reference,
to the named controls (the mean of the two sides: a reference that is close to everybody raises it). The ceiling is the
reference against another sample of itself, which needs temperature > 0; two identical texts are no ceiling, and a
prompt that has only those is left out of the position.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from distq_tui.rse.verdict_controls import Families
from distq_tui.rse.verdict_scores import ByPrompt, SetScores
from distq_tui.stats.fieller import ratio

UNDEFINED = "undefined"
"""Begins the method of a position that has no value."""

SO_FAR = "so far: an interval needs the completed plan"
"""The method of a position while answers are still to come: no confidence sequence holds for a ratio."""


@dataclass(frozen=True, slots=True)
class Position:
    """The position of a target, given these controls.

    Attributes:
        rse, floor, ceiling: the means over the n prompts that have all three; None without any.
        value, low, high: None where undefined; `method` then says why.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    method: str
    rse: float | None = None
    floor: float | None = None
    ceiling: float | None = None
    controls: tuple[str, ...] = ()


def both_floors(target: ByPrompt, reference: ByPrompt) -> dict[str, float]:
    """The floor of a pair: by prompt, the mean of its two models' similarities to the controls."""
    return {prompt: (value + reference[prompt]) / 2 for prompt, value in target.items() if prompt in reference}


def position_on(scores: SetScores, target: str, reference: str, families: Families, *, seed: int = 0) -> Position:
    """The position of a target on one set, from the similarities of all pairs."""
    floor = both_floors(scores.floor(target, families), scores.floor(reference, families))
    controls = tuple(title for titles in families.values() for title in titles)
    return position(
        scores.prompts,
        scores.of(target, reference),
        floor,
        scores.of(reference, reference),
        controls=controls,
        seed=seed,
    )


def position(
    prompts: Sequence[str],
    rse: ByPrompt,
    floor: ByPrompt,
    ceiling: ByPrompt,
    *,
    controls: tuple[str, ...] = (),
    seed: int = 0,
) -> Position:
    """The position over the prompts that have RSE, floor and ceiling, with its 95 % interval over prompts.

    Percentile bootstrap from 40 prompts on, Fieller with t below (`stats.fieller.ratio`). Undefined where no control or
    no ceiling was measured, where the interval of ceiling - floor holds 0, and where the ceiling is below the floor.
    """
    missing = [name for name, values in (("floor", floor), ("ceiling", ceiling)) if not values]
    common = [prompt for prompt in prompts if prompt in rse and prompt in floor and prompt in ceiling]
    if missing or not common:
        why = f"no {' and no '.join(missing)} was measured" if missing else "no prompt has all three scores"
        return Position(None, None, None, 0, f"{UNDEFINED}: {why}", controls=controls)
    measured, bottom, top = (np.array([values[prompt] for prompt in common]) for values in (rse, floor, ceiling))
    means = {"rse": float(measured.mean()), "floor": float(bottom.mean()), "ceiling": float(top.mean())}
    found = ratio(measured - bottom, top - bottom, rng=np.random.default_rng(seed))
    if found is None:
        why = "the interval of ceiling - floor holds 0" if len(common) > 1 else "one prompt only"
        return Position(None, None, None, len(common), f"{UNDEFINED}: {why}", **means, controls=controls)
    if means["ceiling"] <= means["floor"]:
        why = "the ceiling is below the floor"
        return Position(None, None, None, len(common), f"{UNDEFINED}: {why}", **means, controls=controls)
    return Position(found.value, found.low, found.high, found.n, found.method, **means, controls=controls)


def ceiling_score(samples: Mapping[int, str], scores: Mapping[tuple[int, int], float]) -> float | None:
    """The ceiling on one prompt: mean similarity over pairs of samples whose texts differ; None without any.

    Args:
        samples: the reference's texts by sample index.
        scores: similarity by pair of sample indices.
    """
    values = [value for (a, b), value in scores.items() if samples[a].strip() != samples[b].strip()]
    return float(np.mean(values)) if values else None
