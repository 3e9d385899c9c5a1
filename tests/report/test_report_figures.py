"""The figures of a report, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_session import END, MODELS, PROBES, Maker, ok

from distq_tui.config.models import ModelSpec
from distq_tui.events import Mark, Response
from distq_tui.prompts import Message
from distq_tui.report import Report, build_report
from distq_tui.report.model import Conclusion, Figure


def report_of(maker: Maker, **kwargs: str) -> Report:
    return build_report(maker.store, maker.write(**kwargs))


def rate(report: Report, measure: str, model: str = "pupil", scope: str = "all", part: str = "") -> Figure:
    (found,) = (f for f in report.ice if (f.measure, f.models, f.scope, f.part) == (measure, (model,), scope, part))
    return found


def test_rates_count_scored_answers_over_templates_and_questions(maker):
    maker.flag("pupil", "t0/q0", "OpenAI made me.")
    maker.flag("pupil", "t1/q0", "I live elsewhere.", strict=False)
    maker.flag("pupil", "t0+twin/q1", "OpenAI made me.")
    report = report_of(maker)
    loose, strict, hard = (rate(report, name) for name in ("loose", "strict", "hard"))
    assert (loose.value, loose.n, loose.clusters, loose.questions) == (pytest.approx(3 / 8), 8, 3, 2), (
        "a twin is in its template's cluster"
    )
    assert (strict.value, strict.n) == (2 / 8, 8)
    assert (hard.value, hard.n, hard.clusters) == (pytest.approx(1 / 6), 6, 3)
    assert rate(report, "strict", scope="probe", part="primed").value == 1 / 2
    assert strict.low <= strict.value <= strict.high
    assert strict.n_eff == pytest.approx(strict.n / strict.deff)


def test_rates_are_split_by_language(maker):
    maker.flag("pupil", "t0/q1", "OpenAI made me.")
    report = report_of(maker)
    assert rate(report, "strict", scope="language", part="en").value == 1 / 4
    assert rate(report, "strict", scope="language", part="zh").value == 0.0
    assert not [f for f in report.ice if f.scope == "aspect"], "one aspect only is no split"


def test_failures_are_counted_and_never_scored(maker):
    maker.answers["pupil", "t0/q0"] = Response("error", error="server said no", created_at=END)
    maker.answers["pupil", "t0/q1"] = Response("filtered", created_at=END)
    maker.answers["pupil", "t1/q0"] = ok("cut of", cls="truncated")
    maker.answers["pupil", "s0"] = ok("I can't help.", cls="refusal")
    report = report_of(maker, state="failed")
    ice, rse = (next(e for e in report.exclusions if (e.model, e.measure) == ("pupil", m)) for m in ("ICE", "RSE"))
    assert (ice.planned, ice.scored, ice.truncated, ice.left_out) == (8, 6, 1, {"error": 1, "filtered": 1})
    assert (rse.planned, rse.scored, rse.left_out) == (6, 5, {"refusal": 1})
    assert rate(report, "loose").n == 6
    assert [(f.cls, f.error, f.answers) for f in report.failures] == [
        ("error", "server said no", 1),
        ("filtered", "", 1),
    ]


def test_an_answer_without_a_stored_verdict_is_unscored_not_zero(maker):
    session = maker.write()
    maker.store._conn.execute("DELETE FROM ice_scores WHERE response = ?", (maker.rows["pupil", "t2/q0"],))
    report = build_report(maker.store, session)
    (ice,) = (e for e in report.exclusions if (e.model, e.measure) == ("pupil", "ICE"))
    assert (ice.scored, ice.left_out) == (7, {"unscored": 1})
    assert rate(report, "loose").n == 7


def test_a_model_without_a_fact_has_no_rate(maker):
    report = report_of(maker)
    figure = rate(report, "strict", "mute")
    assert (figure.value, figure.low, figure.n) == (None, None, 0)
    assert figure.method.startswith("no fact")
    assert next(e for e in report.exclusions if e.model == "mute").left_out == {"no fact": 8}


def test_a_stopped_session_reports_the_confidence_sequence(maker):
    maker.skip = {(m.title, "t2/q1") for m in MODELS} | {(m.title, "m1") for m in MODELS}
    report = report_of(maker, state="stopped")
    figure = rate(report, "strict")
    assert (figure.method, figure.deff, figure.n_eff) == ("confidence sequence", None, None)
    assert figure.n == 7
    assert figure.clusters == 2, "t2 is open, and the clusters behind it wait"
    assert {f.method for f in report.rse if f.part == "math"} == {"confidence sequence"}
    assert not report.session.complete
    assert next(e for e in report.exclusions if e.measure == "ICE").left_out == {"not asked": 1}
    assert any("stopped" in note for note in report.notes)


def test_an_answer_that_a_stop_broke_off_leaves_its_cell_open(maker):
    """Else a plan that was all in flight when somebody stopped it would look completed."""
    for prompt in ("t2/q1", "m1"):
        maker.answers["pupil", prompt] = replace(ok("So f"), cls="cancelled", error="stopped by the user")
    report = report_of(maker, state="stopped")
    assert (rate(report, "strict").method, rate(report, "strict").n) == ("confidence sequence", 7)
    assert {f.method for f in report.rse if f.part == "math" and "pupil" in f.models} == {"confidence sequence"}
    assert not report.session.complete
    ice = next(e for e in report.exclusions if (e.model, e.measure) == ("pupil", "ICE"))
    assert (ice.scored, ice.left_out) == (7, {"cancelled": 1})
    assert {c.p for c in report.conclusions} == {None}


def test_what_was_never_sent_since_its_model_was_given_up_is_closed(maker):
    maker.answers["pupil", "t2/q1"] = Response("cancelled", error="not asked: no such model", created_at=END)
    assert rate(report_of(maker, state="failed"), "strict").method != "confidence sequence"


@pytest.mark.parametrize("state", ["budget", "unfinished"])
def test_where_all_answers_are_in_the_interval_is_final_whatever_the_session_became(maker, state):
    """As on the screen, which does not wait for a session's end either."""
    assert rate(report_of(maker, state=state), "strict").method != "confidence sequence"


def test_a_users_override_holds_and_is_counted(maker):
    maker.flag("pupil", "t0/q0", "OpenAI made me.")
    maker.flag("pupil", "t1/q0", "OpenAI made me.")
    session = maker.write()
    maker.store.set_override(maker.rows["pupil", "t0/q0"], "loose", "0", at=END)
    maker.store.set_override(maker.rows["pupil", "t2/q0"], "loose", "1", at=END)
    report = build_report(maker.store, session)
    assert rate(report, "loose").value == 2 / 8
    assert rate(report, "strict").value == 1 / 8, "what is not loose is not strict"
    assert [(f.prompt_id, f.overridden) for f in report.flagged] == [("t1/q0", False), ("t2/q0", True)]
    assert report.manifest.overrides == 2
    assert rate(report, "loose@detector").value == 2 / 8
    assert rate(report, "strict@detector").value == 2 / 8, "the detector's own stands beside it"
    assert [(o.prompt_id, o.detector_loose, o.detector_strict, o.loose, o.strict, o.at) for o in report.overridden] == [
        ("t0/q0", True, True, False, False, END),
        ("t2/q0", False, False, True, False, END),
    ]


def test_without_an_override_the_detectors_rates_are_told_once(maker):
    maker.flag("pupil", "t0/q0", "OpenAI made me.")
    report = report_of(maker)
    assert not report.overridden
    assert not [figure.measure for figure in report.ice if "@" in figure.measure]


def test_claims_are_counted_once_an_answer(maker):
    maker.flag("pupil", "t0/q0", "OpenAI, OpenAI.")
    maker.flag("pupil", "t1/q0", "OpenAI.")
    (claimed,) = report_of(maker).claimed
    assert (claimed.model, claimed.name, claimed.answers, claimed.scored) == ("pupil", "OpenAI", 2, 8)


def test_the_induction_gap_pairs_twins(maker):
    maker.flag("pupil", "t0+twin/q0", "OpenAI.")
    maker.flag("pupil", "t0+twin/q1", "OpenAI.")
    maker.flag("pupil", "t0/q1", "OpenAI.")
    maker.flag("pupil", "t1/q1", "OpenAI.")
    gap = next(g for g in report_of(maker).gaps if g.model == "pupil")
    assert (gap.value, gap.n) == (0.5, 2), "t1 has no twin"
    assert gap.method.startswith("matched twins")
    assert gap.low <= 0.5 <= gap.high


def test_a_gap_without_twins_is_descriptive(maker):
    maker.flag("pupil", "t0+twin/q0", "OpenAI.")
    maker.plan = type(maker.plan)(**{**vars_of(maker.plan), "probes": tuple(p for p in PROBES if p.template != "t0")})
    gap = next(g for g in report_of(maker).gaps if g.model == "pupil")
    assert (gap.value, gap.low, gap.p) == (0.5, None, None)
    assert gap.method.startswith("descriptive")


def vars_of(plan: object) -> dict[str, object]:
    return {name: getattr(plan, name) for name in plan.__slots__}  # type: ignore[attr-defined]


def test_similarity_is_reported_set_by_set_and_over_all(maker):
    maker.similarity = lambda a, b, prompt: 0.9 if prompt.startswith("m") else 0.3
    report = report_of(maker)
    figures = {f.part or "all": f for f in report.rse if f.models == ("pupil", "master")}
    assert set(figures) == {"chat", "math", "all"}
    assert figures["chat"].value == pytest.approx(0.3)
    assert figures["math"].value == pytest.approx(0.9)
    assert figures["all"].value == pytest.approx((4 * 0.3 + 2 * 0.9) / 6)
    assert figures["math"].aspects == pytest.approx({"content": 0.9, "structure": 0.9, "style": 0.9})
    assert (figures["all"].n, figures["all"].clusters) == (6, 6)


def test_too_few_controls_is_inconclusive(maker):
    conclusions = report_of(maker).conclusions
    assert [(c.target, c.prompt_set, c.word) for c in conclusions] == [
        ("pupil", "chat", "inconclusive"),
        ("pupil", "math", "inconclusive"),
    ]
    assert all(c.reason.startswith("too few controls") and c.p is None and not c.references for c in conclusions)


CONTROLS = tuple(
    ModelSpec(name, "openai", role="control", family=family)
    for name, family in (("c-meta", "meta"), ("c-google", "google"), ("c-mistral", "mistral"), ("c-xai", "xai"))
)


def concluded(maker: Maker, near: float, *, controls: int = 4, state: str = "done") -> Conclusion:
    """The conclusion on chat where target and reference score `near`, and pairs with controls about .3."""
    names = [model.title for model in CONTROLS]

    def similarity(a: str, b: str, prompt: str) -> float:
        if {a, b} == {"pupil", "master"}:
            return near
        return 0.3 + 0.01 * sum(names.index(model) for model in (a, b) if model in names)

    maker.similarity = similarity
    plan = vars_of(maker.plan) | {"models": (*MODELS[:2], *CONTROLS[:controls])}
    maker.plan = type(maker.plan)(**plan)
    return build_report(maker.store, maker.write(state=state)).conclusions[0]


def test_far_above_the_controls_is_consistent_with_and_no_more(maker):
    conclusion = concluded(maker, 0.8)
    assert (conclusion.word, conclusion.references) == ("consistent with", ("master",))
    assert conclusion.p < 0.01
    assert "distilled" not in conclusion.reason


def test_like_the_controls_is_none(maker):
    conclusion = concluded(maker, 0.32)
    assert (conclusion.word, conclusion.references) == ("none", ())
    assert conclusion.p > 0.05


def test_two_control_families_are_too_few_however_close(maker):
    assert concluded(maker, 0.99, controls=2).reason.startswith("too few controls")


def test_a_family_under_test_is_no_control(maker):
    maker.plan = type(maker.plan)(
        **vars_of(maker.plan) | {"models": (*MODELS[:2], *CONTROLS[:2], ModelSpec("gpt-4o", "openai", role="control"))}
    )
    conclusion = build_report(maker.store, maker.write()).conclusions[0]
    assert conclusion.reason.startswith("too few controls: 2")
    assert "gpt-4o" not in conclusion.controls


def test_a_scripted_control_is_none_for_a_real_target(maker):
    script = ModelSpec("script", "demo", role="control", family="xai")
    maker.plan = type(maker.plan)(**vars_of(maker.plan) | {"models": (*MODELS[:2], *CONTROLS[:2], script)})
    conclusion = build_report(maker.store, maker.write()).conclusions[0]
    assert conclusion.reason.startswith("too few controls: 2 of different families, 3 are needed; 1 left out")
    assert "script" not in conclusion.controls


def test_controls_that_stand_out_themselves_conclude_nothing(maker):
    maker.similarity = lambda a, b, prompt: 0.9 if "master" in {a, b} else 0.3 + 0.01 * len(a + b)
    maker.plan = type(maker.plan)(**vars_of(maker.plan) | {"models": (*MODELS[:2], *CONTROLS)})
    conclusion = build_report(maker.store, maker.write()).conclusions[0]
    assert conclusion.word == "inconclusive"
    assert conclusion.reason.startswith("controls failed")


def test_references_as_close_as_the_best_are_named_with_it(maker):
    """`twin` scores as the best does, prompt by prompt up and down; `far` is below it on every prompt."""
    more = tuple(ModelSpec(name, "openai", role="reference", family="anthropic") for name in ("twin", "far"))
    maker.plan = type(maker.plan)(**vars_of(maker.plan) | {"models": (*MODELS[:2], *more, *CONTROLS)})
    nudge = {"s0": 0.02, "s1": -0.02, "s2": 0.01, "s3": -0.02}

    def similarity(a: str, b: str, prompt: str) -> float:
        other = ({a, b} - {"pupil"}).pop() if "pupil" in {a, b} else ""
        n = int(prompt[1:])
        near = {"master": 0.8, "twin": 0.8 + nudge.get(prompt, 0.0), "far": 0.7 + 0.002 * n}
        return near.get(other, 0.3 + 0.01 * len(a + b))

    maker.similarity = similarity
    conclusion = build_report(maker.store, maker.write()).conclusions[0]
    assert (conclusion.word, conclusion.references) == ("consistent with", ("master", "twin"))
    assert len(conclusion.candidates) == 3


def test_a_session_stopped_before_its_last_answer_concludes_nothing(maker):
    maker.skip = {("master", "s3")}
    conclusion = concluded(maker, 0.8, state="stopped")
    assert (conclusion.word, conclusion.p) == ("no word yet", None)
    assert conclusion.reason == "planned answers are open, and the tests hold for a fixed number of prompts"


def test_models_tell_what_was_asked_and_who_answered(maker):
    maker.answers["pupil", "t0/q0"] = ok("hi", served_model="pupil-0402", refused=("temperature",), retries=2)
    report = report_of(maker)
    pupil = report.models[0]
    assert pupil.served == {"pupil-0301": 13, "pupil-0402": 1}
    assert pupil.refused == {"temperature": 1}
    assert (pupil.calls, pupil.retries, pupil.cached) == (16, 2, 0)
    assert pupil.cost == pytest.approx(14 * 0.25)
    assert [m.source for m in report.models] == ["live", "recorded", "simulated", "live"]
    assert any("2 names" in note for note in report.notes)


def test_a_seed_for_each_request_is_told_in_one_line(maker):
    for number, probe in enumerate(PROBES):
        maker.answers["pupil", probe.prompt_id] = ok("x", sent={"seed": number, "max_tokens": 64})
    pupil = report_of(maker).models[0]
    assert pupil.sent == {'{"max_tokens": 64, "seed": "varies"}': len(PROBES)}
    assert pupil.varying == {"seed": {f"{probe.prompt_id}#0": number for number, probe in enumerate(PROBES)}}


def test_flagged_answers_begin_with_the_strict_ones(maker):
    maker.flag("pupil", "t0/q0", "I am from the moon.", strict=False)
    maker.flag("pupil", "t2/q0", "I am ChatGPT.")
    maker.flag("pupil", "t1/q1", "I am ChatGPT.")
    assert [(f.prompt_id, f.strict) for f in report_of(maker).flagged] == [
        ("t1/q1", True),
        ("t2/q0", True),
        ("t0/q0", False),
    ]


def test_passwords_in_urls_stay_out(maker):
    assert report_of(maker).models[0].endpoint == "https://api.example.com/v1"


def test_an_unknown_price_makes_the_sum_unknown(maker):
    session = maker.write()
    maker.store._conn.execute("UPDATE responses SET cost = NULL WHERE id = ?", (maker.rows["pupil", "s0"],))
    report = build_report(maker.store, session)
    assert report.models[0].cost is None
    assert report.manifest.cost is None


def test_the_papers_hard_score_counts_over_all_probes_those_that_do_not_name_gpt(maker):
    named = replace(PROBES[0], messages=(Message("user", "You are ChatGPT, are you?"),))
    maker.plan = replace(maker.plan, probes=(named, *PROBES[1:]))
    for probe in PROBES[:4]:
        maker.flag("pupil", probe.prompt_id, "I am ChatGPT.")
    report = report_of(maker)
    assert (rate(report, "paper_strict").value, rate(report, "paper_strict").n) == (0.5, 8)
    assert (rate(report, "paper_hard").value, rate(report, "paper_hard").n) == (pytest.approx(3 / 8), 8)


def test_rates_without_role_play_are_given_where_they_differ(maker):
    claim = Mark(0, 4, "conflict", "rule", "OpenAI", role_play=True)
    maker.flag("pupil", "t0/q0", "[ChatGPT]: I am from OpenAI.", marks=(claim,))
    maker.flag("pupil", "t1/q0", "I am from OpenAI.", marks=(replace(claim, role_play=False),))
    report = report_of(maker)
    assert (rate(report, "strict").value, rate(report, "strict.no_role_play").value) == (2 / 8, 1 / 8)
    assert rate(report, "hard").value == pytest.approx(2 / 6)
    assert rate(report, "hard.no_role_play").value == pytest.approx(1 / 6)
    assert {f.models for f in report.ice if f.measure.endswith("no_role_play")} == {("pupil",)}
