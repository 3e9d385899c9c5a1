"""Compare: what a run's events make of panes, list and strip, and what its keys do."""

from __future__ import annotations

from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.widgets.pane import AnswerPane


async def opened(app, pilot, wait_until) -> CompareScreen:
    await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and len(app.screen.panes) > 0, "compare")
    return app.screen


def pane_of(screen: CompareScreen, model: str) -> AnswerPane:
    return next(pane for pane in screen.panes if pane.model == model)


async def test_text_streams_into_the_pane_of_its_model(make_app, house, wait_until):
    app = make_app()
    async with app.run_test(size=(140, 40)) as pilot:
        screen = await opened(app, pilot, wait_until)
        house.run.start("alpha-chat")
        house.run.delta("alpha-chat", "I was made ")
        house.run.delta("alpha-chat", "by OpenAI.")
        await wait_until(pilot, lambda: pane_of(screen, "alpha-chat").text == "I was made by OpenAI.")
        assert pane_of(screen, "beta-large").text == ""
