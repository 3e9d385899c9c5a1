"""A view of rows that are painted when they come into sight, and kept until they look different."""

from __future__ import annotations

from textual.scroll_view import ScrollView
from textual.strip import Strip

STRIPS_KEPT = 2000


class StripView(ScrollView, can_focus=True):
    """Paints by rows; what one looks like is the widget's own `_paint`. Its scrollbar is always there: see `quiet`."""

    DEFAULT_CSS = """
    StripView { overflow-y: scroll; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: dict[int, Strip] = {}

    def repaint_all(self) -> None:
        """Any row may look different."""
        self._strips.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """The theme or a state changed: all rows are of another colour."""
        super().notify_style_update()
        self._strips.clear()

    def _kept(self, row: int) -> Strip:
        """The row as it was painted before, else painted now."""
        strip = self._strips.get(row)
        if strip is None:
            if len(self._strips) >= STRIPS_KEPT:
                self._strips.clear()
            strip = self._strips[row] = self._paint(row)
        return strip

    def _paint(self, row: int) -> Strip:
        """The row as it is now; each view has its own (Textual's widgets can't be abstract classes)."""
        raise NotImplementedError


class CursorView(StripView):
    """One with a cursor, which looks different where the keys go to it."""

    def on_focus(self) -> None:
        """The cursor looks different."""
        self.repaint_all()

    def on_blur(self) -> None:
        """The cursor looks different."""
        self.repaint_all()
