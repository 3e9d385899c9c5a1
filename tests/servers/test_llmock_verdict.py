"""The real engine over both SDKs against `llmock`, which breaks what it can and then judges its client."""

import random
from collections import Counter

import pytest
from scripted import by_kind, make_plan

from distq_tui.config.models import ModelSpec
from distq_tui.config.prices import Prices
from distq_tui.engine.budget import Spending
from distq_tui.engine.engine import Engine, Session
from distq_tui.events import TrialFinished
from distq_tui.plan.run_plan import Limits
from distq_tui.plan.source import FixedSource
from distq_tui.providers.registry import ProviderOptions, Providers, endpoint_of
from distq_tui.store import StoreThread

KINDS = ("openai", "anthropic")
TEXT = "I am a small model, and nobody in particular made me, as far as I can tell."

HEALED = [
    *({"type": "fail", "status": status} for status in (408, 409, 500, 502)),
    *({"type": "fail", "status": status, "retry_after": 0.3} for status in (429, 503, 504, 529)),
    *({"type": "stream_fault", "kind": kind, "after_chunks": 4} for kind in ("disconnect", "truncate", "malformed")),
    {"type": "stream_fault", "kind": "stall", "after_chunks": 4, "stall_seconds": 20.0},
    {"type": "slow_first_token", "seconds": 20.0},
    {"type": "delay", "seconds": 20.0},
]
"""Faults that come once: the next attempt is answered."""

FOR_GOOD = [{"type": "fail", "status": status, "times": None} for status in (400, 401, 403, 404, 422)]
"""Faults that no retry heals."""

PACE = "--stream-chunk-delay-ms=20"
"""Slow enough that a client that stops reading is seen to stop: else the whole answer is in its socket by then."""

RATES = [
    PACE,
    *(f"--error-rate={status}=0.02" for status in (408, 409, 500, 502, 504)),
    *(f"--error-rate={status}=0.03" for status in (429, 503, 529)),
    *(f"--stream-fault={kind}=0.05" for kind in ("disconnect", "truncate", "malformed", "stall")),
    "--stream-stall-seconds=20",
]


@pytest.fixture
def run(tmp_path):
    """Runs a plan with the real engine, store, adapters and clock; gives its events."""

    async def run(plan, *, first_token):
        store = StoreThread(tmp_path / "run.db")
        providers = Providers(
            lambda reference: "sk-loopback", ProviderOptions(first_token=first_token, between_tokens=1.0)
        )
        try:
            await store.call(lambda s: s.create_session(plan, session_id="s", at="2026-01-01T00:00:00Z", versions={}))
            engine = Engine(
                store=store,
                providers=providers,
                session=Session("s", plan.name),
                limits=plan.limits,
                spending=Spending(plan.budget, Prices()),
                rng=random.Random(1),
            )
            await providers.warm(plan.models)
            return [event async for event in engine.run(FixedSource(list(plan.trials(endpoint_of))))]
        finally:
            await providers.close()
            store.close()

    return run


def model(server, kind, name):
    return ModelSpec(name, kind, base_url=getattr(server, kind), key="env:LOOPBACK", label=f"{kind} {name}")


@pytest.fixture(scope="module")
def paced(run_llmock):
    with run_llmock(PACE) as server:
        yield server


async def test_every_fault_once(paced, run):
    faults = {f"m-{number}": fault for number, fault in enumerate([*HEALED, *FOR_GOOD])}
    paced.script(
        *(fault | {"match": {"provider": kind, "model": name}} for kind in KINDS for name, fault in faults.items())
    )
    models = [model(paced, kind, name) for kind in KINDS for name in faults]
    paced.script({"type": "reply", "text": TEXT, "times": None})
    events = by_kind(await run(make_plan("a", "b", models=models, limits=Limits(concurrency=20)), first_token=2.0))

    healed = {f"{kind} m-{number}" for kind in KINDS for number in range(len(HEALED))}
    answers = {(done.model, done.prompt_id): done.response for done in events["TrialFinished"]}
    for (title, _), response in answers.items():
        assert (response.text == TEXT) == (title in healed), response
    assert {gone.model for gone in events["ModelAbandoned"]} == {spec.title for spec in models} - healed
    assert Counter(retry.model for retry in events["TrialRetry"]) == dict.fromkeys(healed, 1)
    verdict = paced.verdict()
    assert "PASS" in verdict["text"], verdict["text"]
    counted = [fault for fault in faults.values() if fault["type"] in {"fail", "stream_fault"}]
    assert verdict["faults_injected"] == len(KINDS) * len(counted)


async def test_random_faults(run_llmock, run):
    with run_llmock(*RATES) as server:
        server.script({"type": "reply", "text": TEXT, "times": None})
        plan = make_plan(
            *(f"question {number}" for number in range(15)),
            models=[model(server, kind, "m") for kind in KINDS],
            limits=Limits(concurrency=8, attempts=9),
        )
        events = await run(plan, first_token=5.0)
        verdict, served = server.verdict(), server.requests()
    assert {event.response.text for event in events if isinstance(event, TrialFinished)} == {TEXT}
    assert verdict["faults_injected"] > 0
    assert verdict["passed"]
    broken_pings = {record["seq"] for record in served if _is_broken_ping(record)}
    assert [found for found in verdict["findings"] if not broken_pings.issuperset(found["requests"])] == []


def _is_broken_ping(record):
    """A malformed keep-alive (the third event of a message): the SDK never looks into one, and no text is lost."""
    return record["provider"] == "anthropic" and record["fault"] == "stream:malformed@2"
