"""A wrapped text that grows while it is read: cached strips, marked spans, no widget a line and no reflow.

The view knows nothing of runs. It is given a text (whole, or by what is new at its end), the claims in it, a lead above
and a note below it, and shows the page that they make.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.selection import Selection
from textual.strip import Strip

from distq_tui.events import Mark
from distq_tui.tui.text.page import ASIDE, Page
from distq_tui.tui.widgets.frame import Frame
from distq_tui.tui.widgets.quiet import jump, set_height, tell_bar
from distq_tui.tui.widgets.roles import looks_of
from distq_tui.tui.widgets.strip_view import STRIPS_KEPT, StripView

NEAR_THE_END = 2
"""Rows from the end within which one that comes down to it follows it again."""

_ASIDE = Style(italic=True)


class TextView(StripView):
    """Shows one text; see the module."""

    HELP = """A text. Arrows, page keys, Home and End scroll it; y copies it; the mouse selects a part of it."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.follow = True
        self._held = False
        self._read = 0
        self._page = Page()
        self._blank: Strip | None = None
        self._base: Style | None = None
        self._frame = Frame(self, super().render_lines)

    # --- what it is given

    def reset(self) -> None:
        """Forget all that was given, and go to the top."""
        self._page.clear()
        self._strips.clear()
        set_height(self, 0)
        jump(self, 0)
        self._held, self._read = False, 0
        self.refresh()

    def grow(
        self, text: str, marks: Sequence[Mark] | None = None, note: str | None = None, lead: str | None = None
    ) -> None:
        """Add text at the end, and replace the rest where it is given (`Page.grow`); paints only what changed."""
        following = self.following
        before = self._page.height
        dirty = self._page.grow(text, marks, note, lead)
        height = self._page.height
        if dirty == before and height == before:
            return
        if following:
            self._read = self._page.length
        self._forget_from(dirty)
        top = self.scroll_offset.y
        set_height(self, height, to_end=following)
        if self.scroll_offset.y == top and dirty < top + self.size.height:
            self.refresh_lines(dirty, max(before, height) - dirty + 1)

    @property
    def text(self) -> str:
        """The text as it is shown, without lead and note."""
        return self._page.text

    @property
    def at_end(self) -> bool:
        """Whether the end is in sight, or nearly."""
        return self.scroll_offset.y >= self.max_scroll_y - NEAR_THE_END

    @property
    def below(self) -> int:
        """Rows below the last one in sight."""
        return max(0, self.max_scroll_y - self.scroll_offset.y)

    @property
    def following(self) -> bool:
        """Whether the end is kept in sight as the text grows: until one scrolls up, and again from near the end."""
        return self.follow and not self._held

    @property
    def unseen(self) -> int:
        """Rows below the last one in sight that came since the end was followed."""
        return max(0, min(self.below, self._page.note_top - 1 - self._page.row_of(self._read)))

    @property
    def lead_width(self) -> int:
        """Columns of a row above the text."""
        return self._page.lead_width

    def to_top(self) -> None:
        """Scroll to the first line and stay there."""
        jump(self, 0)
        self._held = True

    def to_end(self) -> None:
        """Scroll to the end and follow it from there."""
        self.follow, self._held = True, False
        self._read = self._page.length
        jump(self, self.max_scroll_y)

    def action_scroll_end(self) -> None:
        """The key that goes to the end."""
        self.to_end()

    def _forget_from(self, row: int) -> None:
        if row == 0 or len(self._strips) > STRIPS_KEPT:
            self._strips.clear()
            return
        top = max(self._strips, default=-1)
        if top - row > len(self._strips):
            self._strips = {at: strip for at, strip in self._strips.items() if at < row}
        else:
            for at in range(row, top + 1):
                self._strips.pop(at, None)

    # --- painting

    def notify_style_update(self) -> None:
        """The theme or a state changed: all strips are of another colour."""
        super().notify_style_update()
        self._forget_lines()
        self._base = None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Paint what is in sight now, and the scrollbar where that shows; to go up is to follow no longer."""
        tell_bar(self)
        up = new_value < old_value and new_value < self.max_scroll_y
        self._held = up or (self._held and not self.at_end)
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap again where the width changed."""
        del event
        width = self.scrollable_content_region.width
        page = self._page
        if width < 2 or width == page.width:
            return
        following = self.following
        top = self.scroll_offset.y
        first = page.offset_of(top)
        page.rewrap(width)
        self._forget_lines()
        self.virtual_size = Size(width, page.height)
        jump(self, self.max_scroll_y if following else top if first is None else page.row_of(first))
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines of the widget with their frame, each from the cache where it was painted before."""
        width, height = self.region.size
        if crop.column_span != (0, width) or self.text_selection is not None:
            return super().render_lines(crop)
        if not self._frame.fits(width):
            self._forget_lines()
        top, bottom = self.gutter.top, height - self.gutter.bottom
        first = self.scroll_offset.y - top
        return [self._whole(first + y) if top <= y < bottom else self._frame.rim(y) for y in crop.line_range]

    def _whole(self, row: int) -> Strip:
        if row >= self._page.height:
            if self._blank is None:
                self._blank = self._frame.around(self._paint(row))
            return self._blank
        strip = self._strips.get(row)
        if strip is None:
            strip = self._strips[row] = self._frame.around(self._paint(row))
        return strip

    def render_line(self, y: int) -> Strip:
        """One row of content, which nothing keeps: a part of the view, or one with a selection."""
        row, selection = self.scroll_offset.y + y, self.text_selection
        strip = self._paint(row)
        if selection is None or (span := selection.get_span(row)) is None:
            return strip
        start, end = span
        style = self.screen.get_component_rich_style("screen--selection")
        parts = strip.divide([start, strip.cell_length if end == -1 else end, strip.cell_length])
        return Strip.join([part.apply_style(style) if at == 1 else part for at, part in enumerate(parts)])

    def _forget_lines(self) -> None:
        self._strips.clear()
        self._blank = None
        self._frame.forget()

    def _paint(self, row: int) -> Strip:
        base = self._base
        if base is None:
            base = self._base = self.rich_style
        page = self._page
        if row >= page.height:
            return Strip.blank(page.width, base)
        looks = looks_of(self.app)
        segments = [
            Segment(text, looks.on("dim", base) + _ASIDE if role == ASIDE else looks.on(role, base))
            for text, role in page.spans(row)
        ]
        return Strip(segments).adjust_cell_length(page.width, base).apply_offsets(0, row)

    # --- selection by mouse

    @property
    def allow_select(self) -> bool:
        """Text can be selected and copied."""
        return True

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected rows as text."""
        return selection.extract("\n".join(self._page.plain())), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Paint again, with or without the selection."""
        del selection
        self._strips.clear()
        self.refresh()
