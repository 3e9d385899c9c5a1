"""The left side of Compare: the prompts with the state of their answers, and the filter over them."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from distq_tui.tui.filters import matching
from distq_tui.tui.live import LiveRun, Row
from distq_tui.tui.mistyped import unmatched
from distq_tui.tui.rows import RowNames
from distq_tui.tui.spans import Span
from distq_tui.tui.widgets.line_list import LineList

NO_PROMPTS = "no prompts"


class PromptList(LineList):
    """The prompts: enter opens the answer."""

    HELP = """The prompts. Up and down look at another one, enter opens its answer, { and } go to flagged ones,
    / filters."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Detail", id="prompts.detail", tooltip="Everything about this answer"),
    ]


class PromptSide(Vertical):
    """The list and its filter.

    Attributes:
        prompts: the list; kept, not queried: a tick may come while the screen is being taken down.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.prompts = PromptList(self._line, empty=NO_PROMPTS, id="prompts")
        self._query = Input(placeholder="filter", id="query", compact=True)
        self._names = RowNames()
        self._live: LiveRun | None = None
        self._rows: list[Row] = []
        self._left: Row | None = None
        self._painted: dict[Row, int] = {}

    def compose(self) -> ComposeResult:
        """The filter, hidden until it is asked for, above the list."""
        self.prompts.border_title = "Prompts"
        yield self._query
        yield self.prompts

    @property
    def row(self) -> Row | None:
        """The prompt under the cursor; where the filter leaves none, the one that was looked at before."""
        at = self.prompts.cursor
        return self._rows[at] if at < len(self._rows) else self._left

    def load(self, live: LiveRun) -> None:
        """The prompts of another run."""
        self._live, self._painted, self._rows, self._left = live, {}, [], None
        self.prompts.moved_by_user = False
        self._set_rows(matching(live, self._filter), keep=False)

    def paint(self, live: LiveRun) -> None:
        """Paint the lines in sight that changed."""
        if len(live.rows) != len(self._rows) and not self._filter:
            self._set_rows(list(live.rows))
        top = self.prompts.scroll_offset.y
        for index in range(top, min(top + self.prompts.size.height, len(self._rows))):
            row = self._rows[index]
            revision = live.summaries[row].revision
            if self._painted.get(row) != revision:
                self._painted[row] = revision
                self.prompts.repaint_line(index)

    def follow(self, live: LiveRun) -> None:
        """To the first prompt with an answer under way, where the one looked at has none."""
        row = self.row
        if row is None or live.summaries[row].open:
            return
        ahead = live.first_open()
        if ahead is not None and ahead in self._rows:
            self.prompts.move_to(self._rows.index(ahead), by_user=False)

    def to_flagged(self, by: int) -> bool:
        """To the next prompt that a target or a reference contradicts; False where there is none that way."""
        at = self.prompts.cursor + by
        while self._live is not None and 0 <= at < len(self._rows):
            if self._live.summaries[self._rows[at]].state == "conflict":
                self.prompts.move_to(at)
                return True
            at += by
        return False

    def ask_filter(self) -> Input:
        """Show the field of the filter; gives it, to be typed into."""
        self._query.display = True
        return self._query

    def drop_filter(self) -> bool:
        """All prompts again; False where none was filtered."""
        if not self._query.display:
            return False
        self._query.value = ""
        self._query.display = False
        self.prompts.focus()
        return True

    @property
    def _filter(self) -> str:
        return self._query.value.strip()

    def _set_rows(self, rows: list[Row], *, keep: bool = True) -> None:
        here = self._left = self.row
        self._rows = rows
        nothing = f"{unmatched(self._live, self._filter)}; esc clears" if self._live and self._filter else NO_PROMPTS
        self.prompts.empty = nothing
        self.prompts.set_count(len(rows), keep=False)
        if keep and here in rows:
            self.prompts.move_to(rows.index(here), by_user=False)
        self.prompts.border_subtitle = f"{len(rows)}" + (" filtered" if self._filter else "")

    def _line(self, index: int) -> list[Span]:
        if self._live is None:
            return []
        return self._names.spans(self._live, self._rows[index], self.prompts.scrollable_content_region.width)

    @on(Input.Changed, "#query")
    def _narrow(self) -> None:
        if self._live is not None:
            self._set_rows(matching(self._live, self._filter))

    @on(Input.Submitted, "#query")
    def _filtered(self) -> None:
        self._query.display = bool(self._filter)
        self.prompts.focus()
