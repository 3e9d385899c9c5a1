"""The questions that closed trials give rise to, and what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from distq_tui.config.models import ModelSpec
from distq_tui.events import COMPLETE, JudgeUpdated, Response
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Params, Probe, Trial

ATTEMPTS = 3
"""How often a judge is asked one question: a reply that can't be read is asked again as another sample."""
UNSCORED = "unscored"
"""Counted like a class: the judge gave no verdict that could be read."""


def failure(cls: str) -> str:
    """Counted like a class: the judge's call ended in this class, which is no reply; a later run asks again."""
    return f"judge {cls}"


@dataclass(frozen=True, slots=True)
class JudgeModel:
    """A judge and the resolved endpoint of its requests (as in `Request.endpoint`)."""

    spec: ModelSpec
    endpoint: str


@dataclass(slots=True)
class _Tally:
    """What became of one judge's questions of one kind; see `JudgeUpdated`."""

    questions: int = 0
    scored: int = 0
    unscored: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    error: str = ""
    spared: int = 0


class FollowUps:
    """The source in a scorer that asks judges: its questions wait here until the engine takes them."""

    def __init__(self) -> None:
        self._wanted: list[Trial] = []
        self._tallies: dict[tuple[str, str], _Tally] = {}

    def next(self, results: Sequence[TrialResult]) -> Sequence[Trial]:
        """The questions that closed trials gave rise to; `score` was told of the results before."""
        del results
        wanted, self._wanted = self._wanted, []
        return wanted

    def begin(self, trial: Trial) -> None:
        """Nothing is marked in a streaming answer."""
        del trial

    def _want(self, judge: JudgeModel, question: Probe, params: Params, attempt: int) -> None:
        """Have a question asked; each attempt, from 0, is another sample. The probe's first tag is its kind."""
        if attempt == 0:
            self._tally(judge, question.tags[0]).questions += 1
        endpoint = judge.endpoint
        trial = Trial.make(judge.spec, question, endpoint=endpoint, params=params, sample=attempt, purpose="judge")
        self._wanted.append(trial)

    def _close(self, judge: JudgeModel, kind: str, response: Response, *, scored: bool) -> str:
        """Close a question by its last reply, and give why it has no verdict; empty where it has one."""
        tally = self._tally(judge, kind)
        if scored:
            tally.scored += 1
            return ""
        if response.cls in COMPLETE:
            tally.unscored += 1
            return UNSCORED
        tally.failed[response.cls] += 1
        tally.error = tally.error or next(iter((response.error or "").splitlines()), "")
        return failure(response.cls)

    def _stands(self, judge: JudgeModel, kind: str) -> JudgeUpdated:
        """What became of a judge's questions of a kind so far."""
        tally = self._tally(judge, kind)
        return JudgeUpdated(
            judge=judge.spec.title,
            kind=kind,
            questions=tally.questions,
            scored=tally.scored,
            unscored=tally.unscored,
            failed=dict(tally.failed),
            error=tally.error,
            spared=tally.spared,
        )

    def _tally(self, judge: JudgeModel, kind: str) -> _Tally:
        return self._tallies.setdefault((judge.spec.title, kind), _Tally())
