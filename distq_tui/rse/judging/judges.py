"""LLM judges of similarity: follow-up calls when both answers of a comparison are closed, and the grades they give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from distq_tui.events import COMPLETE, RSE_SCORED, RseJudged, ScoreEvent
from distq_tui.judging import ATTEMPTS, UNSCORED, FollowUps, JudgeModel
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Probe
from distq_tui.prompts import Message
from distq_tui.rse.judging.meetings import Cell, Meeting, meetings
from distq_tui.rse.judging.parse import Grades, parse_grades
from distq_tui.rse.judging.prompts import JudgePrompt, load_judge_prompt
from distq_tui.rse.judging.standing import Agreement, Checks, JudgeScores
from distq_tui.rse.live import IDENTICAL
from distq_tui.rse.verdict_controls import Cast

Order = Literal["ab", "ba"]


@dataclass(slots=True)
class _Case:
    """One comparison before one judge, and what it has said so far.

    `missing`: why grades that were asked for are not there, by order; `failed` is the class of a call without a reply.
    """

    meeting: Meeting
    judge: JudgeModel
    a: TrialResult
    b: TrialResult
    grades: dict[Order, Grades | None] = field(default_factory=dict)
    missing: dict[Order, str] = field(default_factory=dict)
    failed: str = ""
    rows: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Asked:
    case: _Case
    order: Order
    attempt: int


class RseJudging(FollowUps):
    """Both a TrialSource and a Scorer; one run needs the same object in both places.

    As a scorer it is told of every closed trial and settles what it means; as a source it hands out what it then wants
    asked. Judged are targets beside references, sample by sample, and each reference beside its own second sample; each
    in both role orders, without names. A few items check the judges themselves. A reply that can't be read in three
    samples leaves its comparison unscored, never 0; a call that fails for good leaves it without a grade, counted by
    the call's class. One that was broken off, or not made because the judge was given up, leaves it open.

    Args:
        judges: who judges; each judges every comparison.
        probes: the plan's probes, in the order that the live interval uses.
        samples: repeats of each probe, by title of the answering model.
        cast: who is target and reference.
        prompt: what is asked; None = the shipped question.
        seed: of the bootstrap.

    Attributes:
        name, version: as of every scorer; the version names the prompt by its hash.
    """

    name = "rse-judges"

    def __init__(
        self,
        judges: Sequence[JudgeModel],
        probes: Sequence[Probe],
        samples: Mapping[str, int],
        cast: Cast,
        *,
        prompt: JudgePrompt | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self._prompt = prompt or load_judge_prompt()
        self.version = self._prompt.version
        self._judges = tuple(judges)
        self._probes = {probe.prompt_id: probe for probe in probes if probe.kind == "similarity"}
        sets = {name: probe.set_name for name, probe in self._probes.items()}
        titles = [judge.spec.title for judge in judges]
        self._scores = {title: JudgeScores(title, sets, samples, seed=seed) for title in titles}
        self._checks = {title: Checks(title) for title in titles}
        self._agreement = Agreement(titles)
        self._meetings: dict[Cell, list[Meeting]] = {}
        for meeting in meetings(tuple(self._probes), samples, cast) if judges else ():
            for cell in meeting.cells:
                self._meetings.setdefault(cell, []).append(meeting)
        self._answers: dict[Cell, TrialResult] = {}
        self._asked: dict[tuple[str, str], _Asked] = {}

    # ------------------------------------------------------------ scorer

    def score(self, result: TrialResult) -> Sequence[ScoreEvent]:
        """What a closed answer, or a judge's closed reply, settles."""
        trial = result.trial
        cell = (trial.model.title, trial.probe.prompt_id, trial.sample)
        asked = self._asked.get(cell[:2]) if trial.purpose == "judge" else None
        if asked is not None and result.response.cls != "cancelled":  # else it waits for a later run
            del self._asked[cell[:2]]
            return list(self._replied(asked, result))
        if trial.purpose == "plan" and cell in self._meetings:
            return list(self._answered(cell, result))
        return []

    def unsettled(self) -> Iterator[tuple[str, Meeting]]:
        """Judge and comparison, where an answer or a judge's reply is still missing; self-checks too."""
        unmet = dict.fromkeys(meeting for waiting in self._meetings.values() for meeting in waiting)
        yield from ((judge.spec.title, meeting) for judge in self._judges for meeting in unmet)
        yield from dict.fromkeys((asked.case.judge.spec.title, asked.case.meeting) for asked in self._asked.values())

    def _answered(self, cell: Cell, result: TrialResult) -> Iterator[ScoreEvent]:
        self._answers[cell] = result
        for meeting in tuple(self._meetings[cell]):
            if all(each in self._answers for each in meeting.cells):
                yield from self._meet(meeting)
                for each in meeting.cells:
                    self._leave(each, meeting)

    def _leave(self, cell: Cell, meeting: Meeting) -> None:
        """Forget an answer when nothing more waits for it."""
        self._meetings[cell].remove(meeting)
        if not self._meetings[cell]:
            del self._meetings[cell], self._answers[cell]

    def _meet(self, meeting: Meeting) -> Iterator[ScoreEvent]:
        """Put two answers before the judges, or say why not."""
        a, b = self._answers[meeting.a], self._answers[meeting.b]
        excluded: list[str] = [each.response.cls for each in (a, b) if not _comparable(each)]
        if meeting.kind == "ceiling" and not excluded and a.response.text.strip() == b.response.text.strip():
            excluded = [IDENTICAL]
        for judge in self._judges:
            if not excluded:
                case = _Case(meeting, judge, a, b)
                for order in meeting.orders:
                    self._ask(_Asked(case, order, 0))
                yield self._stands(judge, meeting.kind)
            elif meeting.kind in {"pair", "ceiling"}:
                yield from self._scores[judge.spec.title].close(meeting, None, None, excluded)

    def _ask(self, asked: _Asked) -> None:
        case = asked.case
        probe = self._probes[case.meeting.prompt]
        first, second = (case.a, case.b) if asked.order == "ab" else (case.b, case.a)
        text = self._prompt.fill(probe.messages, first.response.text, second.response.text)
        question = Probe(
            prompt_id=f"{case.meeting.name}/{asked.order}",
            kind="judge",
            language=probe.language,
            messages=(Message("user", text),),
            tags=(case.meeting.kind,),
            set_name="judges/rse",
        )
        self._asked[case.judge.spec.title, question.prompt_id] = asked
        self._want(case.judge, question, self._prompt.retry if asked.attempt else self._prompt.params, asked.attempt)

    def _replied(self, asked: _Asked, result: TrialResult) -> Iterator[ScoreEvent]:
        case, complete = asked.case, result.response.cls in COMPLETE
        case.rows.append(result.row)
        grades = parse_grades(result.response.text) if complete else None
        if grades is None and complete and asked.attempt + 1 < ATTEMPTS:
            self._ask(_Asked(case, asked.order, asked.attempt + 1))
            return
        case.grades[asked.order] = grades
        kind, judge = case.meeting.kind, case.judge.spec.title
        missing = self._close(case.judge, kind, result.response, scored=grades is not None)
        if missing:
            case.missing[asked.order] = missing
        case.failed = case.failed if complete else result.response.cls
        yield self._stands(case.judge, kind)
        if kind in {"identical", "shuffled"}:
            yield self._checks[judge].add(kind, None if grades is None else grades.overall, missing)
        elif grades is not None:
            yield from self._agreement.add((case.meeting.name, asked.order), judge, grades.overall)
        if len(case.grades) == len(case.meeting.orders):
            yield from self._settle(case)

    def _settle(self, case: _Case) -> Iterator[ScoreEvent]:
        if case.meeting.kind in {"pair", "ceiling"}:
            judged = self._judged(case)
            yield judged
            # one order that can't be read is enough for good; one whose call failed may still be graded by a later run
            missing = sorted(case.missing.values(), key=lambda why: why != UNSCORED)[:1]
            yield from self._scores[judged.judge].close(case.meeting, judged.overall, judged.order_effect, missing)

    def _judged(self, case: _Case) -> RseJudged:
        there, back = case.grades["ab"], case.grades["ba"]
        (model_a, _, sample), (model_b, *_) = case.meeting.a, case.meeting.b
        judged = RseJudged(
            row_a=case.a.row,
            row_b=case.b.row,
            model_a=model_a,
            model_b=model_b,
            prompt_id=case.meeting.prompt,
            sample=sample,
            judge=case.judge.spec.title,
            version=self.version,
            content=None,
            structure=None,
            style=None,
            overall=None,
            order_effect=None,
            judge_rows=tuple(case.rows),
            failed="" if UNSCORED in case.missing.values() else case.failed,
        )
        if there is None or back is None:
            return judged
        return replace(
            judged,
            content=(there.content + back.content) / 2,
            structure=(there.structure + back.structure) / 2,
            style=(there.style + back.style) / 2,
            overall=(there.overall + back.overall) / 2,
            order_effect=float(there.overall - back.overall),
        )


def _comparable(result: TrialResult) -> bool:
    return result.response.cls in RSE_SCORED and bool(result.response.text.strip())
