"""Opening a plan in Setup: sessions and files in a list, the form filled, the same plan made of it."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input, Static
from whole_choices import MODELS as EVERYBODY
from whole_choices import WHOLE as EVERYTHING

from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import load_settings
from distq_tui.plan.build import build_plan
from distq_tui.plan.choices import Choices, IceChoice, SetChoice
from distq_tui.plan.run_plan import Judges
from distq_tui.plan.trial import Params
from distq_tui.plan.write import plan_text
from distq_tui.tui.house.plans import plan_files, set_lines
from distq_tui.tui.house.real import open_house
from distq_tui.tui.house.recent import KEPT, RecentPlans
from distq_tui.tui.modals.open_plan import OpenPlanModal
from distq_tui.tui.records import HouseError, ModelLine, OpenedPlan, SessionLine, SetLine
from distq_tui.tui.setup.choose import choices_of
from distq_tui.tui.setup.picks import Picks
from distq_tui.tui.setup.refill import refill
from distq_tui.tui.widgets.line_list import LineList

MODELS = EVERYBODY[:2]
WHOLE = replace(
    EVERYTHING,
    sets=(SetChoice("identity-en"), SetChoice("similarity", 7)),
    ice=IceChoice(twins=True, count=9, questions_per_template=4, questions=("identity-en",)),
    params=Params(temperature=0.00001, max_tokens=64, top_p=0.9),
)
PLAIN = Choices("plain", MODELS, (SetChoice("identity-en", 5),), params=Params(max_tokens=16))


def form() -> Picks:
    """Setup's form with something else chosen."""
    picks = Picks()
    specs = (ModelSpec("other", "openai"), replace(MODELS[0], system=None))  # one like a model of the plan
    picks.add([ModelLine(spec, "none", "config") for spec in specs])
    sets = {"identity-en": 25, "identity-zh": 25, "similarity": 60}
    picks.sets = [
        *(SetLine(name, "", count, ()) for name, count in sets.items()),
        SetLine("clean", "templates", 104, ()),
    ]
    picks.toggle(picks.lines[0], "target")
    picks.toggle_set("identity-zh")
    return picks


def opened(choices: Choices, *sets: SetLine, exact: bool = True) -> OpenedPlan:
    return OpenedPlan(choices, [ModelLine(spec, "none", "plan") for spec in choices.models], sets, exact)


@pytest.mark.parametrize("choices", [WHOLE, PLAIN, replace(WHOLE, judges=Judges(rse=("j",)), embeddings=None)])
def test_a_form_filled_with_a_plan_makes_that_plan(choices):
    picks = form()
    refill(picks, opened(choices))
    assert build_plan(choices_of(picks)) == build_plan(choices)


def test_what_is_changed_afterwards_holds_and_the_rest_stays():
    picks = form()
    refill(picks, opened(WHOLE))
    picks.set_value("temperature", "1")
    picks.set_value("limit", "3")
    made = choices_of(picks)
    assert made.params == Params(temperature=1.0, max_tokens=64, top_p=0.9)
    assert [choice.limit for choice in made.sets] == [3, 3], "one number for every set takes the place of their own"
    assert made.embeddings == WHOLE.embeddings
    assert made.adaptive.selection == "ucb"


def test_a_number_written_again_as_it_was_keeps_the_sets_own():
    picks = form()
    refill(picks, opened(WHOLE))
    picks.set_value("limit", picks.values["limit"])
    assert {choice.name: choice.limit for choice in choices_of(picks).sets} == {"identity-en": None, "similarity": 7}


@pytest.mark.parametrize(
    ("name", "then"), [("a · b", "other"), ("plain", "plain"), ("", "other"), ("a · b …", "a · b …")]
)
def test_a_name_made_of_the_models_goes_with_them_and_a_given_one_stays(name, then):
    picks = form()
    refill(picks, opened(replace(PLAIN, name=name)))
    assert choices_of(picks).name == (name or "a · b")
    for line, role in picks.picked_lines():
        picks.toggle(line, role)
    picks.toggle(next(line for line in picks.lines if line.spec.name == "other"), "target")
    assert choices_of(picks).name == then


def test_a_judge_added_to_a_plan_without_one_judges():
    picks = form()
    refill(picks, opened(PLAIN))
    picks.add([ModelLine(EVERYBODY[2], "none", "typed")])
    picks.toggle(picks.lines[-1], "judge")
    assert choices_of(picks).judges == Judges(ice=("j",), rse=("j",))


def test_plan_files_are_those_that_ask_models_the_newest_first(tmp_path):
    for at, (name, text) in enumerate({
        "old.toml": "[[models]]\nname = 'a'\n", "new.toml": "# a plan\n  [[ models ]]\n", "tool.toml": "[tool]\n",
        "notes.txt": "[[models]]\n", "bytes.toml": "\xff\xfe", "short.toml": "models = [\n  { name = 'a' },\n]\n",
    }.items()):  # fmt: skip
        (tmp_path / name).write_text(text, encoding="latin-1")
        os.utime(tmp_path / name, (1000 + at, 1000 + at))
    (tmp_path / "folder.toml").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    pipe = os.open(tmp_path / "pipe.toml", os.O_RDWR)  # what is looked at of a file stands ready in it
    os.write(pipe, b"[[models]]\n".ljust(1 << 16))
    assert [path.name for path in plan_files(tmp_path)] == ["short.toml", "new.toml", "old.toml"]
    os.close(pipe)


def test_plans_of_late_are_remembered_wherever_they_lie(tmp_path):
    recent = RecentPlans(tmp_path / "cache" / "recent-plans")
    assert recent.paths() == []
    plans = [tmp_path / f"{at}.toml" for at in range(KEPT + 2)]
    for plan in plans:
        plan.touch()
        recent.add(plan)
    recent.add(plans[3])
    assert recent.paths() == [plans[3], *(plan for plan in reversed(plans[2:]) if plan != plans[3])], "the last few"
    plans[-1].unlink()
    assert plans[-1] not in recent.paths()


def test_a_note_of_plans_that_is_none_stops_nothing(tmp_path):
    (tmp_path / "recent-plans").mkdir()
    recent = RecentPlans(tmp_path / "recent-plans")
    recent.add(tmp_path / "plan.toml")
    assert recent.paths() == []
    odd = RecentPlans(tmp_path / "odd")
    odd.add(tmp_path / "two\nlines.toml")
    assert not (tmp_path / "odd").exists()
    (tmp_path / "odd").write_bytes(b"\xff\n")
    assert odd.paths() == []


def test_sets_that_are_files_come_along(tmp_path):
    (tmp_path / "own.jsonl").write_text('{"id": "p1", "kind": "identity", "language": "en", "text": "Who are you?"}\n')
    choices = replace(PLAIN, sets=(SetChoice("own.jsonl"), SetChoice("identity-en")), base=tmp_path)
    lines = set_lines(choices)
    assert lines == [SetLine("own.jsonl", "identity", 1, ("en",))]
    picks = form()
    refill(picks, opened(choices, *lines))
    assert {probe.set_name for probe in build_plan(choices_of(picks)).probes} == {"own", "identity-en"}


@pytest.fixture
async def setup(make_app, house, wait_until):
    """Setup with two sessions of one plan, one of another, and a plan file: app, pilot."""
    line = SessionLine("s2", "plain", "2026-03-02T10:00:00Z", "done", 10, 10, 0, 0, ("SIMULATED",), ("a", "b"))
    house.session_lines = [line, replace(line, id="s1"), replace(line, id="s0", name="[@click=app.quit]x\x1b[2J")]
    house.files = [Path("/plans/audit.toml")]
    house.plans = {"s2": opened(PLAIN), Path("/plans/audit.toml"): opened(WHOLE, exact=False)}
    app = make_app(start="setup")
    async with app.run_test(size=(120, 36)) as pilot:
        await wait_until(pilot, lambda: app.screen.query("#sets") and app.screen.query_one("#sets", LineList).count)
        yield app, pilot


def shown(app) -> list[str]:
    plans = app.screen.query_one("#plans", LineList)
    return [plans.render_line(at).text.rstrip() for at in range(plans.count)]


async def open_modal(app, pilot, wait_until) -> None:
    await pilot.press("o")
    await wait_until(pilot, lambda: isinstance(app.screen, OpenPlanModal) and app.screen.query_one("#plans").count)


async def test_recent_plans_are_listed_once_and_enter_fills_the_form(setup, house, wait_until):
    app, pilot = setup
    await open_modal(app, pilot, wait_until)
    first, second, third = shown(app)
    assert "session  2026-03-02 10:00  plain SIMULATED  10 answers of a, b" in first
    assert "[@click=app.quit]x" in second
    assert "\x1b" not in second
    assert "file     audit.toml  /plans" in third
    await pilot.press("enter")
    await wait_until(pilot, lambda: not isinstance(app.screen, OpenPlanModal))
    assert ("open plan", "s2") in house.asked
    picks = app.screen.picks
    assert [(model.title, model.role) for model in picks.picked()] == [("a", "target"), ("b", "reference")]
    assert app.screen.query_one("#option-max_tokens", Input).value == "16"
    await wait_until(pilot, lambda: house.asked[-1][0] == "estimate" and house.asked[-1][1].models[0].title == "a")
    assert house.asked[-1][1].sets == (SetChoice("identity-en", 5),)
    sets = app.screen.query_one("#sets", LineList)
    assert "[x] identity-en 5 of 25" in sets.render_line(0).text
    assert not app._notifications


async def test_what_is_not_quite_the_plan_is_said(setup, wait_until):
    app, pilot = setup
    await open_modal(app, pilot, wait_until)
    await pilot.press("end", "enter")
    await wait_until(pilot, lambda: any("Not quite that plan" in note.message for note in app._notifications))


async def test_a_plan_that_is_not_there_is_said_in_the_dialog(setup, wait_until):
    app, pilot = setup
    await open_modal(app, pilot, wait_until)
    await pilot.press("tab", *"/no.toml", "enter")
    await wait_until(pilot, lambda: "/no.toml: no such plan" in str(app.screen.query_one("#said", Static).content))
    await pilot.press("escape")
    await wait_until(pilot, lambda: not isinstance(app.screen, OpenPlanModal))
    assert not app.screen.picks.roles


async def test_what_was_wrong_is_not_said_any_more_while_another_is_opened(setup, house, wait_until):
    app, pilot = setup
    await open_modal(app, pilot, wait_until)
    said = app.screen.query_one("#said", Static)
    await pilot.press("tab", *"/no.toml", "enter")
    await wait_until(pilot, lambda: "no such plan" in str(said.content))
    ready = asyncio.Event()

    async def late(source):
        await ready.wait()
        return house.plans["s2"]

    house.open_plan = late
    await pilot.press("enter")
    await wait_until(pilot, lambda: str(said.content) == "opening…" and not said.has_class("error"))
    ready.set()
    await wait_until(pilot, lambda: not isinstance(app.screen, OpenPlanModal))


async def test_a_stored_session_and_a_saved_file_open_as_what_they_were(tmp_path):
    house = open_house(load_settings())
    try:
        persona = ModelSpec("persona-claims-other", "demo", role="target", fact="I am Foo, made by Acme.")
        choices = replace(PLAIN, models=(persona,), sets=(SetChoice("identity-en", 2),))
        async for _ in (await house.start(choices)).events():
            pass
        (line,) = await house.sessions()
        stored = await house.open_plan(line.id)
        assert stored.exact
        assert [(model.spec.title, model.tag, model.origin) for model in stored.models] == [
            ("persona-claims-other", "SIMULATED", "plan")
        ]
        file = tmp_path / "plan.toml"
        file.write_text(plan_text(choices))
        assert build_plan((await house.open_plan(file)).choices) == build_plan(stored.choices)
        await house.save_plan(choices, tmp_path / "saved.toml")
        assert list(await house.plan_files())[:2] == [tmp_path / "saved.toml", file], "of late first"
        unsaid = replace(choices, models=(ModelSpec("gpt-4o-mini", "openai", key="env:K", role="target"),))
        file.write_text(plan_text(unsaid))
        assert [model.spec for model in (await house.open_plan(file)).models] == list(unsaid.models), "no guess"
        for missing in ("nosuch", tmp_path / "none.toml"):
            with pytest.raises(HouseError):
                await house.open_plan(missing)
        with pytest.raises(HouseError, match="is a device"):
            await house.open_plan(Path("/dev/zero"))
    finally:
        await house.close()
