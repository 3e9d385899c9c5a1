"""A store in a fresh file, and small plans to fill it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.events import Response, Usage
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.trial import Params, Probe, Trial
from distq_tui.prompts import Message
from distq_tui.store import Store

AT = "2026-03-01T10:00:00Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(path)
    yield store
    store.close()


@pytest.fixture
def make_plan() -> Callable[..., RunPlan]:
    def make(prompts: int = 3, *, name: str = "plan", seed: int = 7) -> RunPlan:
        models = (
            ModelSpec("small", "demo", key="env:SMALL_KEY", label="target-1"),
            ModelSpec("large", "demo", role="reference", served=("large-0301",)),
        )
        probes = tuple(
            Probe(
                f"t/q{number}",
                "identity",
                "en",
                (Message("user", f"question {number}"),),
                aspect="team",
                template="t",
                question=f"q{number}",
                tags=("a", "b"),
                set_name="identity-en",
            )
            for number in range(prompts)
        )
        return RunPlan(name, seed, 1, Params(max_tokens=64), models, probes)

    return make


@pytest.fixture
def plan(make_plan: Callable[..., RunPlan]) -> RunPlan:
    return make_plan()


@pytest.fixture
def trials(plan: RunPlan) -> list[Trial]:
    return list(plan.trials(lambda model: "demo:1"))


@pytest.fixture
def answer() -> Callable[..., Response]:
    def make(cls: str = "ok", text: str = "I am small.", **values: object) -> Response:
        given = {
            "served_model": "small-0301",
            "finish_reason": "stop",
            "sent": {"max_tokens": 64},
            "usage": Usage(11, 5, "reported"),
            "first_token_ms": 120,
            "total_ms": 900,
            "queued_at": AT,
            "created_at": AT,
        }
        return Response(cls, text, **{**given, **values})  # type: ignore[arg-type]

    return make


@pytest.fixture
def session(store: Store, plan: RunPlan) -> str:
    store.create_session(plan, session_id="s-1", at=AT, versions={"distq-tui": "0.1"})
    return "s-1"
