"""Pictures of the screens. Each is looked at when it changes: `pytest tests/snapshots --snapshot-update`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from distq_tui import events as ev
from distq_tui.tui.records import PlanPart
from distq_tui.tui.screens.compare import CompareScreen

CLAIM = "I was made by OpenAI, and my name is ChatGPT. I can help with writing, mathematics and code. "
CHINESE = "我是由深度求索公司开发的人工智能助手，可以回答问题、写作和编程。"
MARKS = (ev.Mark(0, 20, "conflict", "maker"), ev.Mark(26, 44, "conflict", "name"))


def stream(run, finish: str = "") -> None:
    """Three models: one that claims another maker, one in Chinese, one that is refused for a while."""
    run.start("alpha-chat")
    run.delta("alpha-chat", CLAIM * 3, marks=MARKS)
    run.answer("alpha-chat", CLAIM * 3, marks=MARKS, loose=True, cost=0.0012)
    run.start("beta-large")
    run.delta("beta-large", CHINESE * 4, marks=(ev.Mark(0, 9, "own", "maker"),))
    run.start("gamma-7b")
    run.put(ev.TrialRetry("gamma-7b/id-01", "gamma-7b", "id-01", 0, 1, 2.5, "429 too many requests"))
    run.put(ev.ScoreUpdated("ice.strict", ("alpha-chat",), 0.22, 0.15, 0.31, 84, 84, "confidence sequence"))
    run.put(ev.ScoreUpdated("ice.strict", ("beta-large",), 0.02, 0.0, 0.09, 84, 84, "confidence sequence"))
    run.put(ev.ScoreUpdated("rse", ("alpha-chat", "beta-large"), 0.41, 0.38, 0.44, 60, 60, "confidence sequence"))
    run.put(ev.ScoreUpdated("rse", ("alpha-chat", "gamma-7b"), 0.33, 0.30, 0.36, 60, 60, "confidence sequence"))
    if finish:
        error = {"cls": "error", "error": "connection refused by 127.0.0.1:9"} if finish == "failed" else {}
        run.answer("beta-large", CHINESE * 4, marks=(ev.Mark(0, 9, "own", "maker"),))
        run.answer("gamma-7b", "" if error else "A plain answer.", **error)
        for prompt in ("id-02", "id-03", "id-04"):
            for model in ("alpha-chat", "beta-large", "gamma-7b"):
                run.start(model, prompt)
                run.answer(model, "" if error else "A plain answer.", prompt, **error)
        run.finish(failed=10 if error else 0)


@pytest.fixture
def picture(snap_compare, make_app, house, wait_until):
    """Takes the picture of a screen that has settled."""

    def take(keys=(), size=(110, 30), start="demo", theme=None, settled=lambda app: True, arrived=lambda app: True):
        app = make_app(start=start, theme=theme)

        async def prepare(pilot) -> None:
            if start == "demo":
                await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes)
            else:
                await wait_until(pilot, lambda: app.screen.query("#sets") and app.screen.query_one("#sets").count)
            await wait_until(pilot, lambda: settled(app))
            await pilot.press(*keys)
            await wait_until(pilot, lambda: arrived(app))
            for _ in range(6):  # a tick paints what the events changed, and the next frame shows it
                await pilot.pause(0.05)

        return snap_compare(app, terminal_size=size, run_before=prepare)

    return take


def shown(app) -> bool:
    """All that was scripted is in the panes."""
    live = app.live
    return bool(live and len(live.state.scores) == 4 and app.screen.panes[0].text)


def over(app) -> bool:
    return shown(app) and app.live.over


def said(app, text: str) -> bool:
    return bool(app.screen.query("#said")) and text in str(app.screen.query_one("#said").content)


def estimated(app) -> bool:
    return bool(str(app.screen.query_one("#estimate").content))


def counted(app) -> bool:
    return "60 calls" in str(app.screen.query_one("#estimate").content)


def test_compare_running(picture, house):
    """Text streams side by side, claims marked, scores and progress below."""
    stream(house.run)
    assert picture(settled=shown)


def test_compare_finished_light(picture, house):
    """All is answered; the light theme."""
    stream(house.run, "done")
    assert picture(settled=over, theme="textual-light", keys=["home"])


def test_compare_failed(picture, house):
    """Failures are words, signs and letters, not only colours."""
    stream(house.run, "failed")
    assert picture(settled=over, keys=["home"])


def test_compare_failed_narrow(picture, house):
    """80x24, the pane of a model that could not be asked: what failed and why, and the key that asks again."""
    stream(house.run, "failed")
    assert picture(settled=over, size=(80, 24), keys=["home", "right", "right"])


def test_compare_no_color(picture, house, monkeypatch):
    """NO_COLOR: claims, states, marks and folded reasoning are told by words, signs and attributes alone."""
    monkeypatch.setenv("NO_COLOR", "1")
    stream(house.run)
    house.run.delta("beta-large", "", marks=(ev.Mark(0, 9, "own", "maker"),), reasoning="Who am I? " * 40)
    house.run.put(ev.RseScored(1, 2, "alpha-chat", "beta-large", "id-01", 0.5, 0.4, 0.3))
    assert picture(settled=shown, arrived=lambda app: app.live.state.pairs)


def test_compare_narrow(picture, house):
    """80x24: one pane, the others as tabs."""
    stream(house.run)
    assert picture(settled=shown, size=(80, 24))


def test_compare_chinese_maximised(picture, house):
    """Double-width text in the one pane over the whole room."""
    stream(house.run)
    assert picture(settled=shown, size=(80, 24), keys=["right", "z"])


def test_detail(picture, house):
    """An answer in full, its claims and rules, how it came."""
    stream(house.run, "done")
    assert picture(settled=over, keys=["home", "enter"], arrived=lambda app: said(app, "Claims"))


def compared(app) -> bool:
    return bool(app.screen.query("#difference")) and bool(app.screen.query_one("#difference").lines)


def test_diff_columns(picture, house):
    """Two answers in columns: marks of a word diff, no colour needed."""
    stream(house.run, "done")
    assert picture(settled=over, keys=["home", "d"], arrived=compared)


def test_diff_chinese_narrow(picture, house):
    """80x24: one text; Chinese is compared character by character."""
    stream(house.run)
    house.run.answer("beta-large", CHINESE * 2)
    house.run.start("alpha-chat")
    house.run.answer("alpha-chat", CHINESE.replace("深度求索", "智谱") * 2)
    keys = ["home", "d"]
    assert picture(settled=shown, size=(80, 24), keys=keys, arrived=compared, theme="textual-light")


def test_report(picture, house):
    """Scores with intervals, and flagged answers with their evidence."""
    stream(house.run, "done")
    assert picture(settled=over, keys=["4"], arrived=lambda app: said(app, "ice.strict"))


def test_setup(picture, house):
    """Roles given, a set chosen, the estimate below."""
    assert picture(start="setup", size=(110, 28), keys=["t", "down", "r", "tab", "space"], arrived=counted)


def test_setup_first_run_narrow(picture, house):
    """80x24, nothing stored yet: the first screen says what to do."""
    assert picture(start="setup", size=(80, 24), arrived=estimated)


def test_sessions_empty(picture, house):
    """No session yet: the list says how to get one."""
    assert picture(start="setup", size=(80, 24), keys=["3"], arrived=lambda app: app.screen.query("#stored"))


def test_compare_reading(picture, house):
    """A stored session that is still being read: what is unread says so, and every number says of how much it is."""
    house.run.stored, house.run.prompts = True, 40
    plan = house.run.plan
    more = tuple(replace(plan.probes[0], prompt_id=f"id-{n:02}") for n in range(5, 41))
    house.run.put(PlanPart(more), ev.RunStarted("s1", plan.name, 120, ("alpha-chat", "beta-large", "gamma-7b"), ""))
    stream(house.run)
    assert picture(settled=shown)


def test_help(picture, house):
    """F1: what the screen shows, and its keys."""
    stream(house.run)
    assert picture(settled=shown, keys=["f1"], arrived=lambda app: app.screen.query(".dialog"))
