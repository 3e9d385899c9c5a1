"""Detail by keys: the user's own verdict over the detector's, kept with the answer."""

from __future__ import annotations

from textual.widgets import Static

from distq_tui.tui.records import OwnVerdict
from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.screens.detail import DetailScreen
from distq_tui.tui.widgets.text_view import TextView


def said(app) -> str:
    return str(app.screen.query_one("#said", Static).content)


async def test_o_goes_round_the_users_verdicts(make_app, house, wait_until):
    app = make_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes)
        house.run.start("alpha-chat")
        house.run.answer("alpha-chat", "I was made by OpenAI.", loose=True)
        await wait_until(pilot, lambda: app.live.state.done == 1)
        await pilot.press("home", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, DetailScreen) and "verdict" in said(app))
        for yours in ("loose 0 · strict 0", "loose 1 · strict 0", "loose 1 · strict 1"):
            await pilot.press("o")
            await wait_until(pilot, lambda yours=yours: f"yours        {yours}" in said(app))
        await pilot.press("o")
        await wait_until(pilot, lambda: "yours" not in said(app))
        asked = [call[2] for call in house.asked if call[0] == "override"]
        assert asked == [OwnVerdict(False, False), OwnVerdict(True, False), OwnVerdict(True, True), None]


async def test_u_shows_the_reasoning_above_the_answer_only(make_app, house, wait_until):
    app = make_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes)
        house.run.start("alpha-chat")
        house.run.answer("alpha-chat", "I am Foo.", reasoning="I should say who made me.")
        await wait_until(pilot, lambda: app.live.state.done == 1)
        await pilot.press("home", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, DetailScreen) and said(app))

        def rows() -> list[str]:
            view = app.screen.query_one("#text", TextView)
            return [view.render_line(y).text.rstrip() for y in range(3)]

        await wait_until(pilot, lambda: rows() == ["┊ reasoning, 25 characters; u shows it", "I am Foo.", ""])
        await pilot.press("u")
        unfolded = ["┊ reasoning; u folds it", "┊ I should say who made me.", "I am Foo."]
        await wait_until(pilot, lambda: rows() == unfolded)
        await pilot.press("v")
        await wait_until(pilot, lambda: rows() == ["I should say who made me.", "", ""])


async def test_nothing_is_overridden_where_there_is_no_verdict(make_app, house, wait_until):
    app = make_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes)
        await pilot.press("home", "enter", "o")
        await pilot.pause()
        assert not [call for call in house.asked if call[0] == "override"]
