"""Matrix: a map in the tree's order from three models on, numbers on demand, and why a pair is alike."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Static

from distq_tui import events as ev
from distq_tui.tui.modals.why import WhyModal
from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.screens.detail import DetailScreen
from distq_tui.tui.screens.matrix import MatrixScreen
from distq_tui.tui.widgets.heat_map import CELL, HeatMap
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.ramp import SHADES, step_of

WIDE, NARROW = (140, 34), (80, 24)
NAMES = ("alpha-chat", "beta-large", "gamma-7b", "delta-mini")
CLOSE = {("alpha-chat", "gamma-7b"): 0.8, ("beta-large", "delta-mini"): 0.7}
"""In the plan's order no two neighbours are alike; in the tree's they are."""


def fill(run, names=NAMES, method="confidence sequence") -> None:
    """Answers of all to all prompts, and every pair's similarity."""
    for probe in run.plan.probes:
        for name in names:
            run.start(name, probe.prompt_id)
            run.answer(name, f"{name} says so to {probe.prompt_id}", probe.prompt_id)
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            value = CLOSE.get((one, other), 0.3)
            for probe in run.plan.probes:
                run.put(ev.RseScored(1, 2, one, other, probe.prompt_id, value, value, value))
            run.put(ev.ScoreUpdated("rse", (one, other), value, value - 0.05, value + 0.05, 4, 4, method))


@pytest.fixture
async def matrix(request, make_app, house, scripted, plan_of, wait_until):
    """The app on Matrix over four models; parametrise with (size, number of models, theme)."""
    size, count, theme = getattr(request, "param", (WIDE, 4, None))
    roles = ("target", "reference", "control", "control")
    house.run = scripted(plan_of(tuple(zip(NAMES, roles, strict=True))[:count]), {"gamma-7b": "SIMULATED"})
    fill(house.run, NAMES[:count])
    app = make_app(theme=theme)
    async with app.run_test(size=size) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes, "compare")
        await pilot.press("2")
        pairs = count * (count - 1) // 2
        await wait_until(
            pilot,
            lambda: isinstance(app.screen, MatrixScreen) and app.screen.query_one("#stored", LineList).count == pairs,
            "matrix",
        )
        yield app, pilot, app.screen


def heat_of(screen: MatrixScreen) -> HeatMap:
    return screen.query_one("#heat", HeatMap)


def rows(screen: MatrixScreen) -> list[str]:
    heat = heat_of(screen)
    return [heat.render_line(at).text.rstrip() for at in range(1 + len(heat.names))]


def said(screen: MatrixScreen, selector: str) -> str:
    return str(screen.query_one(selector, Static).content)


async def ordered(pilot, screen, wait_until) -> None:
    await wait_until(pilot, lambda: "tree's order" in said(screen, "#columns"), "the tree")


async def test_the_map_stands_in_the_trees_order_with_the_tree_beside_it(matrix, wait_until):
    _, pilot, screen = matrix
    await ordered(pilot, screen, wait_until)
    order = [name for name, _ in heat_of(screen).names]
    for pair in CLOSE:
        assert abs(order.index(pair[0]) - order.index(pair[1])) == 1
    tree = screen.query_one("#tree", LineList)
    assert tree.display
    assert tree.count == 7
    drawn = "\n".join(tree.render_line(at).text for at in range(tree.count))
    assert all(name in drawn for name in NAMES)


async def test_shades_without_colour_tell_alike_from_unlike(matrix, wait_until):
    _, pilot, screen = matrix
    await ordered(pilot, screen, wait_until)
    text = "\n".join(rows(screen))
    assert SHADES[-1] * (CELL - 1) in text
    assert SHADES[0] * (CELL - 1) in text
    assert "SIMULATED" in text


async def test_numbers_on_demand(matrix, wait_until):
    _, pilot, screen = matrix
    await ordered(pilot, screen, wait_until)
    assert ".30" not in "\n".join(rows(screen))
    await pilot.press("number_sign")
    text = "\n".join(rows(screen))
    assert ".30" in text
    assert ".80" in text
    assert SHADES[-1] not in text


async def test_the_cursor_tells_its_pair_and_the_kind_of_interval(matrix, wait_until):
    _, pilot, screen = matrix
    await ordered(pilot, screen, wait_until)
    await pilot.press("home", "right")
    one, other = (heat_of(screen).names[at][0] for at in (0, 1))
    await wait_until(pilot, lambda: one in said(screen, "#pair") and other in said(screen, "#pair"))
    assert "~ confidence sequence" in said(screen, "#pair")
    assert "[" in said(screen, "#pair")


async def test_enter_explains_a_pair_and_opens_its_prompts(matrix, wait_until):
    app, pilot, screen = matrix
    await ordered(pilot, screen, wait_until)
    await pilot.press("home", "enter")
    assert app.screen is screen  # a model beside itself is no pair
    await pilot.press("right", "enter")
    await wait_until(pilot, lambda: isinstance(app.screen, WhyModal), "the modal")
    modal = app.screen
    await wait_until(pilot, lambda: "proves nothing" in str(modal.query_one("#said", Static).content), "the reasons")
    assert modal.query_one("#driving", LineList).count == 4
    await pilot.press("enter")
    await wait_until(pilot, lambda: isinstance(app.screen, DetailScreen), "detail")
    await pilot.press("escape", "escape")
    await wait_until(pilot, lambda: app.screen is screen)


async def test_the_list_is_the_second_view(matrix, wait_until):
    app, pilot, screen = matrix
    await ordered(pilot, screen, wait_until)
    await pilot.press("v")
    stored = screen.query_one("#stored", LineList)
    await wait_until(pilot, lambda: stored.display and stored.has_focus and not heat_of(screen).display)
    first = stored.render_line(0).text
    assert "~.80 [.75,.85]" in first
    assert "gamma-7b SIMULATED" in first
    await pilot.press("enter")
    await wait_until(pilot, lambda: isinstance(app.screen, WhyModal))
    await pilot.press("escape", "v")
    await wait_until(pilot, lambda: heat_of(screen).display)


async def test_a_final_interval_has_another_mark(matrix, house, wait_until):
    _, pilot, screen = matrix
    await ordered(pilot, screen, wait_until)
    house.run.put(ev.ScoreUpdated("rse", NAMES[:2], 0.9, 0.85, 0.95, 4, 4, "t over prompts"))
    await pilot.press("v")
    stored = screen.query_one("#stored", LineList)
    await wait_until(pilot, lambda: "=.90" in stored.render_line(0).text)


@pytest.mark.parametrize("matrix", [(NARROW, 4, None)], indirect=True)
async def test_a_narrow_terminal_has_the_map_alone(matrix, wait_until):
    _, pilot, screen = matrix
    await ordered(pilot, screen, wait_until)
    assert not screen.query_one("#tree").display
    assert all(len(line) <= NARROW[0] for line in rows(screen))


@pytest.mark.parametrize("matrix", [(WIDE, 2, None)], indirect=True)
async def test_two_models_make_a_list(matrix):
    _, _, screen = matrix
    assert screen.query_one("#stored").display
    assert not heat_of(screen).display


@pytest.mark.parametrize("matrix", [(WIDE, 4, "ansi-dark")], indirect=True)
async def test_ansi_themes_name_no_colour_of_their_own(matrix, wait_until):
    _, pilot, screen = matrix
    await ordered(pilot, screen, wait_until)
    strip = heat_of(screen).render_line(2)
    shaded = [part for part in strip if part.text.strip() and part.text[0] in SHADES]
    assert shaded
    assert all(part.style is None or part.style.color is None or part.style.color.triplet is None for part in shaded)


def test_steps_cover_the_scale():
    assert [step_of(value, 0.2, 0.7) for value in (0.0, 0.2, 0.35, 0.69, 0.7, 1.0)] == [0, 0, 1, 4, 4, 4]
    assert step_of(0.4, 0.4, 0.4) == len(SHADES) // 2


async def test_names_of_outsiders_are_only_text(make_app, wait_until):
    app = make_app(start="setup")
    async with app.run_test(size=WIDE) as pilot:
        heat = HeatMap(lambda row, column: 0.5)
        await app.screen.mount(heat)
        heat.show([("[red]x[/]\x1b[2J\u202e" + "y" * 90, "RECORDED"), ("模型" * 30, "")], (0.0, 1.0))
        await wait_until(pilot, lambda: heat.size.width > 40)
        for at in range(3):
            strip = heat.render_line(at)
            assert strip.cell_length == heat.size.width
            assert "\x1b" not in strip.text
            assert "\u202e" not in strip.text
        assert "RECORDED" in heat.render_line(1).text
        assert "…" in heat.render_line(2).text


@pytest.mark.parametrize("kind", ["identity", "similarity"])
async def test_identity_prompts_alone_are_told_once_the_run_is_over(
    make_app, house, scripted, plan_of, wait_until, kind
):
    plan = plan_of(tuple(zip(NAMES[:2], ("target", "reference"), strict=True)))
    house.run = scripted(replace(plan, probes=tuple(replace(probe, kind=kind) for probe in plan.probes)))
    app = make_app()
    async with app.run_test(size=NARROW) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes, "compare")
        await pilot.press("2")
        await wait_until(pilot, lambda: isinstance(app.screen, MatrixScreen), "matrix")
        stored = app.screen.query_one("#stored", LineList)

        def told() -> str:
            return " ".join(stored.render_line(at).text.strip() for at in range(3))

        await wait_until(pilot, lambda: "No similarity yet" in told())
        house.run.finish("done")
        await wait_until(pilot, lambda: app.live.over)
        if kind == "identity":
            await wait_until(pilot, lambda: "identity prompts are not compared. It takes two" in told())
        else:
            await pilot.pause()
            assert "No similarity yet" in told()
