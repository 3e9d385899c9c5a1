"""The induction gap of each model, of the verdicts that hold in a report (see `distq_tui.ice.gap`)."""

from __future__ import annotations

from collections.abc import Iterator

from distq_tui.ice.gap import induction_gap
from distq_tui.ice.rates import Scored
from distq_tui.report.answers import Answer, Answers
from distq_tui.report.model import Gap


def induction_gaps(answers: Answers) -> Iterator[Gap]:
    """One gap for each model that was asked primed and clean probes."""
    for model in answers.by_model:
        scored = [found for answer in answers.planned(model) if (found := _scored(answer)) is not None]
        gap = induction_gap(scored, complete=answers.complete(model, "identity"))
        if gap is not None:
            yield Gap(model, gap.value, gap.low, gap.high, gap.p, gap.n, gap.method)


def _scored(answer: Answer) -> Scored | None:
    row, verdict = answer.row, answer.verdict
    if row.kind != "identity" or answer.ice_class is not None or verdict is None:
        return None
    if verdict.strict is None or verdict.primed is None:
        return None
    return Scored(row.prompt_id, row.sample, row.template, row.question, verdict.strict, verdict.primed)
