"""Two sessions compared: plan changes, differing answers, paired drift, and what says nothing about change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_session import MODELS, ok

from distq_tui.plan.trial import Params
from distq_tui.report.drift import compare_sessions
from distq_tui.stats import paired_difference

LATER = {"created_at": "2026-04-01T10:01:00Z"}


@pytest.fixture
def sessions(maker):
    """An earlier session; a later one of the same plan at another temperature, so that nothing is served twice."""
    first = maker.write("20260301-aa")
    maker.answers, maker.verdicts = {}, {}
    maker.plan = replace(maker.plan, params=Params(max_tokens=64, temperature=0.5))
    for prompt in ("t0/q0", "t1/q0", "t2/q0", "t2/q1"):
        maker.flag("pupil", prompt, f"I am ChatGPT, says {prompt}")
    maker.similarity = lambda a, b, prompt: 0.5 if prompt.startswith("m") else 0.25 + 0.1 * int(prompt[1:])
    return first, maker


def drift(found, measure, *models, name="clean"):
    return next(d for d in found.drifts if (d.measure, set(d.models), d.prompt_set) == (measure, set(models), name))


def test_drift_is_the_paired_difference_over_the_same_cells(store, sessions):
    first, maker = sessions
    found = compare_sessions(store, maker.write("20260401-bb"), first)
    assert {found.before.id, found.after.id} == {"20260301-aa", "20260401-bb"}
    strict = drift(found, "strict", "pupil")
    cells = [p for p in maker.plan.probes if p.kind == "identity"]
    hits = [float(p.prompt_id in {"t0/q0", "t1/q0", "t2/q0", "t2/q1"}) for p in cells]
    sign = 1 if found.after.id == "20260401-bb" else -1
    templates = [p.template.removesuffix("+twin") for p in cells]
    expected = paired_difference(hits, [0.0] * 8, templates, [p.question for p in cells])
    assert strict.n == 8
    assert strict.value == pytest.approx(sign * 0.5)
    assert strict.p == pytest.approx(expected.p)
    assert strict.p_holm >= strict.p
    rse = drift(found, "rse", "pupil", "master", name="chat")
    assert (rse.n, rse.clusters) == (4, 4)
    assert rse.value == pytest.approx(sign * (0.4 - 0.5))
    assert drift(found, "rse", "pupil", "master", name="math").value == 0.0
    assert drift(found, "loose", "master").value == 0.0


@pytest.mark.parametrize("broken_off", ["before", "after"])
def test_a_session_that_was_broken_off_has_a_difference_without_interval_or_p(store, maker, broken_off):
    found = []
    for session in ("20260301-aa", "20260401-bb"):
        later = session == "20260401-bb"
        maker.skip = {("pupil", "t2/q1")} if later == (broken_off == "after") else set()
        maker.plan = replace(maker.plan, params=Params(max_tokens=64, temperature=0.5 if later else None))
        found.append(maker.write(session))
    compared = compare_sessions(store, *found)
    pupil, master = drift(compared, "strict", "pupil"), drift(compared, "strict", "master")
    assert (pupil.value, pupil.n, pupil.low, pupil.p, pupil.p_holm) == (0.0, 7, None, None, None)
    assert pupil.method == "descriptive: the plan was not completed"
    assert master.p == 1.0
    assert drift(compared, "rse", "pupil", "master", name="chat").p is not None, "all similarity prompts are in"


def test_what_changed_is_told_without_secrets_or_transport(store, sessions):
    first, maker = sessions
    moved = replace(MODELS[0], base_url="https://u:pw@other.example.com/v1?t=s", system=None)
    maker.plan = replace(maker.plan, models=(moved, *MODELS[1:3]), probes=maker.plan.probes[1:], seed=8)
    maker.answers["pupil", "s0"] = ok("new words", served_model="pupil-0401")
    store.create_session(maker.plan, session_id="x", at=LATER["created_at"], versions={"distq-tui": "0.2"})
    for trial in maker.plan.trials(lambda m: m.base_url or m.provider):
        maker._answer("x", trial)
    found = compare_sessions(store, first, store.find_session("x"))
    told = {change.what: (change.before, change.after) for change in found.changes}
    assert told["pupil: base_url"] == ("https://api.example.com/v1", "https://other.example.com/v1")
    assert told["pupil: system"] == ("Be brief.", "–")
    assert told["model"] == ("mute", "–")
    assert told["seed"] == ("7", "8")
    assert told["temperature"] == ("–", "0.5")
    assert told["prompts asked only before"] == ("1", "–")
    assert told["version of distq-tui"] == ("0.1", "0.2")
    assert told["pupil: served as"] == ("pupil-0301", "pupil-0301, pupil-0401")
    assert not any("pw" in text or "pa55" in text for change in found.changes for text in told[change.what])


def test_answers_that_differ_are_listed_changed_verdicts_first(store, sessions):
    first, maker = sessions
    maker.answers["master", "s0"] = ok("other words")
    found = compare_sessions(store, first, maker.write("20260401-bb"))
    assert len(found.answers) == 5
    assert [change.verdict_changed for change in found.answers] == [True] * 4 + [False]
    assert {"master answers s0", "other words"} == set(found.answers[-1].texts)
    assert found.asked_twice["pupil"] == len(maker.plan.probes)


def test_one_stored_answer_in_both_sessions_says_nothing_of_change(store, maker):
    first = maker.write("20260301-aa")
    plan = maker.plan
    store.create_session(plan, session_id="hits", at=LATER["created_at"], versions={})
    for trial in plan.trials(lambda m: m.base_url or m.provider):
        store.link_hit("hits", trial, maker.rows[trial.model.title, trial.probe.prompt_id])
    found = compare_sessions(store, first, store.find_session("hits"))
    assert found.asked_twice["pupil"] == 0
    assert found.answers == ()
    strict = drift(found, "strict", "pupil")
    assert (strict.n, strict.same_answer, strict.value) == (0, 8, None)
    assert "nothing was asked again" in strict.method
