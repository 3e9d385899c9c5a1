"""Judges' verdicts on identity in a session, beside the detector's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from distq_tui.engine.cast import samples_of
from distq_tui.events import IceJudged, JudgeUpdated
from distq_tui.judging import JudgeModel, failure
from distq_tui.plan.trial import canonical_json
from distq_tui.report.answers import Answer, Answers
from distq_tui.report.retold import retell
from distq_tui.store import AnswerRow, Store, Verdict

_GATED = " gated by "


@dataclass(frozen=True, slots=True)
class JudgedIdentity:
    """What the judges of identity made of the answers.

    Attributes:
        answers: the same answers with each judge's own verdicts, by the judge's title.
        stands: what became of its questions, by judge and kind.
        gates: answers that the gate kept from each judge, by what decided.
    """

    answers: Mapping[str, Answers] = field(default_factory=dict)
    stands: tuple[JudgeUpdated, ...] = ()
    gates: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def read_judged_identity(store: Store, session: str, answers: Answers, replies: Sequence[AnswerRow]) -> JudgedIdentity:
    """The verdicts that the session's own `replies` amount to, and those of its gate; nothing without such judges.

    Run it in the thread that owns the store.
    """
    plan = answers.plan
    if not plan.judges.ice:
        return JudgedIdentity()
    from distq_tui.engine.parts import stored_gate  # only a session with judges waits for these
    from distq_tui.ice.judging import IceJudging

    judges = [JudgeModel(model, "stored") for model in plan.models if model.title in plan.judges.ice]
    gate = None if plan.judges.gate == "all" else stored_gate(store, session)
    told = retell(IceJudging(judges, plan.probes, samples_of(plan), gate=gate), answers, replies)
    stored = store.judged_identities(session)
    opinions: dict[str, dict[tuple[str, str, int], Answer]] = {title: {} for title in plan.judges.ice}
    gates: dict[str, Counter[str]] = {}
    for event in told.events:
        if isinstance(event, IceJudged):
            older = stored.get((event.judge, event.row), event.version).partition(_GATED)[0]
            version = told.version(event.judge_rows, today=event.version, stored=older)
            place = (event.model, event.prompt_id, event.sample)
            opinions[event.judge][place] = _opinion(answers.by_model[event.model][place[1:]], event, version)
            if event.gated:
                decided = version.partition(_GATED)[2] or "a detector whose version was not kept"
                gates.setdefault(event.judge, Counter())[decided] += 1
    return JudgedIdentity(
        {title: _with(answers, found) for title, found in opinions.items()}, tuple(told.stands()), gates
    )


def _opinion(answer: Answer, event: IceJudged, version: str) -> Answer:
    """The answer with a judge's verdict; one that only failed calls are of is none."""
    if event.loose is None and event.failed:
        return replace(answer, verdict=None, overridden=False, missing=failure(event.failed))
    options = canonical_json(event.facts)
    verdict = Verdict(f"judge:{event.judge}", version, options, event.loose, event.strict, None, None, (), ())
    return replace(answer, verdict=verdict, overridden=False, gated=event.gated)


def _with(answers: Answers, opinions: Mapping[tuple[str, str, int], Answer]) -> Answers:
    """The answers with a judge's verdicts in place of the detector's; without any where it gave none."""
    by_model = {
        model: {
            cell: opinions.get((model, *cell)) or replace(answer, verdict=None, overridden=False)
            for cell, answer in cells.items()
        }
        for model, cells in answers.by_model.items()
    }
    return replace(answers, by_model=by_model, searched=())
