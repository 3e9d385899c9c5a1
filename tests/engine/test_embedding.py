"""Vectors in a run: stored first, in whole batches, retried and budgeted like calls, and never in a run's way."""

import asyncio
import json

import httpx
import pytest
from scripted import by_kind, make_plan

from distq_tui.config.models import ModelSpec
from distq_tui.engine.embedding import Semantic
from distq_tui.engine.parts import follow_up_calls
from distq_tui.events import Notice, TextsEmbedded
from distq_tui.plan.run_plan import Budget, Embeddings, Limits
from distq_tui.providers.base import Chunk
from distq_tui.providers.embeddings import BATCH, EmbeddingsClient
from distq_tui.rse.semantic import SemanticScorer, semantic_version

EMBEDDINGS = Embeddings("http://127.0.0.1:9/v1", "small")


class Server:
    """Answers with two numbers of each text; its first answers are `first`."""

    def __init__(self, *first):
        self.first, self.asked = list(first), []

    def __call__(self, request):
        texts = json.loads(request.content)["input"]
        self.asked.append(texts)
        if self.first:
            return self.first.pop(0)
        rows = [{"index": n, "embedding": [1.0 + len(text), sum(map(ord, text)) % 97]} for n, text in enumerate(texts)]
        return httpx.Response(200, json={"data": rows, "usage": {"prompt_tokens": len(texts)}})

    def semantic(self, plan):
        client = EmbeddingsClient(EMBEDDINGS.base_url, EMBEDDINGS.model, transport=httpx.MockTransport(self))
        samples = {model.title: plan.samples for model in plan.answering}
        return Semantic(EMBEDDINGS, client, SemanticScorer(EMBEDDINGS, plan.probes, samples))


def plan_of(prompts, **kwargs):
    texts = (f"prompt {n}" for n in range(prompts))
    return make_plan(*texts, **{"models": ("m", "n"), "embeddings": EMBEDDINGS, **kwargs})


@pytest.fixture
def answers(bench):
    """Every answer is a text of its own."""

    def script(prompts):
        for n in range(prompts):
            for model in "mn":
                text = f"{model} answers {'x' * n}"
                bench.provider.scripts[model, f"prompt {n}"] = [[Chunk(text=text), Chunk(finish="stop")]]

    return script


async def run(bench, server, plan, **kwargs):
    return by_kind(await bench.run(plan, semantic=server.semantic(plan), **kwargs))


async def test_each_text_is_asked_once_for_all_sessions_and_counted(bench, answers):
    answers(2)
    plan, server = plan_of(2), Server()
    first = await run(bench, server, plan)
    assert [len(texts) for texts in server.asked] == [4]
    assert first["TextsEmbedded"] == [TextsEmbedded("small", 4, cached=False, cost=None)]
    assert first["RunFinished"][0].calls == 4 + 1
    again = await run(bench, server, plan)
    assert len(server.asked) == 1
    assert again["TextsEmbedded"] == [TextsEmbedded("small", 4, cached=True, cost=0.0)]
    assert again["RunFinished"][0].calls == 0
    scores = [(e.prompt_id, e.semantic) for e in first["SemanticScored"]]
    assert scores == [(e.prompt_id, e.semantic) for e in again["SemanticScored"]], "stored vectors give the same value"
    rows = bench.store.submit(lambda s: list(s.db.query("SELECT version, semantic FROM semantic_scores"))).result()
    assert [(row["version"], row["semantic"]) for row in rows] == [
        (semantic_version(EMBEDDINGS), value) for _, value in scores
    ]


async def test_batches_are_whole_while_answers_come_and_no_more_than_was_announced(bench, answers):
    prompts = BATCH + 3
    answers(prompts)
    plan, server = plan_of(prompts), Server()
    groups = await run(bench, server, plan)
    sizes = [len(texts) for texts in server.asked]
    assert sum(sizes) == 2 * prompts
    assert all(size == BATCH for size in sizes[:-1])
    assert len(sizes) <= follow_up_calls(plan) == 3
    last = [score for score in groups["ScoreUpdated"] if score.measure == "rse.semantic"][-1]
    assert last.n == prompts


async def test_a_busy_server_is_asked_again_visibly(bench, answers):
    answers(1)
    server = Server(httpx.Response(429, headers={"retry-after": "7"}), httpx.Response(503))
    groups = await run(bench, server, plan_of(1))
    assert len(server.asked) == 3
    assert any(seconds >= 7 for seconds in bench.time.slept)
    assert [notice.text.split(":")[0][:16] for notice in groups["Notice"]] == ["embeddings again"] * 2
    assert groups["RunFinished"][0].retries == 2
    assert groups["RunFinished"][0].calls == 2 + 3
    assert len(groups["SemanticScored"]) == 1


async def test_an_endpoint_that_fails_is_told_of_once_and_the_run_is_done(bench, answers):
    answers(1)
    groups = await run(bench, Server(httpx.Response(401, text="no")), plan_of(1))
    assert groups["Notice"] == [Notice("no semantic aspect: 401: no", "small")]
    assert groups["RunFinished"][0].reason == "done"
    assert groups["SemanticScored"] == []


@pytest.mark.parametrize("budget", [Budget(max_requests=4), Budget(max_cost=1.0)])
async def test_answers_come_before_vectors_where_there_is_a_budget(bench, answers, budget):
    answers(2)
    server = Server()
    groups = await run(bench, server, plan_of(2, budget=budget), prices={"small": (1.0, 0.0)})
    assert server.asked == []
    assert len(groups["TrialFinished"]) == 4
    assert [notice.text for notice in groups["Notice"]] == [
        "the semantic aspect is not complete: the budget is used up"
    ]
    assert groups["RunFinished"][0].reason.startswith("budget")


async def test_a_known_price_is_spent(bench, answers):
    answers(2)
    groups = await run(bench, Server(), plan_of(2), prices={"small": (0.5, 0.0)})
    assert groups["TextsEmbedded"][0].cost == 2.0


async def test_a_stop_ends_a_request_under_way(bench, answers):
    answers(1)
    plan, server = plan_of(1), Server()
    semantic = server.semantic(plan)

    class Stopping:
        async def embed(self, texts):
            bench.engine.stop()
            await bench.never.wait()

    bench.never = asyncio.Event()
    events = await bench.run(plan, semantic=Semantic(EMBEDDINGS, Stopping(), semantic.scorer))
    assert events[-1].reason == "stopped"


def at(url):
    """Two models that answer at that address."""
    return tuple(ModelSpec(name, "openai", base_url=url) for name in "mn")


SAME, OTHER = EMBEDDINGS.base_url, "http://127.0.0.1:10/v1"


class Stored(asyncio.Event):
    """In a script: the answer comes when all answers before it are stored."""

    def __init__(self, store):
        super().__init__()
        self.store = store

    async def wait(self):
        await self.store.call(lambda store: None)


@pytest.fixture
def answers_to_come(bench, answers):
    """As `answers`; after a whole batch of them each comes so late that the batch is asked for before the last."""

    def script(prompts):
        answers(prompts)
        for n in range(BATCH // 2, prompts):
            bench.provider.scripts["m", f"prompt {n}"][0].insert(0, Stored(bench.store))

    return script


@pytest.mark.parametrize(("url", "most"), [(SAME, 1), (OTHER, 2)])
async def test_vectors_take_one_of_the_endpoint_s_slots(bench, answers_to_come, url, most):
    prompts = BATCH // 2 + 4
    answers_to_come(prompts)
    plan = plan_of(prompts, models=at(url), limits=Limits(concurrency=1))
    semantic = Server().semantic(plan)

    class Counted:
        async def embed(self, texts):
            bench.provider.under_way += 1
            for _ in range(20):
                await bench.store.call(lambda store: None, group=False)
                bench.provider.most_under_way = max(bench.provider.most_under_way, bench.provider.under_way)
            bench.provider.under_way -= 1
            return await semantic.client.embed(texts)

    groups = by_kind(await bench.run(plan, semantic=Semantic(EMBEDDINGS, Counted(), semantic.scorer)))
    assert sum(event.texts for event in groups["TextsEmbedded"]) == 2 * prompts
    assert bench.provider.most_under_way == most


@pytest.mark.parametrize(("url", "held"), [(SAME, True), (OTHER, False)])
async def test_a_server_that_wants_a_pause_of_vectors_gets_one_of_answers_too(bench, answers_to_come, url, held):
    answers_to_come(BATCH)
    plan = plan_of(BATCH, models=at(url), limits=Limits(concurrency=2))
    server = Server(httpx.Response(429, headers={"retry-after": "60"}))
    waiting, over = asyncio.Event(), asyncio.Event()

    async def sleep(seconds):
        waiting.set()
        await over.wait()
        bench.time.time += seconds

    bench.time.sleep = sleep
    running = asyncio.create_task(bench.run(plan, semantic=server.semantic(plan)))
    await waiting.wait()
    before = len(bench.provider.calls)
    for _ in range(50):  # turns enough for an answer
        await bench.store.call(lambda store: None, group=False)
    assert (len(bench.provider.calls) == before) is held
    over.set()
    assert (await running)[-1].reason == "done"
    assert len(bench.provider.calls) == 2 * BATCH
