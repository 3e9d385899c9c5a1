"""The whole job in a real terminal, by keys only: from launch to an exported report, and again from the cache."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from terminal import Terminal

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
SIZES = [(80, 24), (200, 60)]


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[[tuple[int, int]], Terminal]]:
    """Opens the app, every time over the same database."""
    opened: list[Terminal] = []
    with tempfile.TemporaryDirectory(prefix="tm", dir="/tmp") as short:  # a socket's path has at most 107 bytes

        def open_it(size: tuple[int, int]) -> Terminal:
            env = {"DISTQ_TUI_DATA_DIR": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
            socket = Path(short) / str(len(opened))
            opened.append(Terminal(socket, size, [sys.executable, "-m", "distq_tui"], tmp_path, env))
            return opened[-1]

        yield open_it
        for terminal in opened:
            terminal.close()


def pick(terminal: Terminal, name: str, role: str) -> None:
    """Find a model by its name and give it a role."""
    terminal.wait_for("t Target")  # the footer of the list: it has the focus
    terminal.keys("/")
    if "find a model" not in terminal.wait_for("t Target", gone=True):  # the field has it, and is not empty
        terminal.keys("C-u")
        terminal.wait_for("find a model")  # letters would overtake the key that empties it
    terminal.type(name)
    terminal.wait_for(f"›[ ] {name}")
    terminal.keys("Down")
    terminal.wait_for("t Target")  # a letter would overtake the key that leaves the field
    terminal.keys(role)
    terminal.wait_for(f"[{role.upper()}] {name}")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_from_launch_to_an_exported_report_by_keys(launch, tmp_path, size):
    terminal = launch(size)
    terminal.wait_for("watches a demo")
    terminal.wait_for("persona-claims-other")
    pick(terminal, "persona-claims-other", "t")
    pick(terminal, "persona-unrelated", "c")
    terminal.keys("Tab")
    terminal.wait_for("space Choose")  # the footer of the sets
    terminal.keys("Space")
    terminal.wait_for("[x] identity-en")
    terminal.wait_for("40 calls")
    terminal.keys("F5")
    terminal.wait_for("40/40", seconds=120)
    terminal.keys("4")
    terminal.wait_for("Flagged")
    terminal.keys("e")
    terminal.wait_for("Export the report")
    terminal.keys("Enter")
    terminal.wait_for("Written:")
    terminal.keys("C-q")
    terminal.wait_for("EXIT 0")
    (report,) = tmp_path.glob("*.html")
    assert "persona-claims-other" in report.read_text("utf-8")
    (tmp_path / "keys.txt").write_text("\n".join(terminal.transcript) + "\n")

    again = launch(size)
    again.wait_for("persona-claims-other")
    again.keys("3")
    again.wait_for("40/40")
    again.keys("r")
    again.wait_for("40 cached", seconds=90)
    again.keys("C-q")
    again.wait_for("EXIT 0")
