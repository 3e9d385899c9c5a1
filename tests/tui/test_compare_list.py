"""Compare's list of prompts: what a line says, what a filter lets through, and the way to flagged ones."""

from __future__ import annotations

from dataclasses import replace

import pytest
from compare_screen import list_line, pane_of
from textual.widgets import Input, Static

from distq_tui import events as ev
from distq_tui.tui.lines.search import Search
from distq_tui.tui.widgets import prompt_side
from distq_tui.tui.widgets.line_list import LineList


async def test_the_line_above_the_panes_says_what_the_row_asks(compare, wait_until):
    _, pilot, screen = compare
    asked = screen.query_one("#asked", Static)
    await wait_until(pilot, lambda: str(asked.content) == "Question 1: who made you?  id-01")
    await pilot.press("down")
    await wait_until(pilot, lambda: "Question 2" in str(asked.content))


@pytest.fixture
def long_ids(house):
    """Must stand before `compare`: prompts whose names are longer than the list and differ at their end."""
    plan = house.run.plan
    probes = tuple(
        replace(probe, prompt_id=f"a-prompt-of-many-words-that-ends-in-{n}") for n, probe in enumerate(plan.probes)
    )
    house.run = type(house.run)(replace(plan, probes=probes))


async def test_the_scroll_bar_hides_no_end_of_a_name(long_ids, compare):
    _, _, screen = compare
    room = screen.query_one("#prompts", LineList).scrollable_content_region.width
    assert [list_line(screen, n)[:room][-2:] for n in range(4)] == ["-0", "-1", "-2", "-3"]


async def test_filter_narrows_the_list_and_escape_widens_it(compare, house, wait_until):
    _, pilot, screen = compare
    await pilot.press("slash", *"id-03")
    prompts = screen.query_one("#prompts", LineList)
    await wait_until(pilot, lambda: prompts.count == 1)
    assert list_line(screen, 0).endswith("id-03")
    await pilot.press("enter")
    await pilot.pause()
    assert prompts.has_focus
    await pilot.press("escape")
    await wait_until(pilot, lambda: prompts.count == 4)


class Held(Search):
    """As over a long list: it gets on only when it is let."""

    let = False

    def go_on(self) -> None:
        if self.let:
            super().go_on()


async def test_a_long_list_is_filtered_while_the_window_goes_on(compare, wait_until, monkeypatch):
    monkeypatch.setattr(prompt_side, "Search", Held)
    _, pilot, screen = compare
    prompts, query = screen.query_one("#prompts", LineList), screen.query_one("#query", Input)
    counts: list[int] = []
    monkeypatch.setattr(prompts, "set_count", lambda count, keep=True: counts.append(count))
    for typed in ("id-03", "id-0", "zebra"):
        query.value = typed
        await pilot.pause()
        assert prompts.border_subtitle == "filtering…"
    assert counts == [], "what stood there stays until all is seen"
    monkeypatch.setattr(Held, "let", True)
    await wait_until(pilot, lambda: prompts.border_subtitle != "filtering…")
    assert counts == [0], "only the last one's"
    monkeypatch.setattr(Held, "let", False)
    query.value = "id-02"
    await pilot.pause()
    query.value = ""
    await wait_until(pilot, lambda: len(counts) > 1)
    monkeypatch.setattr(Held, "let", True)
    await pilot.pause(0.1)
    assert counts == [0, 4]


async def test_a_filter_of_answers_lets_through_what_comes_during_the_run(compare, house, wait_until):
    _, pilot, screen = compare
    await pilot.press("slash", *"is:done", "enter")
    prompts = screen.query_one("#prompts", LineList)
    await wait_until(pilot, lambda: prompts.count == 0)
    for model in ("alpha-chat", "beta-large", "gamma-7b"):
        house.run.answer(model, "A duck.")
    await wait_until(pilot, lambda: prompts.count == 1)
    assert list_line(screen, 0).endswith("id-01")


async def test_a_score_that_comes_later_is_painted_beside_its_prompt(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat")
    await wait_until(pilot, lambda: list_line(screen, 0) == "›▶r id-01")
    house.run.put(ev.RseScored(1, 2, "alpha-chat", "beta-large", "id-01", 0.5, 0.4, 0.3))
    await wait_until(pilot, lambda: list_line(screen, 0).split() == ["›▶r", "id-01", ".40"])
    assert list_line(screen, 1).split() == ["·w", "id-02"]


async def test_a_filter_without_a_hit_keeps_the_panes_and_says_so(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat", "id-02")
    house.run.delta("alpha-chat", "half an answer", "id-02")
    pane = pane_of(screen, "alpha-chat")
    await wait_until(pilot, lambda: pane.text == "half an answer")
    await pilot.press("slash", *"zebra")
    prompts = screen.query_one("#prompts", LineList)
    await wait_until(pilot, lambda: prompts.count == 0)
    said = " ".join(list_line(screen, at).strip() for at in range(3)).strip()
    assert said == "no prompt matches 'zebra'; esc clears"
    house.run.delta("alpha-chat", ", and more", "id-02")
    await wait_until(pilot, lambda: pane.text == "half an answer, and more", "the pane streams on")
    assert "Question 2" in str(screen.query_one("#asked", Static).content)
    await pilot.press("escape")
    await wait_until(pilot, lambda: prompts.count == 4)
    assert screen.row == ("id-02", 0), "where one was"


async def test_next_flagged_jumps_over_the_others(compare, house, wait_until):
    _, pilot, screen = compare
    house.run.start("alpha-chat", "id-03")
    house.run.answer("alpha-chat", "I am Foo", "id-03", marks=(ev.Mark(5, 8, "conflict"),), loose=True)
    await wait_until(pilot, lambda: list_line(screen, 2).endswith("!C id-03"))
    await pilot.press("home", "right_curly_bracket")
    await pilot.pause()
    assert screen.row == ("id-03", 0)
