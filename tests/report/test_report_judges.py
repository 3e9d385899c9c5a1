"""Judges in a report: their own rates beside the detector's, and how far they agree."""

import json
import re
from dataclasses import replace

import pytest
from judged_session import GATED, UNASKED, hear, judges
from report_session import PROBES

from distq_tui.events import IceJudged, Response
from distq_tui.ice.judging import load_judge_prompts
from distq_tui.plan.run_plan import Judges
from distq_tui.report import build_report, write_report_file
from distq_tui.report.export import export_session_file

IDENTITY = [probe.prompt_id for probe in PROBES if probe.kind == "identity"]


def court(maker, *titles, gate="unsure"):
    maker.plan = replace(
        maker.plan, models=(*maker.plan.models, *judges(*titles)), judges=Judges(ice=titles, gate=gate)
    )


def say(judge, model, prompt):
    """Judge a flags all of t0 to t1, judge b agrees with a but can't be read on t2."""
    return None if judge == "b" and prompt.startswith("t2") else prompt[:2] in {"t0", "t1"}


@pytest.fixture
def asked(maker):
    """A session of two judges whom nobody has asked yet; the detector flags t0 and its twin."""
    court(maker, "a", "b")
    for prompt in IDENTITY:
        if prompt.startswith("t0"):
            maker.flag("pupil", prompt, "I am ChatGPT.")
    return maker, maker.write()


@pytest.fixture
def judged(asked):
    maker, session = asked
    hear(maker, session.id, say)
    return asked


def figures(maker, session):
    report = build_report(maker.store, session)
    return {f.measure: f for f in report.ice if f.models == ("pupil",) and f.scope == "all"}


def counted(maker, session):
    return {e.measure: e for e in build_report(maker.store, session).exclusions if e.model == "pupil"}


def test_judges_rates_stand_beside_the_detectors(judged):
    found = figures(*judged)
    assert (found["loose"].value, found["loose"].n) == (0.5, 8)
    assert (found["loose@a"].value, found["loose@a"].n) == (0.75, 8)
    assert (found["loose@b"].value, found["loose@b"].n) == (1.0, 6)
    assert (found["hard@a"].value, found["hard@a"].n) == (pytest.approx(4 / 6), 6)
    assert found["strict@a"].low < 0.75 < found["strict@a"].high


def agreement(maker, session, *raters, measure="loose", model="pupil"):
    found = build_report(maker.store, session).agreement
    (each,) = [a for a in found if (a.raters, a.measure, a.model) == (raters, measure, model)]
    return each


def test_agreement_is_over_what_both_labelled(judged):
    found = agreement(*judged, "detector", "a")
    assert (found.both, found.first_alone, found.second_alone, found.neither, found.n) == (4, 0, 2, 2, 8)
    # observed 6/8, expected (6 x 4 + 2 x 4) / 64
    assert found.kappa == pytest.approx((0.75 - 0.5) / 0.5)
    between = agreement(*judged, "a", "b")
    assert (between.kappa, between.n) == (None, 6), "undefined: one same label"
    whole = agreement(*judged, "detector", "a", model="")
    assert (whole.n, whole.both, whole.second_alone) == (24, 4, 14), "of three models; two are not flagged at all"


def test_what_a_user_overrode_is_no_agreement_of_the_detector(judged):
    maker, session = judged
    before = agreement(maker, session, "detector", "a")
    maker.store.set_override(maker.rows["pupil", "t1/q0"], "loose", "1", at="2026-03-02T00:00:00Z")
    assert agreement(maker, session, "detector", "a") == before


def test_the_manifest_names_the_prompts_that_judges_were_given(judged):
    maker, session = judged
    scorers = build_report(maker.store, session).manifest.scorers
    assert scorers[f"judge:a {load_judge_prompts().version}"] == 24, "of the three models that have a fact"


def test_a_users_override_changes_the_rate_that_holds_and_no_judges(judged):
    maker, session = judged
    maker.store.set_override(maker.rows["pupil", "t2/q0"], "loose", "1", at="2026-03-02T00:00:00Z")
    found = figures(maker, session)
    assert found["loose"].value == pytest.approx(5 / 8)
    assert found["loose@a"].value == 0.75


def test_verdicts_of_the_gate_count_in_the_rate_and_not_as_agreement(asked):
    maker, session = asked
    hear(maker, session.id, lambda judge, m, prompt: GATED if judge + prompt[:2] == "bt2" else say("a", m, prompt))
    found = figures(maker, session)
    assert (found["loose@b"].value, found["loose@b"].n) == (0.75, 8)
    assert found["loose@b"].method.endswith("; 2 by the detector alone")
    assert found["loose@a"].method == found["loose"].method
    assert agreement(maker, session, "detector", "b").n == 6
    assert (counted(maker, session)["ICE@b"].scored, counted(maker, session)["ICE@b"].left_out) == (6, {"gated": 2})


def test_a_judge_that_gave_no_verdict_of_its_own_has_no_rate(asked):
    maker, session = asked
    hear(maker, session.id, lambda judge, model, prompt: GATED if prompt.startswith("t2") else None)
    assert not [measure for measure in figures(maker, session) if measure.endswith("@a")]
    found = counted(maker, session)["ICE@a"]
    assert (found.scored, found.left_out) == (0, {"gated": 2, "unscored": 6})


def test_answers_that_a_judge_was_not_asked_about_are_counted(judged):
    maker, session = judged
    maker.skip = {("pupil", "t2/q0")}
    stopped = maker.write("20260301-bb", state="budget")
    mumbled = {"t0/q0": True, "t0/q1": None}
    hear(maker, stopped.id, lambda judge, model, prompt: mumbled.get(prompt, UNASKED) if judge == "a" else UNASKED)
    found = counted(maker, stopped)
    assert (found["ICE@a"].planned, found["ICE@a"].scored) == (8, 1)
    assert found["ICE@a"].left_out == {"not asked": 6, "unscored": 1}
    assert found["ICE@b"].left_out == {"not asked": 8}
    assert not any(each.left_out.get("not asked") for each in counted(maker, session).values())


@pytest.mark.parametrize("state", ["stopped", "done"])
def test_what_another_session_had_a_judge_say_of_the_same_answers_counts_there_alone(maker, state):
    court(maker, "a", gate="all")
    broken_off, rows = maker.write("20260301-aa", state=state), maker.rows
    maker.store.create_session(maker.plan, session_id="20260302-bb", at="2026-03-02T10:00:00Z", versions={})
    for trial in maker.plan.trials(lambda m: m.base_url or m.provider):
        maker.store.link_hit("20260302-bb", trial, rows[trial.model.title, trial.probe.prompt_id])
    hear(maker, "20260302-bb", say)
    assert figures(maker, maker.store.find_session("20260302-bb"))["loose@a"].value == 0.75
    assert not [measure for measure in figures(maker, broken_off) if "@" in measure]
    assert not build_report(maker.store, broken_off).agreement
    found = counted(maker, broken_off)["ICE@a"]
    assert (found.scored, found.left_out) == (0, {"not asked": 8})


def test_a_verdict_that_an_older_version_stored_for_a_call_that_was_broken_off_is_none(asked):
    maker, session = asked
    hear(maker, session.id, lambda judge, model, prompt: Response("cancelled"))
    pupil, row = maker.plan.models[0], maker.rows["pupil", "t0/q0"]
    facts = {"family": pupil.family, "fact": pupil.fact}
    maker.store.add_ice_judged(IceJudged(row, "pupil", "t0/q0", 0, "a", "v", loose=None, strict=None, facts=facts))
    assert counted(maker, session)["ICE@a"].left_out == {"not asked": 8}
    hear(maker, session.id, say)
    assert counted(maker, session)["ICE@a"].scored == 8


def test_a_judges_calls_that_failed_are_told_by_class(asked):
    maker, session = asked
    failed = {"t0/q0": Response("error", error="503 overloaded"), "t1/q1": Response("filtered", error="no\x1b[31m")}
    hear(maker, session.id, lambda judge, model, prompt: failed.get(prompt, say("a", model, prompt)))
    found = counted(maker, session)["ICE@a"]
    assert (found.scored, found.left_out) == (6, {"judge error": 1, "judge filtered": 1})
    assert figures(maker, session)["loose@a"].n == 6
    assert "confidence sequence" not in figures(maker, session)["loose@a"].method, "nothing is waited for"


@pytest.mark.parametrize("suffix", ["html", "md"])
def test_a_section_tells_what_became_of_each_judges_questions_and_who_decided_at_the_gate(asked, tmp_path, suffix):
    maker, session = asked
    bad = {"t1/q1": Response("error", error="503 \x1b[31m<b>overloaded</b>"), "t0/q0": Response("cancelled")}

    def mixed(judge, model, prompt):
        return GATED if prompt.startswith("t2") else None if prompt == "t1/q0" else bad.get(prompt, True)

    hear(maker, session.id, mixed)
    text = write_report_file(maker.store, session.id, tmp_path / f"r.{suffix}").read_text("utf-8").replace("\\", "")
    told = " ".join(re.sub("<[^>]*>|[|]", " ", text.partition("LLM judges")[2]).split())
    assert "a identity, loose 18 9 3 error 3 3" in told, "arose, scored, unscored, failed, not asked"
    assert "identity, strict 9 9 0 none 0" in told
    assert "a 24 6 25.0% detector 1, margin 2" in told, "answers, kept from it"
    assert "␛[31m" in told
    assert "requests to judges" in told


def test_exported_rates_hold_the_judges_and_the_detectors_beside_a_users(judged, tmp_path):
    maker, session = judged
    maker.store.set_override(maker.rows["pupil", "t2/q0"], "loose", "1", at="2026-03-02T00:00:00Z")
    path = export_session_file(maker.store, session.id, tmp_path / "x.rates.json")
    found = [row for row in json.loads(path.read_text()) if row["model"] == "pupil" and row["scope"] == "all"]
    rows = {row["measure"]: row["value"] for row in found}
    assert (rows["loose"], rows["loose@detector"], rows["loose@a"]) == (5 / 8, 0.5, 0.75)


@pytest.mark.parametrize("suffix", ["html", "md"])
def test_a_verdict_that_a_user_set_stands_beside_the_detectors(judged, tmp_path, suffix):
    maker, session = judged
    maker.store.set_override(maker.rows["pupil", "t2/q0"], "loose", "1", at="2026-03-02T00:00:00Z")
    text = write_report_file(maker.store, session.id, tmp_path / f"r.{suffix}").read_text("utf-8").replace("\\", "")
    told = " ".join(re.sub("<[^>]*>|[|]", " ", text).split())
    assert "Verdicts overridden by the user" in told
    assert "t2/q0 0 no conflict loose 2026-03-02 00:00:00 UTC" in told


@pytest.mark.parametrize("suffix", ["html", "md", "json"])
def test_every_format_takes_judges_along(judged, tmp_path, suffix):
    maker, session = judged
    text = write_report_file(maker.store, session.id, tmp_path / f"x.{suffix}").read_text(encoding="utf-8")
    text = text.replace("\\", "")  # Markdown writes \@
    assert "loose@a" in text
    assert ("Agreement of the detector and the judges" if suffix != "json" else '"first_alone": 0') in text
