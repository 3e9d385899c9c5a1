"""A list with a cursor that paints only the lines in sight, whatever its length.

It holds no rows: it asks a function for the spans of a line when it paints that line. Spans are cleaned here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from distq_tui.tui.text.safe import clean
from distq_tui.tui.text.spans import Span
from distq_tui.tui.text.wrap import Wrapped
from distq_tui.tui.widgets.quiet import jump, set_height
from distq_tui.tui.widgets.roles import looks_of
from distq_tui.tui.widgets.strip_view import CursorView

LineOf = Callable[[int], Sequence[Span]]


class LineList(CursorView):
    """Lines by index.

    Args:
        line: gives the spans of a line.
        empty: what is said where there is no line.

    Attributes:
        moved_by_user: whether a key or the mouse moved the cursor last.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, id="list.up"),
        Binding("down,j", "move(1)", "Down", show=False, id="list.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="list.page_up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="list.page_down"),
        Binding("home", "end(-1)", "First", show=False, id="list.first"),
        Binding("end", "end(1)", "Last", show=False, id="list.last"),
        Binding("enter", "choose", "Choose", show=False, id="list.choose"),
    ]
    cursor: reactive[int] = reactive(0, repaint=False, init=False)

    @dataclass
    class Moved(Message):
        """The cursor stands on another line; `by_user` says whether a key or the mouse moved it."""

        lines: LineList
        index: int
        by_user: bool

        @property
        def control(self) -> LineList:
            """The list."""
            return self.lines

    @dataclass
    class Chosen(Message):
        """Enter, or a second click, on a line."""

        lines: LineList
        index: int

        @property
        def control(self) -> LineList:
            """The list."""
            return self.lines

    def __init__(self, line: LineOf, *, empty: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self.empty = empty
        self._line = line
        self._count = 0
        self.moved_by_user = False

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self._count

    def set_count(self, count: int, *, keep: bool = True) -> None:
        """Say how many lines there are now, and paint those in sight again; `keep` leaves the cursor where it can."""
        if bool(count) != bool(self._count):
            self.refresh_bindings()
        self._count = count
        self._strips.clear()
        set_height(self, count)
        self.cursor = min(self.cursor, max(0, count - 1)) if keep else 0
        if not keep:
            jump(self, 0)
        self.refresh()

    def repaint_line(self, index: int) -> None:
        """The line's spans changed."""
        self._strips.pop(index, None)
        top = self.scroll_offset.y
        if top <= index < top + self.size.height:
            self.refresh_lines(index)

    def validate_cursor(self, cursor: int) -> int:
        """Inside the list."""
        return min(max(0, cursor), max(0, self._count - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Paint both lines, bring the cursor into sight, tell."""
        self.repaint_line(old)
        self.repaint_line(new)
        self._into_sight(new)
        self.post_message(self.Moved(self, new, self.moved_by_user))

    def _into_sight(self, index: int) -> None:
        height, top = self.size.height, self.scroll_offset.y
        if height and not top <= index < top + height:
            jump(self, index if index < top else index - height + 1)

    # --- keys and mouse

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where there is no line there is none to choose, and the key is not offered."""
        return bool(self._count) if action == "choose" else super().check_action(action, parameters)

    def action_move(self, by: int) -> None:
        """One line up or down."""
        self.move_to(self.cursor + by)

    def action_page(self, by: int) -> None:
        """A page up or down."""
        self.move_to(self.cursor + by * max(1, self.size.height - 1))

    def action_end(self, which: int) -> None:
        """To the first or the last line."""
        self.move_to(0 if which < 0 else self._count - 1)

    def action_choose(self) -> None:
        """Tell that the line under the cursor was chosen."""
        if self._count:
            self.post_message(self.Chosen(self, self.cursor))

    def move_to(self, index: int, *, by_user: bool = True) -> None:
        """Put the cursor on a line."""
        self.moved_by_user = by_user
        self.cursor = index

    def on_click(self, event: events.Click) -> None:
        """Move the cursor; choose where it already stood."""
        offset = event.get_content_offset(self)
        if offset is None or not offset.y + self.scroll_offset.y < self._count:
            return
        index = offset.y + self.scroll_offset.y
        if index == self.cursor and event.chain > 1:
            self.action_choose()
        else:
            self.move_to(index)

    # --- painting

    def on_resize(self, event: events.Resize) -> None:
        """Lines are of another width."""
        del event
        self._strips.clear()
        self.virtual_size = Size(self.size.width, self._count)
        self._into_sight(self.cursor)

    def render_line(self, y: int) -> Strip:
        """A line, from the cache where it was painted before."""
        return self._kept(self.scroll_offset.y + y)

    def _paint(self, index: int) -> Strip:
        base, width = self.rich_style, self.size.width
        looks = looks_of(self.app)
        if index >= self._count:
            told = self._told_of_nothing(width)
            if index >= len(told):
                return Strip.blank(width, base)
            return Strip([Segment(told[index], looks.on("dim", base))]).adjust_cell_length(width, base)
        on_cursor = index == self.cursor
        ground = base
        if on_cursor:
            ground = base + (looks.cursor if self.has_focus else looks.cursor_blurred)
        style_of = looks.on_cursor if on_cursor and self.has_focus else looks.on
        segments = [Segment(_one_line(text, width), style_of(role, ground)) for text, role in self._line(index)]
        marker = Segment("›" if on_cursor else " ", ground)
        return Strip([marker, *segments]).adjust_cell_length(width, ground)

    def _told_of_nothing(self, width: int) -> list[str]:
        """What an empty list says, wrapped."""
        if self._count or not self.empty:
            return []
        wrapped = Wrapped(width)
        wrapped.append(clean(self.empty))
        return wrapped.rows


def _one_line(text: str, width: int) -> str:
    """Cleaned, on one line, no longer than can be seen; its blanks stay, they are the columns."""
    return clean(text[: 4 * width + 8]).replace("\n", " ")
