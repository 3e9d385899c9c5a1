"""The top line: where one is, what else there is by key, and what runs."""

from __future__ import annotations

from textual import events
from textual.widgets import Static

from distq_tui.tui.text.spans import Span, content

PLACES = (
    ("1", "Compare", "compare"),
    ("2", "Matrix", "matrix"),
    ("3", "Sessions", "sessions"),
    ("4", "Report", "report"),
    ("n", "Setup", "setup"),
)


class TitleBar(Static):
    """Says `distq-tui`, the screens with their keys, and a state at the right.

    Args:
        place: the name of this screen's mode.
    """

    DEFAULT_CSS = """
    TitleBar { dock: top; height: 1; background: $panel; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place
        self._told: list[Span] | None = None
        self._reading = ""
        self._places: list[tuple[int, int, str]] = []

    def on_mount(self) -> None:
        """Show the places at once."""
        self.tell([])

    async def on_click(self, event: events.Click) -> None:
        """A click on a place's key or name goes there."""
        offset = event.get_content_offset(self)
        at = -1 if offset is None else offset.x
        for start, end, mode in self._places:
            if start <= at < end and mode != self._place:
                await self.run_action(f"app.go('{mode}')")

    def tell(self, spans: list[Span]) -> None:
        """What stands after the places; painted only where it changed."""
        if spans != self._told:
            self._told = spans
            self._write()

    def tell_reading(self, reading: str) -> None:
        """How far a stored session is read, as what any screen shows is of that part; empty where all of it is."""
        if reading != self._reading:
            self._reading = reading
            self._write()

    def _write(self) -> None:
        line: list[Span] = [("distq ", "strong")]
        self._places = []
        for key, name, mode in PLACES:
            here = mode == self._place
            start = sum(len(text) for text, _ in line)
            line += [(f" {key} ", "key"), (f"[{name}]" if here else name, "strong" if here else "dim")]
            self._places.append((start, sum(len(text) for text, _ in line), mode))
        reading: list[Span] = [(f"  READING {self._reading}", "warn")] if self._reading else []
        self.update(content([*line, *reading, ("  ", ""), *(self._told or ())]), layout=False)
