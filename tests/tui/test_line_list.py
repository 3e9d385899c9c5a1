"""The line list: it asks only for lines in sight, keeps its cursor in sight, and tells who moved it."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from distq_tui.tui.widgets.line_list import LineList


class Host(App[None]):
    CSS = "LineList { width: 30; height: 8; }"

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[int] = set()
        self.told: list[object] = []

    def line(self, index: int):
        self.asked.add(index)
        return [(f"line {index}", "")]

    def compose(self) -> ComposeResult:
        yield LineList(self.line, empty="nothing here")

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self.told.append((event.index, event.by_user))

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        self.told.append(("chosen", event.index))


@pytest.fixture
async def pilot():
    app = Host()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        app.query_one(LineList).focus()
        await pilot.pause()
        yield pilot


def lines_of(pilot) -> LineList:
    return pilot.app.query_one(LineList)


async def test_empty_says_so(pilot):
    assert lines_of(pilot).render_line(0).text.strip() == "nothing here"


async def test_a_hundred_thousand_lines_cost_what_is_in_sight(pilot):
    lines_of(pilot).set_count(100_000)
    await pilot.pause()
    await pilot.press("end")
    await pilot.pause()
    assert lines_of(pilot).cursor == 99_999
    assert len(pilot.app.asked) <= 40
    assert "line 99999" in lines_of(pilot).render_line(7).text


async def test_keys_move_and_choose(pilot):
    lines_of(pilot).set_count(20)
    await pilot.press("down", "down", "up", "pagedown", "enter")
    await pilot.pause()
    assert pilot.app.told[-1] == ("chosen", 8)
    assert (1, True) in pilot.app.told


async def test_the_program_moves_without_being_the_user(pilot):
    lines_of(pilot).set_count(20)
    lines_of(pilot).move_to(5, by_user=False)
    await pilot.pause()
    assert pilot.app.told == [(5, False)]


async def test_a_click_moves_and_a_second_chooses(pilot):
    lines_of(pilot).set_count(20)
    await pilot.pause()
    await pilot.click(LineList, offset=(3, 4))
    await pilot.pause()
    assert lines_of(pilot).cursor == 4
    await pilot.click(LineList, offset=(3, 4), times=2)
    await pilot.pause()
    assert ("chosen", 4) in pilot.app.told


async def test_the_cursor_is_a_sign_and_not_only_a_colour(pilot):
    lines_of(pilot).set_count(3)
    await pilot.press("down")
    await pilot.pause()
    assert [lines_of(pilot).render_line(y).text[0] for y in range(3)] == [" ", "›", " "]


async def test_fewer_lines_pull_the_cursor_back(pilot):
    lines_of(pilot).set_count(20)
    lines_of(pilot).move_to(15)
    lines_of(pilot).set_count(4)
    assert lines_of(pilot).cursor == 3
    assert lines_of(pilot).scroll_offset.y == 0
