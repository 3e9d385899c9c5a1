"""Requests and dollars: counted, reserved, given back."""

import asyncio

import pytest
from scripted import ANSWER, make_plan, trials_of

from distq_tui.config.models import ModelSpec
from distq_tui.config.prices import OwnPrice, Price, Prices
from distq_tui.engine.budget import Spending
from distq_tui.events import TrialFinished, Usage
from distq_tui.plan.estimate import assumed_usage
from distq_tui.plan.run_plan import Budget, Limits
from distq_tui.plan.source import FixedSource
from distq_tui.plan.trial import Params, Probe, Trial
from distq_tui.prompts import Message
from distq_tui.providers.base import Chunk

PAID = ModelSpec("paid", "openai", base_url="http://127.0.0.1:1")
UNKNOWN = ModelSpec("unknown", "openai", base_url="http://127.0.0.1:1")
PRICES = Prices(own=[OwnPrice("paid", Price(0.0, 0.01))])


def trial(model=PAID, max_tokens=100):
    probe = Probe("p", "similarity", "en", (Message("user", "Hi"),))
    return Trial.make(model, probe, endpoint="e", params=Params(max_tokens=max_tokens))


def asked(trial):
    return trial.model, assumed_usage(trial.request)


def spending(**budget):
    return Spending(Budget(**budget), PRICES)


async def test_no_budget_counts_and_never_ends():
    spent = spending()
    for _ in range(50):
        assert await spent.reserve(*asked(trial())) == 1.0
    assert (spent.calls, spent.exhausted) == (50, None)


@pytest.mark.parametrize("most", [0, 1, 3])
async def test_requests(most):
    spent = spending(max_requests=most)
    taken = [await spent.reserve(*asked(trial(ModelSpec("d", "demo")))) for _ in range(most + 1)]
    assert taken == [0.0] * most + [None]
    assert (spent.calls, spent.exhausted) == (most, "budget_requests")


async def test_what_is_under_way_is_counted_at_its_estimate():
    spent = spending(max_cost=2.5)
    assert await spent.reserve(*asked(trial())) == 1.0
    assert await spent.reserve(*asked(trial())) == 1.0
    waiting = asyncio.ensure_future(spent.reserve(*asked(trial())))
    await asyncio.sleep(0)
    assert not waiting.done(), "a third may still fit, once the others cost less than was reserved"
    assert spent.settle(PAID, Usage(1, 10, "reported"), 1.0) == pytest.approx(0.1)
    assert await waiting == 1.0
    assert spent.cost == pytest.approx(0.1)


async def test_money_that_is_gone_ends_the_run():
    spent = spending(max_cost=1.5)
    reserved = await spent.reserve(*asked(trial()))
    spent.settle(PAID, Usage(1, 100, "reported"), reserved)
    assert await spent.reserve(*asked(trial())) is None
    assert spent.exhausted == "budget_cost"
    assert await spent.reserve(*asked(trial(max_tokens=1))) is None, "once ended it stays ended"


async def test_waiting_ends_when_the_others_used_what_they_reserved():
    spent = spending(max_cost=1.5)
    reserved = await spent.reserve(*asked(trial()))
    waiting = asyncio.ensure_future(spent.reserve(*asked(trial())))
    await asyncio.sleep(0)
    spent.settle(PAID, Usage(1, 100, "reported"), reserved)
    assert await waiting is None
    assert spent.exhausted == "budget_cost"


async def test_a_first_call_above_the_budget_is_not_made():
    spent = spending(max_cost=0.5)
    assert await spent.reserve(*asked(trial())) is None
    assert (spent.calls, spent.exhausted) == (0, "budget_cost")


async def test_what_is_free_fits_in_no_money():
    spent = spending(max_cost=0.0)
    assert await spent.reserve(*asked(trial(ModelSpec("d", "demo")))) == 0.0
    assert spent.exhausted is None


async def test_a_call_that_brought_nothing_gives_all_back():
    spent = spending(max_cost=1.0)
    for _ in range(5):
        reserved = await spent.reserve(*asked(trial()))
        assert spent.settle(PAID, None, reserved) == 0.0
    assert (spent.cost, spent.calls, spent.exhausted) == (0.0, 5, None)


async def test_an_unknown_price_makes_the_cost_unknown_and_never_zero():
    spent = spending()
    assert await spent.reserve(*asked(trial(UNKNOWN))) == 0.0
    assert spent.settle(UNKNOWN, Usage(1, 1, "reported"), 0.0) is None
    assert not spent.cost_known


async def test_a_stop_ends_what_is_still_under_way_when_the_budget_is_spent(bench):
    gate = asyncio.Event()
    bench.provider.scripts["b"] = [[Chunk(text="So far"), gate, *ANSWER]]
    plan = make_plan("a", "b", "c", "d", limits=Limits(concurrency=2), budget=Budget(max_requests=3))
    engine = bench.make(plan)
    events = []
    async for event in engine.run(FixedSource(trials_of(plan))):
        events.append(event)
        if isinstance(event, TrialFinished) and event.prompt_id == "p2":
            for _ in range(20):  # the next trial finds the budget spent
                await asyncio.sleep(0)
            engine.stop()
    assert events[-1].reason == "stopped"
    assert bench.provider.under_way == 0
    rows = {row.prompt_id: row.response for row in bench.rows("s1")}
    assert (rows["p1"].cls, rows["p1"].text) == ("cancelled", "So far")
