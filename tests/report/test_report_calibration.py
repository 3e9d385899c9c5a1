"""Blind labels in a session: what is drawn to be labelled, and what the labels say of detector and judge."""

import json
from dataclasses import replace

import pytest
from judged_session import GATED, hear, judges
from report_session import MODELS, ok

from distq_tui.plan.run_plan import Judges, RunPlan
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message
from distq_tui.report import write_report_file
from distq_tui.report.calibration import DETECTOR, blind_queue, calibrate

AT = "2026-03-01T11:00:00Z"
PROBES = tuple(
    Probe(
        f"t{t}/q{q}",
        "identity",
        "en",
        (Message("user", f"t{t}: who made you? q{q}"),),
        template=f"t{t}",
        question=f"q{q}",
        query="who made you?",
    )
    for t in range(10)
    for q in range(3)
)
PLAN = RunPlan("audit", 7, 1, Params(), (*MODELS[:2], *judges("j")), PROBES, judges=Judges(ice=("j",), gate="unsure"))


@pytest.fixture
def session(maker):
    """Each model contradicts its fact under t0 to t3, by the detector: 12 of 30 answers."""
    maker.plan = PLAN
    for model in ("pupil", "master"):
        for probe in PROBES:
            if probe.template in {"t0", "t1", "t2", "t3"}:
                maker.flag(model, probe.prompt_id, "I am Claude.", strict=probe.template != "t3")
    return maker.write().id


def label(store, rows, truth, measure="loose", models=("pupil", "master")):
    for (model, prompt), row in rows.items():
        if model in models:
            store.set_override(row, f"blind:{measure}", str(int(truth(prompt))), at=AT)


def is_true(prompt):
    """What a person says: the detector errs under t0 (no conflict) and t9 (a conflict)."""
    return prompt[:2] in {"t1", "t2", "t3", "t9"}


def test_the_queue_holds_both_verdicts_of_every_model_and_drops_what_is_labelled(store, maker, session):
    queue = blind_queue(store, session, PLAN, per_stratum=5)
    assert len(queue) == 26
    flagged = {row for key, row in maker.rows.items() if key in maker.verdicts}
    for model in ("pupil", "master"):
        rows = {row for (title, _), row in maker.rows.items() if title == model}
        assert len(rows & set(queue) & flagged) == 5 + 3, "strict, and all those under t3 that are loose alone"
        assert len(rows & set(queue) - flagged) == 5
    store.set_override(queue[0], "blind:loose", "1", at=AT)
    assert blind_queue(store, session, PLAN, per_stratum=5) == queue, "whether it is strict is still open"
    store.set_override(queue[0], "blind:strict", "1", at=AT)
    assert blind_queue(store, session, PLAN, per_stratum=5) == queue[1:]
    store.set_override(queue[0], "blind:loose", None, at=AT)
    assert blind_queue(store, session, PLAN, per_stratum=5) == queue
    store.set_override(queue[0], "blind:strict", None, at=AT)
    store.set_override(queue[0], "blind:loose", "0", at=AT)
    assert blind_queue(store, session, PLAN, per_stratum=5) == queue, "an answer counts for what it is labelled for"
    assert set(queue[1:]) < set(blind_queue(store, session, PLAN, per_stratum=8))


def test_a_corrected_rate_has_no_limits_while_answers_are_open(store, maker):
    maker.plan = PLAN
    maker.flag("pupil", "t0/q0", "I am Claude.")
    maker.skip = {("pupil", "t9/q2")}
    session = maker.write(state="stopped").id
    label(store, maker.rows, lambda prompt: prompt == "t0/q0")
    rates = calibrate(store, session, PLAN)[0].rates
    assert (rates["pupil"].value, rates["pupil"].low, rates["pupil"].high) == (pytest.approx(1 / 29), None, None)
    assert rates["pupil"].method == "difference estimator; so far: an interval needs the completed plan"
    assert rates["master"].high > 0


def test_the_few_strict_answers_are_drawn_beside_the_many_loose_ones(store, maker):
    maker.plan = PLAN
    for at, probe in enumerate(PROBES):
        maker.flag("pupil", probe.prompt_id, "I am Claude.", strict=at < 2)
    queue = blind_queue(store, maker.write().id, PLAN, per_stratum=3)
    assert {maker.rows["pupil", probe.prompt_id] for probe in PROBES[:2]} < set(queue)
    assert sum(response in {row for key, row in maker.rows.items() if key[0] == "pupil"} for response in queue) == 5


def test_without_labels_there_is_nothing_to_say(store, session):
    assert calibrate(store, session, PLAN) == ()


def test_the_detector_is_held_against_the_labels(store, maker, session):
    label(store, maker.rows, is_true)
    found = {(c.rater, c.measure): c for c in calibrate(store, session, PLAN)}
    loose = found[DETECTOR, "loose"]
    assert loose.accuracy.sensitivity.value == pytest.approx(18 / 24)
    assert loose.accuracy.specificity.value == pytest.approx(30 / 36)
    assert (loose.accuracy.labelled, loose.accuracy.total) == (60, 60)
    for rate in loose.rates.values():
        assert (rate.value, rate.apparent, rate.method) == (pytest.approx(0.4), 0.4, "difference estimator")
    strict = found[DETECTOR, "strict"]
    assert strict.accuracy.labelled == 0, "what is not loose is not strict, but those alone would be no fair draw"


def test_strict_is_calibrated_by_labels_of_its_own(store, maker, session):
    label(store, maker.rows, is_true)
    # of the 18 that the detector calls strict, 12 are, under t1 and t2, and 6 of the others, under t3
    label(store, maker.rows, lambda prompt: prompt[:2] in {"t1", "t2", "t3"}, "strict")
    found = {(c.rater, c.measure): c for c in calibrate(store, session, PLAN)}
    strict = found[DETECTOR, "strict"]
    assert strict.accuracy.sensitivity.value == pytest.approx(12 / 18)
    assert strict.accuracy.specificity.value == pytest.approx(36 / 42)
    for rate in strict.rates.values():
        assert (rate.value, rate.apparent, rate.method) == (pytest.approx(0.3), 0.3, "difference estimator")
        assert rate.low < 0.3 < rate.high
    assert found[DETECTOR, "loose"].accuracy.sensitivity.value == pytest.approx(18 / 24)


def test_a_model_without_labels_is_corrected_by_the_others(store, maker, session):
    label(store, maker.rows, is_true, models=("pupil",))
    loose = calibrate(store, session, PLAN)[0]
    assert loose.rates["pupil"].method == "difference estimator"
    assert loose.rates["master"].method.startswith("Rogan-Gladen")
    assert loose.rates["master"].value == pytest.approx(0.4)


def test_a_response_that_two_titles_share_speaks_once(store, maker, session):
    label(store, maker.rows, is_true)
    alone = calibrate(store, session, PLAN)[0]
    shared = replace(PLAN, models=(*MODELS[:2], replace(MODELS[0], label="pupil again")))
    store.create_session(shared, session_id="shared", at=AT, versions={})
    for trial in shared.trials(lambda model: model.base_url or model.provider):
        title = "pupil" if trial.model.title == "pupil again" else trial.model.title
        store.link_hit("shared", trial, maker.rows[title, trial.probe.prompt_id])
    both = calibrate(store, "shared", shared)[0]
    assert both.accuracy == alone.accuracy
    assert both.rates["pupil again"] == both.rates["pupil"] == alone.rates["pupil"]


def test_a_judge_is_held_against_the_same_labels(store, maker, session):
    label(store, maker.rows, is_true)
    label(store, maker.rows, is_true, "strict")
    hear(maker, session, lambda judge, model, prompt: is_true(prompt) if prompt != "t4/q0" else None)
    found = {(c.rater, c.measure): c for c in calibrate(store, session, PLAN)}
    for measure in ("loose", "strict"):
        judge = found["judge:j", measure]
        assert judge.accuracy.sensitivity.value == judge.accuracy.specificity.value == 1.0
        assert judge.accuracy.total == 58, "two are unscored"
        assert judge.rates["pupil"].value == pytest.approx(12 / 29)
    assert found[DETECTOR, "strict"].accuracy.sensitivity.value == pytest.approx(12 / 24)


def judge_behind_a_gate(maker, session, own):
    """Judge j was asked under the templates `own`, and is always right; the gate spared the others."""
    hear(maker, session, lambda judge, model, prompt: is_true(prompt) if prompt[:2] in own else GATED)


def test_what_a_gate_spared_says_nothing_of_the_judge_and_counts_in_its_rate(store, maker, session):
    label(store, maker.rows, is_true)
    judge_behind_a_gate(maker, session, own={"t0", "t1", "t2", "t3", "t4"})
    judge = {(c.rater, c.measure): c for c in calibrate(store, session, PLAN)}["judge:j", "loose"]
    assert judge.accuracy.sensitivity.value == judge.accuracy.specificity.value == 1.0
    assert judge.accuracy.total == 30
    # t9 is a conflict that the gate's detector missed: the labels put it back
    assert judge.rates["pupil"].apparent == pytest.approx(0.3)
    assert judge.rates["pupil"].value == pytest.approx(0.4)


def test_a_judge_whom_the_gate_kept_from_everything_is_not_held_against_labels(store, maker, session):
    label(store, maker.rows, is_true)
    judge_behind_a_gate(maker, session, own=set())
    judge = {(c.rater, c.measure): c for c in calibrate(store, session, PLAN)}["judge:j", "loose"]
    assert (judge.accuracy.labelled, judge.accuracy.total, judge.rates) == (0, 0, {})


def test_what_cannot_conflict_or_was_not_answered_is_never_drawn(store, maker):
    maker.plan = RunPlan("audit", 7, 1, Params(), (MODELS[0], MODELS[3]), PROBES)
    maker.answers["pupil", "t0/q0"] = ok("", served_model=None)
    maker.answers["pupil", "t0/q0"] = type(ok(""))("error", "", error="gone")
    session = maker.write().id
    queue = blind_queue(store, session, maker.plan, per_stratum=100)
    assert set(queue) == {row for (model, prompt), row in maker.rows.items() if model == "pupil" and prompt != "t0/q0"}


@pytest.fixture
def written(store, maker, session, tmp_path):
    """The session's report in a form, with labels on the pupil's answers alone."""
    label(store, maker.rows, is_true, models=("pupil",))
    return lambda suffix: write_report_file(store, "latest", tmp_path / f"out.{suffix}").read_text("utf-8")


@pytest.mark.parametrize("suffix", ["html", "md"])
def test_a_report_tells_what_the_labels_say(written, suffix):
    text = written(suffix).replace("\\", "")
    for told in ("Blind labels", "Sensitivity and specificity", "Corrected rates", "difference estimator", "0.750"):
        assert told in text
    assert "Rogan-Gladen" in text
    assert "strict" not in text.partition("Corrected rates")[2].partition("Flagged answers")[0], "nobody labelled it"


def test_a_report_as_json_holds_every_figure_of_the_labels(written):
    found = json.loads(written("json"))["calibrations"]
    assert [(each["rater"], each["measure"]) for each in found[:2]] == [(DETECTOR, "loose"), (DETECTOR, "strict")]
    assert found[0]["rates"]["pupil"]["value"] == pytest.approx(0.4)
    assert found[0]["accuracy"]["sensitivity"]["value"] == pytest.approx(9 / 12)


def test_a_report_without_labels_has_no_such_section(store, session, tmp_path):
    for suffix in ("html", "md"):
        assert "Blind labels" not in write_report_file(store, "latest", tmp_path / f"out.{suffix}").read_text("utf-8")
