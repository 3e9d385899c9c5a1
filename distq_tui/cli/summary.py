"""A finished run in a few lines, and as one JSON object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from distq_tui.events import JudgeUpdated, RunFinished, ScoreUpdated
from distq_tui.state import RunState, ending, shortfall


def summary(state: RunState, finished: RunFinished) -> dict[str, Any]:
    """The run's counts and scores as plain JSON values."""
    return {
        "session": state.session,
        "name": state.name,
        **asdict(finished),
        "classes": dict(state.classes),
        "abandoned": dict(state.abandoned),
        "judges": [{**asdict(stands), "waiting": stands.waiting} for stands in state.judges.values()],
        "scores": [asdict(score) for score in state.scores.values()],
    }


def summary_lines(state: RunState, finished: RunFinished) -> Iterator[str]:
    """The run for a person."""
    cost = "n/a" if finished.cost is None else f"${finished.cost:.4f}"
    yield f"session {state.session} ({ending(finished.reason)})"
    resumed = f"{finished.resumed} resumed · " if finished.resumed else ""
    missed = " · ".join(shortfall(finished.failed, state.classes["cancelled"]))
    yield (
        f"trials {finished.done}/{finished.total} · {finished.calls} calls · {resumed}"
        f"{finished.hits - finished.resumed} cached · "
        f"{missed} · {finished.retries} retries · {cost}"
    )
    if state.classes:
        yield "classes " + ", ".join(f"{name} {count}" for name, count in sorted(state.classes.items()))
    for _, stands in sorted(state.judges.items()):
        yield _judge_line(stands)
    for score in state.scores.values():
        yield _score_line(score)


def _judge_line(stands: JudgeUpdated) -> str:
    """What became of a judge's questions of one kind; what there was none of is left out."""
    failed = ", ".join(f"{cls} {count}" for cls, count in sorted(stands.failed.items()))
    told = [
        f"{stands.scored} of {stands.questions} questions scored",
        *([f"{stands.unscored} unscored"] if stands.unscored else []),
        *([f"failed: {failed} ({stands.error})"] if failed else []),
        *([f"{stands.waiting} not asked"] if stands.waiting else []),
        *([f"{stands.spared} answers kept by the gate"] if stands.spared else []),
    ]
    return f"judge {stands.judge} ({stands.kind}): {', '.join(told)}"


def _score_line(score: ScoreUpdated) -> str:
    name = f"{score.measure.upper() if score.measure == 'rse' else score.measure} {' x '.join(score.models)}"
    if score.value is None:
        return f"{name}: not scored ({score.method})"
    interval = "" if score.low is None or score.high is None else f" [{score.low:.3f}, {score.high:.3f}]"
    value = f"{score.value:.3f}{interval}"
    left_out = sum(score.excluded.values())
    excluded = f", {left_out} not scored" if left_out else ""
    return f"{name}: {value} ({score.method}; n {score.n}, {score.clusters} clusters{excluded})"
