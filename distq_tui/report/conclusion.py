"""What may be said of each target of a session: the verdict of `rse.verdict` on each similarity set that was asked."""

from __future__ import annotations

from collections.abc import Sequence

from distq_tui.engine.cast import plan_cast
from distq_tui.report.answers import Answers
from distq_tui.report.rse import PairScores, prompt_sets, set_scores
from distq_tui.rse.verdict import Conclusion, conclude, settle


def conclusions(answers: Answers, pairs: Sequence[PairScores]) -> tuple[Conclusion, ...]:
    """One conclusion for each target and similarity set, where there is a reference; step 1 by Holm over all."""
    cast = plan_cast(answers.plan)
    if not cast.references:
        return ()
    sets = {name: set_scores(answers, pairs, prompts) for name, prompts in prompt_sets(answers.plan).items()}
    found = []
    for target in cast.targets:
        controls = cast.controls[target]
        relatives = [title for titles in controls.positive.values() for title in titles]
        complete = all_closed(answers, [target, *cast.references, *controls.titles, *relatives])
        for name, scores in sets.items():
            found.append(conclude(scores, name, target, cast.references, controls, complete=complete))
    return settle(found)


def all_closed(answers: Answers, models: Sequence[str]) -> bool:
    """Whether every planned answer of these models to similarity prompts is in."""
    return all(answers.complete(title, "similarity") for title in models)
