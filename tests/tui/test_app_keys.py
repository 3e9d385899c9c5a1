"""Keys that work everywhere: help, palette, quit; sessions, report, export and themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.widgets import Input, Static

from distq_tui import events as ev
from distq_tui.tui.modals.confirm import ConfirmModal
from distq_tui.tui.modals.export import ExportModal
from distq_tui.tui.modals.help import HelpModal
from distq_tui.tui.records import SessionLine
from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.prompt_side import PromptList

AT = "2026-01-02T03:04:05Z"
MODES = {"1": "compare", "2": "matrix", "3": "sessions", "4": "report", "n": "setup"}


@pytest.fixture
async def app(make_app, wait_until):
    app = make_app(start="setup")
    async with app.run_test(size=(100, 30)) as pilot:
        app.pilot = pilot
        await wait_until(pilot, lambda: app.house is not None and app.screen.query("#sets"))
        yield app


@pytest.fixture
async def running(app, wait_until):
    await app.pilot.press("d")
    await wait_until(app.pilot, lambda: isinstance(app.screen, CompareScreen) and app.live.state.session)
    return app


@pytest.mark.parametrize("key", MODES)
async def test_help_and_palette_open_on_every_screen(app, wait_until, key):
    pilot = app.pilot
    await pilot.press(key)
    await wait_until(pilot, lambda: app.current_mode == MODES[key])
    await pilot.press("f1")
    await wait_until(pilot, lambda: isinstance(app.screen, HelpModal))
    said = str(app.screen.query_one(Static).content)
    assert "Help" in said
    await pilot.press("ctrl+p")
    await wait_until(pilot, lambda: isinstance(app.screen, CommandPalette))
    await pilot.press("escape")
    await wait_until(pilot, lambda: isinstance(app.screen, HelpModal))
    await pilot.press("f1")
    await wait_until(pilot, lambda: not isinstance(app.screen, HelpModal))


async def test_a_palette_command_does_what_its_key_does(running, house, wait_until):
    pilot = running.pilot
    await pilot.press("ctrl+p")
    await wait_until(pilot, lambda: isinstance(running.screen, CommandPalette))
    await pilot.press(*"run: pause")
    await wait_until(pilot, lambda: running.screen.query_one("CommandList").option_count)
    await pilot.press("down", "enter")
    await wait_until(pilot, lambda: house.run.commands == ["pause"])


async def test_ctrl_q_quits_with_0_where_nothing_runs(app, house, wait_until):
    await app.pilot.press("ctrl+q")
    await wait_until(app.pilot, lambda: not app.is_running)
    assert app.return_value == 0
    assert house.closed


async def test_quitting_while_running_asks_once_and_lets_the_run_end(running, house, wait_until):
    pilot = running.pilot
    await pilot.press("ctrl+q")
    await wait_until(pilot, lambda: isinstance(running.screen, ConfirmModal))
    await pilot.press("ctrl+q", "n")
    await wait_until(pilot, lambda: isinstance(running.screen, CompareScreen))
    assert house.run.commands == []
    await pilot.press("ctrl+q")
    await wait_until(pilot, lambda: isinstance(running.screen, ConfirmModal))
    await pilot.press("y")
    await wait_until(pilot, lambda: not running.is_running)
    assert house.run.commands == ["stop"]
    assert running.live.state.finished is not None, "the closing events were awaited"
    assert house.closed


async def test_export_writes_by_suffix_and_says_what_is_wrong(running, house, wait_until, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    pilot = running.pilot
    await pilot.press("e")
    await wait_until(pilot, lambda: isinstance(running.screen, ExportModal))
    path = running.screen.query_one("#path", Input)
    assert path.value == "scripted.html"
    path.value = "report.docx"
    await pilot.press("enter")
    await wait_until(pilot, lambda: "must end in" in str(running.screen.query_one("#said", Static).content))
    path.value = "nowhere/report.md"
    await pilot.press("enter")
    await wait_until(pilot, lambda: "cannot be written" in str(running.screen.query_one("#said", Static).content))
    await pilot.click("#as-csv")
    await pilot.pause()
    assert path.value == "nowhere/report.csv"
    path.value = "out.csv"
    path.focus()
    await pilot.press("enter")
    await wait_until(pilot, lambda: not isinstance(running.screen, ExportModal))
    assert house.asked[-1] == ("export", "s1", Path("out.csv"))
    assert [note.message for note in running._notifications] == [f"Written: {tmp_path}/out.csv"]


@pytest.mark.parametrize(
    ("typed", "made"), [("", "scripted.md"), (".", "scripted.md"), ("./", "scripted.md"), ("/", "/scripted.md"),
                        ("..", "../scripted.md"), ("a.b", "a.md")]
)  # fmt: skip
async def test_a_format_gives_a_folder_the_sessions_name(running, wait_until, typed, made):
    await running.pilot.press("e")
    await wait_until(running.pilot, lambda: isinstance(running.screen, ExportModal))
    path = running.screen.query_one("#path", Input)
    path.value = typed
    running.screen.query_one("#as-md").focus()
    await running.pilot.press("enter")
    await wait_until(running.pilot, lambda: path.has_focus)
    assert path.value == made


async def test_export_without_a_session_says_so(app):
    await app.pilot.press("e")
    await app.pilot.pause()
    assert not isinstance(app.screen, ExportModal)


async def test_enter_opens_a_stored_session(app, house, wait_until):
    house.session_lines = [SessionLine("20260102-aa", "one", AT, "done", 12, 12, 0, 3)]
    house.run.stored = True
    await app.pilot.press("3")
    await wait_until(
        app.pilot, lambda: app.current_mode == "sessions" and app.screen.query_one("#stored", LineList).count
    )
    await app.pilot.press("enter")
    await wait_until(app.pilot, lambda: app.current_mode == "compare")
    assert not app.running, "a stored session asks nothing, so that quitting asks nothing either"


async def test_report_lists_scores_and_flagged_answers(running, house, wait_until):
    house.run.start("alpha-chat")
    house.run.answer("alpha-chat", "I was made by OpenAI.", marks=(ev.Mark(0, 20, "conflict"),), loose=True)
    house.run.put(ev.ScoreUpdated("ice.strict", ("alpha-chat",), 0.5, 0.1, 0.9, 2, 2, "Wilson", {"error": 3}))
    await running.pilot.press("4")
    await wait_until(
        running.pilot,
        lambda: (
            running.current_mode == "report" and "ice.strict" in str(running.screen.query_one("#said", Static).content)
        ),
    )
    assert "3 error" in str(running.screen.query_one("#said", Static).content)
    house.run.put(ev.Notice("temperature is refused: sent: default", "alpha-chat"))
    said = running.screen.query_one("#said", Static)
    await wait_until(running.pilot, lambda: "alpha-chat: temperature is refused" in str(said.content))
    flagged = running.screen.query_one("#flagged", LineList)
    assert "!strict alpha-chat id-01  I was made by OpenAI" in flagged.render_line(0).text
    await running.pilot.press("enter")
    await wait_until(running.pilot, lambda: running.screen.query("#asked"))


async def test_matrix_sorts_pairs_by_likeness(running, house, wait_until):
    for model, value in (("beta-large", 0.4), ("gamma-7b", 0.6)):
        house.run.put(ev.ScoreUpdated("rse", ("alpha-chat", model), value, value - 0.1, value + 0.1, 9, 9, "cs"))
    await running.pilot.press("2")
    await wait_until(
        running.pilot,
        lambda: running.current_mode == "matrix" and running.screen.query_one("#stored", LineList).count == 2,
    )
    await running.pilot.press("v")  # three models have a map first
    pairs = running.screen.query_one("#stored", LineList)
    await wait_until(running.pilot, lambda: pairs.size.width > 0)
    assert ".60 [.50,.70]" in pairs.render_line(0).text
    assert "alpha-chat ~ gamma-7b" in pairs.render_line(0).text


async def test_t_changes_the_theme_except_where_it_gives_a_role(running):
    before = running.theme
    await running.pilot.press("t")
    await running.pilot.pause()
    assert running.theme != before


async def test_keys_can_be_remapped_by_id(make_app, house, wait_until):
    app = make_app(keymap={"run.pause": "p"})
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.live.state.session)
        await pilot.press("p")
        await wait_until(pilot, lambda: house.run.commands == ["pause"])


def test_every_binding_has_an_id_a_description_and_no_two_share_one():
    from distq_tui.tui.app import DistqApp
    from distq_tui.tui.screens import blind, compare, detail, diff, matrix, report, sessions, setup
    from distq_tui.tui.widgets.heat_map import HeatMap
    from distq_tui.tui.widgets.setup_lists import FindInput, ModelList, SetList

    owners = [DistqApp, compare.CompareScreen, PromptList, detail.DetailScreen, diff.DiffScreen,
              report.ReportScreen, sessions.SessionsScreen, setup.SetupScreen, FindInput, ModelList, SetList, LineList,
              matrix.MatrixScreen, blind.BlindScreen, HeatMap]  # fmt: skip
    bindings = [binding for owner in owners for binding in owner.BINDINGS]
    assert all(binding.id and binding.description for binding in bindings)
    ids = [binding.id for binding in bindings]
    assert len(ids) == len(set(ids))


async def test_a_click_on_a_place_goes_there(app, wait_until):
    title = app.screen.query_one("TitleBar")
    at = str(title.content).index("Sessions") + title.content_region.x + 1
    await app.pilot.click(title, offset=(at, 0))
    await wait_until(app.pilot, lambda: app.current_mode == "sessions")


async def test_the_demo_shows_a_calm_notice_until_it_starts(make_app, house, wait_until):
    import asyncio

    gate = asyncio.Event()
    demo = house.demo

    async def held():
        await gate.wait()
        return await demo()

    house.demo = held
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: app.house is not None)
        await pilot.pause()
        assert "Starting the demo" in str(app.screen.query_one("#welcome", Static).content)
        assert not app.screen.query("#models")
        gate.set()
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen))
        await pilot.press("n")
        await wait_until(pilot, lambda: app.current_mode == "setup" and app.screen.query("#models"))


async def test_f1_tells_of_what_has_the_focus_first(running, wait_until):
    running.screen.query_one("#prompts").focus()
    await running.pilot.press("f1")
    await wait_until(running.pilot, lambda: running.screen.query(".dialog"))
    told = str(running.screen.query_one(".dialog Static", Static).content)
    assert told.startswith("The prompts. Up and down")
    assert "Answers side by side" in told


async def test_a_slow_preparation_is_told_with_its_share_first(app):
    app._tell_progress("making weights", 0.4)
    assert app.preparing == "40% making weights"
    app._tell_progress("making weights", 1.0)
    assert app.preparing == ""
