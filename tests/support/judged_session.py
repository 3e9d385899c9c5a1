"""Judges of identity in a stored session: what they were asked and replied, as a run stores it."""

from __future__ import annotations

from collections.abc import Callable

from report_session import Maker, ok

from distq_tui.config.models import ModelSpec
from distq_tui.engine.cast import samples_of
from distq_tui.events import IceJudged, Response
from distq_tui.ice.judging import IceJudging
from distq_tui.judging import JudgeModel
from distq_tui.plan.source import TrialResult

GATED = "gated by detector 1 at 2"
UNASKED = "unasked"

Say = Callable[[str, str, str], object]
"""Of judge, model and prompt: the verdict, None for what can't be read, `GATED`, `UNASKED` or a whole Response."""


def judges(*titles: str) -> tuple[ModelSpec, ...]:
    return tuple(ModelSpec(title, "openai", base_url="http://127.0.0.1:9/v1", role="judge") for title in titles)


class _Gate:
    def __init__(self, say: Say) -> None:
        self._say = say

    def spares(self, judge, question, row, detect):
        _, model, prompt = question.partition("#")[0].split("/", 2)
        return GATED if self._say(judge, model, prompt) == GATED else None


def hear(maker: Maker, session: str, say: Say) -> IceJudging:
    """Put the session's answers before its plan's judges and store what they say."""
    plan, store = maker.plan, maker.store
    models = [JudgeModel(model, "stored") for model in plan.models if model.title in plan.judges.ice]
    judging = IceJudging(models, plan.probes, samples_of(plan), gate=_Gate(say))
    events = []
    for trial in plan.trials(lambda m: m.base_url or m.provider):
        key = (trial.model.title, trial.probe.prompt_id)
        if key in maker.rows and key not in maker.skip:
            response = maker.answers.get(key, ok(f"{key[0]} answers {key[1]}"))
            events += judging.score(TrialResult(trial, response, maker.rows[key], cached=False))
    while wanted := judging.next(()):
        for trial in wanted:
            _, model, prompt = trial.probe.prompt_id.partition("#")[0].split("/", 2)
            said = say(trial.model.title, model, prompt)
            if said == UNASKED:
                continue
            tag = "judge" if trial.probe.tags == ("loose",) else "rate"
            response = said if isinstance(said, Response) else ok("Hm." if said is None else f"<{tag}>{said:d}</{tag}>")
            row = store.add_response(session, trial, response, 0.125)
            events += judging.score(TrialResult(trial, response, row, cached=False))
    for event in events:
        if isinstance(event, IceJudged):
            store.add_ice_judged(event)
    return judging
