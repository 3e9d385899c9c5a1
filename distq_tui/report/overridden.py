"""What a user set over the detector's verdicts: both, side by side, and the rates as they are without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from distq_tui.report.answers import Answers
from distq_tui.report.flagged_model import Overridden
from distq_tui.report.ice import ice_figures
from distq_tui.report.judge_rates import DETECTOR, detector_alone
from distq_tui.report.model import Figure
from distq_tui.store import Override

_LABELS = frozenset({"loose", "strict", "paper_strict"})


def overridden_verdicts(answers: Answers, overrides: Iterable[Override]) -> Iterator[Overridden]:
    """Every verdict that a user set, in the plan's order, with the detector's and the time of the newest label."""
    times: dict[int, str] = {}
    for one in overrides:
        if one.label in _LABELS:
            times[one.response_id] = max(one.at, times.get(one.response_id, ""))
    for answer in answers.all():
        row, found, holds = answer.row, answer.row.verdict, answer.verdict
        if answer.overridden and found is not None and holds is not None:
            yield Overridden(
                response=row.response_id,
                model=row.model,
                prompt_id=row.prompt_id,
                sample=row.sample,
                loose=bool(holds.loose),
                strict=bool(holds.strict),
                detector_loose=found.loose,
                detector_strict=found.strict,
                at=times.get(row.response_id, ""),
            )


def detectors_figures(answers: Answers) -> Iterator[Figure]:
    """`loose@detector` and so on, the detector's verdicts alone, of each model of which a user overrode any."""
    touched = {answer.row.model for answer in answers.all() if answer.overridden}
    if not touched:
        return
    for figure in ice_figures(detector_alone(answers)):
        if figure.models[0] in touched and (figure.scope, figure.part) == ("all", ""):
            yield replace(figure, measure=f"{figure.measure}@{DETECTOR}")
