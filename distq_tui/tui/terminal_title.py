"""The terminal's title tells how far a run is, and is given back at the end. The one place that writes past Textual."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from distq_tui.tui.text.safe import clean_line

if TYPE_CHECKING:
    from textual.app import App

    from distq_tui.tui.live import LiveRun

KEEP = "\x1b[22;2t"
RESTORE = "\x1b[23;2t"
"""xterm's stack of window titles; a terminal without one ignores both and keeps our last title."""
_NO_TITLE = frozenset({"", "dumb", "linux"})
"""Values of TERM where nothing has a title."""


class TerminalTitle:
    """Writes titles where they changed.

    Args:
        write: writes to the terminal, unbuffered by the screen.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._shown = ""

    def show(self, text: str) -> None:
        """OSC 2 with the text, which may hold a session's name: cleaned, so that it can't end the sequence."""
        title = clean_line(text, 80)
        if title != self._shown:
            self._write(f"{KEEP if not self._shown else ''}\x1b]2;{title}\x07")
            self._shown = title

    def restore(self) -> None:
        """Give the terminal its own title back, where one was shown."""
        if self._shown:
            self._write(f"\x1b]2;\x07{RESTORE}")
            self._shown = ""


def title_of(live: LiveRun | None) -> str:
    """`37/120 gpt-like? - distq-tui` while a run goes on or is read; what became of it afterwards."""
    if live is None or not live.state.session:
        return "distq-tui"
    state = live.state
    if live.over:
        return f"{live.outcome}: {state.name} - distq-tui"
    doing = "paused " if state.paused else "" if live.whole else "reading "
    return f"{doing}{state.done}/{state.total} {state.name} - distq-tui"


def terminal_writer(app: App[int], env: Mapping[str, str]) -> Callable[[str], None]:
    """Writes to the app's own terminal; nothing where it has none, or one without titles."""

    def write(text: str) -> None:
        driver = app._driver  # Textual has no public way to a title
        if driver is not None and not driver.is_headless and env.get("TERM", "") not in _NO_TITLE:
            driver.write(text)
            driver.flush()

    return write
