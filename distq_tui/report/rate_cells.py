"""What a rate of identity is over, cell by cell, and the one rule by which it is a figure.

The same as on the screen, rate by rate and whether the session ended or not: where every planned cell of the rate's own
domain is closed, the fixed-n interval; else the confidence sequence over the closed clusters, in the order that the
seed fixed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from distq_tui.events import ICE_SCORED
from distq_tui.ice.rates import cluster_of, fixed_rate, is_templated, names_gpt, without_role_play
from distq_tui.ice.yardstick import Yardstick
from distq_tui.plan.trial import Probe
from distq_tui.report.answers import Answer, Answers
from distq_tui.report.model import Figure
from distq_tui.stats import ClusterFeed
from distq_tui.store import Verdict

SEQUENCE = "confidence sequence"
NOTHING = "nothing scored"
SPLIT = ("loose", "strict", "hard")
"""Measures that are given of judges, by language and aspect, and without role-play claims where that differs."""
NO_ROLE_PLAY = ".no_role_play"


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """A planned cell of the domain: its answer, where there is one, and whether all is known that will be."""

    probe: Probe
    answer: Answer | None
    closed: bool


def planned_cells(answers: Answers, model: str, *, judged: bool = False) -> list[PlannedCell]:
    """A model's identity cells; where a judge's verdicts are looked at, a cell is open until the judge closed it."""
    found = answers.by_model[model]
    cells = []
    for cell in answers.cells(model, "identity"):
        answer = found.get(cell)
        waits = judged and answer is not None and _waits(answer)
        cells.append(PlannedCell(answers.probes[cell[0]], answer, closed=answers.closed(model, cell) and not waits))
    return cells


def _waits(answer: Answer) -> bool:
    """Whether a judge's verdict on it is still to come; one whose call failed is not waited for."""
    return answer.verdict is None and not answer.missing and answer.row.response.cls in ICE_SCORED


def cell_value(cell: PlannedCell, measure: str) -> float | None:
    """1 or 0 as the cell's verdict counts for a measure; None where it does not."""
    answer = cell.answer
    if answer is None or answer.ice_class is not None or answer.verdict is None:
        return None
    value = _flag(answer.verdict, cell.probe, measure)
    return None if value is None else float(value)


def _flag(verdict: Verdict, probe: Probe, measure: str) -> bool | None:
    """What a verdict counts as; None where it is not one of the measure's domain."""
    if measure == "paper_strict":
        return verdict.paper_strict
    if measure == "paper_hard":  # over all probes, as in the paper's figure
        return None if verdict.paper_strict is None else verdict.paper_strict and not names_gpt(probe)
    loose, strict = verdict.loose, verdict.strict
    if measure.endswith(NO_ROLE_PLAY) and loose is not None and strict is not None:
        loose, strict = without_role_play(loose, strict, verdict.marks)
    match measure.removesuffix(NO_ROLE_PLAY):
        case "loose":
            return loose
        case "strict":
            return strict
        case _:
            return strict if verdict.primed is False else None


def primed_prompts(answers: Answers) -> set[str]:
    """The identity prompts that name a vendor or product: by the verdicts on any model's answer, else by the prompt."""
    known = {
        answer.row.prompt_id: answer.verdict.primed
        for answer in answers.all()
        if answer.verdict is not None and answer.verdict.primed is not None
    }
    unknown = [probe for probe in answers.probes.values() if probe.kind == "identity" and probe.prompt_id not in known]
    found = {prompt for prompt, primed in known.items() if primed}
    if unknown:
        yardstick = Yardstick(unknown, {})
        found.update(probe.prompt_id for probe in unknown if yardstick.primed(probe))
    return found


def has_templates(answers: Answers) -> bool:
    """Whether templates are the clusters in this plan."""
    return is_templated(probe for probe in answers.probes.values() if probe.kind == "identity")


def rate_figure(
    model: str, measure: str, domain: tuple[str, str], cells: Sequence[PlannedCell], templated: bool
) -> Figure:
    """The rate over these cells: fixed-n where all are closed, else the confidence sequence over the closed ones."""
    scored = [(cell.probe, value) for cell in cells if (value := cell_value(cell, measure)) is not None]
    if not scored or all(cell.closed for cell in cells):
        return _fixed(model, measure, domain, scored)
    clusters = [cluster_of(cell.probe, templated=templated) for cell in cells]
    feed = ClusterFeed(Counter(clusters))
    for cluster, cell in zip(clusters, cells, strict=True):
        if cell.closed:
            feed.close(cluster, cell_value(cell, measure))
    low, high = feed.sequence.interval if feed.sequence.count else (None, None)
    return Figure(
        measure,
        (model,),
        *domain,
        value=feed.sequence.value,
        low=low,
        high=high,
        n=len(scored),
        clusters=feed.sequence.count,
        questions=None,
        deff=None,
        n_eff=None,
        one_sided=None,
        method=SEQUENCE,
    )


def _fixed(model: str, measure: str, domain: tuple[str, str], scored: Sequence[tuple[Probe, float]]) -> Figure:
    found = fixed_rate([probe for probe, _ in scored], [value for _, value in scored])
    if found is None:
        return empty_figure(model, measure, domain, NOTHING)
    return Figure(
        measure,
        (model,),
        *domain,
        value=found.value,
        low=found.low,
        high=found.high,
        n=found.n,
        clusters=found.clusters,
        questions=found.questions,
        deff=found.deff,
        n_eff=found.n_eff,
        one_sided=found.one_sided,
        method=found.method,
    )


def empty_figure(model: str, measure: str, domain: tuple[str, str], why: str) -> Figure:
    """A figure of which nothing was scored, and `why`."""
    return Figure(measure, (model,), *domain, None, None, None, 0, 0, None, None, None, None, why)
