"""Diff: how an answer differs from the reference's answer to the same prompt, word by word."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, Static

from distq_tui.state import Cell
from distq_tui.tui.live import LiveRun, Row
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.text import words
from distq_tui.tui.text.spans import Span, lines
from distq_tui.tui.widgets.lines_view import LinesView

SIDES_FROM = 100
"""Columns from which both answers stand side by side, unless the user chose otherwise."""


class DiffScreen(HouseScreen):
    """An answer beside the reference's answer.

    Args:
        live: the run.
        title: the model.
        row: the prompt.
    """

    HELP = """An answer against the reference's answer to the same prompt, word by word; a Chinese character is a word.

    [−text−] is only in the reference, {+text+} only in the answer, the rest is in both. v changes between two columns
    and one text. Where a run has several references, o takes the next one.

    Common words prove nothing: two answers to one question share its words."""
    CSS_PATH = "diff.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,d", "app.pop_screen", "Back", id="diff.back"),
        Binding("v", "view", "Columns/one text", id="diff.view", tooltip="Side by side, or one text"),
        Binding("o", "other", "Other reference", id="diff.other", tooltip="The next reference of this run"),
        Binding("right_square_bracket,right", "model(1)", "Next model", id="diff.next", tooltip="Same prompt"),
        Binding("left_square_bracket,left", "model(-1)", "Previous model", show=False, id="diff.previous"),
    ]

    def __init__(self, live: LiveRun, title: str, row: Row) -> None:
        super().__init__()
        self._live, self._title, self._row = live, title, row
        self._at = 0
        self._sides: bool | None = None
        self._seen: object = None

    def compose(self) -> ComposeResult:
        """Who is compared, and the difference."""
        yield Static(id="who")
        yield LinesView(id="difference")
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Compare."""
        self.query_one("#difference").focus()
        self.paint(self._live)

    def paint(self, live: LiveRun | None) -> None:
        """Compare again when either answer is closed or void; not while its words come in."""
        if live is not self._live:
            return
        seen = (self._title, self.reference, *(self._stage(cell) for cell in self._cells()))
        if seen != self._seen:
            self._seen = seen
            self._compare()

    @staticmethod
    def _stage(cell: Cell | None) -> tuple[int, bool] | None:
        return None if cell is None else (cell.epoch, cell.response is not None)

    # --- who

    @property
    def references(self) -> list[str]:
        """The run's references but the model itself."""
        return [m.title for m in self._live.run.plan.models if m.role == "reference" and m.title != self._title]

    @property
    def reference(self) -> str | None:
        """The one that is compared with."""
        known = self.references
        return known[self._at % len(known)] if known else None

    @property
    def sides(self) -> bool:
        """Whether both stand side by side."""
        return self.size.width >= SIDES_FROM if self._sides is None else self._sides

    def _cells(self) -> tuple[Cell | None, Cell | None]:
        """The reference's answer and the model's; a reference with fewer samples is compared by its first."""
        if self.reference is None:
            return None, None
        theirs = self._live.cell(self.reference, self._row) or self._live.cell(self.reference, (self._row[0], 0))
        return theirs, self._live.cell(self._title, self._row)

    # --- the difference

    @work(exclusive=True)
    async def _compare(self) -> None:
        from distq_tui.tui.text import differ

        who, view = self.query_one("#who", Static), self.query_one("#difference", LinesView)
        theirs, own = self._cells()
        texts = ["" if cell is None else cell.text for cell in (theirs, own)]
        rows: list[list[Span]] = [self._names(theirs, own)]
        missing = self._missing(theirs, own)
        if missing:
            view.show(lambda _: [[(missing, "warn")]])
        else:
            pieces = await asyncio.to_thread(differ.compare, *texts)
            rows.append([(differ.told(pieces), "")])
            layout = differ.side_by_side if self.sides else differ.inline
            view.show(lambda width: layout(pieces, width))
        who.update(lines(rows))

    def _names(self, theirs: Cell | None, own: Cell | None) -> list[Span]:
        spans: list[Span] = []
        for name, cell, marks, role in (
            (self.reference or "no reference", theirs, "[−only here−]", "removed"),
            (self._title, own, "{+only here+}", "added"),
        ):
            if spans:
                spans.append(("  ~  ", "dim"))
            spans += [(name, "strong"), (" ", ""), (marks, role)]
            if tag := self._live.run.tags.get(name):
                spans.append((f" {tag}", "warn"))
            if cell is not None and cell.state != "done":
                spans.append((f" {words.cell_state(cell)}", "warn"))
        several = len(self.references)
        if several > 1:
            spans.append((f"  reference {self._at % several + 1} of {several}", "dim"))
        return [*spans, (f"  {self._row[0]}", "key")]

    def _missing(self, theirs: Cell | None, own: Cell | None) -> str:
        """Why there is nothing to compare; empty where there is."""
        if self.reference is None:
            return f"There is no reference to compare {self._title} with: Setup (n) gives a model that role."
        for name, cell in ((self.reference, theirs), (self._title, own)):
            if cell is None or not cell.text:
                return f"{name} has no answer to this prompt: {words.cell_state(cell)}."
        return ""

    def copy_text(self) -> str:
        """The difference as one text with marks."""
        from distq_tui.tui.text import differ

        theirs, own = self._cells()
        pieces = differ.compare("" if theirs is None else theirs.text, "" if own is None else own.text)
        return differ.marked(pieces)

    # --- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that can't apply are off."""
        del parameters
        return len(self.references) > 1 if action == "other" else True

    def on_resize(self, event: events.Resize) -> None:
        """Another width may mean another form."""
        del event
        self._compare()

    def action_view(self) -> None:
        """Side by side, or one text."""
        self._sides = not self.sides
        self._compare()

    def action_other(self) -> None:
        """The next reference."""
        self._at += 1
        self.paint(self._live)

    def action_model(self, by: int) -> None:
        """The next model's answer to the same prompt."""
        titles = self._live.titles
        at = titles.index(self._title) if self._title in titles else 0
        self._title = titles[(at + by) % len(titles)]
        self.paint(self._live)
        self.refresh_bindings()
