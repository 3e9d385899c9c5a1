"""The run on screen: rows, summaries, rate and time left, with a clock in the test's hand."""

from __future__ import annotations

import pytest

from distq_tui import events as ev
from distq_tui.tui.lines import alike, scores
from distq_tui.tui.live import LiveRun

OK = ev.Response("ok", "x")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def live(scripted) -> LiveRun:
    return LiveRun(scripted(), Clock())


def start(live, model, prompt="id-01"):
    live.apply(ev.TrialStarted("k", model, prompt, 0))


def close(live, model, prompt="id-01", response=OK, cached=False):
    live.apply(ev.TrialFinished("k", model, prompt, 0, response, cached, 1))


def state(live, prompt="id-01"):
    return live.summaries[prompt, 0].state


def test_a_row_goes_from_waiting_to_done(live):
    assert state(live) == "waiting"
    start(live, "alpha-chat")
    assert state(live) == "running"
    close(live, "alpha-chat")
    assert state(live) == "part"
    for model in ("beta-large", "gamma-7b"):
        start(live, model)
        close(live, model)
    assert state(live) == "done"


def test_a_failure_shows_and_a_conflict_shows_before_it(live):
    start(live, "alpha-chat")
    close(live, "alpha-chat", response=ev.Response("error", error="refused"))
    assert state(live) == "failed"
    live.apply(ev.IceScored(1, "alpha-chat", "id-01", 0, True, False, False, False, (), ()))
    assert state(live) == "conflict"


@pytest.mark.parametrize(
    ("model", "word"), [("gamma-7b", "control"), ("beta-large", "conflict"), ("alpha-chat", "conflict")]
)
def test_that_only_a_control_contradicts_is_a_state_of_its_own(live, model, word):
    for title in live.titles:
        start(live, title)
        close(live, title)
    live.apply(ev.IceScored(1, model, "id-01", 0, True, False, False, False, (), ()))
    assert state(live) == word
    live.apply(ev.IceScored(1, "alpha-chat", "id-01", 0, True, False, False, False, (), ()))
    assert state(live) == "conflict"


def test_a_prompt_that_no_plan_named_gets_a_row(live):
    start(live, "alpha-chat", "adaptive-1")
    assert live.rows[-1] == ("adaptive-1", 0)
    assert live.index["adaptive-1", 0] == len(live.rows) - 1


def test_the_first_open_row_is_the_one_under_way(live):
    start(live, "alpha-chat", "id-01")
    start(live, "alpha-chat", "id-02")
    assert live.first_open() == ("id-01", 0)
    close(live, "alpha-chat", "id-01")
    assert live.first_open() == ("id-02", 0)
    close(live, "alpha-chat", "id-02")
    assert live.first_open() is None


def test_time_left_is_that_of_the_slowest_model(live):
    clock = live.clock
    live.apply(ev.RunStarted("s", "n", 12, tuple(live.titles), ""))
    for at, prompt in enumerate(("id-01", "id-02", "id-03", "id-04")):
        clock.now = float(at + 1)
        for model in ("alpha-chat", "beta-large"):
            close(live, model, prompt)
    assert live.remaining() is None, "nothing is known of gamma-7b yet"
    clock.now = 8.0
    close(live, "gamma-7b", "id-01")
    assert live.remaining() == pytest.approx(3 * 8.0)
    assert live.rate() == pytest.approx(9 / 8)


def test_cached_answers_say_nothing_of_the_rate(live):
    live.clock.now = 4.0
    close(live, "alpha-chat", cached=True)
    assert live.rate() == 0
    assert live.remaining() is None


def test_clocks_stand_when_the_run_is_over(live):
    start(live, "alpha-chat")
    live.clock.now = 3.0
    live.apply(ev.RunFinished("stopped", 12, 1, 0, 0, 1, 0, None, ""))
    live.clock.now = 50.0
    assert live.elapsed() == 3.0
    assert live.running_for("alpha-chat", ("id-01", 0)) == 3.0
    assert live.over


def test_progress_tells_unknown_cost_as_na(live):
    start(live, "alpha-chat")
    response = ev.Response("ok", "x", usage=ev.Usage(1, 1, "reported"))
    close(live, "alpha-chat", response=response)
    said = "".join(text for text, _ in scores.progress_spans(live))
    assert "n/a" in said
    assert "$0.00" not in said


@pytest.mark.parametrize(
    ("classes", "told"),
    [(["ok"], []), (["cancelled"] * 2, ["2 cancelled"]), (["error", "cancelled"], ["1 failed", "1 cancelled"])],
)
def test_what_was_cancelled_has_not_failed(live, classes, told):
    for cls, prompt in zip(classes, ("id-01", "id-02"), strict=False):
        start(live, "alpha-chat", prompt)
        close(live, "alpha-chat", prompt, response=ev.Response(cls, ""))
    said = "".join(text for text, _ in scores.progress_spans(live))
    assert [part for part in said.split(" · ") if part.endswith(("failed", "cancelled"))] == told


def test_strip_tells_rate_similarity_and_floor(live):
    live.apply(ev.ScoreUpdated("ice.strict", ("alpha-chat",), 0.22, 0.15, 0.31, 90, 84, "cs", {"error": 2}))
    live.apply(ev.ScoreUpdated("rse", ("alpha-chat", "beta-large"), 0.41, 0.38, 0.44, 60, 60, "cs"))
    live.apply(ev.ScoreUpdated("rse", ("gamma-7b", "alpha-chat"), 0.33, 0.3, 0.36, 60, 60, "cs"))
    ice = "".join(text for text, _ in scores.ice_spans(live, "alpha-chat"))
    rse = "".join(text for piece in scores.rse_pieces(live, "alpha-chat") for text, _ in piece)
    assert ice.startswith("ICE strict .22 [.15,.31] 84 clusters")
    assert "2 excluded" in ice
    assert rse == " RSE beta-large .41 [.38,.44] n=60 to controls .33"


def strip_of(live) -> str:
    return "".join(text for piece in scores.rse_pieces(live, "alpha-chat") for text, _ in piece)


def test_a_mean_to_controls_is_called_no_floor(live):
    live.run.tags = {"gamma-7b": "SIMULATED"}
    live.apply(ev.ScoreUpdated("rse", ("alpha-chat", "gamma-7b"), 0.33, 0.3, 0.36, 60, 60, "cs"))
    assert strip_of(live) == " RSE to simulated controls .33"


def test_the_floor_is_the_scorers_where_it_tells_one(live):
    live.apply(ev.ScoreUpdated("rse", ("alpha-chat", "gamma-7b"), 0.33, 0.3, 0.36, 60, 60, "cs"))
    live.apply(ev.ScoreUpdated("rse.floor", ("alpha-chat",), 0.29, 0.2, 0.4, 60, 60, "cs"))
    assert strip_of(live) == " RSE floor .29"
    live.run.tags = {"gamma-7b": "SIMULATED"}  # left out of that floor by the scorer
    assert strip_of(live) == " RSE floor .29"
    live.run.tags = {"gamma-7b": "SIMULATED", "alpha-chat": "SIMULATED"}
    assert "simulated controls" in strip_of(live)


def test_several_samples_of_a_prompt_are_averaged_whatever_came_last(live):
    for row, value in ((10, 0.2), (20, 0.6)):
        live.apply(ev.RseScored(row, row + 1, "alpha-chat", "beta-large", "id-01", value, value, value))
    live.apply(ev.RseScored(30, 31, "alpha-chat", "beta-large", "id-02", 0.3, 0.3, 0.3))
    assert live.similarity("id-01") == pytest.approx(0.4)
    events = alike.events_of(live)
    assert len(events) == 3
    told = alike.prompts_of("beta-large", "alpha-chat", events)
    assert [(event.prompt_id, event.style) for event in told] == [("id-01", pytest.approx(0.4)), ("id-02", 0.3)]
