"""One number, two places: a report says what the live scorers said at that moment, whether the session ended or not."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.engine.parts import scorers_of
from distq_tui.events import IceScored, Response, RseScored, ScoreUpdated
from distq_tui.plan.build import build_plan
from distq_tui.plan.choices import Choices, IceChoice, SetChoice
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Trial
from distq_tui.providers.demo.personas import load_personas
from distq_tui.providers.demo.speech import answer
from distq_tui.report import build_report
from distq_tui.report.model import Figure
from distq_tui.store import SessionState, Store

AT = "2026-03-01T10:00:00Z"
MODELS = (
    ModelSpec("persona-claims-other", "demo", family="xai"),
    ModelSpec("persona-consistent", "demo", role="reference", fact="I am a script."),
    ModelSpec("persona-unrelated", "demo", role="control"),
)
PLAN = build_plan(
    Choices(
        "live",
        MODELS,
        sets=(SetChoice("similarity", 12), SetChoice("identity-en", 3)),
        ice=IceChoice(count=4, twins=True),
        seed=3,
    )
)


Order = Callable[[Trial], str]
ORDERS: dict[str, Order] = {
    "as it comes": lambda trial: "",
    "one model done before the next": lambda trial: trial.model.title,
    "twins last": lambda trial: "second" if "twin" in trial.probe.prompt_id else "first",
}


def play(store: Store, *, share: float, state: SessionState, order: Order) -> dict[tuple[str, ...], ScoreUpdated]:
    """Close that share of the trials, shuffled within the order, as an engine would; return the last live scores."""
    trials = list(PLAN.trials(lambda _: "demo:1"))
    random.Random(1).shuffle(trials)
    trials.sort(key=order)
    store.create_session(PLAN, session_id="s", at=AT, versions={})
    scorers, live = scorers_of(PLAN), {}
    for number, trial in enumerate(trials[: int(share * len(trials))]):
        text = answer(load_personas().by_name[trial.model.name], trial.request.messages, 0)
        cls = "error" if number % 17 == 5 else "truncated" if number % 11 == 3 else "ok"
        response = Response(cls, "" if cls == "error" else text, queued_at=AT, created_at=AT)
        row = store.add_response("s", trial, response, None)
        for scorer in scorers:
            events = scorer.score(TrialResult(trial, response, row, False))
            verdicts = [event for event in events if isinstance(event, IceScored)]
            facts = trial.measured_against
            store.add_ice(verdicts, scorer=scorer.name, version=scorer.version, options=facts)
            pairs = [event for event in events if isinstance(event, RseScored)]
            store.add_rse(pairs, scorer=scorer.name, version=scorer.version)
            live |= {(e.measure, *sorted(e.models)): e for e in events if isinstance(e, ScoreUpdated)}
    if state != "unfinished":
        store.finish_session("s", state, AT)
    return live


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    ("share", "state"),
    [(1.0, "failed"), (1.0, "unfinished"), (0.8, "unfinished"), (0.6, "stopped"), (0.4, "budget"), (0.1, "unfinished")],
)
def test_the_report_says_what_the_screen_said(tmp_path: Path, share: float, state: SessionState, order: str):
    store = Store(tmp_path / "x.db")
    live = play(store, share=share, state=state, order=ORDERS[order])
    report = build_report(store, store.find_session("s"))
    store.close()
    compared = 0
    for figure in (*report.ice, *report.rse):
        name = "rse" if figure.measure == "rse" else f"ice.{figure.measure}"
        told = live.get((name, *sorted(figure.models)))
        if told is None or figure.scope not in {"all", "set"}:
            continue
        compared += 1
        assert numbers(figure) == pytest.approx((told.value, told.low, told.high), abs=1e-12), figure
        assert (figure.n, figure.clusters) == (told.n, told.clusters)
        assert figure.value is None or figure.method == told.method
        if figure.measure == "rse":
            aspects = figure.aspects.values()
            assert figure.value == (pytest.approx(sum(aspects) / 3) if aspects else None)
    assert compared >= 3


def test_a_rate_whose_cells_are_all_in_has_its_final_interval_while_others_wait(tmp_path: Path):
    """Clean probes are done and twins are not: `hard` is final before `strict`, on the screen and in the report."""
    store = Store(tmp_path / "x.db")
    play(store, share=0.8, state="unfinished", order=ORDERS["twins last"])
    report = build_report(store, store.find_session("s"))
    store.close()
    methods = {
        figure.measure: figure.method
        for figure in report.ice
        if figure.models == ("persona-claims-other",) and figure.scope == "all"
    }
    assert methods["strict"] == "confidence sequence"
    assert methods["hard"] != "confidence sequence"


def numbers(figure: Figure) -> tuple[float | None, ...]:
    return figure.value, figure.low, figure.high
