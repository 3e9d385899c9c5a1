"""Setup: picking, roles, sets, options, the estimate that follows, and the start."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.events import Key
from textual.widgets import Input, Static

from distq_tui.config.models import ModelSpec
from distq_tui.plan.run_plan import Judges
from distq_tui.tui.modals.endpoint import EndpointModal
from distq_tui.tui.modals.family import FamilyModal
from distq_tui.tui.modals.save_plan import SavePlanModal
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


async def test_models_show_key_state_provider_origin_and_tag(setup):
    assert "✗ env:DEEPSEEK_API_KEY unset openai (config)" in model_line(setup, 0)
    assert "✓ env:GLM_API_KEY set openai (config)" in model_line(setup, 1)
    assert "smollm2 local (built in)" in model_line(setup, 2)
    assert "mirror SIMULATED demo (built in)" in model_line(setup, 3)


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
    assert "[T] my-model openai (typed) http://localhost:9/v1" in model_line(setup, 0)
    assert models.has_focus


async def test_a_word_that_is_no_model_becomes_no_target(setup, wait_until):
    picks, find = setup.screen.picks, setup.screen.query_one("#find", Input)
    known = len(picks.lines)
    find.focus()
    find.value = "MYKEY"
    await wait_until(setup.pilot, lambda: setup.screen.query_one("#models", LineList).count == 0)
    await setup.pilot.press("enter")
    await wait_until(setup.pilot, lambda: any("openai:MYKEY" in said.message for said in setup.app._notifications))
    assert (len(picks.lines), picks.roles) == (known, {})
    find.value = "gpt-4o-new"
    await wait_until(setup.pilot, lambda: setup.screen.query_one("#models", LineList).count == 0)
    find.focus()
    await setup.pilot.press("enter")
    await wait_until(setup.pilot, lambda: [model.name for model in picks.picked()] == ["gpt-4o-new"])


async def test_an_address_in_the_name_of_a_new_model_is_refused(setup, wait_until):
    await setup.pilot.press("a")
    await wait_until(setup.pilot, lambda: isinstance(setup.screen, EndpointModal))
    setup.screen.query_one("#at-name", Input).value = "gpt-4o@http://localhost:9/v1"
    said = setup.screen.query_one("#said", Static)
    await setup.pilot.press("ctrl+s")
    await wait_until(setup.pilot, lambda: "name: the name alone" in str(said.content))
    assert isinstance(setup.screen, EndpointModal)


async def test_a_listed_name_typed_with_its_endpoint_is_taken_as_typed(setup, wait_until):
    picks = setup.screen.picks
    await setup.pilot.press("slash")
    setup.screen.query_one("#find", Input).value = "openai:smollm2@http://127.0.0.1:9/v1#env:MINE"
    await setup.pilot.press("enter")
    await wait_until(setup.pilot, lambda: picks.roles)
    assert [(model.provider, model.base_url, model.key) for model in picks.picked()] == [
        ("openai", "http://127.0.0.1:9/v1", "env:MINE")
    ]


async def test_a_guessed_family_is_marked_until_the_user_says_whose_the_model_is(setup, house, wait_until):
    pilot = setup.pilot

    def picked() -> str:
        return str(setup.screen.query_one("#picked", Static).content)

    setup.screen.query_one("#find", Input).value = "gpt-[b]9@http://localhost:9/v1"
    await pilot.press("slash", "enter")
    await wait_until(pilot, lambda: picked().startswith("picked: T gpt-[b]9 openai?"))
    for typed, shown in (("Qwen", "qwen"), ("", "no family")):
        await pilot.press("f")
        await wait_until(pilot, lambda: isinstance(setup.screen, FamilyModal))
        assert setup.screen.query_one(".dialog").border_title == "Whose is gpt-\\[b]9?"
        setup.screen.query_one(Input).value = "nobody"
        await pilot.press("enter")
        await wait_until(pilot, lambda: "nobody is called" in str(setup.screen.query_one("#said", Static).content))
        setup.screen.query_one(Input).value = typed
        await pilot.press("enter")
        await wait_until(pilot, lambda shown=shown: picked().startswith(f"picked: T gpt-[b]9 {shown}"))
    setup.screen.query_one("#sets").focus()
    await pilot.press("space")
    await wait_until(pilot, lambda: any(asked[0] == "estimate" for asked in house.asked))
    assert house.asked[-1][1].models[0].family is None


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


async def test_keys_while_the_demo_starts_wait_for_what_they_work_on(make_app, house, wait_until):
    ready, demo = asyncio.Event(), house.demo

    async def late():
        await ready.wait()
        return await demo()

    house.demo = late
    app = make_app(start="demo")
    async with app.run_test(size=(120, 36)) as pilot:
        await wait_until(pilot, lambda: app.house is not None)
        await pilot.press("slash", "escape", "f5", "f6", "f7", "f8", "a", "o", "s", "d")
        offered = {str(active.binding.id) for active in app.screen.active_bindings.values() if active.enabled}
        assert "app.help" in offered
        assert not [key for key in offered if key.startswith("setup.")], "neither does the palette offer them"
        ready.set()
        await wait_until(pilot, lambda: app.current_mode == "compare")
        assert house.asked == [("demo",)]
        await pilot.press("n")
        await wait_until(pilot, lambda: app.screen.query("#models"))
        await pilot.press("slash")
        await wait_until(pilot, lambda: app.screen.query_one("#find").has_focus)


async def test_an_endpoints_models_join_the_list(setup, wait_until):
    models = setup.screen.query_one("#models", LineList)
    await setup.pilot.press("f7")
    await wait_until(setup.pilot, lambda: models.count == 7)
    assert [model_line(setup, at).endswith("openai (listed)") for at in range(3, 7)] == [False, True, True, True]


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
    shown = str(setup.screen.query_one("#picked", Static).content)
    assert shown == "picked: T deepseek-chat no family, R glm-4-plus no family  f: whose it is"


async def test_letters_that_arrive_with_the_slash_are_the_search(setup, wait_until):
    find = setup.screen.query_one("#find", Input)
    for character in "/glm/":
        setup.post_message(Key("slash" if character == "/" else character, character))  # at once, as over a slow line
    await wait_until(setup.pilot, lambda: find.value == "glm/")


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


def set_line(app, text: str) -> int:
    """Which line of the sets holds the text."""
    sets = app.screen.query_one("#sets", LineList)
    return next(at for at in range(sets.count) if text in "".join(part for part, _ in sets._line(at)))


async def take(app, text: str) -> None:
    sets = app.screen.query_one("#sets", LineList)
    sets.focus()
    sets.move_to(set_line(app, text))
    await app.pilot.press("space")


async def test_judges_and_the_search_come_from_roles_and_switches(setup, house, wait_until):
    pilot = setup.pilot
    sets = setup.screen.query_one("#sets", LineList)
    assert "needs a judge" in "".join(text for text, _ in sets._line(set_line(setup, "judge identity")))
    await pilot.press("t", "down", "J", "down", "H")
    assert "[J] glm-4-plus" in model_line(setup, 1)
    assert "[H] smollm2" in model_line(setup, 2)
    await take(setup, "clean")
    await take(setup, "judge similarity")
    await take(setup, "only where unsure")
    await take(setup, "primed twins")
    for name, value in {"templates": "9", "questions": "3", "iterations": "40", "seed": "5"}.items():
        setup.screen.query_one(f"#option-{name}", Input).value = value
    await wait_until(pilot, lambda: house.asked and house.asked[-1][1].seed == 5)
    choices = house.asked[-1][1]
    assert choices.judges == Judges(ice=("glm-4-plus",), gate="unsure")
    assert (choices.adaptive.helper, choices.adaptive.iterations) == ("smollm2", 40)
    assert (choices.ice.twins, choices.ice.count, choices.ice.questions_per_template) == (True, 9, 3)
    await take(setup, "adaptive search")
    await wait_until(pilot, lambda: "choose adaptive search" in estimate(setup))


async def test_the_estimate_counts_follow_up_calls(setup, house, wait_until):
    house.follow_up = 400
    await setup.pilot.press("t", "down", "J")
    await take(setup, "identity-en")
    await wait_until(setup.pilot, lambda: "calls, up to 400 follow-ups · " in estimate(setup))


async def test_an_endpoint_is_tested_kept_and_listed(setup, house, wait_until):
    pilot = setup.pilot
    await pilot.press("a")
    await wait_until(pilot, lambda: isinstance(setup.screen, EndpointModal))
    said = setup.screen.query_one("#said", Static)
    for name, value in {"name": "absent", "base_url": "http://127.0.0.1:9/v1/", "family": "glm"}.items():
        setup.screen.query_one(f"#at-{name}", Input).value = value
    await pilot.press("ctrl+t")
    await wait_until(pilot, lambda: "✗ absent: does not work: http://127.0.0.1:9/v1/models" in str(said.content))
    setup.screen.query_one("#at-name", Input).value = "there"
    setup.screen.query_one("#at-key", Input).value = "sk-0123456789abcdef"
    await pilot.press("enter")
    await wait_until(pilot, lambda: "never the key itself" in str(said.content))
    assert "sk-" not in str(said.content)
    assert not any(asked[0] == "add" for asked in house.asked)
    setup.screen.query_one("#at-key", Input).value = "env:THEIR_KEY"
    await pilot.press("enter")
    await wait_until(pilot, lambda: not isinstance(setup.screen, EndpointModal))
    kept = ModelSpec("there", "openai", base_url="http://127.0.0.1:9/v1", key="env:THEIR_KEY", family="glm")
    assert house.asked[-1] == ("add", kept)
    models = setup.screen.query_one("#models", LineList)
    await wait_until(pilot, lambda: "there ✗ env:THEIR_KEY unset" in model_line(setup, models.cursor))


async def test_a_listed_model_that_is_kept_shows_the_key_it_was_kept_with(setup, house, wait_until):
    pilot = setup.pilot
    await pilot.press("slash", *"openai:there@http://h/v1", "enter", "a")
    await wait_until(pilot, lambda: isinstance(setup.screen, EndpointModal))
    for name, value in {"name": "there", "base_url": "http://h/v1", "key": "env:THEIR_KEY"}.items():
        setup.screen.query_one(f"#at-{name}", Input).value = value
    await pilot.press("enter")
    await wait_until(pilot, lambda: not isinstance(setup.screen, EndpointModal))
    models = setup.screen.query_one("#models", LineList)
    await wait_until(pilot, lambda: "[T] there ✗ env:THEIR_KEY unset" in model_line(setup, models.cursor))
    await pilot.press("slash", *"there@http://h/v1#env:OTHER", "enter")
    await wait_until(pilot, lambda: "[T] there ✗ env:OTHER unset" in model_line(setup, models.cursor))
    assert [model.key for model in setup.screen.picks.picked()] == ["env:OTHER"]


async def test_f8_tests_the_model_under_the_cursor(setup, house, wait_until):
    await setup.pilot.press("f8")
    await wait_until(setup.pilot, lambda: any("works: " in note.message for note in setup._notifications))
    assert house.asked[-1] == ("check", house.lines[0].spec)


async def test_choices_are_saved_as_a_plan(setup, house, wait_until):
    pilot = setup.pilot
    await pilot.press("s")
    await pilot.pause()
    assert not isinstance(setup.screen, SavePlanModal), "there is nothing to save yet"
    await pilot.press("t")
    await take(setup, "identity-en")
    await pilot.press("s")
    await wait_until(pilot, lambda: isinstance(setup.screen, SavePlanModal))
    setup.screen.query_one("#path", Input).value = "nowhere/p.toml"
    await pilot.press("enter")
    await wait_until(pilot, lambda: "cannot be written" in str(setup.screen.query_one("#said", Static).content))
    setup.screen.query_one("#path", Input).value = "p.toml"
    await pilot.press("enter")
    await wait_until(pilot, lambda: not isinstance(setup.screen, SavePlanModal))
    assert house.asked[-1][2] == Path("p.toml")
