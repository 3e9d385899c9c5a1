"""Judges' grades of similarity: what their stored replies amount to, apart from the offline similarity.

The replies are told again to what took them when they came, so a report's means, intervals, agreement and self-checks
are those of the screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from distq_tui.engine.cast import plan_cast, samples_of
from distq_tui.events import JudgeUpdated, RseJudged, ScoreUpdated
from distq_tui.judging import UNSCORED, JudgeModel
from distq_tui.report.answers import Answers
from distq_tui.report.grades_model import CheckKind, Grade, GradesPart, JudgeAgreement, SelfCheck
from distq_tui.report.layout import LABELS
from distq_tui.report.rate_cells import NOTHING
from distq_tui.report.retold import retell
from distq_tui.report.rse import ASPECTS, entered, prompt_sets
from distq_tui.report.sources import source_of, was_sent
from distq_tui.report.words import BROKEN_OFF, GIVEN_UP
from distq_tui.store import AnswerRow, SessionState, Store

if TYPE_CHECKING:
    from distq_tui.rse.judging.meetings import Meeting

LARGEST = 2
"""Of the grades of an aspect."""
_CHECKS: tuple[CheckKind, ...] = ("identical", "shuffled")
_COEFFICIENTS: Mapping[str, Literal["alpha", "kappa"]] = {"rse.alpha": "alpha", "rse.kappa": "kappa"}


_Of = tuple[str, tuple[str, ...]]
"""The prompt set, and target and reference, or the reference alone (its ceiling)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The stored replies, told again: each comparison, and the scores as they stood at the end.

    `planned` holds what every judge was to compare, `waiting` judge and comparison where an answer or a reply is
    missing; `given_up` names the judges that were not asked further, and `stands` tells what became of their questions.
    """

    comparisons: tuple[RseJudged, ...] = ()
    scores: Mapping[tuple[str, tuple[str, ...]], ScoreUpdated] = field(default_factory=dict)
    planned: Mapping[_Of, Sequence[Meeting]] = field(default_factory=dict)
    waiting: frozenset[tuple[str, Meeting]] = frozenset()
    given_up: frozenset[str] = frozenset()
    stands: tuple[JudgeUpdated, ...] = ()


def read_judged(store: Store, session: str, answers: Answers, replies: Sequence[AnswerRow]) -> Judged:
    """What the session's own `replies` amount to; empty where its plan has no judges of similarity."""
    plan = answers.plan
    if not plan.judges.rse:
        return Judged()
    from distq_tui.rse.judging import RseJudging  # only a session with judges waits for it
    from distq_tui.rse.judging.meetings import meetings

    judges = [JudgeModel(model, "stored") for model in plan.models if model.title in plan.judges.rse]
    judging = RseJudging(judges, plan.probes, samples_of(plan), plan_cast(plan), seed=plan.seed)
    told = retell(judging, answers, replies)
    versions = store.judged_versions(session)

    def versioned(event: RseJudged) -> RseJudged:
        key = (event.judge, min(event.row_a, event.row_b), max(event.row_a, event.row_b))
        stored = versions.get(key, event.version)
        return replace(event, version=told.version(event.judge_rows, today=event.version, stored=stored))

    sets = {prompt: name for name, prompts in prompt_sets(plan).items() for prompt in prompts}
    planned: dict[_Of, list[Meeting]] = {}
    for meeting in meetings(tuple(sets), samples_of(plan), plan_cast(plan)):
        for of in _graded(meeting, sets):
            planned.setdefault(of, []).append(meeting)
    return Judged(
        tuple(versioned(event) for event in told.events if isinstance(event, RseJudged)),
        {(e.measure, e.models): e for e in told.events if isinstance(e, ScoreUpdated)},
        planned,
        frozenset(judging.unsettled()),
        # their questions were closed unsent; what a stop breaks off was sent
        frozenset(
            row.model for row in replies if row.response.cls == "cancelled" and not was_sent(row.response.queued_at)
        ),
        tuple(told.stands()),
    )


def _graded(meeting: Meeting, sets: Mapping[str, str]) -> Iterator[_Of]:
    """What a comparison counts for: its set and all sets; a self-check for nothing."""
    if meeting.kind in {"pair", "ceiling"}:
        models = tuple(dict.fromkeys((meeting.a[0], meeting.b[0])))
        yield from ((prompt_set, models) for prompt_set in dict.fromkeys((sets[meeting.prompt], "")))


def grades_part(answers: Answers, judged: Judged, state: SessionState) -> GradesPart | None:
    """The judges' grades for a report; None where the plan has no judge of similarity.

    `state` is the session's: it says why some were not asked where no judge was given up.
    """
    plan = answers.plan
    if not plan.judges.rse:
        return None
    labels = {model.title: model.title + LABELS.get(source_of(model), "") for model in plan.models}
    versions: dict[str, int] = {}
    for each in judged.comparisons:
        key = f"judge:{each.judge} {each.version}"
        versions[key] = versions.get(key, 0) + 1
    return GradesPart(
        tuple(grade for title in plan.judges.rse for grade in _grades(title, labels[title], answers, judged)),
        tuple(check for title in plan.judges.rse for check in _checks(title, labels[title], judged)),
        tuple(
            JudgeAgreement(name, tuple(labels[title] for title in judges), score.value, score.n, score.method)
            for (measure, judges), score in judged.scores.items()
            if (name := _COEFFICIENTS.get(measure)) is not None
        ),
        dict(sorted(versions.items())),
        _why_not_asked(judged, state),
    )


def _why_not_asked(judged: Judged, state: SessionState) -> str:
    graded = {meeting for found in judged.planned.values() for meeting in found}
    waiting = {judge for judge, meeting in judged.waiting if meeting in graded}
    why = [GIVEN_UP] if waiting & judged.given_up else []
    if waiting - judged.given_up or (waiting and state in BROKEN_OFF):
        why.append(BROKEN_OFF.get(state, "the run ended before"))
    return "; ".join(why)


def _grades(judge: str, label: str, answers: Answers, judged: Judged) -> Iterator[Grade]:
    """One judge's grades: every pair on each set and over all, then the ceilings; also where none was given."""
    sets = prompt_sets(answers.plan)
    for sides in (2, 1):
        for prompt_set in ("", *(sets if len(sets) > 1 else ())):
            for of in judged.planned:
                if of[0] == prompt_set and len(of[1]) == sides:
                    yield _grade(judged, judge, label, of)


def _grade(judged: Judged, judge: str, label: str, of: _Of) -> Grade:
    prompt_set, models = of
    measure, name = "rse" if len(models) > 1 else "rse.ceiling", f"@{judge}:{prompt_set}" if prompt_set else f"@{judge}"
    score = judged.scores.get((measure + name, models))
    if score is None:  # nothing was put before this judge
        score = ScoreUpdated(measure, models, None, None, None, 0, 0, NOTHING)
    order = judged.scores.get((f"rse.order{name}", models))
    return Grade(
        judge=label,
        models=models,
        prompt_set=prompt_set,
        overall=score.value,
        low=score.low,
        high=score.high,
        aspects={} if score.value is None else _aspects(judged, judge, of),
        order=None if order is None else order.value,
        order_low=None if order is None else order.low,
        order_high=None if order is None else order.high,
        n=score.n,
        prompts=score.clusters,
        planned=len(judged.planned[of]),
        not_asked=sum((judge, meeting) in judged.waiting for meeting in judged.planned[of]),
        unscored=score.excluded.get(UNSCORED, 0),
        left_out={why: count for why, count in sorted(score.excluded.items()) if why != UNSCORED},
        method=NOTHING if score.value is None else score.method,
    )


def _aspects(judged: Judged, judge: str, of: _Of) -> dict[str, float]:
    """The mean of each aspect over the comparisons that the grade's mean is over, at any moment."""
    planned, models = judged.planned[of], of[1]
    graded = {
        (each.prompt_id, each.sample): each
        for each in judged.comparisons
        if each.judge == judge and (each.model_a, each.model_b) == (models[0], models[-1]) and each.overall is not None
    }
    cells = [(meeting.prompt, meeting.a[2]) for meeting in planned]
    closed = [cell for cell, meeting in zip(cells, planned, strict=True) if (judge, meeting) not in judged.waiting]
    found = {}
    for aspect in ASPECTS:
        shares = {cell: getattr(graded[cell], aspect) / LARGEST for cell in cells if cell in graded}
        share = np.mean(list(shares.values())) if len(closed) == len(cells) else entered(cells, closed, shares).value
        if share is not None:
            found[aspect] = float(share) * LARGEST
    return found


def _checks(judge: str, label: str, judged: Judged) -> Iterator[SelfCheck]:
    from distq_tui.rse.judging.standing import check_passed

    for kind in _CHECKS:
        score = judged.scores.get((f"rse.{kind}@{judge}", (judge,)))
        if score is not None:
            passed = None if score.value is None else check_passed(kind, score.value)
            yield SelfCheck(label, kind, score.value, score.n, score.excluded.get(UNSCORED, 0), passed)
