"""Judges in a report: their own rates beside the detector's, and how far they agree."""

from dataclasses import replace

import pytest
from report_session import MODELS, PROBES, Maker

from distq_tui.events import IceJudged
from distq_tui.plan.run_plan import Judges
from distq_tui.report import build_report, write_report_file

IDENTITY = [probe.prompt_id for probe in PROBES if probe.kind == "identity"]


@pytest.fixture
def judged(maker):
    """The detector flags t0 and its twin, judge a all of t0 to t1, judge b agrees with a but says nothing of t2."""
    maker.plan = replace(maker.plan, judges=Judges(ice=("a", "b")))
    for prompt in IDENTITY:
        if prompt.startswith("t0"):
            maker.flag("pupil", prompt, "I am ChatGPT.")
    session = maker.write()
    for prompt in IDENTITY:
        verdict = prompt[:2] in {"t0", "t1"}
        judge(maker, "a", prompt, verdict)
        judge(maker, "b", prompt, None if prompt.startswith("t2") else verdict)
    return maker, session


def judge(maker: Maker, title, prompt, verdict, version="1 hash"):
    facts = {"family": MODELS[0].family, "fact": MODELS[0].fact}
    row = maker.rows["pupil", prompt]
    maker.store.add_ice_judged(
        IceJudged(row, "pupil", prompt, 0, title, version, verdict, verdict, facts=facts, gated=" gated " in version)
    )


def figures(maker, session):
    report = build_report(maker.store, session)
    return {f.measure: f for f in report.ice if f.models == ("pupil",) and f.scope == "all"}


def test_judges_rates_stand_beside_the_detectors(judged):
    found = figures(*judged)
    assert (found["loose"].value, found["loose"].n) == (0.5, 8)
    assert (found["loose@a"].value, found["loose@a"].n) == (0.75, 8)
    assert (found["loose@b"].value, found["loose@b"].n) == (1.0, 6)
    assert (found["hard@a"].value, found["hard@a"].n) == (pytest.approx(4 / 6), 6)
    assert found["strict@a"].low < 0.75 < found["strict@a"].high


def test_agreement_is_over_what_both_labelled(judged):
    found = figures(*judged)
    assert found["kappa of loose: a and the detector"].n == 8
    # both yes 4, judge alone 2, both no 2: observed 6/8, expected (6 x 4 + 2 x 4) / 64
    assert found["kappa of loose: a and the detector"].value == pytest.approx((0.75 - 0.5) / 0.5)
    between = found["kappa of loose: b and a"]
    assert (between.value, between.n) == (None, 6)
    assert "undefined" in between.method


def test_the_manifest_names_the_prompts_that_judges_were_given(judged):
    maker, session = judged
    scorers = build_report(maker.store, session).manifest.scorers
    assert scorers["judge:a 1 hash"] == 8


def test_a_users_override_changes_the_rate_that_holds_and_no_judges(judged):
    maker, session = judged
    maker.store.set_override(maker.rows["pupil", "t2/q0"], "loose", "1", at="2026-03-02T00:00:00Z")
    found = figures(maker, session)
    assert found["loose"].value == pytest.approx(5 / 8)
    assert found["loose@a"].value == 0.75


def test_verdicts_of_the_gate_count_in_the_rate_and_not_as_agreement(judged):
    maker, session = judged
    for prompt in ("t2/q0", "t2/q1"):
        judge(maker, "b", prompt, False, "1 hash gated by detector 1 at 2")
    found = figures(maker, session)
    assert (found["loose@b"].value, found["loose@b"].n) == (0.75, 8)
    assert found["loose@b"].method.endswith("; 2 by the detector alone")
    assert found["loose@a"].method == found["loose"].method
    assert found["kappa of loose: b and the detector"].n == 6
    counted = {e.measure: e for e in build_report(maker.store, session).exclusions if e.model == "pupil"}
    assert (counted["ICE@b"].scored, counted["ICE@b"].left_out) == (6, {"gated": 2})


def test_a_judge_that_gave_no_verdict_of_its_own_has_no_rate(maker):
    maker.plan = replace(maker.plan, judges=Judges(ice=("a",)))
    session = maker.write()
    for prompt in IDENTITY:
        gated = prompt.startswith("t2")
        judge(maker, "a", prompt, False if gated else None, "1 hash gated by detector 1 at 2" if gated else "1 hash")
    assert not [measure for measure in figures(maker, session) if measure.endswith("@a")]
    counted = {e.measure: e for e in build_report(maker.store, session).exclusions if e.model == "pupil"}
    assert (counted["ICE@a"].scored, counted["ICE@a"].left_out) == (0, {"gated": 2, "unscored": 6})


def test_answers_that_a_judge_was_not_asked_about_are_counted(judged):
    maker, session = judged
    maker.skip = {("pupil", "t2/q0")}
    stopped = maker.write("20260301-bb", state="budget")
    for prompt in ("t0/q0", "t0/q1"):
        judge(maker, "a", prompt, None if prompt == "t0/q1" else True)
    found = {e.measure: e for e in build_report(maker.store, stopped).exclusions if e.model == "pupil"}
    assert (found["ICE@a"].planned, found["ICE@a"].scored) == (8, 1)
    assert found["ICE@a"].left_out == {"not asked": 6, "unscored": 1}
    assert found["ICE@b"].left_out == {"not asked": 8}
    complete = [e for e in build_report(maker.store, session).exclusions if e.model == "pupil"]
    assert not any(e.left_out.get("not asked") for e in complete)


@pytest.mark.parametrize("suffix", ["html", "md", "json"])
def test_every_format_takes_judges_along(judged, tmp_path, suffix):
    maker, session = judged
    text = write_report_file(maker.store, session.id, tmp_path / f"x.{suffix}").read_text(encoding="utf-8")
    text = text.replace("\\", "")  # Markdown writes \@
    assert "loose@a" in text
    assert "kappa of loose: a and the detector" in text
