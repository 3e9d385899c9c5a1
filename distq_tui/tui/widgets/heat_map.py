"""A symmetric matrix as shaded cells with a cursor: only rows in sight are painted, and painted rows are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from distq_tui.tui.text import words
from distq_tui.tui.text.safe import clean_line
from distq_tui.tui.widgets.ramp import Step, ramp_of, step_of
from distq_tui.tui.widgets.roles import looks_of
from distq_tui.tui.widgets.strip_view import CursorView

ValueOf = Callable[[int, int], float | None]
CELL = 5
"""Columns of a cell: a number of up to four characters and a gap."""
HEAD = 1
"""Rows above the matrix: the columns' numbers."""
NAME_LEAST, NAME_MOST = 12, 30


class HeatMap(CursorView):
    """Rows and columns are the same things in the same order; columns are headed by the rows' numbers.

    Args:
        value: of a cell, None where there is none; asked for cells in sight only.

    Attributes:
        numbers: whether cells show numbers in place of shades.
    """

    HELP = """The heat map. Arrows move the cell; enter tells why its two models are alike; # shows numbers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1, 0)", "Up", show=False, id="heat.up"),
        Binding("down,j", "move(1, 0)", "Down", show=False, id="heat.down"),
        Binding("left,h", "move(0, -1)", "Left", show=False, id="heat.left"),
        Binding("right,l", "move(0, 1)", "Right", show=False, id="heat.right"),
        Binding("home", "move(-9999, -9999)", "First", show=False, id="heat.first"),
        Binding("end", "move(9999, 9999)", "Last", show=False, id="heat.last"),
        Binding("enter", "choose", "Why alike", id="heat.choose", tooltip="Why these two are alike, and their prompts"),
    ]

    @dataclass
    class Moved(Message):
        """The cursor stands on another cell."""

        heat: HeatMap
        row: int
        column: int

        @property
        def control(self) -> HeatMap:
            """The map."""
            return self.heat

    @dataclass
    class Chosen(Message):
        """Enter, or a second click, on a cell off the diagonal."""

        heat: HeatMap
        row: int
        column: int

        @property
        def control(self) -> HeatMap:
            """The map."""
            return self.heat

    def __init__(self, value: ValueOf, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.numbers = False
        self.row, self.column = 0, 1
        self._value = value
        self._names: tuple[tuple[str, str], ...] = ()
        self._scale = (0.0, 1.0)
        self._left = 0

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Name and tag of each row."""
        return self._names

    def show(self, names: Sequence[tuple[str, str]], scale: tuple[float, float]) -> None:
        """Take the rows (name and tag, which may be empty) and the values that the ramp runs between; paint again."""
        self._names, self._scale = tuple(names), scale
        self._strips.clear()
        self.virtual_size = Size(self.size.width, len(self._names) + HEAD)
        self._put(self.row, self.column)
        self.refresh()

    def toggle_numbers(self) -> None:
        """Numbers or shades."""
        self.numbers = not self.numbers
        self.repaint_all()

    def go(self, row: int, column: int) -> None:
        """Put the cursor on a cell, and bring it into sight."""
        before = (self.row, self.column, self._left)
        self._put(row, column)
        if (self.row, self.column, self._left) != before:
            self.repaint_all()
            self.post_message(self.Moved(self, self.row, self.column))

    def action_move(self, down: int, right: int) -> None:
        """Some cells further."""
        self.go(self.row + down, self.column + right)

    def action_choose(self) -> None:
        """Tell that the cell was chosen."""
        if self.row != self.column and self._names:
            self.post_message(self.Chosen(self, self.row, self.column))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor; choose where it already stood."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        row = offset.y + self.scroll_offset.y - HEAD
        column = self._left + (offset.x - self._name_width) // CELL
        if offset.x < self._name_width or not (0 <= row < len(self._names) and column < len(self._names)):
            return
        if (row, column) == (self.row, self.column) and event.chain > 1:
            self.action_choose()
        else:
            self.go(row, column)

    # --- places

    @property
    def _name_width(self) -> int:
        return min(NAME_MOST, max(NAME_LEAST, self.size.width // 3))

    @property
    def _columns(self) -> int:
        """Columns in sight."""
        return max(1, (self.size.width - self._name_width) // CELL)

    def _put(self, row: int, column: int) -> None:
        last = max(0, len(self._names) - 1)
        self.row, self.column = min(max(0, row), last), min(max(0, column), last)
        shown = self._columns
        self._left = min(self._left, max(0, len(self._names) - shown))
        if not self._left <= self.column < self._left + shown:
            self._left = self.column if self.column < self._left else self.column - shown + 1
        top, height = self.scroll_offset.y, self.size.height
        line = self.row + HEAD
        if height and not top + HEAD <= line < top + height:
            self.scroll_to(y=line - HEAD if line < top + HEAD else line - height + 1, animate=False, force=True)

    # --- painting

    def on_resize(self, event: events.Resize) -> None:
        """Other columns are in sight."""
        del event
        self._strips.clear()
        self.virtual_size = Size(self.size.width, len(self._names) + HEAD)
        self._put(self.row, self.column)

    def render_line(self, y: int) -> Strip:
        """The head, which stays, or a row from the cache."""
        if y < HEAD:
            return self._head()
        row = self.scroll_offset.y + y - HEAD
        if row >= len(self._names):
            return Strip.blank(self.size.width, self.rich_style)
        return self._kept(row)

    def _head(self) -> Strip:
        base = self.rich_style
        looks = looks_of(self.app)
        segments = [Segment(" " * self._name_width, base)]
        shown = range(self._left, min(len(self._names), self._left + self._columns))
        for column in shown:
            role = "key" if column == self.column else "dim"
            segments.append(Segment(f"{column + 1:>{CELL - 1}} ", looks.on(role, base)))
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def _paint(self, row: int) -> Strip:
        base, width = self.rich_style, self.size.width
        looks, ramp = looks_of(self.app), ramp_of(self.app)
        on_row = row == self.row
        segments = [Segment(self._label(row), looks.on("strong" if on_row else "", base))]
        for column in range(self._left, min(len(self._names), self._left + self._columns)):
            here = on_row and column == self.column
            segments += self._cell(row, column, base, ramp, here=here)
        return Strip(segments).adjust_cell_length(width, base)

    def _label(self, row: int) -> str:
        name, tag = self._names[row]
        number = f"{row + 1:>3} "
        tail = f" {tag}" if tag else ""
        room = max(3, self._name_width - len(number) - len(tail) - 1)
        text = f"{number}{words.middle(clean_line(name), room)}{tail}"
        return Strip([Segment(text)]).adjust_cell_length(self._name_width).text

    def _cell(self, row: int, column: int, base: Style, ramp: Sequence[Step], *, here: bool) -> list[Segment]:
        value = None if row == column else self._value(row, column)
        if value is None:
            text, style = ("  ╲ " if row == column else "  ? "), looks_of(self.app).on("dim", base)
        else:
            step = ramp[step_of(value, *self._scale)]
            if self.numbers:
                text, style = f"{words.share(value):>{CELL - 1}}", base + step.plate
            else:
                text, style = step.char * (CELL - 1), base + step.shade
        if here:  # brackets hold the cursor where there is no colour
            text, style = f"[{text[1:-1]}]", base + Style(bold=True, reverse=self.has_focus)
            if value is not None and self.numbers:
                text = f"{words.share(value):>{CELL - 1}}"
        return [Segment(text, style), Segment(" ", base)]
