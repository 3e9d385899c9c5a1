"""Sessions: found, gone on with, deleted and brought back, compared."""

from __future__ import annotations

import json
import sqlite3

import pytest
from textual.widgets import Input, Static

from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import load_settings
from distq_tui.plan.choices import Choices, SetChoice
from distq_tui.plan.trial import Params
from distq_tui.tui.app import DistqApp
from distq_tui.tui.house.real import open_house
from distq_tui.tui.modals.help import HelpModal
from distq_tui.tui.records import HouseError, SessionLine
from distq_tui.tui.screens.compared import ComparedScreen
from distq_tui.tui.widgets.line_list import LineList

LINES = [
    SessionLine("20260102-aa", "one", "2026-01-02T03:04:05Z", "done", 12, 12, 0, 3, ("RECORDED",), ("glm-4",)),
    SessionLine("20260101-bb", "two", "2026-01-01T03:04:05Z", "stopped", 12, 5, 3, 0, (), ("qwen",), 2),
]


@pytest.fixture
async def app(make_app, house, wait_until):
    house.session_lines = list(LINES)
    app = make_app(start="setup")
    async with app.run_test(size=(110, 30)) as pilot:
        app.pilot = pilot
        await wait_until(pilot, lambda: app.house is not None and app.screen.query("#sets"))
        await pilot.press("3")
        await wait_until(pilot, lambda: app.current_mode == "sessions" and stored(app).count == 2)
        yield app


def shown(app) -> str:
    return "".join(text for line in app.screen.query_one("#answer").lines for text, _ in line)


def stored(app) -> LineList:
    return app.screen.query_one("#stored", LineList)


async def test_lines_tell_state_and_tags_and_y_copies_the_whole_id(app, wait_until):
    assert "✓ done" in stored(app).render_line(0).text
    assert " aa  12/12 · 3 cached  RECORDED  one " in stored(app).render_line(0).text
    assert "5/12 · 1 failed · 2 cancelled  two" in stored(app).render_line(1).text
    await app.pilot.press("y")
    await wait_until(app.pilot, lambda: app.clipboard == "20260102-aa", "the whole id, not the part that is shown")


async def test_the_footer_offers_to_open_a_session_where_there_is_one(app, wait_until):
    def offered() -> list[str]:
        return [one.binding.description for one in app.screen.active_bindings.values() if one.enabled]

    assert "Open" in offered()
    await app.pilot.press("slash", *"nosuch")
    await wait_until(app.pilot, lambda: stored(app).count == 0)
    stored(app).focus()
    await app.pilot.pause()
    assert "Open" not in offered()


async def test_f1_tells_what_the_lists_signs_mean(app, wait_until):
    await app.pilot.press("f1")
    await wait_until(app.pilot, lambda: isinstance(app.screen, HelpModal))
    about = str(app.screen.query(Static).last().content)
    for told in ("✓ done", "■ stopped by you", "◆ before the marked one", "/ finds by name"):
        assert told in about


async def test_r_goes_on_with_the_plan(app, house, wait_until):
    await app.pilot.press("r")
    await wait_until(app.pilot, lambda: app.current_mode == "compare")
    assert house.asked[-2:] == [("plan", "20260102-aa"), ("again", house.run.plan)]


async def test_what_is_deleted_comes_back_by_u(app, house, wait_until):
    assert not app.screen.check_action("undelete", ())
    await app.pilot.press("down", "delete")
    await wait_until(app.pilot, lambda: stored(app).count == 1)
    assert house.asked[-1] == ("delete", "20260101-bb")
    await app.pilot.press("u")
    await wait_until(app.pilot, lambda: stored(app).count == 2)
    assert house.session_lines == LINES


async def test_what_is_deleted_comes_back_after_a_run_was_refused(app, house, wait_until):
    await app.pilot.press("r")
    await wait_until(app.pilot, lambda: app.current_mode == "compare" and app.running)
    await app.pilot.press("3", "delete")
    await wait_until(app.pilot, lambda: stored(app).count == 1)
    await app.pilot.press("r")
    await wait_until(app.pilot, lambda: any("under way" in note.message for note in app._notifications))
    await app.pilot.press("u")
    await wait_until(app.pilot, lambda: stored(app).count == 2)
    assert house.session_lines == LINES


async def test_find_narrows_by_model_and_escape_shows_all(app, wait_until):
    await app.pilot.press("slash", *"qwen")
    await wait_until(app.pilot, lambda: stored(app).count == 1)
    assert "two" in stored(app).render_line(0).text
    app.screen.query_one("#find", Input).value = "nothing like it"
    await wait_until(app.pilot, lambda: stored(app).count == 0)
    await app.pilot.press("escape")
    await wait_until(app.pilot, lambda: stored(app).count == 2 and stored(app).has_focus)


async def test_without_a_session_it_says_how_to_begin_again_after_a_search(app, house, wait_until):
    house.session_lines = []
    app.screen.on_screen_resume()
    await wait_until(app.pilot, lambda: stored(app).count == 0)
    assert "No sessions yet" in stored(app).render_line(0).text
    await app.pilot.press("slash", *"zzz")
    await wait_until(app.pilot, lambda: "None is like that" in stored(app).render_line(0).text)
    await app.pilot.press("escape")
    await wait_until(app.pilot, lambda: "No sessions yet" in stored(app).render_line(0).text)


async def test_comparing_needs_a_mark_and_tells_what_is_wrong(app, house, wait_until):
    await app.pilot.press("c")
    await app.pilot.pause()
    assert ("compare", "20260102-aa", "20260102-aa") not in house.asked
    await app.pilot.press("m")
    assert stored(app).render_line(0).text.startswith("›◆ ")
    await app.pilot.press("down", "c")
    await wait_until(app.pilot, lambda: ("compare", "20260102-aa", "20260101-bb") in house.asked)
    await wait_until(app.pilot, lambda: any("another version" in note.message for note in app._notifications))
    assert not isinstance(app.screen, ComparedScreen)


# ---------------------------------------------------------------- on the real house


def choices(tokens: int) -> Choices:
    return Choices(
        name=f"run {tokens}",
        models=(ModelSpec("persona-claims-other", "demo"), ModelSpec("persona-unrelated", "demo", role="control")),
        sets=(SetChoice("identity-en", 3), SetChoice("similarity", 2)),
        params=Params(max_tokens=tokens),
    )


@pytest.fixture
async def real():
    house = open_house(load_settings())
    for tokens in (8, 24):
        async for _ in (await house.start(choices(tokens))).events():
            pass
    yield house
    await house.close()


async def test_two_real_sessions_are_compared_by_keys(real, wait_until):
    async def make():
        return real

    app = DistqApp(make)
    async with app.run_test(size=(120, 36)) as pilot:
        await wait_until(pilot, lambda: app.house is not None and app.screen.query("#sets"))
        await pilot.press("3")
        await wait_until(pilot, lambda: app.current_mode == "sessions" and stored(app).count == 2)
        await pilot.press("m", "down", "c")
        await wait_until(pilot, lambda: isinstance(app.screen, ComparedScreen) and app.screen.query("#found"))
        told = app.screen.copy_text()
        assert "max_tokens: 8 → 24" in told
        assert "Drift" in told
        await wait_until(pilot, lambda: shown(app) == "] goes to the next answer that differs")
        await pilot.press("right_square_bracket")
        await wait_until(pilot, lambda: "goes to" not in shown(app))
        assert "{+" in app.screen.copy_text()
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.current_mode == "sessions" and stored(app).has_focus)


async def test_a_deletion_is_for_good_when_the_house_closes(real):
    newest, older = await real.sessions()
    await real.delete(newest.id)
    await real.delete(older.id)
    assert await real.sessions() == []
    assert await real.undelete()
    assert [line.id for line in await real.sessions()] == [older.id]
    await real.close()
    again = open_house(load_settings())
    assert [line.id for line in await again.sessions()] == [older.id]
    await again.close()


async def test_a_plan_of_another_version_is_listed_and_told(real):
    newest, older = await real.sessions()
    with sqlite3.connect(load_settings().paths.database) as connection:
        connection.execute("UPDATE plans SET plan = ? WHERE session = ?", (json.dumps({"name": "old"}), older.id))
    connection.close()
    assert [line.models for line in await real.sessions()] == [("persona-claims-other", "persona-unrelated"), ()]
    with pytest.raises(HouseError, match="another version"):
        await real.compare(newest.id, older.id)
    with pytest.raises(HouseError, match="another version"):
        await real.open(older.id)


async def test_of_two_sessions_that_answered_alike_no_next_answer_is_offered(app, real, wait_until):
    one = (await real.sessions())[0].id
    same = await real.compare(one, one)
    app.push_screen(ComparedScreen(same))
    await wait_until(app.pilot, lambda: isinstance(app.screen, ComparedScreen) and app.screen.query("#answer"))
    await wait_until(app.pilot, lambda: shown(app) == "no answer that both have differs")
    assert "Next answer" not in [one.binding.description for one in app.screen.active_bindings.values() if one.enabled]
