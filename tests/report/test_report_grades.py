"""Judges' grades of similarity in a report and an export: beside the offline similarity, never mixed with it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from report_session import PLAN, Maker, ok

from distq_tui.config.models import ModelSpec
from distq_tui.engine.cast import plan_cast, samples_of
from distq_tui.events import Response, RseJudged
from distq_tui.judging import JudgeModel
from distq_tui.plan.run_plan import Judges, RunPlan
from distq_tui.plan.source import TrialResult
from distq_tui.report import build_report, write_report_file
from distq_tui.report.export import export_session_file
from distq_tui.rse.judging import JudgePrompt, RseJudging, load_judge_prompt

JUDGES = (
    ModelSpec("strict", "openai", base_url="http://127.0.0.1:9/v1", role="judge"),
    ModelSpec("kind", "demo", role="judge"),
)
JUDGED = replace(PLAN, models=(*PLAN.models, *JUDGES), judges=Judges(rse=("strict", "kind")))


def grades(overall: int) -> str:
    return json.dumps({"content": 1, "structure": 2, "style": 0, "overall": overall})


def mumble(judge: str, name: str) -> str:
    return "Hm."


def reply(judge: str, name: str) -> str:
    """`strict`: 3 with the target first, else 2. `kind`: a grade more. Neither can be read on one prompt."""
    kind, more = name.partition("/")[0], judge == "kind"
    if kind in {"identical", "shuffled"}:
        return grades({"identical": 5, "shuffled": 1}[kind] + (2 if more and kind == "shuffled" else 0))
    if judge == "strict" and "/s0#" in name:
        return "I would rather not."
    return grades((3 if name.endswith("/ab") else 2) + more)


def older() -> JudgePrompt:
    """A question as an earlier version of the program asked it."""
    today = load_judge_prompt()
    return replace(today, version="7 as stored", text=f"{today.text}\nThink twice.")


def judge(
    maker: Maker, session: str, plan: RunPlan, *, stop_after: int | None = None, reply=reply, prompt=None
) -> None:
    """Put the stored answers before the judges and store what they reply, as a run does; None = it was broken off."""
    models = [JudgeModel(model, "stored") for model in plan.models if model.title in plan.judges.rse]
    judging = RseJudging(models, plan.probes, samples_of(plan), plan_cast(plan), prompt=prompt, seed=plan.seed)
    events = []
    for trial in plan.trials(lambda m: m.base_url or m.provider):
        key = (trial.model.title, trial.probe.prompt_id)
        if key in maker.rows:
            response = maker.answers.get(key, ok(f"{key[0]} answers {key[1]}"))
            events += judging.score(TrialResult(trial, response, maker.rows[key], False))
    asked = 0
    while wanted := judging.next(()):
        for trial in wanted:
            asked += 1
            if stop_after is not None and asked > stop_after:
                continue
            said = reply(trial.model.title, trial.probe.prompt_id)
            response = Response("cancelled") if said is None else ok(said)
            row = maker.store.add_response(session, trial, response, 0.0)
            events += judging.score(TrialResult(trial, response, row, False))
    for event in events:
        if isinstance(event, RseJudged):
            maker.store.add_rse_judged(event)


@pytest.fixture
def judged(maker: Maker):
    """`pupil` and `master` by two judges over six prompts of two sets."""
    maker.plan = JUDGED
    session = maker.write()
    judge(maker, session.id, maker.plan, prompt=older())
    return maker, session


def test_grades_stand_in_their_own_scale_with_order_effect_and_what_could_not_be_read(judged):
    maker, session = judged
    part = build_report(maker.store, session).grades
    (strict,) = [grade for grade in part.grades if (grade.judge, grade.prompt_set) == ("strict", "")]
    assert (strict.models, strict.overall, strict.order) == (("pupil", "master"), 2.5, 1.0)
    assert strict.aspects == {"content": 1.0, "structure": 2.0, "style": 0.0}
    assert (strict.n, strict.unscored, strict.prompts, strict.left_out) == (5, 1, 5, {})
    assert 1.0 <= strict.low < strict.overall < strict.high <= 5.0
    kind = {grade.prompt_set: grade for grade in part.grades if grade.judge == "kind [SIMULATED]"}
    assert {name: (grade.overall, grade.n) for name, grade in kind.items()} == {
        "": (3.5, 6),
        "chat": (3.5, 4),
        "math": (3.5, 2),
    }


def test_self_checks_and_agreement_say_how_far_the_judges_may_be_trusted(judged):
    maker, session = judged
    part = build_report(maker.store, session).grades
    assert {(check.judge, check.kind, check.overall, check.items, check.passed) for check in part.checks} == {
        ("strict", "identical", 5.0, 3, True),
        ("strict", "shuffled", 1.0, 3, True),
        ("kind [SIMULATED]", "identical", 5.0, 3, True),
        ("kind [SIMULATED]", "shuffled", 3.0, 3, False),
    }
    # over the 5 prompts that both could grade, in both orders: `kind` is always one above `strict`, who says 2 or 3.
    # Kappa: observed squares 1, expected 1.5; alpha: totals of the grades 5, 10, 5
    by_name = {each.coefficient: each for each in part.agreement}
    assert (by_name["kappa"].value, by_name["kappa"].items) == (pytest.approx(1 - 1 / 1.5), 10)
    assert by_name["alpha"].value == pytest.approx(1 - 19 * (20 * 7.5**2) / (2 * (2 * 50 * 7.5**2 + 25 * 15**2)))
    assert by_name["alpha"].judges == ("strict", "kind [SIMULATED]")


def test_grades_change_no_offline_similarity_and_no_conclusion(judged):
    maker, session = judged
    report = build_report(maker.store, session)
    maker.plan = replace(PLAN, name="unjudged")
    plain = build_report(maker.store, maker.write("20260301-bb"))
    assert plain.grades is None
    assert (report.rse, report.conclusions) == (plain.rse, plain.conclusions)


def test_the_manifest_names_the_question_that_the_judges_were_given(judged):
    maker, session = judged
    scorers = build_report(maker.store, session).manifest.scorers
    assert (scorers["judge:strict 7 as stored"], scorers["judge:kind 7 as stored"]) == (6, 6)


def test_a_judge_of_whom_nothing_could_be_read_has_no_grade(maker):
    maker.plan = JUDGED
    session = maker.write()
    judge(maker, session.id, maker.plan, reply=mumble)
    part = build_report(maker.store, session).grades
    assert {(grade.overall, grade.low, grade.order, grade.n, grade.method) for grade in part.grades} == {
        (None, None, None, 0, "nothing scored")
    }
    assert {grade.unscored for grade in part.grades if not grade.prompt_set} == {6}
    assert {(check.overall, check.passed, check.unscored) for check in part.checks} == {(None, None, 3)}


def test_a_run_that_was_stopped_gives_what_was_graded_until_then(maker):
    maker.plan = JUDGED
    session = maker.write(state="stopped")
    judge(maker, session.id, maker.plan, stop_after=8)
    part = build_report(maker.store, session).grades
    whole = [grade for grade in part.grades if not grade.prompt_set]
    assert {grade.method for grade in part.grades if grade.n} == {"confidence sequence"}
    assert 0 < sum(grade.n for grade in whole) < 12
    assert [(grade.planned, grade.n + grade.unscored + grade.not_asked) for grade in whole] == [(6, 6), (6, 6)]


def test_a_broken_off_sessions_aspects_are_over_the_comparisons_of_its_grade(maker):
    def by_prompt(judge: str, name: str) -> str | None:
        """The grade says what the content does: 1, 3 or 5; the second prompt was not come to."""
        number = int(name.split("/")[2][1])
        told = {"content": number % 3, "structure": 1, "style": 1, "overall": 1 + 2 * (number % 3)}
        return None if "/s1#" in name else json.dumps(told)

    maker.plan = JUDGED
    session = maker.write(state="stopped")
    judge(maker, session.id, maker.plan, reply=by_prompt)
    grade = next(grade for grade in build_report(maker.store, session).grades.grades if not grade.prompt_set)
    assert (grade.method, grade.n, grade.prompts) == ("confidence sequence", 5, 1), "s0 alone has entered"
    assert grade.overall == pytest.approx(1 + 2 * grade.aspects["content"]) == pytest.approx(1.0)


BROKEN_OFF = [("budget", "budget spent"), ("stopped", "the run was stopped"), ("unfinished", "the run has not ended")]


@pytest.mark.parametrize(("state", "why"), BROKEN_OFF)
@pytest.mark.parametrize("suffix", ["html", "md"])
def test_comparisons_that_no_judge_was_asked_about_are_counted_and_named(maker, tmp_path, suffix, state, why):
    maker.plan = JUDGED
    session = maker.write(state=state)
    judge(maker, session.id, maker.plan, stop_after=0)
    text = write_report_file(maker.store, session.id, tmp_path / f"r.{suffix}").read_text()
    assert f"Not asked: 12 of 12 comparisons, {why}." in text
    assert [(g.planned, g.not_asked) for g in build_report(maker.store, session).grades.grades if g.prompt_set] == [
        (4, 4), (2, 2), (4, 4), (2, 2),
    ]  # fmt: skip


def test_a_comparison_waits_for_an_answer_that_the_run_did_not_come_to(maker):
    maker.plan = JUDGED
    maker.skip = {("pupil", "s0"), ("master", "s1")}
    session = maker.write(state="budget")
    judge(maker, session.id, maker.plan)
    whole = [grade for grade in build_report(maker.store, session).grades.grades if not grade.prompt_set]
    assert [(grade.judge, grade.n, grade.not_asked) for grade in whole] == [
        ("strict", 4, 2),
        ("kind [SIMULATED]", 4, 2),
    ]


def test_a_session_whose_judges_said_everything_says_nothing_of_what_is_left(judged, tmp_path):
    maker, session = judged
    assert "Not asked" not in write_report_file(maker.store, session.id, tmp_path / "r.md").read_text()


def test_a_call_that_was_broken_off_is_no_reply_that_could_not_be_read(maker):
    maker.plan = JUDGED
    session = maker.write(state="stopped")
    judge(maker, session.id, maker.plan, reply=lambda judge, name: None)
    whole = [grade for grade in build_report(maker.store, session).grades.grades if not grade.prompt_set]
    assert [(grade.n, grade.unscored, grade.not_asked) for grade in whole] == [(0, 0, 6), (0, 0, 6)]


@pytest.mark.parametrize("suffix", [".html", ".md"])
def test_people_read_grades_beside_the_offline_similarity(judged, tmp_path, suffix):
    maker, session = judged
    text = write_report_file(maker.store, session.id, tmp_path / f"r{suffix}").read_text()
    for said in (
        "Judges' grades of similarity",
        "grade (1 to 5)",
        "offline RSE (0 to 1)",
        "Self-checks",
        "2.500",
        "NO",
    ):
        assert said in text.replace("&#x27;", "'").replace("\\", "")


def test_json_holds_the_grades(judged, tmp_path):
    maker, session = judged
    data = json.loads(write_report_file(maker.store, session.id, tmp_path / "r.json").read_text())
    assert data["grades"]["checks"][0]["passed"] is True


def test_an_export_has_every_comparison_and_every_figure_of_the_judges(judged, tmp_path):
    maker, session = judged
    text = export_session_file(maker.store, session.id, tmp_path / "x.grades.csv").read_bytes().decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == 12
    unscored = [row for row in rows if row["overall"] == ""]
    assert [(row["judge"], row["prompt_id"], row["version"]) for row in unscored] == [("strict", "s0", "7 as stored")]
    figures = json.loads(export_session_file(maker.store, session.id, tmp_path / "x.judges.json").read_text())
    assert {"rse@strict", "rse.order@kind:chat", "rse.shuffled@kind", "rse.alpha", "rse.kappa"} <= {
        row["measure"] for row in figures
    }
