"""The picture in the README: the window on scripted personas, run without a terminal, as SVG.

    python examples/take_picture.py docs/window.svg

No key, no network: the personas are part of distq-tui, and the picture says SIMULATED of each.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import load_settings
from distq_tui.plan.choices import Choices, SetChoice
from distq_tui.plan.trial import Params
from distq_tui.tui.app import DistqApp
from distq_tui.tui.house.real import open_house
from distq_tui.tui.services import House

SIZE = (118, 32)
CHOICES = Choices(
    name="who taught whom?",
    models=(
        ModelSpec("persona-claims-other", "demo"),
        ModelSpec("persona-consistent", "demo", role="reference"),
        ModelSpec("persona-unrelated", "demo", role="control"),
    ),
    sets=(SetChoice("identity-en", 12), SetChoice("similarity", 10)),
    params=Params(max_tokens=160),
)


async def until(pilot: Pilot[int], holds: Callable[[], bool]) -> None:
    """Let the app run until something holds, at most two minutes."""
    for _ in range(2400):
        if holds():
            return
        await pilot.pause(0.05)
    raise TimeoutError("the run did not get there")


async def picture(choices: Choices = CHOICES) -> str:
    """The Compare screen of a finished run, on an answer that claims another maker."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(database=Path(folder) / "picture.db")

        async def make() -> House:
            return open_house(settings)

        app = DistqApp(make)
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: app.house is not None)
            assert app.house is not None
            app.begin_run(app.house.start(choices))
            await until(pilot, lambda: app.live is not None and app.live.over and app.current_mode == "compare")
            await pilot.press("home", "right_curly_bracket")
            await pilot.pause(0.5)
            return app.export_screenshot(title="distq-tui")


def main() -> None:
    """Write it."""
    Path(sys.argv[1]).write_text(asyncio.run(picture()), "utf-8")


if __name__ == "__main__":
    main()
