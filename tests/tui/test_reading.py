"""A stored session that is read behind its list: what is on screen before all is read, and that it says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from filtering import matching

from distq_tui import events as ev
from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import load_settings
from distq_tui.ice.detector import Detector
from distq_tui.plan.choices import Choices, SetChoice
from distq_tui.plan.trial import Params
from distq_tui.rse import scorer as rse_scorer
from distq_tui.rse.features import features
from distq_tui.tui.house import real as house_module
from distq_tui.tui.house import stored
from distq_tui.tui.house.real import open_house
from distq_tui.tui.lines import scores
from distq_tui.tui.lines.filters import share_seen
from distq_tui.tui.lines.score_lines import score_lines
from distq_tui.tui.live import LiveRun
from distq_tui.tui.records import PlanPart
from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.terminal_title import title_of
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.title_bar import TitleBar

MODELS = (
    ModelSpec("persona-claims-other", "demo", role="target"),
    ModelSpec("persona-unrelated", "demo", role="control"),
)
CHOICES = Choices("personas", MODELS, sets=(SetChoice("identity-en", 3),), params=Params(max_tokens=12))


def begun(scripted, plan_of):
    """A stored session of four prompts, two of which came with it; and the part that has the others."""
    plan = plan_of()
    run = scripted(replace(plan, probes=plan.probes[:2]), stored=True)
    run.prompts = 4
    return run, PlanPart(plan.probes[2:])


def said(live: LiveRun) -> str:
    return "".join(text for text, _ in scores.progress_spans(live))


def test_what_is_told_of_a_session_says_how_much_of_it_is_read(scripted, plan_of):
    run, rest = begun(scripted, plan_of)
    live = LiveRun(run, lambda: 0.0)
    live.apply(ev.RunStarted("s1", "scripted", 12, tuple(live.titles), ""))
    assert (live.lines, len(live.rows), live.reading) == (4, 2, "2 of 4 prompts")
    assert share_seen(live, "who made") == 0.5
    live.apply(rest)
    assert (live.lines, len(live.rows), live.reading) == (4, 4, "0 of 12 answers")
    assert (share_seen(live, "who made"), share_seen(live, "is:conflict")) == (1.0, 0.0)
    assert (len(matching(live, "is:unread")), matching(live, "is:waiting model:alpha")) == (4, [])
    for prompt in ("id-01", "id-02", "id-03"):
        live.apply(ev.TrialFinished("k", "alpha-chat", prompt, 0, ev.Response("ok", "x"), False, 1))
    assert "reading 3 of 12 answers · scores are of those read" in said(live)
    assert "Reading 3 of 12 answers" in score_lines(live, None, 80)[0].spans[0][0]
    assert title_of(live) == "reading 3/12 scripted - distq-tui"
    assert share_seen(live, "is:conflict") == 0.25
    live.apply(ev.RunFinished("done", 12, 3, 0, 0, 3, 0, None, ""))
    assert live.reading == ""
    assert "reading" not in said(live)
    assert score_lines(live, None, 80)[0].spans == [("Conclusion", "key")]
    assert share_seen(live, "is:conflict") == 1.0
    assert (len(matching(live, "is:part")), len(matching(live, "is:waiting"))) == (3, 1)


def test_a_run_under_way_is_not_read(scripted):
    assert LiveRun(scripted(), lambda: 0.0).reading == ""


@pytest.fixture
def rest(house, scripted, plan_of):
    """Must stand before `screen`: the house opens the session that has begun to be read."""
    house.run, rest = begun(scripted, plan_of)
    return rest


@pytest.fixture
async def compare(rest, make_app, wait_until):
    app = make_app()
    async with app.run_test(size=(140, 40)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes)
        yield pilot, app.screen, app.screen.query_one("#prompts", LineList)


async def test_the_list_has_all_its_lines_before_they_are_read(compare, house, rest, wait_until):
    pilot, screen, prompts = compare
    title = screen.query_one(TitleBar)
    await wait_until(pilot, lambda: "READING 2 of 4 prompts" in str(title.content))
    assert prompts.count == 4
    assert [prompts.render_line(n).text[1:].strip() for n in range(4)] == ["…u id-01", "…u id-02", "…", "…"]
    assert all("still to be read" in str(pane.border_subtitle) for pane in screen.panes)
    await pilot.press("end")
    assert screen.row == ("id-01", 0), "what is looked at stays until its successor is there"
    house.run.put(rest)
    await wait_until(pilot, lambda: "id-04" in prompts.render_line(3).text)
    assert screen.row == ("id-04", 0)
    house.run.finish()
    await wait_until(pilot, lambda: "READING" not in str(title.content))
    await wait_until(pilot, lambda: "·w id-04" in prompts.render_line(3).text)


async def test_a_filter_says_what_it_has_seen_and_looks_again_at_the_end(compare, house, rest, wait_until):
    pilot, _, prompts = compare
    house.run.put(rest)
    house.run.start("alpha-chat", "id-01")
    house.run.answer("alpha-chat", "x", "id-01", loose=True)
    await wait_until(pilot, lambda: pilot.app.live.state.done == 1)
    await pilot.press("slash", *"is:conflict", "enter")
    await wait_until(pilot, lambda: prompts.count == 1)
    assert prompts.border_subtitle == "1 in the 17% read"
    house.run.start("alpha-chat", "id-03")
    house.run.answer("alpha-chat", "x", "id-03", loose=True)
    house.run.finish()
    await wait_until(pilot, lambda: prompts.count == 2)
    assert prompts.border_subtitle == "2 filtered"


@pytest.fixture
async def real():
    house = open_house(load_settings())
    yield house
    await house.close()


async def told(run) -> LiveRun:
    live = LiveRun(run, lambda: 0.0)
    async for event in run.events():
        live.apply(event)
    return live


async def test_parts_make_the_whole(real, monkeypatch):
    first = await told(await real.start(CHOICES))
    for module, name in ((house_module, "FIRST_PROMPTS"), (stored, "PROMPTS_A_READ"), (stored, "ROWS_A_READ")):
        monkeypatch.setattr(module, name, 1)
    run = await real.open("latest")
    assert (len(run.plan.probes), run.prompts) == (1, 3)
    again = await told(run)
    assert run.plan == first.run.plan == await real.plan_of("latest")
    assert again.rows == first.rows
    assert again.state.scores == first.state.scores
    assert again.history == first.history
    assert {key: cell.verdict for key, cell in again.state.cells.items()} == {
        key: cell.verdict for key, cell in first.state.cells.items()
    }


async def test_the_detector_reads_an_answer_again_only_where_it_was_another_version(real, monkeypatch):
    first = await told(await real.start(CHOICES))
    read = []
    stream = Detector.stream
    monkeypatch.setattr(Detector, "stream", lambda *args, **more: read.append(1) or stream(*args, **more))
    assert (await told(await real.open("latest"))).state.scores == first.state.scores
    assert read == []
    change = "UPDATE ice_scores SET version = 'older', loose = 1 - loose"
    await real._store.call(lambda store: store.db.execute(change) and None)
    assert (await told(await real.open("latest"))).state.scores == first.state.scores
    assert len(read) == 6


async def test_two_answers_are_compared_again_only_by_another_version(real, monkeypatch):
    choices = replace(CHOICES, sets=(SetChoice("similarity", 4),))
    first = await told(await real.start(choices))
    read = []
    monkeypatch.setattr(rse_scorer, "features", lambda text: read.append(1) or features(text))
    again = await told(await real.open("latest"))
    assert (again.state.scores, again.state.pairs) == (first.state.scores, first.state.pairs)
    assert (read, len(first.state.pairs)) == ([], 4)
    await real._store.call(
        lambda store: store.db.execute("UPDATE rse_scores SET version = 'older', style = 0") and None
    )
    assert (await told(await real.open("latest"))).state.scores == first.state.scores
    assert len(read) == 8


async def test_a_session_deleted_while_it_is_read_ends_the_reading(real, monkeypatch):
    await told(await real.start(CHOICES))
    monkeypatch.setattr(house_module, "FIRST_PROMPTS", 1)
    run = await real.open("latest")
    await real._store.call(lambda store: store.db.execute("DELETE FROM plan_probes") and None)
    assert (await told(run)).over
