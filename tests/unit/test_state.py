"""The run's projection: what each event does to it, and that a hit is folded as a call is."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from distq_tui import events as ev
from distq_tui.state import LOG_LENGTH, STEPS_KEPT, RunState

WHERE = ("k", "m", "p", 0)
USAGE = ev.Usage(3, 5, "reported")


def folded(*events: ev.Event) -> RunState:
    state = RunState()
    for event in events:
        state.apply(event)
    return state


def start(attempt: int = 1, cached: bool = False) -> ev.TrialStarted:
    return ev.TrialStarted(*WHERE, attempt=attempt, cached=cached)


def delta(text: str = "", reasoning: str = "", marks: tuple[ev.Mark, ...] = ()) -> ev.TrialDelta:
    return ev.TrialDelta(*WHERE, text=text, reasoning=reasoning, marks=marks)


def finish(text: str = "", cls: ev.ResponseClass = "ok", cached: bool = False, cost: float | None = None, **more):
    return ev.TrialFinished(*WHERE, response=ev.Response(cls, text, **more), cached=cached, row=7, cost=cost)


def cell(state: RunState):
    return state.cells["m", "p", 0]


def test_a_run_begins_with_its_plan():
    state = folded(ev.RunStarted("s", "name", 12, ("a", "b"), "2026"))
    assert (state.session, state.name, state.total, state.models, state.started_at) == (
        "s",
        "name",
        12,
        ("a", "b"),
        "2026",
    )
    state.apply(ev.TrialsAdded(20))
    assert state.total == 20


def test_text_grows_and_marks_are_replaced():
    first, second = ev.Mark(0, 1, "own"), ev.Mark(2, 3, "conflict")
    state = folded(start(), delta("ab", marks=(first,)), delta("cd", "why", (second,)))
    assert (cell(state).text, cell(state).reasoning, cell(state).marks) == ("abcd", "why", (second,))
    assert cell(state).state == "running"


def test_a_retry_voids_text_when_the_next_attempt_begins():
    state = folded(start(), delta("half"), ev.TrialRetry(*WHERE, attempt=1, wait_s=2.0, reason="429"))
    assert (cell(state).state, cell(state).text, state.retries) == ("retrying", "half", 1)
    assert "429" in state.log[-1]
    before = cell(state).epoch
    state.apply(start(attempt=2))
    assert (cell(state).text, cell(state).epoch, cell(state).note) == ("", before + 1, "")
    assert state.calls == 2


def test_a_final_text_that_only_grew_keeps_the_epoch_and_another_does_not():
    assert cell(folded(start(), delta("ab"), finish("abc"))).epoch == 0
    assert cell(folded(start(), delta("ab"), finish("xyz"))).epoch == 1


def test_complete_classes_are_done_and_the_others_failed():
    for cls in ("ok", "refusal", "truncated", "no_answer"):
        assert cell(folded(start(), finish("x", cls))).state == "done"
    for cls in ("incomplete", "error", "filtered", "cancelled", "model_mismatch"):
        state = folded(start(), finish("part", cls, error="why"))
        assert (cell(state).state, cell(state).note, cell(state).text, state.failed) == ("failed", "why", "part", 1)


@given(st.lists(st.text(max_size=5), max_size=6))
def test_a_hit_ends_as_a_call_does(parts):
    text = "".join(parts)
    live = cell(folded(start(), *(delta(part) for part in parts), finish(text)))
    hit = cell(folded(start(cached=True), finish(text, cached=True)))
    different = {"cached", "revision"}
    assert [getattr(live, field.name) for field in dataclasses.fields(live) if field.name not in different] == [
        getattr(hit, field.name) for field in dataclasses.fields(hit) if field.name not in different
    ]


def test_hits_cost_nothing_and_are_no_calls():
    state = folded(start(cached=True), finish("x", cached=True, cost=5.0, usage=USAGE))
    assert (state.hits, state.calls, state.cost, state.output_tokens) == (1, 0, 0.0, 0)


def test_an_unknown_price_makes_the_cost_unknown_and_not_zero():
    assert folded(start(), finish("x", cost=0.5, usage=USAGE)).cost_known
    state = folded(start(), finish("x", cost=None, usage=USAGE))
    assert not state.cost_known
    assert state.output_tokens == 5


def test_verdicts_scores_and_pairs_are_the_latest():
    verdict = ev.IceScored(7, "m", "p", 0, True, False, False, False, (ev.Mark(0, 1, "conflict"),), ("openai",))
    scores = [ev.ScoreUpdated("rse", ("m", "n"), value, 0.0, 1.0, 3, 3, "cs") for value in (0.1, 0.2)]
    pair, again, sample = (
        ev.RseScored(7, row, "m", "n", "p", a, 0.2, 0.3) for row, a in ((8, 0.0), (8, 0.1), (9, 0.5))
    )
    state = folded(start(), finish("x"), verdict, *scores, pair, sample, again)
    assert cell(state).verdict == verdict
    assert cell(state).marks == verdict.marks
    assert state.scores["rse", "m", "n"].value == 0.2
    assert state.pairs["p", "m", "n"] == (sample, again), "one for each sample"


def test_pausing_abandoning_and_the_end():
    state = folded(ev.RunPaused())
    assert state.paused
    state.apply(ev.RunResumed())
    assert not state.paused
    state.apply(ev.ModelAbandoned("m", "401"))
    state.apply(ev.Notice("careful"))
    assert state.abandoned == {"m": "401"}
    assert list(state.log)[-1] == "careful"
    end = ev.RunFinished("done", 1, 1, 0, 0, 1, 0, None, "2026")
    state.apply(end)
    assert state.finished == end


def test_each_cell_keeps_the_revision_of_its_last_change():
    state = folded(start(), delta("a"))
    seen = cell(state).revision
    state.apply(ev.TrialStarted("k2", "m", "other", 0))
    assert cell(state).revision == seen < state.revision


def test_without_text_a_long_headless_run_keeps_no_cells():
    state = RunState(keep_text=False)
    for event in (start(), delta("abc"), finish("abc", usage=USAGE)):
        state.apply(event)
    assert state.cells == {}
    assert (state.done, state.output_tokens) == (1, 5)


def test_the_log_is_bounded():
    state = folded(*(ev.Notice(str(at)) for at in range(LOG_LENGTH + 10)))
    assert len(state.log) == LOG_LENGTH
    assert state.log[0] == "10"


def judged(judge: str, loose: bool | None) -> ev.IceJudged:
    return ev.IceJudged(7, "m", "p", 0, judge, "v1", loose, loose, {"vendor": "acme"})


def test_each_judge_keeps_its_own_latest_verdict_on_a_cell():
    state = folded(start(), finish("x"), judged("one", None), judged("two", True))
    before = cell(state).revision
    state.apply(judged("one", False))
    assert {judge: event.loose for judge, event in state.judged["m", "p", 0].items()} == {"one": False, "two": True}
    assert cell(state).revision > before
    assert cell(state).verdict is None


def test_a_judge_of_an_answer_that_is_not_there_makes_no_cell():
    assert folded(judged("one", True)).cells == {}


def test_judged_pairs_are_kept_by_sample_and_judge():
    events = [
        ev.RseJudged(1, 2, "m", "n", "p", sample, judge, "v1", 1.0, 1.0, 1.0, overall, 0.0)
        for sample, judge, overall in ((0, "one", 2.0), (0, "two", 3.0), (1, "one", 4.0), (0, "one", 5.0))
    ]
    state = folded(*events)
    assert {judge: event.overall for judge, event in state.judged_pairs["p", "m", "n", 0].items()} == {
        "one": 5.0,
        "two": 3.0,
    }
    assert state.judged_pairs["p", "m", "n", 1]["one"].overall == 4.0


def test_steps_of_the_search_are_bounded_and_newest_last():
    state = folded(*(ev.SearchStep(at, f"t{at}", "seed", "shorten", "x", 0.5, 1, 1) for at in range(STEPS_KEPT + 3)))
    assert [state.steps[0].step, state.steps[-1].step, len(state.steps)] == [3, STEPS_KEPT + 2, STEPS_KEPT]


def test_without_text_judges_leave_nothing_either():
    state = RunState(keep_text=False)
    state.apply(judged("one", True))
    assert state.judged == {}


def scored(loose: bool, *claimed: str) -> ev.IceScored:
    return ev.IceScored(7, "m", "p", 0, loose, loose, False, False, (), claimed)


def test_flags_and_claims_count_an_answers_latest_verdict_once():
    state = folded(start(), finish("x"), scored(True, "openai", "acme"), scored(True, "openai"))
    assert list(state.flagged) == [("m", "p", 0)]
    assert state.claimed["m"] == {"openai": 1}
    state.apply(scored(False))
    assert not state.flagged
    assert not state.claimed["m"]


def test_an_answer_that_is_asked_again_is_no_longer_flagged():
    state = folded(start(), finish("x"), scored(True, "openai"), start(attempt=2))
    assert not state.flagged
    assert not state.claimed["m"]
