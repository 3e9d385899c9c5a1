"""The panes of Compare: side by side where they fit, else one at a time under a line of tabs."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widgets import Static

from distq_tui.tui.live import LiveRun, Row
from distq_tui.tui.text.spans import Span, content
from distq_tui.tui.widgets.pane import AnswerPane

TABS_BELOW = 100
"""Columns of the screen below which panes are not put side by side."""
PANE_MIN_WIDTH = 26
PANE_MIN_HEIGHT = 7
PANES_MOST = 8


class AnswerGrid(Vertical):
    """One pane for each model, in the plan's order.

    Attributes:
        panes: all of them.
        zoomed: whether one has the whole room.
        unfolded: whether reasoning is given in full.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.panes: list[AnswerPane] = []
        self.zoomed = False
        self.unfolded = False
        self._current = 0
        self._names: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Tabs above panes."""
        yield Static(id="tabs")
        yield Container(id="panes")

    def load(self, live: LiveRun) -> None:
        """New panes for the models of a run."""
        room = self.query_one("#panes")
        room.remove_children()
        roles = {model.title: model.role for model in live.run.plan.models}
        self._names = {model.title: model.name for model in live.run.plan.models}
        titles = live.titles[:PANES_MOST]
        self.panes = [AnswerPane(title, roles.get(title, ""), live.run.tags.get(title, "")) for title in titles]
        self._current = 0
        self.unfolded = False
        room.mount_all(self.panes)
        self.call_after_refresh(self._arrange)

    @property
    def pane(self) -> AnswerPane | None:
        """The pane that is looked at: the focused one, or the last that was."""
        for at, pane in enumerate(self.panes):
            if pane.has_focus:
                self._current = at
        return self.panes[min(self._current, len(self.panes) - 1)] if self.panes else None

    @property
    def reading(self) -> bool:
        """Whether one reads in a pane in sight, so that it should not be turned to another prompt."""
        return any(pane.reading for pane in self.panes if pane.display)

    def show(self, live: LiveRun, row: Row, preparing: str = "") -> None:
        """Paint what changed of the answers in sight to a row's prompt.

        Args:
            live: the run.
            row: the prompt.
            preparing: what is being made, in words that hold the name of the model that waits for it.
        """
        waited_for = preparing.split()
        for pane in self.panes:
            if pane.display:
                pane.show(
                    live.cell(pane.model, row),
                    live.running_for(pane.model, row),
                    given_up=live.state.abandoned.get(pane.model, ""),
                    preparing=preparing if self._names[pane.model] in waited_for else "",
                    unread=not live.whole,
                )

    def follow(self, follows: bool) -> None:
        """Whether the panes keep the ends of their texts in sight."""
        for pane in self.panes:
            pane.follow = follows
            if follows:
                pane.to_end()

    def fold(self, unfolded: bool) -> None:
        """Give reasoning in full in every pane, or in one line."""
        self.unfolded = unfolded
        for pane in self.panes:
            pane.unfold(unfolded)

    def zoom(self) -> None:
        """One pane over the whole room, and back."""
        pane = self.pane
        self.zoomed = not self.zoomed
        self._arrange()
        if pane is not None and self.zoomed:
            pane.focus()

    def turn(self, by: int) -> AnswerPane | None:
        """To the next pane, or the one before; not focused yet, so that it can be painted first."""
        if self.pane is None:
            return None
        self._current = (min(self._current, len(self.panes) - 1) + by) % len(self.panes)
        self._arrange()
        return self.panes[self._current]

    def on_resize(self, event: events.Resize) -> None:
        """Side by side, or one pane with tabs."""
        del event
        self.call_after_refresh(self._arrange)

    def _arrange(self) -> None:
        panes = self.panes
        if not panes:
            return
        narrow = self.screen.size.width < TABS_BELOW
        single = narrow or self.zoomed or len(panes) == 1
        room = self.query_one("#panes")
        current = min(self._current, len(panes) - 1)
        for at, pane in enumerate(panes):
            pane.display = not single or at == current
        tabs = self.query_one("#tabs", Static)
        tabs.display = single and len(panes) > 1
        if tabs.display:
            tabs.update(content(self._tab_line(current)))
        across = 1 if single else max(1, min(len(panes), room.size.width // PANE_MIN_WIDTH))
        across = -(-len(panes) // -(-len(panes) // across))  # the same number of rows, evenly filled
        while not single and across < len(panes) and room.size.height // -(-len(panes) // across) < PANE_MIN_HEIGHT:
            across += 1
        room.styles.grid_size_columns = across
        room.styles.grid_size_rows = 1 if single else -(-len(panes) // across)

    def _tab_line(self, current: int) -> list[Span]:
        spans: list[Span] = [("◂ ", "key")]
        for at, pane in enumerate(self.panes):
            spans += [(f"[{pane.model}]" if at == current else f" {pane.model} ", "strong" if at == current else "dim")]
        return [*spans, (" ▸", "key")]
