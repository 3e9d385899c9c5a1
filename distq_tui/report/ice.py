"""Identity consistency of each model: rates over the whole plan, by language and aspect, over clean probes alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from distq_tui.ice.rates import Scored
from distq_tui.report.answers import NO_FACT, Answer, Answers
from distq_tui.report.model import Exclusions, Figure
from distq_tui.report.rate_cells import (
    NO_ROLE_PLAY,
    SPLIT,
    cell_value,
    empty_figure,
    has_templates,
    planned_cells,
    primed_prompts,
    rate_figure,
)

NOT_ASKED = "not asked"
"""Counted like a class: the run ended before, or the judge was given up."""
UNKNOWN = "no fact: give the model a family or a fact"

_MEASURES = (*SPLIT, "paper_strict", "paper_hard")


def ice_figures(answers: Answers) -> Iterator[Figure]:
    """Every rate of every model that was asked identity questions."""
    primed, templated = primed_prompts(answers), has_templates(answers)
    for model in answers.by_model:
        cells = planned_cells(answers, model)
        if not cells:
            continue
        clean = [cell for cell in cells if cell.probe.prompt_id not in primed]
        if any(cell.answer is not None and cell.answer.ice_class == NO_FACT for cell in cells):
            yield from (empty_figure(model, measure, ("all", ""), UNKNOWN) for measure in _MEASURES)
            continue
        for measure in _MEASURES:
            yield rate_figure(model, measure, ("all", ""), clean if measure == "hard" else cells, templated)
        for measure in SPLIT:
            plain = measure + NO_ROLE_PLAY
            if any(cell_value(cell, measure) != cell_value(cell, plain) for cell in cells):
                yield rate_figure(model, plain, ("all", ""), clean if measure == "hard" else cells, templated)
        if len(clean) < len(cells):
            inside = [cell for cell in cells if cell.probe.prompt_id in primed]
            yield rate_figure(model, "strict", ("probe", "primed"), inside, templated)
        for scope in ("language", "aspect"):
            parts = dict.fromkeys(part for cell in cells if (part := getattr(cell.probe, scope)))
            for part in sorted(parts) if len(parts) > 1 else ():
                for measure in SPLIT:
                    domain = clean if measure == "hard" else cells
                    inside = [cell for cell in domain if getattr(cell.probe, scope) == part]
                    yield rate_figure(model, measure, (scope, part), inside, templated)


def scored(answers: Answers, model: str, measure: str) -> list[Scored]:
    """A model's scored answers in a measure's own domain, in the plan's order: what tests and gaps take."""
    primed = primed_prompts(answers)
    return [
        Scored(
            cell.probe.prompt_id,
            cell.answer.row.sample,
            cell.probe.template,
            cell.probe.question,
            bool(value),
            cell.probe.prompt_id in primed,
        )
        for cell in planned_cells(answers, model)
        if cell.answer is not None and (value := cell_value(cell, measure)) is not None
    ]


def ice_exclusions(answers: Answers) -> Iterator[Exclusions]:
    """What of each model's identity answers was scored, and what was not."""
    for model in answers.by_model:
        cells = answers.cells(model, "identity")
        if cells:
            yield exclusions(model, "ICE", cells, answers, lambda answer: answer.ice_class)


def exclusions(
    model: str,
    measure: str,
    cells: Sequence[tuple[str, int]],
    answers: Answers,
    reason: Callable[[Answer], str | None],
) -> Exclusions:
    """Count planned, scored and left-out cells; `reason` says why an answer is not scored."""
    closed = [answers.by_model[model][cell] for cell in cells if cell in answers.by_model[model]]
    left_out = Counter(why for answer in closed if (why := reason(answer)) is not None)
    if len(closed) < len(cells):
        left_out[NOT_ASKED] += len(cells) - len(closed)
    scored = [answer for answer in closed if reason(answer) is None]
    truncated = sum(answer.row.response.cls == "truncated" for answer in scored)
    return Exclusions(model, measure, len(cells), len(scored), truncated, dict(sorted(left_out.items())))
