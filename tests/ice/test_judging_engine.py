"""Judges through the engine: cached, resumed, failing, and stored beside the detector's verdicts."""

import asyncio

import pytest
from results import identity, result
from scripted import Bench, by_kind, trials_of

from distq_tui.config.models import ModelSpec
from distq_tui.engine.parts import stored_gate
from distq_tui.engine.retold import stored_result
from distq_tui.events import IceJudged, RunFinished
from distq_tui.ice.judging import DetectorGate, IceJudging
from distq_tui.ice.scorer import IceScorer
from distq_tui.judging import JudgeModel
from distq_tui.plan.run_plan import Judges, RunPlan
from distq_tui.plan.source import Chained, FixedSource
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message
from distq_tui.providers.base import Chunk, ProviderError
from distq_tui.store import StoreThread

FOREIGN = "I am Claude, made by Anthropic."
OWN = "I am Qwen, made by Alibaba Cloud."


class Court:
    """Answers of the target by prompt, and a judge that reads them; `verdict` gives a judge's reply for a question."""

    def __init__(self, verdict):
        self.verdict, self.calls = verdict, []

    async def get(self, spec):
        return self

    async def stream(self, request):
        text = request.messages[-1].content
        self.calls.append((request.model, request.sample))
        # each answer differs: the same answer would be judged by one call
        said = (FOREIGN if text.endswith("?!") else OWN) + f" This is {text}"
        reply = self.verdict(request) if request.model == "judge" else said
        await asyncio.sleep(0)
        if isinstance(reply, Exception):
            raise reply
        yield Chunk(text=reply)
        yield Chunk(finish="stop")

    @property
    def judged(self):
        return sum(model == "judge" for model, _ in self.calls)


def right(request):
    tag = "rate" if "<rate>" in request.messages[-1].content else "judge"
    return f"Let me see. <{tag}>{int(FOREIGN in request.messages[-1].content)}</{tag}>"


def plan(prompts=8):
    probes = tuple(
        Probe(
            f"t{n}/q{n % 2}",
            "identity",
            "en",
            (Message("user", f"Question {n}, who are you?" + "!" * (n % 2)),),
            template=f"t{n}",
            question=f"q{n % 2}",
            query="Who are you?",
        )
        for n in range(prompts)
    )
    models = (ModelSpec("target", "demo", family="qwen"), ModelSpec("judge", "demo", role="judge"))
    return RunPlan("plan", 1, 1, Params(), models, probes, judges=Judges(ice=("judge",)))


@pytest.fixture
def bench(tmp_path):
    store = StoreThread(tmp_path / "t.db")
    yield Bench(store, Court(right))
    store.close()


async def judged_run(bench, plan, session=None, *, gate=None, stop_after=None, samples=1):
    samples = {"target": samples}
    judging = IceJudging([JudgeModel(plan.models[1], "test:judge")], plan.probes, samples, gate=gate)
    engine = bench.make(plan, session=session, scorers=(IceScorer(plan.probes, samples), judging))
    events = []
    async for event in engine.run(Chained(FixedSource(trials_of(plan)), judging)):
        events.append(event)
        if stop_after is not None and sum(type(e).__name__ == "IceJudged" for e in events) >= stop_after:
            engine.stop()
    return events


def scores(events):
    return {(e.measure, e.models): e for e in by_kind(events)["ScoreUpdated"]}


async def test_every_answer_is_judged_and_stored_beside_the_detectors_verdict(bench):
    events = await judged_run(bench, plan(), "s")
    assert len(by_kind(events)["IceJudged"]) == 8
    assert bench.provider.judged == 8 + 4
    assert events[-1].reason == "done"
    assert (events[-1].total, events[-1].failed) == (20, 0)
    assert scores(events)["ice.strict@judge", ("target",)].value == 0.5
    assert scores(events)["ice.kappa", ("judge", "detector")].value == 1.0
    rows = bench.store.submit(lambda s: list(s.session_rows("s", scorer="judge:judge"))).result()
    plan_rows = [row for row in rows if row.purpose == "plan"]
    assert [row.verdict.strict for row in plan_rows] == [row.response.text.startswith(FOREIGN) for row in plan_rows]
    assert {row.verdict.scorer for row in bench.rows("s") if row.verdict} == {"ice-offline"}
    calls = [row for row in rows if row.purpose == "judge"]
    assert len(calls) == 12
    assert {row.kind for row in calls} == {"judge"}


async def test_the_same_answer_is_judged_by_one_call(bench):
    one = plan(1)
    twice = RunPlan("plan", 1, 2, Params(), one.models, one.probes)
    events = await judged_run(bench, twice, "s", samples=2)
    assert len(by_kind(events)["IceJudged"]) == 2
    assert bench.provider.judged == 1


async def test_a_judged_session_that_is_run_again_is_all_hits_and_says_the_same(bench):
    first = await judged_run(bench, plan(), "s")
    calls = len(bench.provider.calls)
    again = await judged_run(bench, plan(), "s")
    assert len(bench.provider.calls) == calls
    assert len(by_kind(again)["IceJudged"]) == 8
    assert (again[-1].hits, again[-1].calls) == (20, 0)
    assert scores(first) == scores(again)


async def test_a_run_that_was_stopped_goes_on_with_the_questions_that_are_left(bench):
    first = await judged_run(bench, plan(), "s", stop_after=3)
    assert first[-1].reason == "stopped"
    assert bench.provider.judged < 12
    again = await judged_run(bench, plan(), "s")
    assert again[-1].reason == "done"
    assert len(by_kind(again)["IceJudged"]) == 8
    assert scores(again)["ice.strict@judge", ("target",)].value == 0.5
    # a call that the stop broke off is asked once more, nothing else is
    assert bench.provider.judged <= 12 + sum(e.response.cls == "cancelled" for e in by_kind(first)["TrialFinished"])


async def test_a_judge_that_is_given_up_leaves_what_it_was_not_asked_open_and_the_run_failed(bench):
    bench.provider.verdict = lambda request: ProviderError("auth", "no such key")
    events = await judged_run(bench, plan(), "s")
    assert isinstance(events[-1], RunFinished)
    (refused,) = by_kind(events)["IceJudged"]
    assert (refused.loose, refused.strict) == (None, None)
    score = scores(events)["ice.loose@judge", ("target",)]
    assert (score.value, score.n, score.excluded) == (None, 0, {"judge error": 1})
    standing = by_kind(events)["JudgeUpdated"][-1]
    assert (standing.questions, standing.failed, standing.waiting) == (8, {"error": 1}, 7)
    assert standing.error == "no such key"
    assert events[-1].failed == 8
    stored = bench.store.submit(lambda s: list(s.session_rows("s", scorer="judge:judge"))).result()
    assert not any(row.verdict for row in stored), "a call that failed is no verdict, and is asked again"
    bench.provider.verdict = right
    again = await judged_run(bench, plan(), "s")
    assert scores(again)["ice.strict@judge", ("target",)].value == 0.5
    rows = bench.store.submit(lambda s: list(s.session_rows("s", scorer="judge:judge"))).result()
    assert all(row.verdict.loose is not None for row in rows if row.purpose == "plan")


async def test_a_reply_that_says_nothing_is_asked_three_times(bench):
    bench.provider.verdict = lambda request: "I would rather not say."
    events = await judged_run(bench, plan(2), "s")
    assert sorted(call for call in bench.provider.calls if call[0] == "judge") == [
        ("judge", sample) for sample in (0, 0, 1, 1, 2, 2)
    ]
    assert {v.loose for v in by_kind(events)["IceJudged"]} == {None}


async def test_the_gate_saves_calls_and_says_how_many(bench):
    events = await judged_run(bench, plan(), "s", gate=DetectorGate())
    assert bench.provider.judged == 8
    assert len(by_kind(events)["IceJudged"]) == 8
    assert scores(events)["ice.spared@judge", ("target",)].method.endswith("at least 4")
    assert scores(events)["ice.strict@judge", ("target",)].value == 0.5


async def test_a_session_that_broke_off_takes_no_verdict_from_one_that_asked_the_judge_later(bench):
    bench.provider.verdict = lambda request: "<judge>1</judge>" if "<judge>" in request.messages[-1].content else "?"
    first = plan()
    await bench.run(first, session="broken off")  # its answers, and no judge was asked
    await judged_run(bench, first, "whole")
    gate = bench.store.submit(lambda s: stored_gate(s, "broken off")).result()
    judging = IceJudging([JudgeModel(first.models[1], "stored")], first.probes, {"target": 1}, gate=gate)
    probes = {probe.prompt_id: probe for probe in first.probes}
    results = [stored_result(row, first, probes) for row in bench.rows("broken off")]
    told = [event for result in results for event in judging.score(result)]
    spared = {event.row for event in told if isinstance(event, IceJudged)}
    assert spared == {each.row for each in results if each.response.text.startswith(OWN)}
    assert len(judging.next(())) == 4, "as a detector gate decides of the others"


def test_questions_about_different_answers_have_different_names():
    probes = [identity("t1"), identity("t1", "q2")]
    models = [ModelSpec("a", "demo", family="qwen"), ModelSpec("a/t1", "demo", family="qwen")]
    judges = IceJudging([JudgeModel(ModelSpec("j", "demo", role="judge"), "x")], probes, {"a": 2, "a/t1": 2})
    for model in models:
        for probe in probes:
            for sample in range(2):
                judges.score(result(model, probe, FOREIGN, sample=sample))
    assert len({trial.probe.prompt_id for trial in judges.next(())}) == 8
