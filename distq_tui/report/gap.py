"""The induction gap of each model, of the verdicts that hold in a report (see `distq_tui.ice.gap`)."""

from __future__ import annotations

from collections.abc import Iterator

from distq_tui.ice.gap import induction_gap
from distq_tui.report.answers import Answers
from distq_tui.report.ice import scored
from distq_tui.report.model import Gap


def induction_gaps(answers: Answers) -> Iterator[Gap]:
    """One gap for each model that was asked primed and clean probes."""
    for model in answers.by_model:
        gap = induction_gap(scored(answers, model, "strict"), complete=answers.complete(model, "identity"))
        if gap is not None:
            yield Gap(model, gap.value, gap.low, gap.high, gap.p, gap.n, gap.method)
