"""A recording played back: what this program scripted stays labelled, and a model it lacks is told before any call."""

import dataclasses

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import load_settings
from distq_tui.engine.clock import Clock
from distq_tui.engine.ready import plan_trials
from distq_tui.engine.session import Options, estimate_plan, open_run
from distq_tui.errors import InputError
from distq_tui.events import RunStarted
from distq_tui.formats.event_lines import event_line
from distq_tui.plan.run_plan import Budget, RunPlan
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message
from distq_tui.report import build_report
from distq_tui.report.export import export_session_file
from distq_tui.store import Store, StoreThread

PERSONA = "persona-unrelated"
QUICK = Options(pace=0, clock=Clock(now=lambda: "2026-01-02T03:04:05.000Z"))
PROBES = tuple(Probe(f"p{n}", "similarity", "en", (Message("user", f"Say {n}"),)) for n in range(2))


def plan(model):
    return RunPlan("p", 1, 1, Params(), (model,), PROBES)


@pytest.fixture
def house(tmp_path):
    settings = load_settings(database=tmp_path / "t.db", env={})
    store = StoreThread(settings.paths.database)
    yield settings, store
    store.close()


async def run(house, of):
    settings, store = house
    opened = await open_run(of, settings=settings, store=store, options=QUICK)
    return [event async for event in opened.events()]


async def by_file(store, events, folder):
    return str(await store.call(lambda s: export_session_file(s, "latest", folder / "x.jsonl")))


async def by_session(store, events, folder):
    return f"session:{events[0].session}"


async def by_events(store, events, folder):
    path = folder / "events.jsonl"
    path.write_text("\n".join(map(event_line, events)))
    return str(path)


@pytest.mark.parametrize("recorded", [by_file, by_session, by_events])
async def test_scripted_answers_stay_simulated_by_whatever_way_they_come_back(house, tmp_path, recorded):
    _, store = house
    first = await run(house, plan(ModelSpec(PERSONA, "demo")))
    assert first[0].simulated == (PERSONA,)
    again = await run(house, plan(ModelSpec(PERSONA, "replay", base_url=await recorded(store, first, tmp_path))))
    assert isinstance(again[0], RunStarted)
    assert again[0].simulated == (PERSONA,)
    report = await store.call(lambda s: build_report(s, s.find_session("latest")))
    assert [model.source for model in report.models] == ["simulated"]
    assert report.session.failed == 0
    third = await run(house, plan(ModelSpec(PERSONA, "replay", base_url=f"session:{again[0].session}")))
    assert third[0].simulated == (PERSONA,)


@pytest.fixture
def readings(monkeypatch):
    """The sessions whose answers are read for a recording, in order."""
    read = []
    rows = Store.session_rows

    def counted(store, session_id, **kwargs):
        read.append(session_id)
        return rows(store, session_id, **kwargs)

    monkeypatch.setattr(Store, "session_rows", counted)
    return read


async def test_a_session_of_several_models_is_read_once_before_its_run(house, readings):
    first = await run(house, plan(ModelSpec(PERSONA, "demo")))
    again = ModelSpec(PERSONA, "replay", base_url=f"session:{first[0].session}")
    both = dataclasses.replace(plan(again), models=(again, dataclasses.replace(again, label="twice")))
    assert (await run(house, both))[-1].reason == "done"
    assert readings == [first[0].session]


async def test_a_session_that_went_on_is_read_again(house, readings):
    settings, _ = house
    scripted = plan(ModelSpec(PERSONA, "demo"))
    started, *_ = await run(house, dataclasses.replace(scripted, budget=Budget(max_requests=1)))
    played = plan(ModelSpec(PERSONA, "replay", base_url=f"session:{started.session}"))
    before = await plan_trials(played, settings)
    await run(house, scripted)
    after = await plan_trials(played, settings)
    assert before[0].request.endpoint != after[0].request.endpoint
    assert len(readings) == 2


async def test_answers_that_nobody_scripted_are_recorded_ones(house, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"model": "m", "prompt": "Say 0", "response": "0"}\n{"model": "m", "prompt": "Say 1", "response": "1"}'
    )
    events = await run(house, plan(ModelSpec("m", "replay", base_url=str(path))))
    assert events[0].simulated == ()
    report = await house[1].call(lambda s: build_report(s, s.find_session("latest")))
    assert [model.source for model in report.models] == ["recorded"]


async def test_a_played_session_is_estimated_as_it_is_run(house):
    settings, store = house
    first = await run(house, plan(ModelSpec(PERSONA, "demo")))
    again = plan(ModelSpec(PERSONA, "replay", base_url=f"session:{first[0].session}"))
    await run(house, again)
    assert (await estimate_plan(again, settings, store)).calls == 0


async def test_a_model_that_the_recording_lacks_is_told_before_any_call(house):
    first = await run(house, plan(ModelSpec(PERSONA, "demo")))
    wrong = plan(ModelSpec("nobody", "replay", base_url=f"session:{first[0].session}"))
    for begin in (run(house, wrong), estimate_plan(wrong, *house)):
        with pytest.raises(InputError) as caught:
            await begin
        assert str(caught.value) == f"models[0].name: the recording has no model 'nobody'; it has {PERSONA}"
    assert len(await house[1].call(lambda s: s.sessions())) == 1
