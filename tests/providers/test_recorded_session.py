"""The recording in `examples/` stands in for the embedded models: it must have all that the demo asks of them."""

from pathlib import Path

import pytest

from distq_tui.data import data_path
from distq_tui.engine.demo import demo_plan
from distq_tui.formats.rows import read_rows
from distq_tui.providers import embedded
from distq_tui.providers.endpoints import endpoint_of
from distq_tui.providers.local import SHIPPED_MODEL, SIBLING_MODEL
from distq_tui.providers.replay import ReplayProvider

RECORDING = data_path("examples", "recorded-session.jsonl")


async def test_without_the_extra_the_demo_is_played_from_the_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "why_unavailable", lambda: "not installed")
    plan = demo_plan()
    recorded = [model for model in plan.models if model.recorded]
    assert [model.name for model in recorded] == [SHIPPED_MODEL, SIBLING_MODEL]
    player = ReplayProvider(recorded[0].base_url, pace=0)
    trials = [trial for trial in plan.trials(endpoint_of) if trial.model.recorded]
    assert len(trials) == 2 * len(plan.probes)
    for trial in trials:
        chunks = [chunk async for chunk in player.stream(trial.request)]
        assert "".join(chunk.text for chunk in chunks)
        assert chunks[-1].finish in {"stop", "length"}
        assert chunks[-1].usage is not None


def test_the_two_models_differ_on_nearly_every_prompt() -> None:
    answers: dict[str, set[str]] = {}
    for _, row in read_rows(Path(RECORDING)):
        answers.setdefault(row["prompt_id"], set()).add(row["response"])
    assert sum(len(texts) == 2 for texts in answers.values()) > 0.9 * len(answers)
