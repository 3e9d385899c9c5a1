"""The score strip's words: rates with their intervals, similarities beside their floor, and how the run goes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from distq_tui.events import ScoreUpdated
from distq_tui.tui.live import LiveRun
from distq_tui.tui.text import words
from distq_tui.tui.text.spans import Span

METER = 20
SIMULATED = "SIMULATED"
"""The tag of a model whose answers this program scripts."""


@dataclass(frozen=True, slots=True)
class Form:
    """How fully a score is told: columns for a model's name, short words, the bar of an interval."""

    name: int = 999
    short: bool = False
    bar: bool = False


FULL = Form()


def ice_spans(live: LiveRun, title: str, form: Form = FULL) -> list[Span]:
    """`ICE strict .22 [.15,.31] 84 clusters`, with the bar of the interval where the form has one."""
    name = "ICE " if form.short else "ICE strict "
    score = live.state.scores.get(("ice.strict", title))
    if score is None or score.value is None:
        return [(name, "dim"), ("–", "dim")]
    clusters = f"{score.clusters} cl" if form.short else words.plural(score.clusters, "cluster")
    spans: list[Span] = [(name, "dim"), (words.interval(score), "strong"), (f" {clusters}", "dim")]
    if form.bar and score.low is not None and score.high is not None:
        spans.append((" " + words.bar(score.low, score.value, score.high, METER), ""))
    if score.excluded:
        left_out = sum(score.excluded.values())
        spans.append((f" ({left_out} excl.)" if form.short else f" ({left_out} excluded)", "warn"))
    return spans


def rse_pieces(live: LiveRun, title: str, form: Form = FULL) -> list[list[Span]]:
    """`RSE glm .41 [.38,.44] n=60` for each reference, then `floor .33`, or `to controls .33` where there is none."""
    pieces: list[list[Span]] = []
    for other in _of_role(live, "reference"):
        score = similarity(live, title, other)
        if other != title and score is not None and score.value is not None:
            name = words.middle(other, form.name)
            pieces.append(
                [(" RSE ", "dim"), (name, ""), (f" {words.interval(score)}", "strong"), (f" n={score.n}", "dim")]
            )
    floor = floor_of(live, title)
    name, value = _to_controls(live, title) if floor is None else (floor_name(live, title), floor)
    if value is not None:
        name = name.replace("(simulated controls)", "(sim.)").replace("simulated ", "") if form.short else name
        pieces.append([(f" {name} " if pieces else f" RSE {name} ", "dim"), (words.share(value), "")])
    return pieces or [[(" RSE ", "dim"), ("–", "dim")]]


def similarity(live: LiveRun, one: str, other: str) -> ScoreUpdated | None:
    """The latest similarity of two models, in whichever order it was told."""
    scores = live.state.scores
    return scores.get(("rse", one, other)) or scores.get(("rse", other, one))


def floor_of(live: LiveRun, title: str) -> float | None:
    """The floor as the scorer tells it; None without any."""
    told = live.state.scores.get(("rse.floor", title))
    return None if told is None else told.value


def _to_controls(live: LiveRun, title: str) -> tuple[str, float | None]:
    """The mean similarity to all controls, and its name: no floor, which takes live ones of other, known families."""
    controls = _of_role(live, "control")
    values = [
        score.value
        for control in controls
        if title not in controls and (score := similarity(live, title, control)) is not None and score.value is not None
    ]
    simulated = any(live.run.tags.get(control) == SIMULATED for control in controls)
    return f"to {'simulated ' if simulated else ''}controls", fmean(values) if values else None


def floor_name(live: LiveRun, title: str) -> str:
    """`floor`, or `floor (simulated controls)`: the scorer leaves those out for a model that is no simulated one."""
    tags = live.run.tags
    told = ("rse.floor", title) in live.state.scores and tags.get(title) != SIMULATED
    simulated = any(tags.get(control) == SIMULATED for control in _of_role(live, "control"))
    return "floor (simulated controls)" if simulated and not told else "floor"


def progress_spans(live: LiveRun, meter: int = METER) -> list[Span]:
    """`████░░ 37/120 · 1.8/s · 0:45 left · 2 retries · $0.04`, with a bar of `meter` columns.

    While a stored session is read: `██░░░░ reading 34 000 of 100 000 answers · scores are of those read`.
    """
    state = live.state
    fraction = state.done / state.total if state.total else 0.0
    filled = round(fraction * meter)
    bar: list[Span] = [("█" * filled, "key"), ("░" * (meter - filled), "dim")]
    if live.reading:
        return [*bar, (f" reading {live.reading}", "warn"), (" · scores are of those read", "dim")]
    parts: list[Span] = [*bar, (f" {state.done}/{state.total}", "strong")]
    for served, count in (("resumed", state.resumed), ("cached", state.hits - state.resumed)):
        if count:
            parts.append((f" · {count} {served}", ""))
    if not live.over:
        parts.append((f" · {live.rate():.1f}/s", ""))
        left = live.remaining()
        if left is not None:
            parts.append((f" · {words.seconds(left)} left", ""))
    if state.retries:
        parts.append((f" · {words.plural(state.retries, 'retry', 'retries')}", "warn"))
    parts += words.unanswered(state.failed, state.classes["cancelled"])
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
        word = live.outcome
        took = "" if live.run.stored else f" in {words.seconds(live.elapsed())}"
        return [(f" · {word}{took}", "good" if word == "done" else "warn")]
    if state.paused:
        return [(" · PAUSED", "warn")]
    return []


def _of_role(live: LiveRun, role: str) -> list[str]:
    return [model.title for model in live.run.plan.models if model.role == role]
