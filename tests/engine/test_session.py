"""From a plan to a session: what is checked first, which session goes on, and what the end leaves."""

from contextlib import aclosing
from dataclasses import replace

import pytest

from distq_tui.config.keys import Keys
from distq_tui.config.models import ModelSpec
from distq_tui.config.prices import OwnPrice, Price, Prices
from distq_tui.config.settings import load_settings
from distq_tui.engine import ready, session
from distq_tui.engine.clock import Clock
from distq_tui.engine.parts import parts_of, scorers_of
from distq_tui.engine.ready import check
from distq_tui.engine.session import Options, estimate_plan, open_run, versions
from distq_tui.errors import InputError
from distq_tui.events import IceJudged, RunFinished, RunStarted, TrialFinished, TrialStarted
from distq_tui.ice.judging import gate
from distq_tui.plan.run_plan import Budget, Judges, RunPlan
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message
from distq_tui.providers.local.models import SHIPPED_MODEL
from distq_tui.providers.registry import Providers
from distq_tui.store import StoreThread

PERSONA = ModelSpec("persona-unrelated", "demo")
REMOTE = ModelSpec("m", "openai", base_url="http://127.0.0.1:9/v1", key="env:K")
QUICK = Options(pace=0, clock=Clock(now=lambda: "2026-01-02T03:04:05.000Z"))


def plan(*models, count=2, **kwargs):
    probes = tuple(Probe(f"p{n}", "similarity", "en", (Message("user", f"Say {n}"),)) for n in range(count))
    return RunPlan("p", 1, 1, Params(), models or (PERSONA,), probes, **kwargs)


@pytest.fixture
def house(tmp_path):
    settings = load_settings(database=tmp_path / "t.db", env={})
    store = StoreThread(settings.paths.database)
    yield settings, store
    store.close()


async def run(house, of, options=QUICK):
    settings, store = house
    opened = await open_run(of, settings=settings, store=store, options=options)
    return [event async for event in opened.events()]


def sessions(house):
    return house[1].submit(lambda store: store.sessions()).result()


async def test_a_plan_runs_and_its_session_ends_as_done(house):
    events = await run(house, plan())
    (row,) = sessions(house)
    assert (row.state, row.total, row.done, row.failed) == ("done", 2, 2, 0)
    assert row.id.startswith("20260102-")
    assert row.versions == versions()
    assert isinstance(events[0], RunStarted)
    assert events[0].session == row.id
    assert row.finished_at == events[-1].at


async def test_a_finished_plan_begins_a_new_session_and_an_unfinished_one_goes_on(house):
    await run(house, plan(budget=Budget(max_requests=1)))
    assert [row.state for row in sessions(house)] == ["budget"]
    await run(house, plan())
    assert [(row.state, row.done) for row in sessions(house)] == [("done", 2)]
    again = await run(house, plan())
    assert len(sessions(house)) == 2
    assert all(event.cached for event in again if isinstance(event, TrialStarted))


async def test_a_session_that_goes_on_keeps_what_its_gate_decided_under_an_older_detector(house, monkeypatch):
    probes = tuple(Probe(f"q{n}", "identity", "en", (Message("user", f"Say {n}"),), question=f"q{n}") for n in range(2))
    models = (replace(PERSONA, fact="I am a script."), replace(PERSONA, label="judge", role="judge"))
    judged = RunPlan("p", 1, 1, Params(), models, probes, judges=Judges(ice=("judge",), gate="unsure"))
    monkeypatch.setattr(gate, "VERSION", "older")
    monkeypatch.setattr(gate, "MARGIN", -1e9)  # sure of every negative
    await run(house, replace(judged, budget=Budget(max_requests=1)))
    monkeypatch.setattr(gate, "VERSION", "newer")
    monkeypatch.setattr(gate, "MARGIN", 1e9)  # never sure
    events = await run(house, judged)
    told = {event.prompt_id: event.version for event in events if isinstance(event, IceJudged) and event.gated}
    assert list(told) == ["q0"], "the other answer had not come when it broke off"
    assert "gated by detector older at" in told["q0"]
    assert {e.prompt_id for e in events if isinstance(e, TrialStarted) and e.model == "judge"} == {
        "loose/persona-unrelated/q1#0"
    }


async def test_what_a_session_asked_for_before_it_was_broken_off_stays_its_own(house):
    await run(house, plan(replace(PERSONA, label="other name"), count=1))
    await run(house, plan(count=4, budget=Budget(max_requests=2)))
    *events, finished = await run(house, plan(count=4))
    assert (finished.hits, finished.resumed, finished.calls) == (3, 2, 1)
    told = {event.prompt_id: (event.cached, event.resumed) for event in events if isinstance(event, TrialFinished)}
    assert sorted(told.values()) == [(False, False), (True, False), (True, True), (True, True)]
    row = sessions(house)[0]
    assert (row.done, row.hits) == (4, 1), "only what another session had asked for is a hit"


async def test_a_newer_answer_of_another_session_does_not_take_the_place_of_ones_own(house):
    await run(house, plan(count=2, budget=Budget(max_requests=1)))
    await run(house, plan(replace(PERSONA, label="asked again"), count=1), replace(QUICK, fresh=True))
    finished = (await run(house, plan(count=2)))[-1]
    assert (finished.hits, finished.resumed, finished.calls) == (1, 1, 1)
    first = sessions(house)[-1]
    own = house[1].submit(lambda store: [row.cached for row in store.session_rows(first.id)]).result()
    assert own == [False, False]


async def test_a_session_is_run_once_at_a_time(house):
    settings, store = house
    first = await open_run(plan(), settings=settings, store=store, options=QUICK)
    with pytest.raises(InputError, match=f"session {first.session} of this plan is being run already"):
        await open_run(plan(), settings=settings, store=store, options=QUICK)
    assert [row.state for row in sessions(house)] == ["unfinished"]
    async for _ in first.events():
        pass
    assert (await run(house, plan()))[-1].hits == 2
    assert not list((settings.paths.cache / "running").iterdir()), "nothing stays behind"


async def test_a_session_that_ended_while_a_run_of_it_was_prepared_is_not_run_by_halves(house, monkeypatch):
    settings, store = house
    await run(house, plan(budget=Budget(max_requests=1)))
    (row,) = sessions(house)

    def ended_meanwhile(*arguments, **kwargs):
        store.submit(lambda s: s.finish_session(row.id, "done", "2026-01-02T03:04:06Z")).result()
        return parts_of(*arguments, **kwargs)

    monkeypatch.setattr(session, "parts_of", ended_meanwhile)
    with pytest.raises(InputError, match="another run of this plan has begun or ended at this moment"):
        await open_run(plan(), settings=settings, store=store, options=QUICK)
    assert [found.id for found in sessions(house)] == [row.id]


async def test_a_session_is_run_where_no_lock_can_be_written(house):
    settings, _ = house
    settings.paths.cache.mkdir(parents=True, exist_ok=True)
    (settings.paths.cache / "running").write_text("in the way")
    assert (await run(house, plan()))[-1].reason == "done"


async def test_the_estimate_of_a_fresh_session_that_goes_on_counts_its_own_answers_alone(house):
    await run(house, plan())
    await run(house, plan(budget=Budget(max_requests=1)), replace(QUICK, fresh=True))
    told = await estimate_plan(plan(), *house)
    assert (told.hits, told.calls, told.goes_on) == (1, 1, sessions(house)[0].id)
    assert (await run(house, plan()))[-1].calls == 1


async def test_fresh_begins_a_new_session_even_beside_an_unfinished_one(house):
    await run(house, plan(budget=Budget(max_requests=1)))
    events = await run(house, plan(), replace(QUICK, fresh=True))
    assert len(sessions(house)) == 2
    assert events[-1].calls == 2


def stored_budget(house):
    return house[1].submit(lambda store: store.plan_of(store.find_session("latest").id).budget).result()


async def test_a_budget_of_one_run_stops_it_and_is_not_stored(house):
    events = await run(house, plan(budget=Budget(max_requests=9)), replace(QUICK, budget=Budget(max_requests=1)))
    assert (events[-1].reason, events[-1].calls) == ("budget_requests", 1)
    assert stored_budget(house) == Budget(max_requests=9)


async def test_a_cost_budget_of_one_run_needs_prices_too(house):
    remote = replace(REMOTE, key=None)
    with pytest.raises(InputError, match="the price of m is not known here"):
        await run(house, plan(remote), replace(QUICK, budget=Budget(max_cost=1.0)))


async def test_a_session_that_goes_on_takes_over_the_plan_s_new_budget(house):
    await run(house, plan(count=3, budget=Budget(max_requests=1)))
    await run(house, plan(count=3, budget=Budget(max_requests=2)), replace(QUICK, budget=Budget(max_requests=0)))
    assert [row.state for row in sessions(house)] == ["budget"]
    assert stored_budget(house) == Budget(max_requests=2)


async def test_a_stop_leaves_a_session_that_goes_on(house):
    settings, store = house
    await run(house, plan(count=5, budget=Budget(max_requests=1)))
    # at the persona's own pace: its first word comes long after the stop
    opened = await open_run(plan(count=5), settings=settings, store=store, options=replace(QUICK, pace=1.0))
    events = []
    async for event in opened.events():
        events.append(event)
        if isinstance(event, TrialStarted) and not event.cached:
            opened.stop()
    assert (events[-1].reason, events[-1].hits) == ("stopped", 1)
    (row,) = sessions(house)
    assert row.state == "stopped"
    finished = await run(house, plan(count=5))
    assert (finished[-1].hits, finished[-1].calls) == (1, 4), "what was cancelled is asked again"
    assert [(found.id, found.state, found.done) for found in sessions(house)] == [(row.id, "done", 5)]


async def test_events_closed_early_leave_no_call_and_a_session_to_go_on_with(house):
    settings, store = house
    opened = await open_run(plan(), settings=settings, store=store, options=replace(QUICK, pace=1.0))
    async with aclosing(opened.events()) as events:
        async for event in events:
            if isinstance(event, TrialStarted):
                break
    assert [row.state for row in sessions(house)] == ["unfinished"], "as after a kill"
    assert (await run(house, plan()))[-1].done == 2
    assert len(sessions(house)) == 1


async def test_no_adapter_is_made_beforehand_where_every_answer_is_stored(house, monkeypatch):
    judge = replace(PERSONA, label="judge", role="judge")
    judged = replace(plan(PERSONA, judge), judges=Judges(rse=("judge",)))
    begun = []
    monkeypatch.setattr(Providers, "begin", lambda self, specs: begun.append([spec.title for spec in specs]))
    for expected in ([PERSONA.title, "judge"], []):
        await run(house, judged)
        assert begun.pop() == expected


async def test_the_estimate_is_what_the_run_then_does(house):
    settings, store = house
    twice = plan(PERSONA, replace(PERSONA, label="again"), count=3)
    for hits in (3, 6):
        told = await estimate_plan(twice, settings, store)
        end = (await run(house, twice))[-1]
        assert isinstance(end, RunFinished)
        assert (told.trials, told.hits, told.calls) == (end.total, end.hits, end.calls) == (6, hits, 6 - hits)
    assert (await estimate_plan(twice, settings, None)).calls == 3, "without a store nothing is known"


def refusal(of, settings, asked=("m",)):
    with pytest.raises(InputError) as caught:
        check(of, settings, asked)
    return str(caught.value)


def test_only_models_that_are_asked_need_their_key(house):
    settings, _ = house
    line = "models[1].key: env:K is not set; set it, or name another key"
    assert refusal(plan(PERSONA, REMOTE), settings) == line
    check(plan(PERSONA, REMOTE), settings, ())
    check(plan(PERSONA, REMOTE), replace(settings, keys=Keys({"K": "secret"})), ("m",))
    check(plan(PERSONA, replace(REMOTE, key=None)), settings, ("m",))


def test_a_keyring_that_can_t_be_asked_says_why(house, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)
    line = refusal(plan(replace(REMOTE, key="keyring:K")), house[0])
    assert line.startswith("models[0].key: `keyring:` needs the keyring package")


def test_a_budget_in_dollars_needs_every_price(house):
    settings, _ = house
    costly = plan(PERSONA, replace(REMOTE, key=None), budget=Budget(max_cost=1.0))
    assert refusal(costly, settings, ()).startswith("budget.max_cost: can't be kept: the price of m is not known")
    check(costly, replace(settings, prices=Prices(own=[OwnPrice("m", Price(1, 1))])), ())


def test_a_price_file_that_can_t_be_read_is_told_before_the_run(house, tmp_path):
    settings = replace(house[0], prices=Prices(tmp_path / "none.json"))
    assert refusal(plan(replace(REMOTE, key=None)), settings).endswith("none.json: No such file or directory")


def test_without_the_extra_the_line_says_how_to_get_it(house, monkeypatch):
    settings, _ = house
    local = ModelSpec(SHIPPED_MODEL, "local")
    monkeypatch.setattr(ready, "why_unavailable", lambda: "needs xllamacpp: pip install")
    assert refusal(plan(PERSONA, local), settings, [local.title]) == "models[1].provider: needs xllamacpp: pip install"
    check(plan(PERSONA, local), settings, [])
    monkeypatch.setattr(ready, "why_unavailable", lambda: None)
    check(plan(PERSONA, local), settings, [local.title])


async def test_what_is_refused_leaves_no_session(house):
    for wrong, line in (
        (plan(REMOTE), "models[0].key: env:K is not set; set it, or name another key"),
        (plan(PERSONA, ModelSpec("nobody", "demo")), "models[1].name: no persona is called 'nobody'; known are "),
        (plan(ModelSpec("m", "openai", base_url="ftp://x")), "models[0].base_url: must be a plain http(s) address"),
        (plan(ModelSpec("m", "replay")), "models[0].base_url: replay needs a file of responses"),
        (plan(ModelSpec("m", "replay", base_url="session:no")), "models[0].base_url: no session is called 'no'"),
    ):
        with pytest.raises(InputError) as caught:
            await run(house, wrong)
        assert str(caught.value).startswith(line)
    assert sessions(house) == []


def test_scorers_know_each_model_s_samples():
    ice, rse = scorers_of(
        plan(PERSONA, replace(PERSONA, label="b", samples=3), replace(PERSONA, label="j", role="judge"))
    )
    assert set(ice._models) == set(rse._samples) == {"persona-unrelated", "b"}
    assert rse._samples["b"] == 3


@pytest.mark.parametrize("name", ["~no-such-user/x.gguf", "a\0b.gguf"])
async def test_weights_that_no_path_can_name_are_bad_input(house, name):
    with pytest.raises(InputError, match=r"\.gguf: (No such file or directory|cannot be read)$"):
        await run(house, plan(ModelSpec(name, "local")))
