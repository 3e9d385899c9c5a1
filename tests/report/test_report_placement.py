"""Floor, ceiling, position and length-matched value: the report says what the screen said."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from vocabulary import WORDS

from distq_tui.config.models import ModelSpec
from distq_tui.engine.cast import plan_cast
from distq_tui.events import Response, RseScored, ScoreUpdated
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message
from distq_tui.report import Report, build_report
from distq_tui.report.markdown import markdown_report
from distq_tui.rse.scorer import RseScorer
from distq_tui.store import SessionState, Store

AT = "2026-03-01T10:00:00Z"
MODELS = (
    ModelSpec("pupil", "openai", family="deepseek"),
    ModelSpec("master", "openai", family="openai", role="reference", samples=2),
    ModelSpec("cousin", "openai", family="openai", role="control"),
    *(ModelSpec(f"c-{name}", "openai", family=name, role="control") for name in ("meta", "google", "mistral")),
)
PROBES = tuple(
    Probe(f"{name}{n}", "similarity", "en", (Message("user", f"{name} {n}?"),), set_name=name)
    for name in ("chat", "math")
    for n in range(6)
)
PLAN = RunPlan("placed", 3, 1, Params(), MODELS, PROBES)


def said(model: str, prompt: str, sample: int) -> str:
    """Words of one's own after some that the pupil and the master share; the master's samples agree on math2."""
    rng = random.Random(f"{model} {prompt} {0 if prompt == 'math2' else sample}")
    shared = random.Random(prompt)
    both = [shared.choice(WORDS) for _ in range(6)] if model in {"pupil", "master"} else []
    return " ".join([*both, *(rng.choice(WORDS) for _ in range(rng.randint(4, 9)))])


def play(store: Store, share: float, state: SessionState) -> dict[tuple[str, ...], ScoreUpdated]:
    """Close that share of the trials in a shuffled order, and return the last live scores."""
    trials = list(PLAN.trials(lambda model: "test"))
    random.Random(1).shuffle(trials)
    store.create_session(PLAN, session_id="s", at=AT, versions={})
    samples = {model.title: model.samples or 1 for model in MODELS}
    scorer, live = RseScorer(PLAN.probes, samples, seed=PLAN.seed, cast=plan_cast(PLAN)), {}
    for trial in trials[: int(share * len(trials))]:
        text = said(trial.model.title, trial.probe.prompt_id, trial.sample)
        response = Response("ok", text, queued_at=AT, created_at=AT)
        row = store.add_response("s", trial, response, None)
        events = scorer.score(TrialResult(trial, response, row, False))
        pairs = [event for event in events if isinstance(event, RseScored)]
        store.add_rse(pairs, scorer=scorer.name, version=scorer.version)
        live |= {(e.measure, *e.models): e for e in events if isinstance(e, ScoreUpdated)}
    store.finish_session("s", state, AT)
    return live


def reported(path: Path, share: float, state: SessionState) -> tuple[dict[tuple[str, ...], ScoreUpdated], Report]:
    store = Store(path / "x.db")
    live = play(store, share, state)
    report = build_report(store, store.find_session("s"))
    store.close()
    return live, report


def test_the_report_places_targets_as_the_screen_did(tmp_path: Path):
    live, report = reported(tmp_path, 1.0, "done")
    assert [(p.target, p.reference, p.prompt_set) for p in report.placements] == [
        ("pupil", "master", "chat"),
        ("pupil", "master", "math"),
    ]
    beside = {one.prompt_set: one for one in report.beside if one.models == ("pupil", "master")}
    for placed in report.placements:
        part = f":{placed.prompt_set}"
        told, found = live[f"rse.position{part}", "pupil", "master"], placed.position
        assert (found.value, found.low, found.high) == pytest.approx((told.value, told.low, told.high), abs=1e-12)
        assert found.n == told.n == (6 if placed.prompt_set == "chat" else 5), "identical samples are no ceiling"
        assert told.method == f"{found.method}; controls: {', '.join(found.controls)}"
        assert found.controls == ("c-meta", "c-google", "c-mistral")
        for value, name, *models in (
            (placed.floor_target, "rse.floor", "pupil"),
            (placed.floor_reference, "rse.floor", "master"),
            (beside[placed.prompt_set].matched, "rse.matched", "pupil", "master"),
        ):
            assert value == pytest.approx(live[name + part, *models].value), name
        assert beside[placed.prompt_set].matched_n == live[f"rse.matched{part}", "pupil", "master"].n
    text = markdown_report(report)
    assert "Between floor and ceiling" in text
    assert "The controls put to the test" in text


def test_a_stopped_session_has_a_position_without_an_interval(tmp_path: Path):
    _, report = reported(tmp_path, 0.97, "stopped")
    for placed in report.placements:
        assert (placed.position.low, placed.position.high) == (None, None)
        assert placed.position.method.startswith(("so far", "undefined"))
    assert any(placed.position.value is not None for placed in report.placements)


def test_a_relative_that_is_not_found_withholds_the_verdict(tmp_path: Path):
    """`cousin` is of the reference's family, so a positive control, and writes nothing like it."""
    _, report = reported(tmp_path, 1.0, "done")
    for conclusion in report.conclusions:
        assert (conclusion.word, conclusion.p) == ("inconclusive", None)
        assert conclusion.reason == "controls failed: cousin is not found close to master"
        assert "cousin" not in conclusion.controls
