"""A wrapped text that grows while it is read: cached strips, marked spans, no widget a line and no reflow.

The view knows nothing of runs. It is given a text (whole, or by what is new at its end), the claims in it and a note
below it. What it is given is outside text and is cleaned here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from distq_tui.events import Mark
from distq_tui.tui.safe import Cleaner, clean
from distq_tui.tui.widgets.frame import Frame
from distq_tui.tui.widgets.quiet import jump, set_height, tell_bar
from distq_tui.tui.widgets.roles import looks_of
from distq_tui.tui.wrap import Wrapped

STRIPS_KEPT = 2000
NEAR_THE_END = 2
"""Rows from the end within which one that comes down to it follows it again."""

_NOTE = Style(italic=True)

Placed = tuple[int, int, str]


class TextView(ScrollView, can_focus=True):
    """Shows one text; see the module."""

    HELP = """A text. Arrows, page keys, Home and End scroll it; y copies it; the mouse selects a part of it."""

    DEFAULT_CSS = """
    TextView {
        overflow-y: scroll;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.follow = True
        self._held = False
        self._read = 0
        self._cleaner = Cleaner()
        self._wrapped = Wrapped(80)
        self._note = Wrapped(80)
        self._marks: tuple[Mark, ...] = ()
        self._placed: list[Placed] = []
        self._strips: dict[int, Strip] = {}
        self._blank: Strip | None = None
        self._base: Style | None = None
        self._frame = Frame(self, super().render_lines)

    # --- what it is given

    def reset(self) -> None:
        """Forget text, marks and note, and go to the top."""
        self._cleaner = Cleaner()
        self._wrapped.clear()
        self._note.clear()
        self._marks, self._placed = (), []
        self._strips.clear()
        set_height(self, 0)
        jump(self, 0)
        self._held, self._read = False, 0
        self.refresh()

    def grow(self, text: str, marks: Sequence[Mark] | None = None, note: str | None = None) -> None:
        """Add text at the end, and replace marks and note where they are given; paints only what changed.

        Args:
            text: what is new.
            marks: claims by code points of the whole text so far (as it was given); None = unchanged.
            note: a remark below the text; None = unchanged, empty = none.
        """
        following = self.following
        before = self._height
        dirty = before
        if text:
            cleaned = self._cleaner.feed(text)
            dirty = self._wrapped.append(cleaned)
        if marks is not None and tuple(marks) != self._marks:
            dirty = min(dirty, self._place(tuple(marks)))
        if note is not None and note != self._note.text:
            dirty = min(dirty, self._text_rows)
            self._note.clear()
            self._note.append(clean(note))
        if dirty == before and self._height == before:
            return
        if following:
            self._read = self._wrapped.length
        self._forget_from(dirty)
        top = self.scroll_offset.y
        set_height(self, self._height, to_end=following)
        if self.scroll_offset.y == top and dirty < top + self.size.height:
            self.refresh_lines(dirty, max(before, self._height) - dirty + 1)

    @property
    def text(self) -> str:
        """The text as it is shown, without the note."""
        return self._wrapped.text

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
        return min(self.below, self._text_rows - 1 - self._row_of(self._read)) if self._text_rows else 0

    def to_top(self) -> None:
        """Scroll to the first line."""
        jump(self, 0)

    def to_end(self) -> None:
        """Scroll to the end and follow it from there."""
        self.follow, self._held = True, False
        self._read = self._wrapped.length
        jump(self, self.max_scroll_y)

    def action_scroll_end(self) -> None:
        """The key that goes to the end."""
        self.to_end()

    # --- places

    @property
    def _text_rows(self) -> int:
        """Rows above the note."""
        return len(self._wrapped.rows) if self._wrapped.length else 0

    @property
    def _height(self) -> int:
        return self._text_rows + (len(self._note.rows) if self._note.length else 0)

    def _place(self, marks: tuple[Mark, ...]) -> int:
        """Take the marks; returns the first row that may look different."""
        placed: list[Placed] = sorted(
            (self._cleaner.offset(m.start), self._cleaner.offset(m.end), m.kind) for m in marks
        )
        same = 0
        while same < min(len(placed), len(self._placed)) and placed[same] == self._placed[same]:
            same += 1
        changed = [spans[same][0] for spans in (placed, self._placed) if same < len(spans)]
        self._marks, self._placed = marks, placed
        return self._row_of(min(changed)) if changed else self._height

    def _row_of(self, offset: int) -> int:
        return max(0, bisect_right(self._wrapped.starts, offset) - 1)

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
        """Paint what is in sight now, and the scrollbar where that shows; one that goes up no longer follows the end."""
        tell_bar(self)
        up = new_value < old_value and new_value < self.max_scroll_y
        self._held = up or (self._held and not self.at_end)
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap again where the width changed."""
        del event
        width = self.scrollable_content_region.width
        if width < 2 or width == self._wrapped.width:
            return
        following = self.following
        first = self._wrapped.starts[min(self.scroll_offset.y, len(self._wrapped.starts) - 1)]
        self._wrapped.rewrap(width)
        self._note.rewrap(width)
        self._forget_lines()
        self.virtual_size = Size(width, self._height)
        jump(self, self.max_scroll_y if following else self._row_of(first))
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
        if row >= self._height:
            if self._blank is None:
                self._blank = self._frame.around(self._paint(row, None))
            return self._blank
        strip = self._strips.get(row)
        if strip is None:
            strip = self._strips[row] = self._frame.around(self._paint(row, None))
        return strip

    def render_line(self, y: int) -> Strip:
        """One row of content, which nothing keeps: a part of the view, or one with a selection."""
        return self._paint(self.scroll_offset.y + y, self.text_selection)

    def _forget_lines(self) -> None:
        self._strips.clear()
        self._blank = None
        self._frame.forget()

    def _paint(self, row: int, selection: Selection | None) -> Strip:
        base = self._base
        if base is None:
            base = self._base = self.rich_style
        width = self._wrapped.width
        if row >= self._height:
            return Strip.blank(width, base)
        in_text = self._text_rows
        if row < in_text:
            segments = self._segments(row, base)
        else:
            note = looks_of(self.app).on("dim", base) + _NOTE
            segments = [Segment(self._note.rows[row - in_text], note)]
        strip = Strip(segments).adjust_cell_length(width, base).apply_offsets(0, row)
        if selection is not None and (span := selection.get_span(row)) is not None:
            start, end = span
            style = self.screen.get_component_rich_style("screen--selection")
            cut = strip.cell_length if end == -1 else end
            parts = strip.divide([start, cut, strip.cell_length])
            strip = Strip.join([part.apply_style(style) if at == 1 else part for at, part in enumerate(parts)])
        return strip

    def _segments(self, row: int, base: Style) -> list[Segment]:
        text, start = self._wrapped.rows[row], self._wrapped.starts[row]
        end = start + len(text)
        segments: list[Segment] = []
        looks = looks_of(self.app)
        at = start
        for left, right, kind in self._placed[: bisect_left(self._placed, (end, 0, ""))]:
            left, right = max(left, at), min(right, end)  # noqa: PLW2901 - the part of the mark in this row
            if right <= left:
                continue
            if left > at:
                segments.append(Segment(text[at - start : left - start], base))
            style = looks.on(kind, base)
            segments.append(Segment(text[left - start : right - start], style))
            at = right
        if at < end:
            segments.append(Segment(text[at - start :], base))
        return segments

    # --- selection by mouse

    @property
    def allow_select(self) -> bool:
        """Text can be selected and copied."""
        return True

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected rows as text."""
        return selection.extract("\n".join(self._wrapped.rows)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Paint again, with or without the selection."""
        del selection
        self._strips.clear()
        self.refresh()
