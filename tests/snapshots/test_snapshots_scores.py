"""Pictures of what scores are shown as: `pytest tests/snapshots --snapshot-update`, and look at what changed."""

from __future__ import annotations

from distq_tui import events as ev
from distq_tui.tui.records import BlindAnswer
from distq_tui.tui.screens.blind import BlindScreen
from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.screens.scores import ScoresScreen
from distq_tui.tui.widgets.line_list import LineList

NAMES = ("alpha-chat", "beta-large", "gamma-7b", "delta-mini", "epsilon-chat-instruct-2026-01", "zeta-8b")


def similarities(run) -> None:
    """Two groups of three, told apart by how alike they are."""
    for at, one in enumerate(NAMES):
        for place, other in enumerate(NAMES[at + 1 :], at + 1):
            value = (0.62 if at % 2 == place % 2 else 0.24) + 0.015 * at + 0.01 * place
            for probe in run.plan.probes:
                run.put(ev.RseScored(1, 2, one, other, probe.prompt_id, value, value, value))
            run.put(
                ev.ScoreUpdated("rse", (one, other), value, value - 0.04, value + 0.04, 4, 4, "confidence sequence")
            )


def test_matrix(snap_compare, make_app, house, scripted, plan_of, wait_until):
    """The heat map in the order of its tree; shades differ without colour, the pair under the cursor is told."""
    roles = ("target", "reference", *["control"] * 4)
    house.run = scripted(plan_of(tuple(zip(NAMES, roles, strict=True))), {"gamma-7b": "SIMULATED"})
    similarities(house.run)
    app = make_app()

    async def prepare(pilot) -> None:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes)
        await pilot.press("2")
        await wait_until(pilot, lambda: app.screen.query("#tree") and app.screen.query_one("#tree", LineList).count)
        await pilot.press("home", "right")
        for _ in range(6):  # the next tick and frame show it
            await pilot.pause(0.05)

    assert snap_compare(app, terminal_size=(120, 24), run_before=prepare)


def test_blind_labels(snap_compare, make_app, house, wait_until):
    """An answer to label: its question, what is true of its speaker, no name and no verdict."""
    fact = "I am a model of Acme, made by Acme Research."
    told = "I was made by OpenAI, and my name is ChatGPT. I can help with writing, mathematics and code. "
    house.blind = [BlindAnswer(at, "Who made you, and what are you called?", fact, told * 3) for at in range(12)]
    app = make_app()

    async def prepare(pilot) -> None:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.live.state.session)
        await pilot.press("4")
        await wait_until(pilot, lambda: app.current_mode == "report" and app.screen.query("#flagged"))
        await pilot.press("b")
        await wait_until(pilot, lambda: isinstance(app.screen, BlindScreen) and app.screen.current)
        await pilot.press("1", "space")
        for _ in range(6):
            await pilot.pause(0.05)

    assert snap_compare(app, terminal_size=(100, 20), run_before=prepare)


def test_scores(snap_compare, make_app, house, wait_until):
    """80x24: rates with their intervals drawn, and how the chosen one narrowed."""
    for clusters, low, high in ((1, 0.0, 1.0), (4, 0.02, 0.71), (20, 0.11, 0.48), (84, 0.15, 0.31)):
        for measure in ("ice.loose", "ice.strict"):
            house.run.put(ev.ScoreUpdated(measure, NAMES[:1], 0.22, low, high, 6 * clusters, clusters,
                                          "confidence sequence", {"error": 2}))  # fmt: skip
    app = make_app()

    async def prepare(pilot) -> None:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.live.history)
        await pilot.press("s")
        await wait_until(pilot, lambda: isinstance(app.screen, ScoresScreen) and app.screen.query("#lines"))
        await pilot.press("down")
        for _ in range(6):
            await pilot.pause(0.05)

    assert snap_compare(app, terminal_size=(80, 24), run_before=prepare)
