"""Scores: every rate and similarity with its live interval, how it narrowed, and the word of conclusion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, Static

from distq_tui.tui.lines.evidence import Told
from distq_tui.tui.lines.score_lines import history_lines, score_lines
from distq_tui.tui.live import LiveRun
from distq_tui.tui.records import HouseError
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.text.spans import Span, lines
from distq_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from distq_tui.rse.verdict import Conclusion


class ScoresScreen(HouseScreen):
    """The scores of a run.

    Args:
        live: the run.
    """

    HELP = """Every score with its interval in figures and drawn from 0 to 1, what it rests on (n answers, cl clusters)
    and what was left out; whom each model says it is; each similarity between floor and ceiling.

    Below: the chosen score with its method in full, and how its interval narrowed as answers came in, one bar for each
    number of clusters. A live interval is a confidence sequence: it holds at every moment, so you may stop when you
    like.

    The conclusion comes when the run is over, in four words only: none, consistent with, strong evidence, inconclusive.
    A similarity is symmetric and says not who taught whom."""
    CSS_PATH = "scores.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,s", "app.pop_screen", "Back", id="scores.back")]

    def __init__(self, live: LiveRun) -> None:
        super().__init__()
        self._live = live
        self._list = LineList(self._line, id="lines")
        self._history = Static(id="history")
        self._told: list[Told] = []
        self._conclusions: Sequence[Conclusion] | None = None
        self._concluding = False
        self._failure = ""
        self._seen: tuple[int, int] = (-1, -1)

    def compose(self) -> ComposeResult:
        """Scores above, the chosen one's history below."""
        self._list.border_title = "Scores"
        yield self._list
        yield self._history
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Show what there is, from the first score on."""
        self._list.focus()
        self.paint(self._live)
        first = next((at for at, told in enumerate(self._told) if told.score is not None), 0)
        self._list.move_to(first, by_user=False)

    def paint(self, live: LiveRun | None) -> None:
        """Write again what moved."""
        if live is not self._live:
            return
        if live.over and live.state.session and not self._concluding:
            self._concluding = True
            self._conclude(live.state.session)
        seen = (live.state.revision, self.size.width)
        if seen != self._seen:
            self._seen = seen
            self._rewrite()

    def _rewrite(self) -> None:
        told = score_lines(self._live, self._conclusions, self.size.width, failure=self._failure)
        if told != self._told:
            chosen = self._chosen().key
            self._told = told
            self._list.set_count(len(told))
            place = next((at for at, line in enumerate(told) if chosen and line.key == chosen), None)
            if place is not None:  # lines above it came or went
                self._list.move_to(place, by_user=False)
        self._paint_history()

    @work(exclusive=True)
    async def _conclude(self, session: str) -> None:
        house = self.window.house
        try:
            self._conclusions = await house.conclusions(session) if house is not None else None
        except HouseError as error:
            self._failure = str(error)
        self._rewrite()

    def _chosen(self) -> Told:
        at = self._list.cursor
        return self._told[at] if at < len(self._told) else Told([])

    @on(LineList.Moved, "#lines")
    def _paint_history(self) -> None:
        chosen = self._chosen()
        history = self._live.history.get(chosen.key) if chosen.key is not None else None
        width = self._history.content_size.width
        if width:  # a first tick may come before the first layout
            self._history.update(lines(history_lines(chosen.score, history, width)), layout=False)

    def _line(self, index: int) -> list[Span]:
        return self._told[index].spans
