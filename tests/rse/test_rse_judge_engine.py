"""Judges through the engine: their calls are trials like all others, their grades are stored, a second run is free."""

import json

import pytest
from scripted import Bench, ScriptedProvider, make_plan, trials_of

from distq_tui.config.models import ModelSpec
from distq_tui.events import RseJudged, RunFinished, ScoreUpdated
from distq_tui.judging import JudgeModel
from distq_tui.plan.source import Chained, FixedSource
from distq_tui.providers.base import Chunk
from distq_tui.rse.judging import RseJudging
from distq_tui.rse.scorer import RseScorer
from distq_tui.rse.verdict_controls import cast_of
from distq_tui.store import StoreThread

JUDGE = ModelSpec("judge", "openai", role="judge")
MODELS = (
    ModelSpec("pupil", "openai", family="qwen"),
    ModelSpec("master", "openai", family="openai", role="reference", samples=2),
    ModelSpec("other", "openai", family="mistral", role="control"),
)
GRADES = json.dumps({"content": 1, "structure": 2, "style": 0, "overall": 3})


class Speakers(ScriptedProvider):
    """Each model answers in its own words; the judge gives grades."""

    async def stream(self, request):
        self.calls.append((request.model, request.sample))
        said = (
            GRADES
            if request.model == "judge"
            else f"{request.model} says {request.sample} to {request.messages[-1].content}"
        )
        yield Chunk(text=said)
        yield Chunk(finish="stop")


@pytest.fixture
def bench(tmp_path):
    store = StoreThread(tmp_path / "t.db")
    yield Bench(store, Speakers())
    store.close()


async def run(bench):
    plan = make_plan("one", "two", models=MODELS)
    samples = {model.title: model.samples or 1 for model in MODELS}
    cast = cast_of(MODELS, lookup=lambda name: None)
    judging = RseJudging([JudgeModel(JUDGE, "test:openai")], plan.probes, samples, cast)
    engine = bench.make(plan, scorers=(RseScorer(plan.probes, samples, cast=cast), judging))
    return [event async for event in engine.run(Chained(FixedSource(trials_of(plan)), judging))]


async def test_grades_are_stored_and_a_second_run_asks_nobody(bench):
    events = await run(bench)
    judged = [event for event in events if isinstance(event, RseJudged)]
    assert len(judged) == 4, "two prompts, each a pair and a ceiling"
    assert {(each.overall, each.order_effect) for each in judged} == {(3.0, 0.0)}
    assert bench.provider.calls.count(("judge", 0)) == 8 + 2 + 2
    stored = bench.store.submit(
        lambda s: s._conn.execute("SELECT overall, structure, version FROM rse_judgements").fetchall()
    ).result()
    assert [tuple(row) for row in stored] == [(3.0, 2.0, judged[0].version)] * 4
    assert {"rse@judge", "rse.ceiling@judge", "rse.position", "rse.floor"} <= {
        event.measure for event in events if isinstance(event, ScoreUpdated)
    }
    calls = len(bench.provider.calls)
    again = await run(bench)
    assert len(bench.provider.calls) == calls
    assert again[-1].hits == again[-1].total == calls
    assert isinstance(again[-1], RunFinished)
