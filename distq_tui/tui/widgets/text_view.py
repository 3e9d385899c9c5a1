"""A wrapped text that grows while it is read: cached strips, marked spans, no widget a line and no reflow.

The view knows nothing of runs. It is given a text (whole, or by what is new at its end), the claims in it, a lead above
and a note below it. What it is given is outside text and is cleaned here.
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
from distq_tui.tui.text.safe import Cleaner
from distq_tui.tui.text.wrap import Wrapped
from distq_tui.tui.widgets.aside import Aside
from distq_tui.tui.widgets.frame import Frame
from distq_tui.tui.widgets.quiet import jump, set_height, tell_bar
from distq_tui.tui.widgets.roles import looks_of

STRIPS_KEPT = 2000
NEAR_THE_END = 2
"""Rows from the end within which one that comes down to it follows it again."""

LEAD_BAR = "┊ "
"""Stands before each row above the text: without colour, too, it is none of the text."""

_ASIDE = Style(italic=True)

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
        self._lead, self._note = Aside(), Aside()
        self._marks: tuple[Mark, ...] = ()
        self._placed: list[Placed] = []
        self._strips: dict[int, Strip] = {}
        self._blank: Strip | None = None
        self._base: Style | None = None
        self._frame = Frame(self, super().render_lines)

    # --- what it is given

    def reset(self) -> None:
        """Forget all that was given, and go to the top."""
        self._cleaner = Cleaner()
        self._wrapped.clear()
        self._lead.say("")
        self._note.say("")
        self._marks, self._placed = (), []
        self._strips.clear()
        set_height(self, 0)
        jump(self, 0)
        self._held, self._read = False, 0
        self.refresh()

    def grow(
        self, text: str, marks: Sequence[Mark] | None = None, note: str | None = None, lead: str | None = None
    ) -> None:
        """Add text at the end, and replace the rest where it is given; paints only what changed.

        Args:
            text: what is new.
            marks: claims by code points of the whole text so far (as it was given); None = unchanged.
            note: a remark below the text; None = unchanged, empty = none.
            lead: a remark above it, likewise.
        """
        following = self.following
        before = self._height
        dirty = before
        if lead is not None and (changed := self._lead.say(lead)) is not None:
            dirty = changed
        if text:
            dirty = min(dirty, self._text_top + self._wrapped.append(self._cleaner.feed(text)))
        if marks is not None and tuple(marks) != self._marks:
            dirty = min(dirty, self._place(tuple(marks)))
        if note is not None and (changed := self._note.say(note)) is not None:
            dirty = min(dirty, self._note_top + changed)
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
        """The text as it is shown, without lead and note."""
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
        return max(0, min(self.below, self._note_top - 1 - self._row_of(self._read)))

    @property
    def lead_width(self) -> int:
        """Columns of a row above the text."""
        return max(2, self._wrapped.width - len(LEAD_BAR))

    def to_top(self) -> None:
        """Scroll to the first line and stay there."""
        jump(self, 0)
        self._held = True

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
    def _text_top(self) -> int:
        """The first row of the text."""
        return len(self._lead.rows)

    @property
    def _note_top(self) -> int:
        """The first row of the note."""
        return self._text_top + (len(self._wrapped.rows) if self._wrapped.length else 0)

    @property
    def _height(self) -> int:
        return self._note_top + len(self._note.rows)

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
        return self._text_top + max(0, bisect_right(self._wrapped.starts, offset) - 1)

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
        if width < 2 or width == self._wrapped.width:
            return
        following = self.following
        top = self.scroll_offset.y
        first = self._wrapped.starts[min(max(0, top - self._text_top), len(self._wrapped.starts) - 1)]
        in_text = top >= self._text_top
        self._wrapped.rewrap(width)
        self._lead.rewrap(self.lead_width)
        self._note.rewrap(width)
        self._forget_lines()
        self.virtual_size = Size(width, self._height)
        jump(self, self.max_scroll_y if following else self._row_of(first) if in_text else top)
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
        if self._text_top <= row < self._note_top:
            segments = self._segments(row - self._text_top, base)
        else:
            lead = row < self._text_top
            told = LEAD_BAR + self._lead.rows[row] if lead else self._note.rows[row - self._note_top]
            segments = [Segment(told, looks_of(self.app).on("dim", base) + _ASIDE)]
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
        return selection.extract("\n".join([*self._lead.rows, *self._wrapped.rows])), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Paint again, with or without the selection."""
        del selection
        self._strips.clear()
        self.refresh()
