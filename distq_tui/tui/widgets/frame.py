"""The frame of a view whose lines scroll: border and padding made once, and not once for each line that moved.

Textual caches what a widget shows by its place on the screen, so a line that moves up by one is made anew with all that
stands around it. In live panes that was four fifths of what a frame cost. Here a line is made whole once, by its place
in the text, and the compositor is given the same strip again, with what it has cut and filtered of it before.

Tint, hatch and opacity of the view itself are not painted: no stylesheet here gives it any.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from distq_tui.tui.widgets.quiet import labels


class Frame:
    """What stands around the lines of a view.

    Args:
        view: whose frame it is.
        render: Textual's own way to make lines of that view.
    """

    def __init__(self, view: ScrollView, render: Callable[[Region], list[Strip]]) -> None:
        self._view = view
        self._render = render
        self._width = 0
        self._edges: tuple[Strip, Strip] | None = None
        self._rims: dict[int, Strip] = {}
        self._labels: tuple[object, object] = (None, None)

    def forget(self) -> None:
        """The look changed."""
        self._edges = None
        self._rims.clear()

    def fits(self, width: int) -> bool:
        """Whether what was made is of that width; where it is not, it is forgotten."""
        if width == self._width:
            return True
        self._width = width
        self.forget()
        return False

    def around(self, content: Strip) -> Strip:
        """A line of content with the frame at its sides, as the screen gets it."""
        view = self._view
        content = content.adjust_cell_length(self._width - view.gutter.width, view.rich_style)
        background = view.background_colors[1]
        for line_filter in view.get_line_filters():
            content = content.apply_filter(line_filter, background)
        left, right = self._sides()
        return Strip([*left, *content, *right], self._width)

    def rim(self, y: int) -> Strip:
        """A line above or below the content, with the title that stands in it."""
        now = labels(self._view)
        if now[0] is not self._labels[0] or now[1] is not self._labels[1]:
            self._labels = now
            self._rims.clear()
        rim = self._rims.get(y)
        if rim is None:
            rim = self._rims[y] = self._render(Region(0, y, self._width, 1))[0]
        return rim

    def _sides(self) -> tuple[Strip, Strip]:
        if self._edges is None:
            gutter = self._view.gutter  # the scrollbar's place is in it
            line = self._render(Region(0, gutter.top, self._width, 1))[0]
            self._edges = line.crop(0, gutter.left), line.crop(self._width - gutter.right, self._width)
        return self._edges
