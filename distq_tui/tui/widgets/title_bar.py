"""The top line: where one is, what else there is by key, and what runs."""

from __future__ import annotations

from textual.widgets import Static

from distq_tui.tui.spans import Span, content

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

    def on_mount(self) -> None:
        """Show the places at once."""
        self.tell([])

    def tell(self, spans: list[Span]) -> None:
        """What stands after the places; painted only where it changed."""
        if spans == self._told:
            return
        self._told = spans
        line: list[Span] = [("distq ", "strong")]
        for key, name, mode in PLACES:
            here = mode == self._place
            line += [(f" {key} ", "key"), (f"[{name}]" if here else name, "strong" if here else "dim")]
        self.update(content([*line, ("  ", ""), *spans]), layout=False)
