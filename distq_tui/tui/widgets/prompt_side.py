"""The left side of Compare: the prompts with the state of their answers, and the filter over them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from distq_tui.tui.lines.filters import asks_answers, share_seen
from distq_tui.tui.lines.mistyped import unmatched
from distq_tui.tui.lines.rows import RowNames
from distq_tui.tui.lines.search import Search
from distq_tui.tui.live import LiveRun, Row
from distq_tui.tui.text.spans import Span
from distq_tui.tui.widgets.field import Field
from distq_tui.tui.widgets.line_list import LineList

NO_PROMPTS = "no prompts"
LOOKS = 2000
"""In a run, a filter of answers looks again so many times at most: at each new answer, but seldom in a long session,
where it takes its time."""
UNREAD: list[Span] = [("…", "dim")]
"""The line of a prompt that is still to be read."""


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
        self._query = Field(placeholder="filter", id="query", compact=True)
        self._names = RowNames(self._name_later)
        self._live: LiveRun | None = None
        self._rows: list[Row] = []
        self._search: Search | None = None
        self._seen = 1.0
        self._looked = (0, False)
        self._left: Row | None = None
        self._painted: dict[Row, tuple[int, bool, bool, float | None]] = {}

    def compose(self) -> ComposeResult:
        """The filter, hidden until it is asked for, above the list."""
        self.prompts.border_title = "Prompts"
        yield self._query
        yield self.prompts

    @property
    def row(self) -> Row | None:
        """The prompt under the cursor; the one that was looked at before where there is none, or it is not read yet."""
        at = self.prompts.cursor
        return self._rows[at] if at < len(self._rows) else self._left

    def load(self, live: LiveRun) -> None:
        """The prompts of another run."""
        self._live, self._painted, self._rows, self._left = live, {}, [], None
        self.prompts.moved_by_user = False
        self._set_rows(live, keep=False)

    def paint(self, live: LiveRun) -> None:
        """Paint the lines in sight that changed."""
        self._left = self.row
        if self._filter:
            whole = self._seen < 1 <= share_seen(live, self._filter)
            if whole or (self._search is None and not live.run.stored and self._due(live)):
                self._set_rows(live)
        elif live.lines != self.prompts.count:
            self.prompts.set_count(live.lines)
            self._tell_count()
        top = self.prompts.scroll_offset.y
        for index in range(top, min(top + self.prompts.size.height, len(self._rows))):
            row = self._rows[index]
            scored = bool(live.state.pairs)  # from the first similarity on names leave room for one
            stands = (live.summaries[row].revision, live.whole, scored, live.similarity(row[0]))
            if self._painted.get(row) != stands:
                self._painted[row] = stands
                self.prompts.repaint_line(index)

    def follow(self, live: LiveRun) -> None:
        """To the first prompt with an answer under way, where the one looked at has none."""
        row = self.row
        if row is None or live.run.stored or live.summaries[row].open:
            return
        ahead = live.first_open()
        at = self._place(live, ahead) if ahead is not None else None
        if at is not None:
            self.prompts.move_to(at, by_user=False)

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

    def _set_rows(self, live: LiveRun, *, keep: bool = True) -> None:
        """Look for what the filter lets through; until all rows were looked at, the lines stay as they are.

        Without a filter the lines are the run's own rows, which may still grow.
        """
        self._search = None
        self._looked = (live.state.done, live.over)
        self._seen = share_seen(live, self._filter)
        if not self._filter:
            self._take(live, live.rows, keep=keep)
            return
        search = Search(live, self._filter)
        search.go_on()  # all there is to do in most runs
        if search.over:
            self._take(live, search.rows, keep=keep)
        else:
            self._search = search
            self.prompts.border_subtitle = "filtering…"
            self._finish(search, keep=keep)

    @work(group="search")
    async def _finish(self, search: Search, *, keep: bool) -> None:
        """Look at the other rows, a slice a turn of the loop, unless something else is looked for by then."""
        while not search.over:
            await asyncio.sleep(0)
            if search is not self._search:
                return
            search.go_on()
        self._search = None
        self._take(search.live, search.rows, keep=keep)

    def _take(self, live: LiveRun, rows: list[Row], *, keep: bool) -> None:
        """Show these lines; `keep` puts the cursor where it was."""
        here = self._left = self.row
        self._rows = rows
        so_far = "" if self._seen == 1 else f" in the {self._seen:.0%} read"
        self.prompts.empty = (
            f"{unmatched(live, self._filter)}{so_far}; esc clears" if self._filter and not rows else NO_PROMPTS
        )
        self.prompts.set_count(len(rows) if self._filter else live.lines, keep=False)
        at = self._place(live, here) if keep and here is not None else None
        if at is not None:
            self.prompts.move_to(at, by_user=False)
        self._tell_count()

    def _due(self, live: LiveRun) -> bool:
        """Whether what the filter looks at changed enough, or the run ended, since it last looked."""
        if not asks_answers(self._filter):
            return False
        closed, over = self._looked
        came = live.state.done - closed
        return live.over != over or (came > 0 and came * LOOKS >= live.lines)

    def _tell_count(self) -> None:
        """How many lines there are; of a filter, whether it has seen the whole session."""
        filtered = "" if not self._filter else " filtered" if self._seen == 1 else f" in the {self._seen:.0%} read"
        self.prompts.border_subtitle = f"{self.prompts.count}{filtered}"

    def _place(self, live: LiveRun, row: Row) -> int | None:
        """The line of a row, None where the filter leaves it out."""
        if self._rows is live.rows:
            return live.index.get(row)
        return self._rows.index(row) if row in self._rows else None

    @work(group="names")
    async def _name_later(self, make: Callable[[], None]) -> None:
        await asyncio.to_thread(make)
        self.prompts.repaint_all()

    def _line(self, index: int) -> list[Span]:
        if self._live is None:
            return []
        if index >= len(self._rows):
            return UNREAD
        return self._names.spans(self._live, self._rows[index], self.prompts.scrollable_content_region.width)

    @on(Input.Changed, "#query")
    def _narrow(self) -> None:
        if self._live is not None:
            self._set_rows(self._live)

    @on(Input.Submitted, "#query")
    def _filtered(self) -> None:
        self._query.display = bool(self._filter)
        self.prompts.focus()
