"""Setup: picking, roles, sets, options, the estimate that follows, and the start."""

from __future__ import annotations

import pytest
from textual.widgets import Input, Static

from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.widgets.line_list import LineList


@pytest.fixture
async def setup(make_app, wait_until):
    app = make_app(start="setup")
    async with app.run_test(size=(120, 36)) as pilot:
        await wait_until(pilot, lambda: app.screen.query("#sets") and app.screen.query_one("#sets", LineList).count)
        await pilot.pause()
        app.pilot = pilot
        yield app


def model_line(app, index: int) -> str:
    return app.screen.query_one("#models", LineList).render_line(index).text.rstrip()


def estimate(app) -> str:
    return str(app.screen.query_one("#estimate", Static).content)


async def test_models_show_provider_key_state_and_tag(setup):
    assert "✗ env:DEEPSEEK_API_KEY unset" in model_line(setup, 0)
    assert "✓ env:GLM_API_KEY set" in model_line(setup, 1)
    assert "SIMULATED" in model_line(setup, 3)


async def test_keys_give_roles_and_the_estimate_moves_with_each_choice(setup, house, wait_until):
    pilot = setup.pilot
    await wait_until(pilot, lambda: "pick a model" in estimate(setup))
    await pilot.press("t")
    assert "[T]" in model_line(setup, 0)
    await wait_until(pilot, lambda: "choose a prompt set" in estimate(setup))
    setup.screen.query_one("#sets").focus()
    await pilot.press("space")
    await wait_until(pilot, lambda: "30 calls · 10 cached · ~12 900 tokens · n/a" in estimate(setup))
    setup.screen.query_one("#models").focus()
    await pilot.press("down", "r")
    await wait_until(pilot, lambda: "60 calls" in estimate(setup))
    roles = [(model.name, model.role) for model in house.asked[-1][1].models]
    assert roles == [("deepseek-chat", "target"), ("glm-4-plus", "reference")]


async def test_typing_finds_and_a_name_nobody_knows_is_taken_as_typed(setup, wait_until):
    pilot = setup.pilot
    models = setup.screen.query_one("#models", LineList)
    await pilot.press("slash", *"glm")
    await wait_until(pilot, lambda: models.count == 1)
    find = setup.screen.query_one("#find", Input)
    find.value = "my-model@http://localhost:9/v1"
    await wait_until(pilot, lambda: models.count == 0)
    await pilot.press("enter")
    await wait_until(pilot, lambda: models.count == 1)
    assert "[T] my-model" in model_line(setup, 0)
    assert models.has_focus


async def test_a_wrong_number_is_said_and_not_run(setup, house, wait_until):
    pilot = setup.pilot
    await pilot.press("t")
    setup.screen.query_one("#sets").focus()
    await pilot.press("space")
    setup.screen.query_one("#option-samples", Input).value = "0"
    await wait_until(pilot, lambda: "samples: at least 1" in estimate(setup))
    await pilot.press("f5")
    await pilot.pause()
    assert not any(asked[0] == "start" for asked in house.asked)


async def test_run_starts_what_was_chosen(setup, house, wait_until):
    pilot = setup.pilot
    await pilot.press("t")
    setup.screen.query_one("#sets").focus()
    await pilot.press("space", "f5")
    await wait_until(pilot, lambda: isinstance(setup.screen, CompareScreen))
    _, choices, fresh = next(asked for asked in house.asked if asked[0] == "start")
    assert choices.sets[0].name == "identity-en"
    assert not fresh


async def test_d_runs_the_demo_and_the_first_screen_says_so(setup, house, wait_until):
    assert "watches a demo" in str(setup.screen.query_one("#welcome", Static).content)
    assert setup.screen.query_one("#welcome").display
    await setup.pilot.press("d")
    await wait_until(setup.pilot, lambda: isinstance(setup.screen, CompareScreen))
    assert ("demo",) in house.asked


async def test_an_endpoints_models_join_the_list(setup, wait_until):
    models = setup.screen.query_one("#models", LineList)
    await setup.pilot.press("f7")
    await wait_until(setup.pilot, lambda: models.count == 7)


async def test_a_second_run_is_refused_while_one_goes_on(setup, house, wait_until):
    pilot = setup.pilot
    await pilot.press("d")
    await wait_until(pilot, lambda: isinstance(setup.screen, CompareScreen))
    first = setup.live
    await pilot.press("n")
    await pilot.pause()
    await pilot.press("d")
    await pilot.pause()
    assert setup.live is first


async def test_down_leaves_the_search_for_what_it_found_and_picks_stay_in_sight(setup, wait_until):
    pilot = setup.pilot
    models = setup.screen.query_one("#models", LineList)
    await pilot.press("t", "slash", *"glm")
    await wait_until(pilot, lambda: models.count == 1)
    assert "picked: T deepseek-chat" in str(setup.screen.query_one("#picked", Static).content)
    await pilot.press("enter")
    await wait_until(pilot, lambda: "[T] glm-4-plus" in model_line(setup, 0))
    await pilot.press("slash", "down", "r")
    await wait_until(pilot, lambda: "[R] glm-4-plus" in model_line(setup, 0))
    assert str(setup.screen.query_one("#picked", Static).content) == "picked: T deepseek-chat, R glm-4-plus"


async def test_a_typed_model_shows_whether_its_key_is_set(setup, wait_until):
    find = setup.screen.query_one("#find", Input)
    find.focus()
    find.value = "other@http://localhost:9/v1#env:NOKEY"
    await wait_until(setup.pilot, lambda: setup.screen.query_one("#models", LineList).count == 0)
    await setup.pilot.press("enter")
    await wait_until(setup.pilot, lambda: "✗ env:NOKEY unset" in model_line(setup, 0))


async def test_the_demo_asks_where_choices_were_made(setup, house, wait_until):
    await setup.pilot.press("t", "d")
    await wait_until(setup.pilot, lambda: setup.screen.query("#yes"))
    assert ("demo",) not in house.asked
    await setup.pilot.press("y")
    await wait_until(setup.pilot, lambda: ("demo",) in house.asked)


async def test_coming_back_leaves_no_field_in_focus(setup, wait_until):
    setup.screen.query_one("#option-samples").focus()
    await setup.pilot.press("f1", "escape")
    setup.action_go("sessions")
    await wait_until(setup.pilot, lambda: setup.current_mode == "sessions")
    await setup.pilot.press("n")
    await wait_until(setup.pilot, lambda: setup.current_mode == "setup")
    await wait_until(setup.pilot, lambda: setup.screen.query_one("#models").has_focus)
