"""Growth of a line view without a reflow of the screen: the one place that goes around Textual's public ways.

Setting `virtual_size` lays the whole screen out again, which was most of the cost of a live pane. A view whose
scrollbar is always there (`overflow-y: scroll`) has nothing to lay out when only the height of its content grows.
"""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.widget import Widget

ROUNDING = 1e-6
"""Rows; a thumb that ends at the end of its bar stays there."""


def set_height(view: ScrollView, height: int, *, to_end: bool = False) -> None:
    """Say how many lines the view has; moves the scrollbar, lays nothing out, and scrolls up where the end went.

    Args:
        view: whose lines they are.
        height: their number.
        to_end: scroll to the last of them too.
    """
    size = Size(view.size.width, height)
    if size != view.virtual_size:
        view.set_reactive(Widget.virtual_size, size)
    last = view.max_scroll_y
    if view.scroll_offset.y > last or (to_end and view.scroll_offset.y < last):
        jump(view, last)
    tell_bar(view)


def jump(view: ScrollView, y: int) -> None:
    """Scroll to a line at once, without an animation and without waiting for a refresh."""
    view.scroll_to(y=y, animate=False, force=True)


def tell_bar(view: ScrollView) -> None:
    """Tell the scrollbar where the view stands; it is painted only where its thumb begins or ends in another row."""
    if not view.show_vertical_scrollbar:
        return
    bar = view.vertical_scrollbar
    before = _thumb(bar)
    bar.set_reactive(ScrollBar.window_virtual_size, view.virtual_size.height)
    bar.set_reactive(ScrollBar.position, view.scroll_y)
    if _thumb(bar) != before:
        bar.refresh()


def _thumb(bar: ScrollBar) -> tuple[int, int]:
    """First and last row of the thumb; it fills the bar where all is in sight."""
    rows, total, window = bar.size.height, bar.window_virtual_size, bar.window_size
    if total <= window:
        return 0, rows
    length = max(1.0, rows * window / total)
    start = (rows - length) * bar.position / (total - window)
    return int(start + ROUNDING), int(start + length + ROUNDING)


def labels(view: Widget) -> tuple[object, object]:
    """Title and subtitle as they are kept, to see by identity whether they are others: reading them makes markup."""
    return view._border_title, view._border_subtitle
