"""Diff and Markdown by keys: what they show of an answer, and what they say where there is nothing to show."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.screens.detail import DetailScreen
from distq_tui.tui.screens.diff import DiffScreen
from distq_tui.tui.widgets.lines_view import LinesView

OWN, THEIRS = "I was made by DeepSeek.\n**Truly.**", "I was made by OpenAI.\n**Truly.**"


def shown(app, id: str) -> str:
    view = app.screen.query_one(id, LinesView)
    return "\n".join(view.render_line(y).text.rstrip() for y in range(view.size.height))


def header(app) -> str:
    return str(app.screen.query_one("#who", Static).content)


@pytest.fixture
async def open_at(make_app, house, wait_until):
    """Opens the app on Compare at a width, all answered."""

    async def run(pilot, app):
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes)
        for model, text in (("alpha-chat", OWN), ("beta-large", THEIRS)):
            house.run.start(model)
            house.run.answer(model, text)
        await wait_until(pilot, lambda: app.live.state.done == 2)
        await pilot.press("home")

    return run


async def test_d_shows_both_answers_in_columns_where_there_is_room(make_app, open_at, wait_until):
    app = make_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await open_at(pilot, app)
        await pilot.press("d")
        await wait_until(
            pilot, lambda: isinstance(app.screen, DiffScreen) and "[−OpenAI−]" in shown(app, "#difference")
        )
        first = shown(app, "#difference").splitlines()[0]
        assert first.index("[−OpenAI−]") < first.index("│") < first.index("{+DeepSeek+}")
        assert "beta-large" in header(app)
        await pilot.press("v")
        await wait_until(pilot, lambda: "made by [−OpenAI−]{+DeepSeek+}." in shown(app, "#difference"))
        assert app.screen.copy_text().startswith("I was made by [−OpenAI−]{+DeepSeek+}.")


async def test_d_shows_one_text_below_a_hundred_columns(make_app, open_at, wait_until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_at(pilot, app)
        await pilot.press("d")
        await wait_until(
            pilot,
            lambda: (
                isinstance(app.screen, DiffScreen) and "made by [−OpenAI−]{+DeepSeek+}." in shown(app, "#difference")
            ),
        )


async def test_several_references_are_stepped_through(make_app, house, scripted, plan_of, wait_until):
    house.run = scripted(plan_of([("a", "target"), ("b", "reference"), ("c", "reference")]))
    app = make_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes)
        for model in "abc":
            house.run.start(model)
            house.run.answer(model, f"from {model}")
        await wait_until(pilot, lambda: app.live.state.done == 3)
        await pilot.press("home", "d")
        await wait_until(pilot, lambda: isinstance(app.screen, DiffScreen) and "reference 1 of 2" in header(app))
        await pilot.press("o")
        await wait_until(pilot, lambda: "reference 2 of 2" in header(app) and "[−c−]" in shown(app, "#difference"))


async def test_a_reference_alone_and_an_unanswered_prompt_are_told(make_app, open_at, wait_until):
    app = make_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await open_at(pilot, app)
        await pilot.press("d", "right_square_bracket")
        await wait_until(pilot, lambda: "no reference to compare beta-large" in shown(app, "#difference"))
        await pilot.press("right_square_bracket")
        await wait_until(pilot, lambda: "gamma-7b has no answer to this prompt" in shown(app, "#difference"))


async def test_m_renders_a_finished_answer_and_gives_the_plain_one_back(make_app, open_at, wait_until):
    app = make_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await open_at(pilot, app)
        await pilot.press("m")
        await wait_until(pilot, lambda: isinstance(app.screen, DetailScreen) and "Truly." in shown(app, "#markdown"))
        assert "**" not in shown(app, "#markdown")
        assert app.screen.focused is app.screen.query_one("#markdown")
        await pilot.press("m")
        assert not app.screen.query_one("#markdown").display
        assert app.screen.focused is app.screen.query_one("#text")
        await pilot.press("right_square_bracket", "right_square_bracket", "m")
        assert not app.screen.query_one("#markdown").display  # gamma-7b was not asked yet
