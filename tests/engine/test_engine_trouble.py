"""Retries, waits, pause and stop."""

import asyncio
import itertools
from dataclasses import replace

import pytest
from scripted import ANSWER, by_kind, make_plan, trials_of

from distq_tui.config.models import ModelSpec
from distq_tui.engine.parts import scorers_of
from distq_tui.engine.retry import LONGEST_OBEYED
from distq_tui.events import Notice, RunPaused, RunResumed, TrialDelta
from distq_tui.plan.run_plan import Limits
from distq_tui.plan.source import FixedSource
from distq_tui.plan.trial import Probe
from distq_tui.prompts import Message
from distq_tui.providers.base import Chunk, ProviderError
from distq_tui.state import RunState, origin


async def test_a_retry_is_an_event_and_the_answer_counts_it(bench):
    bench.provider.scripts["a"] = [[ProviderError("server", "overloaded")], [Chunk(text="Ha")], ANSWER]
    events = by_kind(await bench.run(make_plan("a")))
    assert [event.reason for event in events["TrialRetry"]] == ["overloaded", "the stream ended before its end"]
    assert events["TrialFinished"][0].response.retries == 2
    assert events["TrialFinished"][0].response.text == "Hello there."
    assert events["RunFinished"][0].calls == 3


async def test_waits_grow_and_have_jitter(bench):
    bench.provider.scripts["a"] = [[ProviderError("server", "500")]]
    await bench.run(make_plan("a", limits=Limits(attempts=5)))
    waits = bench.time.slept
    assert len(waits) == 4
    assert all(later > earlier for earlier, later in itertools.pairwise(waits))


async def test_the_server_s_wait_is_kept_by_everybody_at_that_endpoint(bench):
    bench.provider.scripts["b"] = [[ProviderError("rate_limit", "429", retry_after=7.0)], ANSWER]
    plan = make_plan("a", "b", "c", limits=Limits(concurrency=1))
    events = by_kind(await bench.run(plan))
    assert events["TrialRetry"][0].wait_s >= 7.0
    assert bench.time.time >= 7.0
    assert bench.time.slept[0] >= 7.0


async def test_nobody_waits_longer_than_the_user_was_told(bench):
    bench.provider.scripts["b"] = [[ProviderError("rate_limit", "429", retry_after=864_000.0)], ANSWER]
    events = by_kind(await bench.run(make_plan("a", "b", "c", limits=Limits(concurrency=1))))
    told = events["TrialRetry"][0].wait_s
    assert LONGEST_OBEYED <= told < LONGEST_OBEYED + 1.0
    assert bench.time.time == told


async def test_what_is_wrong_for_good_is_not_retried(bench):
    bench.provider.scripts["b"] = [[ProviderError("bad_request", "no")]]
    events = by_kind(await bench.run(make_plan("a", "b")))
    assert not events["TrialRetry"]
    assert len(bench.provider.calls) == 2


async def test_a_refused_parameter_goes_at_once_and_is_told_once(bench):
    good = [Chunk(text="Hi", refused=("temperature",)), Chunk(finish="stop")]
    bench.provider.scripts["a"] = [[ProviderError("param_refused", "temperature is not supported")], good]
    bench.provider.scripts["b"] = [good]
    events = by_kind(await bench.run(make_plan("a", "b")))
    assert bench.time.slept == []
    assert events["Notice"] == [Notice("refuses `temperature`; sent: default", "m")]
    assert all(event.response.cls == "ok" for event in events["TrialFinished"])


async def test_deltas_are_coalesced_and_lose_nothing(bench):
    words = [Chunk(text=f"w{index} ") for index in range(500)]
    bench.provider.scripts["a"] = [[*words, Chunk(finish="stop")]]
    events = by_kind(await bench.run(make_plan("a")))
    deltas = events["TrialDelta"]
    assert len(deltas) <= 3, "the fake clock stands still: one at once, the rest together"
    assert "".join(delta.text for delta in deltas) == "".join(chunk.text for chunk in words)


async def test_text_of_a_failed_attempt_is_void_in_the_state(bench):
    bench.provider.scripts["a"] = [[Chunk(text="half an"), ProviderError("cut", "reset")], ANSWER]
    state = RunState()
    for event in await bench.run(make_plan("a")):
        state.apply(event)
    cell = state.cells["m", "p0", 0]
    assert (cell.text, cell.state, cell.epoch) == ("Hello there.", "done", 1)
    assert state.retries == 1


async def test_pause_holds_what_is_not_sent_yet(bench):
    plan = make_plan("a", "b", "c", limits=Limits(concurrency=1))
    engine = bench.make(plan)
    events = []
    async for event in engine.run(FixedSource(trials_of(plan))):
        events.append(event)
        if type(event).__name__ == "TrialDelta" and len(by_kind(events)["RunPaused"]) == 0:
            engine.pause()
        if isinstance(event, RunPaused):
            for _ in range(50):
                await asyncio.sleep(0)
            assert len(bench.provider.calls) == 1
            engine.resume()
    assert RunResumed() in events
    assert len(bench.provider.calls) == 3


async def test_stop_keeps_the_partial_text_and_ends(bench):
    never = asyncio.Event()
    bench.provider.scripts["b"] = [[Chunk(text="So far"), never, *ANSWER]]
    plan = make_plan("a", "b", "c", limits=Limits(concurrency=1))
    engine = bench.make(plan)
    events = []
    async for event in engine.run(FixedSource(trials_of(plan))):
        events.append(event)
        if isinstance(event, TrialDelta) and event.text == "So far":
            engine.stop()
    end = events[-1]
    assert (end.reason, end.done) == ("stopped", 2)
    rows = {row.prompt_id: row.response for row in bench.rows("s1")}
    assert (rows["p1"].cls, rows["p1"].text) == ("cancelled", "So far")
    assert "p2" not in rows
    assert bench.provider.under_way == 0, "the stream is closed"


async def test_stop_ends_a_wait(bench):
    bench.provider.scripts["a"] = [[ProviderError("rate_limit", "429", retry_after=3000.0)]]
    waiting = asyncio.Event()

    async def sleep(seconds):
        waiting.set()
        await asyncio.Event().wait()

    bench.time.sleep = sleep
    plan = make_plan("a")
    engine = bench.make(plan)

    async def stop():
        await waiting.wait()
        engine.stop()

    stopper = asyncio.create_task(stop())
    events = [event async for event in engine.run(FixedSource(trials_of(plan)))]
    await stopper
    assert events[-1].reason == "stopped"
    assert bench.rows("s1")[0].response.cls == "cancelled"


async def test_leaving_the_iterator_early_ends_the_calls(bench):
    never = asyncio.Event()
    bench.provider.scripts["a"] = [[Chunk(text="x"), never]]
    plan = make_plan("a")
    events = bench.make(plan).run(FixedSource(trials_of(plan)))
    async for event in events:
        if isinstance(event, TrialDelta):
            break
    await events.aclose()
    assert bench.provider.under_way == 0


@pytest.mark.parametrize("cls", ["cancelled", "error"])
async def test_titles_that_share_a_call_that_failed_were_not_served_from_the_cache(bench, cls):
    gate = asyncio.Event()
    bench.provider.scripts["a"] = [[Chunk(text="Hi"), gate]] if cls == "cancelled" else [[ProviderError("auth", "no")]]
    models = (ModelSpec("m", "demo"), ModelSpec("m", "demo", label="the same under another name"))
    plan = make_plan("a", models=models)
    engine = bench.make(plan)
    state = RunState()
    async for event in engine.run(FixedSource(trials_of(plan))):
        state.apply(event)
        if cls == "cancelled" and isinstance(event, TrialDelta):
            engine.stop()
    assert [(cell.response.cls, origin(cell)) for cell in state.cells.values()] == [(cls, ""), (cls, "")]
    assert len(bench.provider.calls) == 1
    assert (state.finished.hits, state.hits, state.calls) == (0, 0, 1)
    (row,) = bench.store.submit(lambda s: s.sessions()).result()
    assert (row.failed, row.hits) == (2, 0)
    bench.provider.scripts["a"] = [ANSWER]
    again = await bench.run(plan, session="s1")
    assert (again[-1].hits, len(bench.provider.calls)) == (1, 2), "one call more, and the other title is served by it"


async def test_no_score_is_told_of_what_a_stop_broke_off(bench):
    """All is in flight when the user stops: closed, the plan would look completed and its interval one of fixed n."""
    never = asyncio.Event()
    for text in "bc":
        bench.provider.scripts[text] = [[Chunk(text=text), never]]
    probes = tuple(
        Probe(f"t{text}/q", "identity", "en", (Message("user", text),), template=f"t{text}", question="q")
        for text in "abc"
    )
    plan = replace(make_plan("a", models=(ModelSpec("m", "demo", family="openai"),)), probes=probes)
    engine = bench.make(plan, scorers=scorers_of(plan))
    state = RunState()
    async for event in engine.run(FixedSource(trials_of(plan))):
        state.apply(event)
        if isinstance(event, TrialDelta) and event.text == "c":
            engine.stop()
    assert sorted(cell.response.cls for cell in state.cells.values()) == ["cancelled", "cancelled", "ok"]
    told = state.scores["ice.loose", "m"]
    assert (told.n, told.clusters, told.method) == (1, 1, "confidence sequence")
