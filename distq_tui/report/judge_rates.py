"""Judges of identity beside the detector: their own rates, how far all of them agree, and what was not judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from distq_tui.report.answers import GATED, UNSCORED, Answer, Answers
from distq_tui.report.ice import NOT_ASKED, exclusions
from distq_tui.report.model import Exclusions, Figure, RaterAgreement
from distq_tui.report.rate_cells import (
    SPLIT,
    PlannedCell,
    cell_value,
    has_templates,
    planned_cells,
    primed_prompts,
    rate_figure,
)
from distq_tui.stats import cohen_kappa_of_counts

_Counts = Counter[tuple[Hashable, Hashable]]

DETECTOR = "detector"
"""Stands for the offline detector where raters are named."""


def detector_alone(answers: Answers) -> Answers:
    """The same answers with the detector's verdicts, whatever a user made of them."""
    by_model = {
        model: {cell: replace(answer, verdict=answer.row.verdict, overridden=False) for cell, answer in cells.items()}
        for model, cells in answers.by_model.items()
    }
    return replace(answers, by_model=by_model)


def judge_figures(answers: Answers, judged: Mapping[str, Answers]) -> Iterator[Figure]:
    """The judges' rates (`loose@JUDGE`).

    A rate without any verdict of the judge's own is none of its: the gate's negatives alone are the detector's.

    Args:
        answers: with the detector's verdicts, which say what is primed.
        judged: the same answers with each judge's own verdicts, by the judge's title.
    """
    primed, templated = primed_prompts(answers), has_templates(answers)
    for model in answers.by_model:
        for title, theirs in judged.items():
            cells = planned_cells(theirs, model, judged=True)
            clean = [cell for cell in cells if cell.probe.prompt_id not in primed]
            for measure in SPLIT:
                # a judge's verdict does not say what is primed: its hard is strict over the clean cells
                counted, domain = ("strict", clean) if measure == "hard" else (measure, cells)
                given = [_is_gated(cell) for cell in domain if cell_value(cell, counted) is not None]
                if not all(given):
                    figure = rate_figure(model, counted, ("all", ""), domain, templated)
                    spared = f"; {sum(given)} by the detector alone" if any(given) else ""
                    yield replace(figure, measure=f"{measure}@{title}", method=figure.method + spared)


def rater_agreements(answers: Answers, judged: Mapping[str, Answers]) -> Iterator[RaterAgreement]:
    """How far each two of the detector and the judges agree: over all models, then over each alone.

    What a user overrode is none of the detector's; what the gate spared is none of a judge's.
    """
    raters = {DETECTOR: detector_alone(answers), **judged}
    for first, second in combinations(raters, 2):
        for measure in ("loose", "strict"):
            by_model = {model: _counts(raters[first], raters[second], model, measure) for model in answers.by_model}
            for model, counts in {"": sum(by_model.values(), _Counts()), **by_model}.items():
                if counts:
                    yield RaterAgreement(
                        measure=measure,
                        raters=(first, second),
                        model=model,
                        both=counts[True, True],
                        first_alone=counts[True, False],
                        second_alone=counts[False, True],
                        neither=counts[False, False],
                        kappa=cohen_kappa_of_counts(counts),
                    )


def _counts(first: Answers, second: Answers, model: str, measure: str) -> _Counts:
    """What two raters say of the answers that both labelled by themselves."""
    counts = _Counts()
    for pair in zip(planned_cells(first, model), planned_cells(second, model), strict=True):
        values = [cell_value(cell, measure) for cell in pair]
        if None not in values and not any(_is_gated(cell) for cell in pair):
            counts[bool(values[0]), bool(values[1])] += 1
    return counts


def _is_gated(cell: PlannedCell) -> bool:
    return cell.answer is not None and cell.answer.gated


def judge_exclusions(judged: Mapping[str, Answers]) -> Iterator[Exclusions]:
    """What of each model's answers each judge judged, and what not; `judged` as for `judge_figures`.

    Scored is what it gave a verdict of its own on.
    """
    for title, theirs in judged.items():
        for model in theirs.by_model:
            cells = theirs.cells(model, "identity")
            if cells:
                yield exclusions(model, f"ICE@{title}", cells, theirs, _unjudged)


def _unjudged(answer: Answer) -> str | None:
    """Why a judge's verdict does not count; its reply that could not be read is stored as a verdict without labels."""
    why = answer.ice_class
    if why is None and answer.gated:
        return GATED
    return NOT_ASKED if why == UNSCORED and answer.verdict is None else why
