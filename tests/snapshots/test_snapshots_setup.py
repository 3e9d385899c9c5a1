"""Pictures of Setup's roles and of two compared sessions: `pytest tests/snapshots --snapshot-update`, and look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from distq_tui.report.changes import Change
from distq_tui.report.drift import AnswerChange, Drift, SessionComparison
from distq_tui.store import SessionRow
from distq_tui.tui.records import SessionLine
from distq_tui.tui.screens.compared import ComparedScreen
from distq_tui.tui.widgets.line_list import LineList


@pytest.fixture
def picture(snap_compare, make_app, wait_until):
    """The picture of what keys lead to from Setup."""

    def take(keys: list[str], arrived: Callable[[Any], bool], size=(80, 24), theme=None):
        app = make_app(start="setup", theme=theme)

        async def prepare(pilot) -> None:
            await wait_until(pilot, lambda: app.screen.query("#sets") and app.screen.query_one("#sets", LineList).count)
            for key in keys:
                await pilot.press(key)
                await pilot.pause()
            await wait_until(pilot, lambda: arrived(app))
            for _ in range(6):
                await pilot.pause(0.05)

        return snap_compare(app, terminal_size=size, run_before=prepare)

    return take


def estimated(app) -> bool:
    return "follow-up" in str(app.screen.query_one("#estimate").content)


def row(name: str, at: str, versions: dict[str, str]) -> SessionRow:
    return SessionRow(f"{at[:10].replace('-', '')}-aa", name, "d", at, at, "done", 60, 60, 0, 0, 7, True, versions)


def drift(measure: str, value: float, p: float, *models: str) -> Drift:
    before, name = 0.3, "clean" if measure != "rse" else "similarity"
    limits = (value, value - 0.08, value + 0.08, p / 4, p)
    return Drift(measure, models, name, before, before + value, *limits, 60, 20, 0, "t, two-way")


COMPARISON = SessionComparison(
    row("glm in spring", "2026-03-01T10:00:00Z", {"distq-tui": "0.1"}),
    row("glm in autumn", "2026-10-01T10:00:00Z", {"distq-tui": "0.2"}),
    (Change("glm-4: served as", "glm-4-0301", "glm-4-0915"), Change("temperature", "0.5", "1.0")),
    (
        drift("loose", 0.21, 0.0004, "glm-4"),
        drift("strict", -0.02, 0.81, "glm-4"),
        drift("rse", 0.11, 0.03, "glm-4", "gpt-4o"),
        Drift("loose", ("gpt-4o",), "clean", *[None] * 7, 0, 0, 60, "the same stored answers: nothing was asked again"),
    ),
    (
        AnswerChange(
            "glm-4",
            "identity-zh-4",
            0,
            ("我是智谱公司开发的人工智能助手。", "我是由OpenAI开发的人工智能助手ChatGPT。"),
            ("ok", "ok"),
            (False, True),
        ),
        AnswerChange(
            "glm-4", "similarity-9", 0, ("The moon pulls.", "The tides rise."), ("ok", "truncated"), (None, None)
        ),
    ),
    {"glm-4": 60, "gpt-4o": 0},
)


@pytest.mark.parametrize("size", [(80, 24), (120, 30)], ids=["narrow", "wide"])
def test_sessions_compared(picture, house, size):
    """What changed, what drifted (! where chance seldom makes it), and a Chinese answer as a difference."""
    house.comparison = COMPARISON
    house.session_lines = [SessionLine(f"2026-{n}", "glm", "2026-03-01T10:00", "done", 1, 1, 0, 0) for n in range(2)]

    def shown(app) -> bool:
        return isinstance(app.screen, ComparedScreen) and bool(app.screen.query_one("#answer").lines)

    keys = ["3", "m", "down", "c", *["down"] * 12]
    assert picture(keys, shown, size=size)


def test_setup_with_judges(picture, house):
    """A judge and a helper: what they are for can be switched, and the estimate counts their calls."""
    house.follow_up = 1040
    assert picture(["t", "down", "J", "down", "H", "tab", "space", "down", "down", "down"], estimated)


def test_setup_endpoint_light(picture, house):
    """A model named by hand: its fields, and that a key is only referred to."""
    assert picture(["a"], lambda app: app.screen.query("#at-key"), size=(100, 20), theme="textual-light")
