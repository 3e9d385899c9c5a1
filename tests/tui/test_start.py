"""The start: what is imported before the first frame, what a database that can't be used leads to, and no colours."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from distq_tui.config.settings import load_settings
from distq_tui.errors import InputError
from distq_tui.tui.app import DistqApp
from distq_tui.tui.house.real import open_house
from distq_tui.tui.records import SessionLine
from distq_tui.tui.widgets.line_list import LineList

HEAVY = ("numpy", "scipy", "httpx", "httpx2", "openai", "anthropic", "sqlite_utils", "pydantic", "yaml", "xllamacpp")
LATER = ("distq_tui.events", "distq_tui.tui.services")
"""Our own modules of many classes, which cost as much as a small package."""


def test_nothing_heavy_is_imported_for_the_first_frame():
    code = f"import sys, distq_tui.tui.app; print([name for name in {HEAVY + LATER!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_a_database_that_cannot_be_used_ends_the_app_with_what_is_wrong(tmp_path, wait_until):
    foreign = tmp_path / "not-ours.db"
    foreign.write_bytes(b"this is no database, but a text of some length " * 50)

    async def make():
        return open_house(load_settings(database=foreign))

    app = DistqApp(make)
    async with app.run_test() as pilot:
        await wait_until(pilot, lambda: not app.is_running)
    assert isinstance(app.failure, InputError)
    assert str(foreign) in str(app.failure)


async def test_without_colours_claims_and_cursor_are_still_told_apart(make_app, house, wait_until, monkeypatch):
    from distq_tui import events as ev
    from distq_tui.tui.screens.compare import CompareScreen

    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app()
    async with app.run_test(size=(110, 30)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes)
        assert app.no_color
        house.run.start("alpha-chat")
        house.run.delta("alpha-chat", "I am Foo", marks=(ev.Mark(5, 8, "conflict", "r"),))
        pane = app.screen.panes[0]
        await wait_until(pilot, lambda: pane.text == "I am Foo")
        style = next(part.style for part in pane.render_line(0) if part.text == "Foo")
        assert style.reverse
        assert app.screen.query_one("#prompts").render_line(0).text.startswith("›▶r")


@pytest.mark.parametrize("theme", DistqApp.OFFERED_THEMES)
async def test_every_offered_theme_paints(make_app, house, wait_until, theme):
    from distq_tui.tui.screens.compare import CompareScreen

    app = make_app(theme=theme)
    async with app.run_test(size=(110, 30)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes)
        house.run.start("alpha-chat")
        house.run.answer("alpha-chat", "text", loose=True)
        await wait_until(pilot, lambda: app.screen.panes[0].text == "text")
        assert app.theme == theme
        assert "!C id-01" in app.screen.query_one("#prompts").render_line(0).text


async def test_screens_that_were_opened_before_the_database_fill_themselves(house, wait_until):
    house.session_lines = [SessionLine("20260102-aa", "one", "2026-01-02T03:04:05Z", "done", 1, 1, 0, 0)]
    ready = asyncio.Event()

    async def make():
        await ready.wait()
        return house

    app = DistqApp(make)
    async with app.run_test(size=(110, 30)) as pilot:
        await wait_until(pilot, lambda: app.screen.query("#sets"))
        await pilot.press("3")
        await wait_until(pilot, lambda: app.screen.query("#stored"))
        assert app.screen.query_one("#stored", LineList).count == 0
        ready.set()
        await wait_until(pilot, lambda: app.screen.query_one("#stored", LineList).count == 1)
        await pilot.press("n")
        await wait_until(pilot, lambda: app.screen.query_one("#sets", LineList).count > 0)
