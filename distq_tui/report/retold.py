"""What judges said in a session and in no other: its stored replies, told again to what took them when they came.

So a report's verdicts, intervals and agreement are those of the screen. What another session had a judge say of the
same answers counts there and not here, though verdicts are stored under the answers that they share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from distq_tui.engine.retold import stored_result
from distq_tui.events import JudgeUpdated, ScoreEvent
from distq_tui.plan.source import TrialResult, broken_off
from distq_tui.plan.trial import Trial
from distq_tui.report.answers import Answers
from distq_tui.store import AnswerRow, Store


class Judging(Protocol):
    """Takes answers and replies, and wants questions asked: `IceJudging` and `RseJudging`."""

    def score(self, result: TrialResult) -> Sequence[ScoreEvent]:
        """What a closed trial settles."""
        ...

    def next(self, results: Sequence[TrialResult]) -> Sequence[Trial]:
        """The questions that it wants asked now."""
        ...


@dataclass(slots=True)
class Retold:
    """What came of it: the events in order, and the replies (response ids) to an older form of today's questions."""

    events: list[ScoreEvent] = field(default_factory=list)
    older: set[int] = field(default_factory=set)

    def stands(self) -> Iterator[JudgeUpdated]:
        """What became at last of each judge's questions of each kind."""
        yield from {(e.judge, e.kind): e for e in self.events if isinstance(e, JudgeUpdated)}.values()

    def version(self, replies: Iterable[int], *, today: str, stored: str) -> str:
        """The version of the questions that were asked: the stored one where a reply is to an older form of them."""
        return stored if self.older.intersection(replies) else today


def judge_replies(store: Store, session: str) -> list[AnswerRow]:
    """The session's calls to judges, the newest attempt of each. Run it in the thread that owns the store."""
    return [row for row in store.session_rows(session) if row.purpose == "judge"]


def retell(judging: Judging, answers: Answers, replies: Iterable[AnswerRow]) -> Retold:
    """Give the answers to what judges them, and to each question that it then asks the session's own reply."""
    told, result = Retold(), partial(stored_result, plan=answers.plan, probes=answers.probes)
    stored: defaultdict[tuple[str, str, int], list[AnswerRow]] = defaultdict(list)
    for row in replies:
        stored[row.model, row.prompt_id, row.sample].append(row)
    for answer in answers.all():
        if not broken_off(answer.row.response) and (closed := result(answer.row)) is not None:
            told.events += judging.score(closed)
    while questions := judging.next(()):
        for trial in questions:
            rows = stored.get((trial.model.title, trial.probe.prompt_id, trial.sample), ())
            same = [row for row in rows if row.messages[-1].content == trial.probe.text]
            for row in (same or rows)[-1:]:
                if not same:
                    told.older.add(row.response_id)
                if (closed := result(row)) is not None:
                    told.events += judging.score(closed)
    return told
