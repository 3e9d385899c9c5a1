"""What an engine does with a plan: order, preflight, cache, classes, limits."""

import asyncio

import pytest
from scripted import ANSWER, by_kind, kinds, make_plan, trials_of

from distq_tui.config.models import ModelSpec
from distq_tui.events import ModelAbandoned, RunFinished, RunStarted, TrialFinished, TrialsAdded
from distq_tui.plan.run_plan import Budget, Limits
from distq_tui.plan.source import FixedSource
from distq_tui.plan.trial import Params, Probe, Trial
from distq_tui.prompts import Message
from distq_tui.providers.base import Chunk, ProviderError


def finished(events):
    assert isinstance(events[-1], RunFinished)
    return events[-1]


async def test_one_trial_tells_its_story_in_order(bench):
    events = await bench.run(make_plan("hi"))
    assert kinds(events) == ["RunStarted", "TrialStarted", "TrialDelta", "TrialDelta", "TrialFinished", "RunFinished"]
    response = events[-2].response
    assert (response.cls, response.text, response.finish_reason) == ("ok", "Hello there.", "stop")
    assert response.usage.source == "estimated"
    assert finished(events).reason == "done"


async def test_what_is_told_is_stored(bench):
    events = await bench.run(make_plan("a", "b"))
    rows = bench.rows("s1")
    assert {row.response_id for row in rows} == {event.row for event in events if isinstance(event, TrialFinished)}


async def test_a_second_run_asks_nothing_and_tells_the_same(bench):
    plan = make_plan("a", "b", models=("m", "n"))
    first = by_kind(await bench.run(plan))
    calls = len(bench.provider.calls)
    second = by_kind(await bench.run(plan))
    assert len(bench.provider.calls) == calls == 4
    assert all(event.cached for event in second["TrialStarted"] + second["TrialFinished"])
    assert finished(second["RunFinished"]).hits == 4
    texts = [{(e.model, e.prompt_id): e.response.text for e in run["TrialFinished"]} for run in (first, second)]
    assert texts[0] == texts[1]


async def test_an_answer_by_a_name_that_only_another_plan_allows_is_no_hit(bench):
    bench.provider.scripts["a"] = [[Chunk(text="Hi", served_model="other", finish="stop")]]
    allowed, asked = (ModelSpec("m", "openai", base_url="http://h.test/v1", served=names) for names in (("other",), ()))
    await bench.run(make_plan("a", models=(allowed,)))
    assert finished(await bench.run(make_plan("a", models=(allowed,)))).hits == 1
    events = await bench.run(make_plan("a", models=(asked,)))
    assert finished(events).hits == 0
    assert by_kind(events)["TrialFinished"][0].response.cls == "model_mismatch"


async def test_fresh_asks_again_and_keeps_both(bench):
    plan = make_plan("a")
    one = by_kind(await bench.run(plan))["TrialFinished"][0]
    two = by_kind(await bench.run(plan, fresh=True))["TrialFinished"][0]
    assert len(bench.provider.calls) == 2
    assert one.row != two.row
    assert [row.response_id for session in ("s1", "s2") for row in bench.rows(session)] == [one.row, two.row]


async def test_the_first_trial_of_a_model_goes_alone(bench):
    gate = asyncio.Event()
    bench.provider.scripts["p"] = [[gate, *ANSWER]]
    plan = make_plan("p", "q", "r", models=("m", "n"))
    engine = bench.make(plan)
    seen = []
    async for event in engine.run(FixedSource(trials_of(plan))):
        seen.append(event)
        if len(by_kind(seen)["TrialStarted"]) == 2 and not gate.is_set():
            assert bench.provider.most_under_way <= 2
            assert {text for _, text in bench.provider.calls} <= {"p"}
            gate.set()
    assert len(bench.provider.calls) == 6


async def test_a_model_whose_first_trial_fails_for_good_is_not_asked_further(bench):
    bench.provider.scripts["m", "a"] = [[ProviderError("auth", "wrong key")]]
    events = await bench.run(make_plan("a", "b", "c", models=("m", "n")))
    groups = by_kind(events)
    assert groups["ModelAbandoned"] == [ModelAbandoned("m", "wrong key")]
    assert [model for model, _ in bench.provider.calls].count("m") == 1
    classes = sorted(event.response.cls for event in groups["TrialFinished"] if event.model == "m")
    assert classes == ["cancelled", "cancelled", "error"]
    assert len(bench.rows("s1")) == 6, "failures have rows too"
    assert finished(events).failed == 3


async def test_no_model_answered_is_told_apart(bench):
    bench.provider.scripts["a"] = [[ProviderError("connection", "refused")]]
    plan = make_plan("a", "b", limits=Limits(attempts=2))
    assert finished(await bench.run(plan)).reason == "no_model_answered"


@pytest.mark.parametrize(
    ("script", "cls"),
    [
        ([Chunk(text="Hi", finish="stop")], "ok"),
        ([Chunk(text="I can't help with that request.", finish="stop")], "refusal"),
        ([Chunk(text="Hi", finish="length")], "truncated"),
        ([Chunk(reasoning="hm", finish="length")], "no_answer"),
        ([Chunk(finish="stop")], "no_answer"),
        ([Chunk(text="Hi")], "incomplete"),
        ([Chunk(text="Hi"), ProviderError("cut", "reset")], "incomplete"),
        ([ProviderError("server", "500")], "error"),
        ([ProviderError("filtered", "policy")], "filtered"),
        ([Chunk(text="Hi", finish="content_filter")], "filtered"),
        ([Chunk(text="Hi", served_model="other", finish="stop")], "model_mismatch"),
    ],
)
async def test_response_classes(bench, script, cls):
    bench.provider.scripts["a"] = [script]
    events = await bench.run(make_plan("a", limits=Limits(attempts=1)))
    assert by_kind(events)["TrialFinished"][0].response.cls == cls
    assert bench.rows("s1")[0].response.cls == cls


async def test_what_is_not_complete_is_asked_again_by_the_next_run(bench):
    bench.provider.scripts["a"] = [[Chunk(text="Hal")], ANSWER]
    plan = make_plan("a", limits=Limits(attempts=1))
    assert finished(await bench.run(plan, session="s")).failed == 1
    events = await bench.run(plan, session="s")
    assert finished(events).failed == 0
    assert [row.response.cls for row in bench.rows("s")] == ["ok"], "the session shows the newest attempt"


async def test_concurrency_is_kept_for_each_endpoint(bench):
    plan = make_plan(*map(str, range(30)), limits=Limits(concurrency=3))
    await bench.run(plan)
    assert bench.provider.most_under_way == 3


async def test_the_same_request_is_asked_once(bench):
    models = (ModelSpec("m", "demo"), ModelSpec("m", "demo", label="again"))
    events = await bench.run(make_plan("a", models=models))
    assert len(bench.provider.calls) == 1
    rows = {event.row for event in by_kind(events)["TrialFinished"]}
    assert len(rows) == 1
    assert len(bench.rows("s1")) == 2


async def test_who_waits_for_a_dropped_request_is_closed_too(bench):
    bench.provider.scripts["a"] = [[ProviderError("auth", "wrong key")]]
    models = (ModelSpec("m", "demo"), ModelSpec("m", "demo", label="again"))
    events = await bench.run(make_plan("a", "b", models=models))
    assert finished(events).done == finished(events).total == 4


async def test_a_source_that_asks_on_sees_results(bench):
    plan = make_plan("first")
    told = []

    class FollowUp:
        def next(self, results):
            told.extend(result.response.text for result in results)
            if not results:
                return trials_of(plan)
            if len(told) == 1:
                probe = Probe("p-next", "similarity", "en", (Message("user", "second"),))
                return [Trial.make(plan.models[0], probe, endpoint="test:demo", params=Params())]
            return []

    engine = bench.make(plan)
    events = [event async for event in engine.run(FollowUp())]
    assert told == ["Hello there.", "Hello there."]
    assert TrialsAdded(2) in events
    assert finished(events).done == finished(events).total == 2


async def test_a_programming_error_raises(bench):
    bench.provider.scripts["a"] = [[ZeroDivisionError("bug")]]
    with pytest.raises(ZeroDivisionError):
        await bench.run(make_plan("a", "b"))


async def test_an_empty_plan_is_done(bench):
    engine = bench.make(make_plan("a"))

    class Nothing:
        def next(self, results):
            return []

    events = [event async for event in engine.run(Nothing())]
    assert kinds(events) == ["RunStarted", "RunFinished"]
    assert isinstance(events[0], RunStarted)
    assert finished(events).reason == "done"


async def test_request_budget(bench):
    plan = make_plan(*map(str, range(10)), budget=Budget(max_requests=4))
    events = await bench.run(plan)
    assert len(bench.provider.calls) == 4
    assert finished(events).reason == "budget_requests"
    assert finished(events).done == 4


async def test_a_budget_of_requests_goes_by_the_plan_s_order(bench):
    slow = asyncio.Event()
    bench.provider.scripts["slow", "p0"] = [[slow, *ANSWER]]
    plan = make_plan(*map(str, range(10)), models=("quick", "slow"), budget=Budget(max_requests=6))
    engine = bench.make(plan)
    seen = []
    async for event in engine.run(FixedSource(trials_of(plan))):
        seen.append(event)
        if len(by_kind(seen)["TrialFinished"]) == 2:
            slow.set()
    asked = sorted(bench.provider.calls)
    assert asked == [(model, str(n)) for model in ("quick", "slow") for n in range(3)], "pairs that can be compared"
    assert finished(seen).reason == "budget_requests"


async def test_who_waits_for_a_request_beyond_the_budget_is_left_too(bench):
    models = (ModelSpec("m", "demo"), ModelSpec("m", "demo", label="again"))
    events = await bench.run(make_plan("a", "b", models=models, budget=Budget(max_requests=1)))
    assert (finished(events).reason, finished(events).done) == ("budget_requests", 2)


async def test_a_fresh_session_goes_on_with_its_own_answers_only(bench):
    plan = make_plan("a", "b")
    await bench.run(plan)
    cut = make_plan("a", "b", budget=Budget(max_requests=1))
    await bench.run(cut, fresh=True, session="f")
    events = await bench.run(plan, fresh=True, session="f")
    assert (finished(events).hits, finished(events).calls) == (1, 1)
    rows = {row.response_id for session in ("s1", "f") for row in bench.rows(session)}
    assert len(rows) == 4, "both sessions have answers of their own"


async def test_a_budget_that_just_suffices_is_done(bench):
    assert finished(await bench.run(make_plan("a", "b", budget=Budget(max_requests=2)))).reason == "done"


async def test_cost_budget_counts_what_is_under_way(bench):
    model = ModelSpec("m", "openai", base_url="http://127.0.0.1:1")
    plan = make_plan(*map(str, range(30)), models=(model,), budget=Budget(max_cost=10.0), limits=Limits(concurrency=20))
    # 350 assumed output tokens at 0.01 = 3.5 dollars reserved a call; each answer then costs 0.03
    events = await bench.run(plan, prices={"m": (0.0, 0.01)})
    assert bench.provider.most_under_way == 2
    end = finished(events)
    assert end.cost <= 10.0
    assert end.done > 3, "what was reserved and not used is given back"
