"""The window on the real house: personas asked, stored, opened again, served from the cache, exported."""

from __future__ import annotations

from dataclasses import replace

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import load_settings
from distq_tui.ice.judging import gate
from distq_tui.plan.choices import AdaptiveChoice, Choices, SetChoice
from distq_tui.plan.run_plan import Judges
from distq_tui.plan.trial import Params
from distq_tui.tui.app import DistqApp
from distq_tui.tui.house.real import open_house
from distq_tui.tui.live import LiveRun
from distq_tui.tui.records import HouseError, OwnVerdict
from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.widgets.line_list import LineList

CHOICES = Choices(
    name="personas",
    models=(
        ModelSpec("persona-claims-other", "demo", role="target"),
        ModelSpec("persona-unrelated", "demo", role="control"),
    ),
    sets=(SetChoice("identity-en", 3),),
    params=Params(max_tokens=12),
)


@pytest.fixture
async def real():
    house = open_house(load_settings())
    yield house
    await house.close()


async def follow(run) -> LiveRun:
    live = LiveRun(run, lambda: 0.0)
    async for event in run.events():
        live.apply(event)
    return live


async def test_a_run_is_stored_and_told_again_alike(real):
    first = await follow(await real.start(CHOICES))
    assert first.state.done == 6
    assert first.run.tags == {"persona-claims-other": "SIMULATED", "persona-unrelated": "SIMULATED"}
    (line,) = await real.sessions()
    assert (line.state, line.done, line.total) == ("done", 6, 6)
    again = await follow(await real.open(line.id))
    assert again.run.stored
    assert again.over
    assert {key: cell.text for key, cell in again.state.cells.items()} == {
        key: cell.text for key, cell in first.state.cells.items()
    }
    assert again.state.scores == first.state.scores
    assert {row: summary.state for row, summary in again.summaries.items()} == {
        row: summary.state for row, summary in first.summaries.items()
    }


async def test_a_stored_session_opens_with_its_search_as_it_was(real):
    helper = ModelSpec("persona-consistent", "demo", role="helper")
    adaptive = AdaptiveChoice("persona-consistent", iterations=2, questions_per_template=1)
    choices = replace(CHOICES, models=(*CHOICES.models, helper), adaptive=adaptive)
    first = await follow(await real.start(choices))
    assert len(first.state.steps) == 2
    (line,) = await real.sessions()
    assert (await follow(await real.open(line.id))).state.steps == first.state.steps


@pytest.mark.parametrize("today", [-1e9, 1e9], ids=["spares all", "asks all"])
async def test_a_stored_session_tells_what_its_gate_decided_then(real, monkeypatch, today):
    judge = ModelSpec("persona-unrelated", "demo", label="judge", role="judge")
    judged = replace(CHOICES, models=(*CHOICES.models, judge), judges=Judges(ice=("judge",), gate="unsure"))
    first = await follow(await real.start(judged))
    gated = {verdict.gated for verdicts in first.state.judged.values() for verdict in verdicts.values()}
    assert gated == {True, False}, "or there is nothing to tell apart"
    monkeypatch.setattr(gate, "MARGIN", today)
    (line,) = await real.sessions()
    assert (await follow(await real.open(line.id))).state.judged == first.state.judged


async def test_what_is_stored_costs_no_call(real):
    assert (await real.estimate(CHOICES)).hits == 0
    await follow(await real.start(CHOICES))
    estimate = await real.estimate(CHOICES)
    assert (estimate.hits, estimate.calls) == (6, 0)
    second = await follow(await real.start(CHOICES))
    assert second.state.finished.calls == 0
    assert second.state.finished.hits == 6
    fresh = await follow(await real.start(CHOICES, fresh=True))
    assert fresh.state.finished.calls == 6


async def test_mistakes_are_told_and_not_raised_as_what_they_are(real):
    unset = Choices(name="x", models=(ModelSpec("m", "openai", key="env:NOT_SET_ANYWHERE"),), sets=CHOICES.sets)
    with pytest.raises(HouseError, match="NOT_SET_ANYWHERE"):
        await real.start(unset)
    with pytest.raises(HouseError, match="no session"):
        await real.open("nothing")
    with pytest.raises(HouseError, match="no endpoint"):
        await real.list_models(CHOICES.models[0])
    with pytest.raises(HouseError, match="prompt set"):
        await real.estimate(Choices(name="x", models=CHOICES.models, sets=(SetChoice("nowhere"),)))


async def test_lists_and_export_and_delete(real, tmp_path):
    names = {line.spec.name: line for line in await real.models()}
    assert names["persona-unrelated"].tag == "SIMULATED"
    assert {"identity-en", "similarity", "clean"} <= {line.name for line in await real.sets()}
    await follow(await real.start(CHOICES))
    (line,) = await real.sessions()
    await real.export(line.id, tmp_path / "out.html")
    assert "persona-unrelated" in (tmp_path / "out.html").read_text()
    with pytest.raises(HouseError, match="format"):
        await real.export(line.id, tmp_path / "out.docx")
    await real.delete(line.id)
    assert await real.sessions() == []


async def test_a_family_that_nobody_said_is_guessed_by_the_models_name_and_marked(real):
    guess = real.typed(ModelSpec("meta-llama/Llama-3.1-8B", "openai"))
    said = real.typed(ModelSpec("gpt-4o", "openai", family="qwen"))
    own = real.typed(ModelSpec("gpt-4o", "openai", fact="I am a duck."))
    unknown = real.typed(ModelSpec("roadrunner", "openai"))
    found = [(line.spec.family, line.guessed) for line in (guess, said, own, unknown)]
    assert found == [("meta", True), ("qwen", False), (None, False), (None, False)]
    assert real.family("通义千问") == "qwen"
    with pytest.raises(HouseError, match=r"nobody is called 'acme'; there are .*openai"):
        real.family("acme")


async def test_the_app_from_setup_to_a_finished_run_and_back_by_keys(wait_until):
    async def make():
        return open_house(load_settings())

    app = DistqApp(make)
    async with app.run_test(size=(120, 36)) as pilot:
        await wait_until(pilot, lambda: app.screen.query("#sets") and app.screen.query_one("#sets", LineList).count)
        await pilot.press("slash", *"claims-other")
        await wait_until(pilot, lambda: app.screen.query_one("#models", LineList).count == 1)
        await pilot.press("escape", "t")
        app.screen.query_one("#option-limit").value = "2"
        app.screen.query_one("#option-max_tokens").value = "8"
        app.screen.query_one("#sets").focus()
        await pilot.press("space")
        await wait_until(pilot, lambda: "2 calls" in str(app.screen.query_one("#estimate").content))
        await pilot.press("f5")
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.live.over, turns=1500)
        assert app.live.state.done == 2
        await pilot.press("3")
        await wait_until(pilot, lambda: app.screen.query("#stored") and app.screen.query_one("#stored", LineList).count)
        await pilot.press("r")
        await wait_until(pilot, lambda: app.live.over and app.live.state.hits == 2)
        await pilot.press("ctrl+q")
        await wait_until(pilot, lambda: not app.is_running)
        assert app.return_value == 0


async def test_a_users_verdict_is_kept_until_it_is_taken_back(real):
    live = await follow(await real.start(CHOICES))
    first, other, *_ = sorted(cell.row for cell in live.state.cells.values())
    await real.override(first, OwnVerdict(loose=True, strict=False))
    await real.override(other, OwnVerdict(loose=True, strict=True))
    await real.override(other, None)
    assert await real.own_verdicts(live.state.session) == {first: OwnVerdict(True, False)}
