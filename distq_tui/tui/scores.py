"""The score strip's words: rates with their intervals, similarities beside their floor, and how the run goes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from distq_tui.events import ScoreUpdated
from distq_tui.tui import words
from distq_tui.tui.live import LiveRun
from distq_tui.tui.spans import Span

METER = 20
SIMULATED = "SIMULATED"
"""The tag of a model whose answers this program scripts."""


def ice_spans(live: LiveRun, title: str, *, wide: bool = False) -> list[Span]:
    """`ICE strict .22 [.15,.31] 84 clusters`, with the bar of the interval where there is room."""
    score = live.state.scores.get(("ice.strict", title))
    if score is None or score.value is None:
        return [("ICE strict ", "dim"), ("–", "dim")]
    spans: list[Span] = [("ICE strict ", "dim"), (words.interval(score), "strong")]
    spans.append((f" {score.clusters} clusters" if wide else f" {score.clusters} cl", "dim"))
    if wide and score.low is not None and score.high is not None:
        spans.append((" " + words.bar(score.low, score.value, score.high, METER), ""))
    if score.excluded:
        spans.append((f" ({sum(score.excluded.values())} excluded)", "warn"))
    return spans


def rse_spans(live: LiveRun, title: str) -> list[Span]:
    """`RSE glm .41 [.38,.44]` for each reference, and the floor that the controls give."""
    spans: list[Span] = []
    for other in _of_role(live, "reference"):
        score = similarity(live, title, other)
        if other != title and score is not None and score.value is not None:
            spans += [(" RSE ", "dim"), (other, ""), (f" {words.interval(score)}", "strong"), (f" n={score.n}", "dim")]
    floor = floor_of(live, title)
    if floor is not None:
        name = floor_name(live, title)
        spans += [(f" {name} " if spans else f" RSE {name} ", "dim"), (words.share(floor), "")]
    return spans or [(" RSE ", "dim"), ("–", "dim")]


def similarity(live: LiveRun, one: str, other: str) -> ScoreUpdated | None:
    """The latest similarity of two models, in whichever order it was told."""
    scores = live.state.scores
    return scores.get(("rse", one, other)) or scores.get(("rse", other, one))


def floor_of(live: LiveRun, title: str) -> float | None:
    """The floor as the scorer tells it, else the mean similarity to the controls; None without any."""
    told = live.state.scores.get(("rse.floor", title))
    if told is not None and told.value is not None:
        return told.value
    values = [
        score.value
        for control in _of_role(live, "control")
        if control != title and (score := similarity(live, title, control)) is not None and score.value is not None
    ]
    return fmean(values) if values else None


def floor_name(live: LiveRun, title: str) -> str:
    """`floor`, or `floor (simulated controls)`: the scorer leaves those out for a model that is no simulated one."""
    tags = live.run.tags
    told = ("rse.floor", title) in live.state.scores and tags.get(title) != SIMULATED
    simulated = any(tags.get(control) == SIMULATED for control in _of_role(live, "control"))
    return "floor (simulated controls)" if simulated and not told else "floor"


def progress_spans(live: LiveRun) -> list[Span]:
    """`████░░ 37/120 · 1.8/s · 0:45 left · 2 retries · $0.04`."""
    state = live.state
    fraction = state.done / state.total if state.total else 0.0
    filled = round(fraction * METER)
    parts: list[Span] = [
        ("█" * filled, "key"),
        ("░" * (METER - filled), "dim"),
        (f" {state.done}/{state.total}", "strong"),
    ]
    if state.hits:
        parts.append((f" · {state.hits} cached", ""))
    if not live.over:
        parts.append((f" · {live.rate():.1f}/s", ""))
        left = live.remaining()
        if left is not None:
            parts.append((f" · {words.seconds(left)} left", ""))
    if state.retries:
        parts.append((f" · {state.retries} retries", "warn"))
    if state.failed:
        parts.append((f" · {state.failed} failed", "bad"))
    if live.run.stored:
        parts.append((" · stored", "dim"))
    else:
        parts.append((f" · {words.money(state.cost if state.cost_known else None)}", ""))
    return [*parts, *_standing(live)]


def _standing(live: LiveRun) -> Sequence[Span]:
    state = live.state
    if live.error:
        return [(f" · {live.error}", "bad")]
    if state.finished is not None:
        word = state.finished.reason.replace("_", " ")
        took = "" if live.run.stored else f" in {words.seconds(live.elapsed())}"
        return [(f" · {word}{took}", "good" if word == "done" else "warn")]
    if state.paused:
        return [(" · PAUSED", "warn")]
    return []


def _of_role(live: LiveRun, role: str) -> list[str]:
    return [model.title for model in live.run.plan.models if model.role == role]
