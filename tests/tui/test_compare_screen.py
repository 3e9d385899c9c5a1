"""Compare: what a run's events make of panes, list and strip, and what its keys do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from compare_screen import list_line, pane_of, strip, subtitle, title
from textual.geometry import Region
from textual.widgets import Static

from distq_tui import events as ev
from distq_tui.tui.widgets.title_bar import TitleBar

NARROW = (80, 24)


@pytest.fixture
def simulated(house):
    """Must stand before `compare`: gamma-7b is a scripted persona."""
    house.run.tags = {"gamma-7b": "SIMULATED"}


@pytest.fixture
def long_name(house):
    """Must stand before `compare`: a session whose name is wider than a narrow screen."""
    house.run = type(house.run)(replace(house.run.plan, name="a name of many words " * 6), house.run.tags)


@pytest.fixture
def broken(house):
    """Must stand before `compare`: the run's events end in an error that nobody planned for."""

    async def events():
        raise OSError("disk full")
        yield

    house.run.events = events


async def test_text_streams_into_the_pane_of_its_model(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat")
    house.run.delta("alpha-chat", "I was made ")
    house.run.delta("alpha-chat", "by OpenAI.")
    await wait_until(pilot, lambda: pane_of(screen, "alpha-chat").text == "I was made by OpenAI.")
    assert pane_of(screen, "beta-large").text == ""
    await wait_until(pilot, lambda: subtitle(screen, "alpha-chat") == "~5 tok · 0.0s · ▶ FOLLOW")
    assert "waiting" in subtitle(screen, "beta-large")


async def test_a_finished_answer_tells_tokens_time_and_state(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat")
    house.run.answer("alpha-chat", "x" * 40, cached=True)
    await wait_until(pilot, lambda: subtitle(screen, "alpha-chat") == "10 tok · 9.0/s · ✓ cached")


async def test_what_a_session_asked_for_before_is_called_resumed(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.answer("alpha-chat", "x" * 40, resumed=True)
    await wait_until(pilot, lambda: subtitle(screen, "alpha-chat") == "10 tok · 9.0/s · ✓ resumed")


async def test_a_retry_voids_the_text_and_says_why(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat")
    house.run.delta("alpha-chat", "half an ans")
    house.run.put(ev.TrialRetry("alpha-chat/id-01", "alpha-chat", "id-01", 0, 1, 2.5, "429 slow down"))
    await wait_until(pilot, lambda: "retry in 2.5 s" in subtitle(screen, "alpha-chat"))
    house.run.start("alpha-chat", attempt=2)
    house.run.delta("alpha-chat", "whole")
    await wait_until(pilot, lambda: pane_of(screen, "alpha-chat").text == "whole")
    assert "1 retry" in strip(screen)


async def test_a_subtitle_as_wide_as_there_is_room_is_painted_whole(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat")
    house.run.put(ev.TrialRetry("alpha-chat/id-01", "alpha-chat", "id-01", 0, 1, 2.5, "a b c d e f g h i j k l m n o"))
    pane = pane_of(screen, "alpha-chat")
    await wait_until(pilot, lambda: pane.region.width - len(subtitle(screen, "alpha-chat")) in {6, 7}, "no word more")
    last = pane.render_lines(Region(0, pane.region.height - 1, pane.region.width, 1))[0].text
    assert f" {subtitle(screen, 'alpha-chat')} " in last


async def test_scrolling_up_pauses_and_end_follows_again(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat")
    house.run.delta("alpha-chat", "line\n" * 100)
    await wait_until(pilot, lambda: "FOLLOW" in subtitle(screen, "alpha-chat"))
    pane = pane_of(screen, "alpha-chat")
    pane.focus()
    await pilot.press("up")
    await wait_until(pilot, lambda: subtitle(screen, "alpha-chat").endswith("▶ PAUSED"))
    house.run.delta("alpha-chat", "line\n" * 7)
    await wait_until(pilot, lambda: subtitle(screen, "alpha-chat").endswith("▶ PAUSED +7"))
    await pilot.press("end")
    await wait_until(pilot, lambda: subtitle(screen, "alpha-chat").endswith("▶ FOLLOW"))
    house.run.delta("alpha-chat", "line\n" * 7)
    await wait_until(pilot, lambda: pane.virtual_size.height == 115)
    assert pane.below == 0


async def test_one_who_reads_is_not_turned_to_the_next_prompt(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat")
    house.run.delta("alpha-chat", "line\n" * 100)
    pane = pane_of(screen, "alpha-chat")
    await wait_until(pilot, lambda: pane.below == 0 and pane.virtual_size.height == 101)
    pane.focus()
    await pilot.press("up")
    await wait_until(pilot, lambda: "FOLLOW" not in title(screen))
    house.run.answer("alpha-chat", "line\n" * 100)
    house.run.start("alpha-chat", "id-02")
    await wait_until(pilot, lambda: list_line(screen, 1).startswith(" ▶r"))
    assert screen.row == ("id-01", 0)
    await pilot.press("end")
    await wait_until(pilot, lambda: screen.row == ("id-02", 0))
    assert "FOLLOW" in title(screen)


async def test_a_failure_keeps_the_text_and_is_told_in_words(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat")
    house.run.answer("alpha-chat", "partial", cls="incomplete", error="the stream was cut")
    await wait_until(pilot, lambda: "incomplete" in subtitle(screen, "alpha-chat"))
    pane = pane_of(screen, "alpha-chat")
    assert pane.text == "partial"
    assert any("the stream was cut" in pane.render_line(y).text for y in range(5))
    assert list_line(screen, 0) == "›✗f id-01"
    assert "1 failed" in strip(screen)


async def test_reasoning_is_not_shown_as_the_answer(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat")
    house.run.delta("alpha-chat", "", reasoning="let me think")
    await wait_until(pilot, lambda: "thinking 12 chars" in subtitle(screen, "alpha-chat"))
    assert pane_of(screen, "alpha-chat").text == ""


async def test_reasoning_is_one_line_until_a_key_unfolds_it(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat")
    house.run.delta("alpha-chat", "", reasoning="I should say\nwho made me. ")
    pane = pane_of(screen, "alpha-chat")

    def rows(number: int) -> list[str]:
        return [pane.render_line(y).text.rstrip() for y in range(number)]

    await wait_until(pilot, lambda: rows(2) == ["┊ reasoning 26 chars; u shows", "thinking…"])
    house.run.answer("alpha-chat", "I am Foo.", reasoning="I should say\nwho made me. ")
    await wait_until(pilot, lambda: rows(2) == ["┊ reasoning 26 chars; u shows", "I am Foo."])
    await pilot.press("u")
    unfolded = ["┊ reasoning; u folds it", "┊ I should say", "┊ who made me.", "I am Foo."]
    await wait_until(pilot, lambda: rows(4) == unfolded)
    await pilot.press("u")
    await wait_until(pilot, lambda: rows(3) == ["┊ reasoning 26 chars; u shows", "I am Foo.", ""])


async def test_a_contradicting_claim_is_marked_in_text_title_and_list(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat")
    text = "I was made by OpenAI."
    house.run.answer("alpha-chat", text, marks=(ev.Mark(0, 20, "conflict", "maker"),), loose=True)
    await wait_until(pilot, lambda: list_line(screen, 0) == "›!C id-01")
    pane = pane_of(screen, "alpha-chat")
    assert pane.has_class("-conflict")
    assert next(part for part in pane.render_line(0) if "I was made" in part.text).style.reverse


async def test_scores_and_progress_stand_below(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat")
    house.run.answer("alpha-chat", "hello there")
    house.run.put(ev.ScoreUpdated("ice.strict", ("alpha-chat",), 0.22, 0.15, 0.31, 84, 84, "cs"))
    await wait_until(pilot, lambda: ".22 [.15,.31]" in strip(screen))
    assert "1/12" in strip(screen)
    assert "contradicts" in strip(screen), "the legend"


async def test_simulated_models_say_so_on_pane_and_title(simulated, compare, wait_until):
    _, pilot, screen = compare
    assert pane_of(screen, "gamma-7b").border_title.startswith("[$text-warning]SIMULATED")
    await wait_until(pilot, lambda: "1 of 3 SIMULATED" in title(screen), "the others are live ones")


async def test_where_all_are_simulated_the_title_says_no_number(house, compare, wait_until):
    _, pilot, screen = compare
    house.run.tags = dict.fromkeys(("alpha-chat", "beta-large", "gamma-7b"), "SIMULATED")
    await wait_until(pilot, lambda: "  SIMULATED scripted" in title(screen))


@pytest.mark.parametrize("compare", [NARROW], indirect=True)
async def test_no_session_name_takes_the_room_of_the_tag(simulated, long_name, compare, wait_until):
    _, pilot, screen = compare
    await wait_until(pilot, lambda: "SIMULATED a name" in title(screen))
    assert "SIMULATED a" in screen.query_one(TitleBar).render_line(0).text


async def test_that_only_a_control_contradicts_is_told_apart(compare, house, wait_until):
    app, pilot, screen = compare
    for model in ("alpha-chat", "beta-large"):
        house.run.start(model)
        house.run.answer(model, "I am a model.")
    house.run.start("gamma-7b")
    house.run.answer("gamma-7b", "I am Foo", marks=(ev.Mark(5, 8, "conflict"),), loose=True)
    await wait_until(pilot, lambda: list_line(screen, 0) == "›†c id-01")
    assert "†c only a control" in strip(screen)
    await pilot.press("f1")
    await wait_until(pilot, lambda: app.screen.query(".dialog"))
    assert "c one of a control only" in " ".join(str(app.screen.query_one(Static).content).split())


async def test_the_list_follows_the_run_until_a_key_moves_it(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat", "id-02")
    await wait_until(pilot, lambda: screen.row == ("id-02", 0), "follows")
    await pilot.press("down")
    house.run.answer("alpha-chat", "x", "id-02")
    house.run.start("alpha-chat", "id-04")
    await wait_until(pilot, lambda: list_line(screen, 3).endswith("▶r id-04"))
    assert screen.row == ("id-03", 0)
    await pilot.press("f")
    await wait_until(pilot, lambda: screen.row == ("id-04", 0), "follows again")


async def test_pause_and_stop_are_told_to_the_run(compare, house, wait_until):
    _, pilot, screen = compare
    await pilot.press("space")
    await wait_until(pilot, lambda: "PAUSED" in strip(screen))
    await pilot.press("space")
    await wait_until(pilot, lambda: "PAUSED" not in strip(screen))
    await pilot.press("x")
    await wait_until(pilot, lambda: "stopped in" in strip(screen))
    assert house.run.commands == ["pause", "resume", "stop"]
    await pilot.press("space")
    await pilot.pause()
    assert house.run.commands[-1] == "stop", "nothing runs any more"


async def test_retry_goes_on_with_the_plan_only_where_something_is_missing(compare, house, wait_until):
    app, pilot, screen = compare
    assert screen.check_action("retry", ()) is False
    house.run.start("alpha-chat")
    house.run.answer("alpha-chat", "", cls="error", error="refused")
    house.run.finish(failed=1)
    await wait_until(pilot, lambda: screen.check_action("retry", ()))
    await pilot.press("r")
    await wait_until(pilot, lambda: app.live.run is not house.run)
    assert house.asked[-1] == ("again", house.run.plan)


async def test_a_run_that_breaks_off_says_so_and_leaves_the_app_alive(broken, compare, wait_until):
    app, pilot, screen = compare
    await wait_until(pilot, lambda: "disk full" in strip(screen))
    assert app.is_running


@pytest.mark.parametrize("compare", [NARROW], indirect=True)
async def test_narrow_shows_one_pane_with_tabs(compare):
    _, pilot, screen = compare
    await pilot.pause()
    assert [pane.display for pane in screen.panes] == [True, False, False]
    tabs = screen.query_one("#tabs", Static)
    assert "[alpha-chat]" in str(tabs.content)
    await pilot.press("right")
    await pilot.pause()
    assert [pane.display for pane in screen.panes] == [False, True, False]
    assert "[beta-large]" in str(tabs.content)
    assert screen.panes[1].has_focus


async def test_wide_shows_all_and_z_maximises_one(compare):
    _, pilot, screen = compare
    await pilot.pause()
    assert all(pane.display for pane in screen.panes)
    await pilot.press("right", "z")
    await pilot.pause()
    assert [pane.display for pane in screen.panes] == [False, True, False]
    assert not screen.query_one("#side").display
    await pilot.press("escape")
    await pilot.pause()
    assert all(pane.display for pane in screen.panes)


@pytest.mark.parametrize("compare", [NARROW], indirect=True)
async def test_a_hidden_pane_shows_all_when_it_comes(compare, house, wait_until):
    app, pilot, screen = compare
    pane = pane_of(screen, "beta-large")
    await wait_until(pilot, lambda: not pane.display)
    house.run.start("beta-large")
    for _ in range(5):
        house.run.delta("beta-large", "word ")
    cells = app.live.state.cells
    key = ("beta-large", "id-01", 0)
    await wait_until(pilot, lambda: key in cells and cells[key].text == "word " * 5)
    assert pane.text == ""
    await pilot.press("right")
    await wait_until(pilot, lambda: pane.text == "word " * 5)


async def test_enter_opens_the_answer_with_its_claims_and_request(compare, house, wait_until):
    app, pilot, screen = compare
    house.run.start("alpha-chat")
    house.run.answer("alpha-chat", "I was made by OpenAI.", marks=(ev.Mark(0, 20, "conflict", "maker"),), loose=True,
                     reasoning="hidden thoughts")  # fmt: skip
    await wait_until(pilot, lambda: pane_of(screen, "alpha-chat").text)
    await pilot.press("enter")
    await wait_until(pilot, lambda: app.screen is not screen and app.screen.query("#said"))
    said = str(app.screen.query_one("#said", Static).content)
    assert "contradicts the facts · maker · 0–20" in said
    assert "served by" in said
    view = app.screen.query_one("#text")
    assert view.text == "I was made by OpenAI."
    await pilot.press("v")
    await wait_until(pilot, lambda: view.text == "hidden thoughts")
    await pilot.press("v")
    await wait_until(pilot, lambda: "who made you?" in view.text)
    assert "key none" in view.text
    await pilot.press("right")
    await pilot.pause()
    assert "beta-large" in str(app.screen.query_one("#asked", Static).content)
    await pilot.press("escape")
    await wait_until(pilot, lambda: app.screen is screen)


async def test_copy_takes_the_answer(compare, house, wait_until):
    app, pilot, screen = compare
    house.run.start("alpha-chat")
    house.run.delta("alpha-chat", "the answer")
    await wait_until(pilot, lambda: pane_of(screen, "alpha-chat").text)
    await pilot.press("y")
    await pilot.pause()
    assert app.clipboard == "the answer"


async def test_a_finished_answer_is_read_from_its_top_and_a_running_one_at_its_end(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat", "id-02")
    house.run.delta("alpha-chat", "line\n" * 200, "id-02")
    pane = screen.panes[0]
    await wait_until(pilot, lambda: len(pane.text) == 1000)
    assert pane.at_end
    house.run.answer("alpha-chat", "line\n" * 200, "id-02")
    await wait_until(pilot, lambda: "done" in subtitle(screen, "alpha-chat"))
    assert pane.at_end, "finishing moves nothing"
    await pilot.press("up")
    await pilot.press("down")
    await wait_until(pilot, lambda: pane.text and pane.scroll_offset.y == 0)


async def test_a_model_that_is_given_up_says_why_in_its_pane(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat")
    house.run.answer("alpha-chat", "", cls="error", error="401 no such key")
    house.run.put(ev.ModelAbandoned("alpha-chat", "401 no such key"))
    await pilot.press("down")
    pane = screen.panes[0]
    await wait_until(pilot, lambda: "not asked" in subtitle(screen, "alpha-chat"))
    assert "not asked further: 401 no such" in pane.render_line(0).text
    await pilot.press("up")
    await wait_until(pilot, lambda: "error" in subtitle(screen, "alpha-chat"))


async def test_the_pane_of_a_model_says_what_is_made_for_it(compare, house, wait_until):
    app, pilot, screen = compare

    def first(model: str) -> str:
        return pane_of(screen, model).render_line(0).text.strip()

    app.preparing = "making alpha-chat 40%"
    await wait_until(pilot, lambda: first("alpha-chat") == "preparing: making alpha-chat 40%")
    house.run.start("alpha-chat")
    await wait_until(pilot, lambda: "running" in subtitle(screen, "alpha-chat"))
    app.preparing = "making alpha-chat 80%"
    await wait_until(pilot, lambda: first("alpha-chat") == "preparing: making alpha-chat 80%")
    assert first("beta-large") == ""
    app.preparing = ""
    await wait_until(pilot, lambda: first("alpha-chat") == "")


async def test_detail_says_not_asked_yet_and_its_help_is_for_users(compare, wait_until):
    app, pilot, screen = compare
    await pilot.press("enter")
    await wait_until(pilot, lambda: app.screen is not screen and app.screen.query("#said"))
    view = app.screen.query_one("#text")
    await wait_until(pilot, lambda: view.render_line(0).text.strip() == "not asked yet")
    await pilot.press("f1")
    await wait_until(pilot, lambda: app.screen.query(".dialog"))
    said = str(app.screen.query_one(Static).content)
    assert "One answer in full." in said
    assert "Args" not in said
    assert "Answer, reasoning, request, curl" in said
