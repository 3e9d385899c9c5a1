"""The lines below the panes: whatever the width, numbers stay and names are cut."""

from __future__ import annotations

import pytest

from distq_tui import events as ev
from distq_tui.tui.lines import scores, strip
from distq_tui.tui.live import LiveRun

LONG = "smollm2-135m-instruct-q4_0"
TARGET = "some-vendor-chat-instruct-2026-01-preview"
NUMBERS = (".22 [.15,.31]", "84 cl", ".41 [.38,.44]", "n=60", ".33", "12 excl")


def live_of(scripted, plan_of, *references: str) -> LiveRun:
    """A scored target beside references and a simulated control."""
    names = [(TARGET, "target"), *((name, "reference") for name in references), ("gamma-7b", "control")]
    live = LiveRun(scripted(plan_of(names), {"gamma-7b": "SIMULATED"}), lambda: 0.0)
    live.apply(ev.RunStarted("s1", "n", 12, tuple(live.titles), ""))
    live.apply(ev.ScoreUpdated("ice.strict", (TARGET,), 0.22, 0.15, 0.31, 84, 84, "cs", {"error": 12}))
    live.apply(ev.ScoreUpdated("rse", (TARGET, "gamma-7b"), 0.33, 0.30, 0.36, 60, 60, "cs"))
    for name in references:
        live.apply(ev.ScoreUpdated("rse", (TARGET, name), 0.41, 0.38, 0.44, 60, 60, "cs"))
    return live


def texts(lines: list[strip.Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


@pytest.mark.parametrize("width", [78, 98, 118, 158])
@pytest.mark.parametrize("references", [(LONG,), (LONG, "beta-large"), (LONG, "b" * 30, "c" * 30)])
def test_no_number_is_cut(scripted, plan_of, width, references):
    lines = texts(strip.score_lines(live_of(scripted, plan_of, *references), [TARGET], width))
    assert all(len(line) <= width for line in lines)
    said = " ".join(lines)
    assert all(number in said for number in NUMBERS)
    assert said.count(".41 [.38,.44]") == len(references)
    assert lines[0].startswith("some")


def test_one_reference_takes_one_line_of_98_columns_and_names_give_way(scripted, plan_of):
    lines = texts(strip.score_lines(live_of(scripted, plan_of, LONG), [TARGET], 98))
    assert len(lines) == 1
    assert TARGET not in lines[0]
    assert "…" in lines[0]


@pytest.mark.parametrize("width", [78, 98, 118, 158, 240])
def test_all_models_are_told_in_one_form(scripted, plan_of, width):
    live = live_of(scripted, plan_of, LONG, "beta-large")
    lines = texts(strip.score_lines(live, live.titles, width))
    assert len({"ICE strict" in line for line in lines if "ICE" in line}) == 1
    assert all(len(line) <= width for line in lines)
    assert sum("ICE" in line for line in lines) == len(live.titles)


def test_a_wide_line_has_whole_names_and_the_interval_drawn(scripted, plan_of):
    (line,) = texts(strip.score_lines(live_of(scripted, plan_of, LONG), [TARGET], 240))
    assert line.startswith(f"{TARGET} ICE strict .22 [.15,.31] 84 clusters ")
    assert f"RSE {LONG} .41" in line
    assert "●" in line


@pytest.mark.parametrize(
    ("width", "legend"),
    [
        (118, "claims: contradicts own other · list: !C contradicts †c only a control"),
        (100, "contradicts own other · !C contradicts †c only a control"),
        (80, "claims: contradicts own other"),
        (52, "contradicts own other"),
    ],
)
def test_the_legend_takes_the_form_that_there_is_room_for(scripted, plan_of, width, legend):
    (said,) = texts([strip.progress_line(live_of(scripted, plan_of), width)])
    assert said.endswith(f"  {legend}")
    assert len(said) <= width


def test_without_room_there_is_no_legend(scripted, plan_of):
    (said,) = texts([strip.progress_line(live_of(scripted, plan_of), 30)])
    assert "contradicts" not in said
    assert "0/12" in said


@pytest.mark.parametrize(
    ("reason", "told"),
    [("budget_requests", "stopped by max_requests"), ("budget_cost", "stopped by max_cost"), ("done", "done")],
)
def test_the_end_is_told_by_the_name_under_which_a_budget_is_set(scripted, plan_of, reason, told):
    live = live_of(scripted, plan_of)
    live.apply(ev.RunFinished(reason, 12, 12, 0, 0, 12, 0, None, ""))
    assert f" · {told} in " in texts([scores.progress_spans(live)])[0]


def test_resumed_answers_are_counted_apart_from_cached_ones(scripted, plan_of):
    live = live_of(scripted, plan_of)
    for number, resumed in enumerate((True, False, True)):
        response = ev.Response("ok", "text")
        live.apply(ev.TrialFinished("k", TARGET, f"id-{number}", 0, response, True, number, resumed=resumed))
    assert " 3/12 · 2 resumed · 1 cached · " in texts([scores.progress_spans(live)])[0]


def test_a_stored_session_says_no_more_than_that_its_budget_ended_it(scripted, plan_of):
    live = LiveRun(scripted(plan_of(), stored=True), lambda: 0.0)
    live.apply(ev.RunFinished("budget_requests", 12, 12, 0, 0, 12, 0, None, ""))
    assert texts([scores.progress_spans(live)])[0].endswith(" · stopped by its budget")


@pytest.mark.parametrize(("clusters", "told"), [(1, "1 cluster"), (2, "2 clusters")])
def test_one_cluster_is_no_plural(scripted, plan_of, clusters, told):
    live = live_of(scripted, plan_of)
    live.apply(ev.ScoreUpdated("ice.strict", (TARGET,), 0.22, 0.15, 0.31, 84, clusters, "cs"))
    assert texts([scores.ice_spans(live, TARGET)]) == [f"ICE strict .22 [.15,.31] {told}"]
