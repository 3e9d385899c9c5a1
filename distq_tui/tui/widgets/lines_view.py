"""A text of lines that are made once for a width, in a thread, and painted one by one: no widget a block, no reflow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from rich.segment import Segment
from textual import events, work
from textual.geometry import Size
from textual.strip import Strip

from distq_tui.tui.text.flow import Line
from distq_tui.tui.text.safe import clean
from distq_tui.tui.widgets.quiet import jump, set_height
from distq_tui.tui.widgets.roles import looks_of
from distq_tui.tui.widgets.strip_view import StripView

Layout = Callable[[int], list[Line]]
"""Makes the lines for a width in cells; runs in a thread."""


class LinesView(StripView):
    """Shows what a layout makes; see the module."""

    HELP = """A finished text. Arrows, page keys, Home and End scroll it; y copies it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: list[Line] = []
        self._layout_of: Layout | None = None
        self._width = 0

    def show(self, layout: Layout) -> None:
        """Show another text from its top."""
        self._layout_of = layout
        jump(self, 0)
        self._lay_out()

    @work(exclusive=True)
    async def _lay_out(self) -> None:
        width, layout = self.scrollable_content_region.width, self._layout_of
        if layout is None or width < 2:
            return
        self._width = width
        self.lines = await asyncio.to_thread(layout, width)
        self._strips.clear()
        set_height(self, len(self.lines))
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out again where the width changed."""
        del event
        self.virtual_size = Size(self.size.width, len(self.lines))
        if self.scrollable_content_region.width != self._width:
            self._lay_out()

    def render_line(self, y: int) -> Strip:
        """A line, from the cache where it was painted before."""
        return self._kept(self.scroll_offset.y + y)

    def _paint(self, row: int) -> Strip:
        base, width, looks = self.rich_style, self.size.width, looks_of(self.app)
        if row >= len(self.lines):
            return Strip.blank(width, base)
        segments = [
            Segment(clean(text).replace("\n", " "), looks.on(role, base)) for text, role in self.lines[row] if text
        ]
        return Strip(segments).adjust_cell_length(width, base)
