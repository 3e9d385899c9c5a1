"""Growth of a line view without a reflow of the screen: the one place that goes around a reactive's own refresh.

Setting `virtual_size` lays the whole screen out again, which was most of the cost of a live pane. A view whose
scrollbar is always there (`overflow-y: scroll`) has nothing to lay out when only the height of its content grows.
"""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.widget import Widget


def set_height(view: ScrollView, height: int) -> None:
    """Say how many lines the view has; moves the scrollbar, lays nothing out, and scrolls up where the end went."""
    size = Size(view.size.width, height)
    if size == view.virtual_size:
        return
    view.set_reactive(Widget.virtual_size, size)
    if view.show_vertical_scrollbar:
        view.vertical_scrollbar.window_virtual_size = height
    if view.scroll_offset.y > view.max_scroll_y:
        jump(view, view.max_scroll_y)


def jump(view: ScrollView, y: int) -> None:
    """Scroll to a line at once, without an animation and without waiting for a refresh."""
    view.scroll_to(y=y, animate=False, force=True)
