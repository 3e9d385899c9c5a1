"""A report's grades are those that the run ended with, from its stored replies alone."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import pytest
from scripted import Bench, ScriptedProvider, make_plan, trials_of

from distq_tui.config.models import ModelSpec
from distq_tui.engine.parts import judges_of
from distq_tui.events import ScoreUpdated
from distq_tui.plan.run_plan import Judges
from distq_tui.plan.source import Chained, FixedSource
from distq_tui.providers.base import Chunk, ProviderError
from distq_tui.report import build_report, write_report_file
from distq_tui.store import StoreThread

MODELS = (
    ModelSpec("pupil", "openai", family="qwen"),
    ModelSpec("master", "openai", family="openai", role="reference", samples=2),
    ModelSpec("one", "openai", role="judge"),
    ModelSpec("two", "openai", role="judge"),
)
PLAN = replace(make_plan(*(f"prompt {n}" for n in range(10)), models=MODELS), judges=Judges(rse=("one", "two")))


class Speakers(ScriptedProvider):
    """Judges grade by a hash of the question, and mumble now and then; all others answer in their own words."""

    async def stream(self, request):
        number = zlib.crc32(f"{request.model}{request.sample}{request.messages[-1].content}".encode())
        grades = {"content": number % 3, "structure": number // 3 % 3, "style": 1, "overall": 1 + number // 9 % 5}
        if request.model in {"one", "two"}:
            yield Chunk(text="Hm." if number % 3 == 0 else json.dumps(grades))
        else:
            yield Chunk(text=f"{request.model} says {request.sample} to {request.messages[-1].content}")
        yield Chunk(finish="stop")


class Refused(Speakers):
    """A server that does not know the key of the first judge."""

    async def stream(self, request):
        if request.model == "one":
            raise ProviderError("auth", "no such key")
        async for chunk in super().stream(request):
            yield chunk


@pytest.fixture
def store(tmp_path):
    store = StoreThread(tmp_path / "t.db")
    yield store
    store.close()


async def run(store, speakers):
    judges = judges_of(PLAN, lambda model: f"test:{model.provider}")
    engine = Bench(store, speakers).make(PLAN, scorers=judges)
    return [event async for event in engine.run(Chained(FixedSource(trials_of(PLAN)), *judges))]


async def test_a_report_has_the_figures_that_the_run_ended_with(store):
    events = await run(store, Speakers())
    last = {(event.measure, event.models): event for event in events if isinstance(event, ScoreUpdated)}
    part = store.submit(lambda s: build_report(s, s.find_session("s1"))).result().grades
    assert {(grade.judge, grade.models) for grade in part.grades} == {
        (judge, models) for judge in ("one", "two") for models in (("pupil", "master"), ("master",))
    }
    for grade in part.grades:
        measure = "rse" if len(grade.models) == 2 else "rse.ceiling"
        end = last[f"{measure}@{grade.judge}", grade.models]
        assert (grade.overall, grade.low, grade.high, grade.n) == (end.value, end.low, end.high, end.n)
        assert (grade.unscored, grade.method) == (end.excluded.get("unscored", 0), end.method)
    assert any(grade.unscored for grade in part.grades), "or nothing was mumbled"
    assert {each.value for each in part.agreement} == {last["rse.alpha", ("one", "two")].value} | {
        last["rse.kappa", ("one", "two")].value
    }
    for check in part.checks:
        assert check.overall == last[f"rse.{check.kind}@{check.judge}", (check.judge,)].value


@pytest.mark.parametrize(("state", "why"), [("failed", ""), ("stopped", "; the run was stopped")])
async def test_a_report_says_that_a_judge_was_given_up(store, tmp_path, state, why):
    await run(store, Refused())
    store.submit(lambda s: s.finish_session("s1", state, "2026-01-01T00:01:00Z")).result()
    part = store.submit(lambda s: build_report(s, s.find_session("s1"))).result().grades
    assert [(g.judge, g.planned, g.not_asked) for g in part.grades if not g.prompt_set] == [
        ("one", 10, 10), ("one", 10, 10), ("two", 10, 0), ("two", 10, 0),
    ]  # fmt: skip
    text = store.submit(lambda s: write_report_file(s, "s1", tmp_path / "r.md")).result().read_text("utf-8")
    assert f"Not asked: 20 of 40 comparisons, a judge was given up{why}." in text
