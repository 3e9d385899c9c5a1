"""The README's picture can be made again, from the script that made it."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

from distq_tui.data import data_path
from distq_tui.plan.choices import SetChoice

README = Path(__file__).parents[2] / "README.md"
PICTURE = README.parent / "docs" / "window.svg"


async def test_the_script_takes_a_picture_of_a_finished_run_that_says_simulated():
    spec = importlib.util.spec_from_file_location("take_picture", data_path("examples", "take_picture.py"))
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    svg = await script.picture(replace(script.CHOICES, sets=(SetChoice("identity-en", 5),)))
    assert svg.startswith("<svg")
    assert "SIMULATED" in svg
    assert "15/15" in svg


def test_the_readme_shows_it_at_a_size_that_loads():
    assert "](docs/window.svg)" in README.read_text()
    assert PICTURE.stat().st_size < 200_000
