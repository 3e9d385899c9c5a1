"""Judges in Detail: each verdict with its words, live and from a stored session, unscored never told as 0."""

from __future__ import annotations

from dataclasses import replace

from distq_tui import events as ev
from distq_tui.config.models import ModelSpec
from distq_tui.plan.run_plan import Judges, RunPlan
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message
from distq_tui.store import AnswerRow, SessionRow
from distq_tui.tui.house.stored import StoredRun
from distq_tui.tui.lines.opinions import opinion_rows
from distq_tui.tui.live import LiveRun

PLACE = ("alpha-chat", "id-01", 0)
ICE = ev.IceJudged(7, *PLACE, "judge", "v", True, None, {}, (70, 71))
RSE = ev.RseJudged(
    7, 8, "alpha-chat", "beta-large", "id-01", 0, "judge", "v", 2.0, 1.5, 1.0, 3.5, -1.0, judge_rows=(72,)
)


def told(live) -> str:
    return "\n".join("".join(text for text, _ in row) for row in opinion_rows(live, live.state.cells[PLACE]))


def judged_run(scripted) -> LiveRun:
    live = LiveRun(scripted(), lambda: 0.0)
    live.apply(ev.TrialFinished("k", *PLACE, ev.Response("ok", "I am ChatGPT."), False, 7))
    for row, text in ((70, "It says\nChatGPT. <judge>1</judge>"), (71, "no idea"), (72, "Alike."), (73, "of another")):
        live.apply(ev.TrialFinished(f"k{row}", "judge", f"q{row}", 0, ev.Response("ok", text), False, row))
    return live


def test_no_judge_no_lines(scripted):
    assert told(judged_run(scripted)) == ""


def test_a_verdict_is_told_with_the_judges_own_words(scripted):
    live = judged_run(scripted)
    live.apply(ICE)
    text = told(live)
    assert "loose 1 · strict unscored" in text
    assert "“It says ChatGPT. <judge>1</judge>”" in text
    assert "of another" not in text


def test_a_judge_that_was_not_asked_is_told_so(scripted):
    live = judged_run(scripted)
    live.apply(replace(ICE, loose=False, strict=False, gated=True, judge_rows=()))
    assert "not asked" in told(live)


def test_grades_name_the_other_model_and_the_effect_of_the_order(scripted):
    live = judged_run(scripted)
    live.apply(RSE)
    text = told(live)
    assert "judge beside beta-large" in text
    assert "3.5 of 5" in text
    assert "content 2 · structure 1.5 · style 1" in text
    assert "-1: alpha-chat first minus beta-large first" in text
    live.apply(replace(RSE, overall=None, content=None, structure=None, style=None, order_effect=None))
    assert "unscored" in told(live)


def test_a_failed_call_is_not_told_as_unscored(scripted):
    live = judged_run(scripted)
    live.apply(replace(ICE, failed="timeout"))
    live.apply(replace(RSE, overall=None, content=None, structure=None, style=None, failed="http_500"))
    text = told(live)
    assert "loose 1 · strict call failed (timeout)" in text
    assert "call failed (http_500)" in text
    assert "unscored" not in text


async def test_a_stored_session_tells_its_judges_verdicts_again():
    models = (ModelSpec("m", "demo", family="deepseek"), ModelSpec("judge", "demo", role="judge"))
    probe = Probe("p", "identity", "en", (Message("user", "who?"),))
    plan = RunPlan("plan", 1, 1, Params(), models, (probe,), judges=Judges(ice=("judge",)))

    def row(at, model, purpose, prompt, text):
        return AnswerRow(
            at, f"k{at}", at, model, model, "demo", "demo", "target", purpose, prompt, "identity", "en", None, None,
            None, "", 0, (), False, (Message("user", "who?"),), {}, ev.Response("ok", text), None, None,
        )  # fmt: skip

    rows = [
        row(1, "m", "plan", "p", "I am ChatGPT, made by OpenAI."),
        row(2, "judge", "judge", "loose/m/p#0", "Another maker. <judge>1</judge>"),
        row(3, "judge", "judge", "strict/m/p#0", "<rate>1</rate>"),
    ]
    session = SessionRow("s", "plan", "d", "2026", "2026", "done", 3, 3, 0, 0, 1, False, {})

    class Stored:
        def find_session(self, ref):
            return session

        def session_rows(self, session_id, *, scorer, after, limit):
            return [row for row in rows if row.id > after][: min(limit, 2)]  # the judge's replies come apart

        def stored_similarities(self, session_id, **which):
            return {}

        def search_steps(self, session_id):
            return []

    async def read(job):
        return job(Stored())

    events = [event async for event in StoredRun("s", plan, 1, read, {}).events()]
    (finished,) = (event for event in events if isinstance(event, ev.RunFinished))
    assert (finished.done, finished.calls, finished.failed, finished.cost) == (3, 3, 0, 0.0)
    verdict = next(event for event in events if isinstance(event, ev.IceJudged))
    assert (verdict.loose, verdict.strict, verdict.judge_rows) == (True, True, (2, 3))
    assert any(isinstance(event, ev.ScoreUpdated) and event.measure == "ice.loose@judge" for event in events)
