"""Where each target stands beside each reference: floors, ceiling and position, set by set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from distq_tui.engine.cast import plan_cast
from distq_tui.report.answers import Answers
from distq_tui.report.conclusion import all_closed
from distq_tui.report.model import Placement
from distq_tui.report.rse import PairScores, prompt_sets, set_scores
from distq_tui.rse.position import SO_FAR, position_on


def placements(
    answers: Answers, pairs: Sequence[PairScores], own: Mapping[str, Mapping[str, float]]
) -> Iterator[Placement]:
    """Each target beside each reference on each similarity set.

    Args:
        answers: of the session.
        pairs: similarities of two models.
        own: ceilings by title and prompt (`rse.own_scores`).
    """
    cast = plan_cast(answers.plan)
    for name, prompts in prompt_sets(answers.plan).items():
        scores = set_scores(answers, pairs, prompts, own)
        for target in cast.targets:
            controls = cast.controls[target]
            families = controls.negative
            floor_target = _mean(scores.floor(target, families).values())
            for reference in cast.references:
                position = position_on(scores, target, reference, families, seed=answers.plan.seed)
                if position.value is not None and not all_closed(answers, [target, reference, *controls.titles]):
                    position = replace(position, low=None, high=None, method=SO_FAR)
                yield Placement(
                    target=target,
                    reference=reference,
                    prompt_set=name,
                    floor_target=floor_target,
                    floor_reference=_mean(scores.floor(reference, families).values()),
                    position=position,
                )


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return float(np.mean(listed)) if listed else None
