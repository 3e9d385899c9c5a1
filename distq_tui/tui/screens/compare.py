"""Compare: answers side by side as they stream, the prompts at the left, the scores below."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Footer, Input, Static

from distq_tui.tui.filters import matching
from distq_tui.tui.live import LiveRun, Row
from distq_tui.tui.rows import RowNames, asked_spans
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.spans import Span, content, lines
from distq_tui.tui.strip import progress_line, score_lines
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.pane import AnswerPane
from distq_tui.tui.widgets.title_bar import TitleBar

TABS_BELOW = 100
PANE_MIN_WIDTH = 26
PANE_MIN_HEIGHT = 7


class PromptList(LineList):
    """The prompts: enter opens the answer."""

    HELP = """The prompts. Up and down look at another one, enter opens its answer, { and } go to flagged ones,
    / filters."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Detail", id="prompts.detail", tooltip="Everything about this answer"),
    ]


class CompareScreen(HouseScreen):
    """Answers side by side, under what the prompt asks.

    The list at the left holds the prompts with the state of their answers, as a sign and a letter: w waiting,
    r running, t retrying, p answered in part, d done, f failed, C a claim that contradicts the facts (c where only a
    control made one).

    Claims are marked in the text while it streams: reversed where they contradict the facts, underlined where they
    agree, italic where they name somebody else. T, R and C before a name are its role: target, reference, control.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "Pause", id="run.pause", tooltip="Send nothing new; again to go on"),
        Binding("x", "stop", "Stop", id="run.stop", tooltip="Stop the run; partial answers are stored"),
        Binding("r", "retry", "Retry", id="run.retry", tooltip="Ask again what failed; the rest comes from the cache"),
        Binding("f", "follow", "Follow", id="compare.follow", tooltip="Follow the run: prompt and end of text"),
        Binding("z", "zoom", "Maximise", id="compare.zoom", tooltip="One pane over the whole room, and back"),
        Binding(
            "slash", "filter", "Filter", id="compare.filter", tooltip="Words, is:conflict, is:failed, lang:zh, set:"
        ),
        Binding("enter", "detail", "Detail", id="compare.detail", tooltip="Everything about this answer"),
        Binding("d", "diff", "Diff", show=False, id="compare.diff", tooltip="Against the reference's answer"),
        Binding(
            "m", "markdown", "Markdown", show=False, id="compare.markdown", tooltip="A finished answer as Markdown"
        ),
        Binding("right_square_bracket", "step(1)", "Next prompt", show=False, id="compare.next"),
        Binding("left_square_bracket", "step(-1)", "Previous prompt", show=False, id="compare.previous"),
        Binding("right_curly_bracket", "flagged(1)", "Next flagged", show=False, id="compare.next_flagged"),
        Binding("left_curly_bracket", "flagged(-1)", "Previous flagged", show=False, id="compare.previous_flagged"),
        Binding("right,l", "turn(1)", "Next pane", show=False, id="compare.next_pane"),
        Binding("left,h", "turn(-1)", "Previous pane", show=False, id="compare.previous_pane"),
        Binding("escape", "back", "Clear filter", show=False, id="compare.back"),
    ]
    CSS_PATH = "compare.tcss"
    AUTO_FOCUS = "#prompts"

    def __init__(self) -> None:
        super().__init__()
        # kept, not queried: a tick may come while the screen is being taken down
        self._title = TitleBar("compare")
        self._prompts = PromptList(self._line, empty="no prompts", id="prompts")
        self._scores = Static(id="scores")
        self._asked = Static(id="asked")
        self._names = RowNames()
        self._live: LiveRun | None = None
        self._panes: list[AnswerPane] = []
        self._rows: list[Row] = []
        self._painted: dict[Row, int] = {}
        self._follow = True
        self._zoomed = False
        self._current = 0
        self._query = ""
        self._strip: list[list[Span]] = []
        self._told: list[Span] = []

    def compose(self) -> ComposeResult:
        """List, panes, strip."""
        yield self._title
        with Horizontal(id="room"):
            with Vertical(id="side"):
                yield Input(placeholder="filter", id="query", compact=True)
                yield self._prompts
            with Vertical(id="main"):
                yield self._asked
                yield Static(id="tabs")
                yield Container(id="panes")
        yield self._scores
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Show what there is."""
        self._prompts.border_title = "Prompts"
        self.paint(self.window.live)

    # --- a tick

    def paint(self, live: LiveRun | None) -> None:
        """Paint what changed since the last tick."""
        if live is None:
            return
        if live is not self._live:
            self._load(live)
        self._follow_run(live)
        self._paint_list(live)
        self._paint_panes(live)
        self._paint_strip(live)

    def _load(self, live: LiveRun) -> None:
        self._live, self._painted, self._follow, self._current = live, {}, True, 0
        self._prompts.moved_by_user = False
        panes = self.query_one("#panes")
        panes.remove_children()
        roles = {model.title: model.role for model in live.run.plan.models}
        self._panes = [AnswerPane(t, roles.get(t, ""), live.run.tags.get(t, "")) for t in live.titles[:8]]
        panes.mount_all(self._panes)
        self._set_rows(matching(live, self._query), keep=False)
        self.call_after_refresh(self._arrange)

    def _set_rows(self, rows: list[Row], *, keep: bool = True) -> None:
        here = self.row
        self._rows = rows
        self._prompts.set_count(len(rows), keep=False)
        if keep and here in rows:
            self._prompts.move_to(rows.index(here), by_user=False)
        self._prompts.border_subtitle = f"{len(rows)}" + (" filtered" if self._query else "")

    @property
    def row(self) -> Row | None:
        """The prompt that is looked at."""
        at = self._prompts.cursor
        return self._rows[at] if at < len(self._rows) else None

    @property
    def panes(self) -> list[AnswerPane]:
        """All panes, in the plan's order."""
        return self._panes

    @property
    def pane(self) -> AnswerPane | None:
        """The pane that is looked at: the focused one, or the last that was."""
        panes = self.panes
        for at, pane in enumerate(panes):
            if pane.has_focus:
                self._current = at
        return panes[min(self._current, len(panes) - 1)] if panes else None

    def _follow_run(self, live: LiveRun) -> None:
        row = self.row
        if self._prompts.moved_by_user:  # asked here, not told: a tick may come before the list's message does
            self._follow = False
        if not self._follow or live.over or row is None:
            return
        if live.summaries[row].open:
            return
        ahead = live.first_open()
        if ahead is not None and ahead in live.index and ahead in self._rows:
            self._prompts.move_to(self._rows.index(ahead), by_user=False)

    def _paint_list(self, live: LiveRun) -> None:
        if len(live.rows) != len(self._rows) and not self._query:
            self._set_rows(list(live.rows))
        top = self._prompts.scroll_offset.y
        for index in range(top, min(top + self._prompts.size.height, len(self._rows))):
            row = self._rows[index]
            revision = live.summaries[row].revision
            if self._painted.get(row) != revision:
                self._painted[row] = revision
                self._prompts.repaint_line(index)

    def _line(self, index: int) -> list[Span]:
        if self._live is None:
            return []
        return self._names.spans(self._live, self._rows[index], self._prompts.scrollable_content_region.width)

    def _paint_panes(self, live: LiveRun) -> None:
        row = self.row
        asked = asked_spans(live, row)
        if asked != self._told:
            self._told = asked
            self._asked.update(content(asked), layout=False)
        for pane in self.panes:
            if pane.display and row is not None:
                given_up = live.state.abandoned.get(pane.model, "")
                pane.show(live.cell(pane.model, row), live.running_for(pane.model, row), given_up)

    def _paint_strip(self, live: LiveRun) -> None:
        width = self.size.width - 2
        shown = live.titles if self.size.height >= 30 and len(live.titles) <= 4 else self._focused_title(live)
        strip = [line for title in shown for line in score_lines(live, title, width)]
        strip.append(progress_line(live, width))
        if strip != self._strip:
            grown = len(strip) != len(self._strip)
            self._strip = strip
            self._scores.update(lines(strip), layout=grown)
        mode: list[Span] = [(f"{self.window.preparing} ", "warn")] if self.window.preparing else []
        mode += [("FOLLOW", "good")] if self._follow and not live.over else []
        tags = sorted(set(live.run.tags.values()))
        self._title.tell(
            [
                *((f"{tag} ", "warn") for tag in tags),
                (live.state.name or live.run.plan.name, "strong"),
                ("  ", ""),
                *mode,
            ]
        )

    def _focused_title(self, live: LiveRun) -> list[str]:
        pane = self.pane
        return [pane.model] if pane is not None else live.titles[:1]

    # --- the room

    def on_resize(self, event: events.Resize) -> None:
        """Side by side, or one pane with tabs."""
        del event
        self.call_after_refresh(self._arrange)

    def _arrange(self) -> None:
        panes = self.panes
        if not panes:
            return
        narrow = self.size.width < TABS_BELOW
        single = narrow or self._zoomed or len(panes) == 1
        room = self.query_one("#panes")
        current = min(self._current, len(panes) - 1)
        for at, pane in enumerate(panes):
            pane.display = not single or at == current
        self.query_one("#side").display = not self._zoomed
        tabs = self.query_one("#tabs", Static)
        tabs.display = single and len(panes) > 1
        if tabs.display:
            tabs.update(content(self._tab_line(panes, current)))
        across = 1 if single else max(1, min(len(panes), room.size.width // PANE_MIN_WIDTH))
        across = -(-len(panes) // -(-len(panes) // across))  # the same number of rows, evenly filled
        while not single and across < len(panes) and room.size.height // -(-len(panes) // across) < PANE_MIN_HEIGHT:
            across += 1
        room.styles.grid_size_columns = across
        room.styles.grid_size_rows = 1 if single else -(-len(panes) // across)

    @staticmethod
    def _tab_line(panes: list[AnswerPane], current: int) -> list[Span]:
        spans: list[Span] = [("◂ ", "key")]
        for at, pane in enumerate(panes):
            spans += [(f"[{pane.model}]" if at == current else f" {pane.model} ", "strong" if at == current else "dim")]
        return [*spans, (" ▸", "key")]

    def copy_text(self) -> str:
        """The answer that is looked at."""
        pane, row = self.pane, self.row
        cell = self._live.cell(pane.model, row) if self._live and pane and row else None
        return cell.text if cell is not None else ""

    # --- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that can't apply are off."""
        del parameters
        live = self._live
        if action in {"pause", "stop"}:
            return live is not None and not live.over and not live.run.stored
        if action == "retry":
            return live is not None and live.over and (live.state.failed > 0 or live.state.done < live.state.total)
        if action == "zoom":
            return len(self.panes) > 1
        return True

    def action_pause(self) -> None:
        """Pause, or go on."""
        if self._live is not None:
            (self._live.run.resume if self._live.state.paused else self._live.run.pause)()

    def action_stop(self) -> None:
        """Stop; the run's closing events follow."""
        if self._live is not None:
            self._live.run.stop()
            self.notify("Stopping: partial answers are stored.", markup=False)

    def action_retry(self) -> None:
        """Ask again what failed or is missing."""
        if self._live is not None:
            self.window.again(self._live.run.plan)

    def action_follow(self) -> None:
        """Follow the run and the ends of the texts, or stop doing so."""
        self._follow = not self._follow
        self._prompts.moved_by_user = False
        for pane in self.panes:
            pane.follow = self._follow
            if self._follow:
                pane.to_end()

    def action_zoom(self) -> None:
        """One pane over the whole room."""
        pane = self.pane
        self._zoomed = not self._zoomed
        self._arrange()
        if pane is not None and self._zoomed:
            pane.focus()

    def action_turn(self, by: int) -> None:
        """To the next pane, or the one before."""
        panes = self.panes
        if not panes:
            return
        self.pane  # noqa: B018 - takes the focused pane as the current one
        self._current = (min(self._current, len(panes) - 1) + by) % len(panes)
        self._arrange()
        self.paint(self._live)
        panes[self._current].focus()

    def action_step(self, by: int) -> None:
        """To the next prompt, or the one before."""
        self._prompts.action_move(by)

    def action_flagged(self, by: int) -> None:
        """To the next prompt with a claim that contradicts the facts."""
        live = self._live
        at = self._prompts.cursor + by
        while live is not None and 0 <= at < len(self._rows):
            if live.summaries[self._rows[at]].state == "conflict":
                self._prompts.move_to(at)
                return
            at += by
        self.notify("No more flagged prompts that way.", markup=False)

    def action_detail(self, markdown: bool = False) -> None:
        """Everything about the answer that is looked at."""
        pane, row = self.pane, self.row
        if self._live is not None and pane is not None and row is not None:
            from distq_tui.tui.screens.detail import DetailScreen

            self.app.push_screen(DetailScreen(self._live, pane.model, row, markdown=markdown))

    def action_markdown(self) -> None:
        """The answer as Markdown, in Detail; one that is not finished stays plain."""
        self.action_detail(markdown=True)

    def action_diff(self) -> None:
        """The answer that is looked at, against the reference's."""
        pane, row = self.pane, self.row
        if self._live is not None and pane is not None and row is not None:
            from distq_tui.tui.screens.diff import DiffScreen

            self.app.push_screen(DiffScreen(self._live, pane.model, row))

    def action_filter(self) -> None:
        """Type a filter."""
        query = self.query_one("#query", Input)
        query.display = True
        query.focus()

    def action_back(self) -> None:
        """Drop the filter, or the maximised pane."""
        query = self.query_one("#query", Input)
        if query.display:
            query.value = ""
            query.display = False
            self._prompts.focus()
        elif self._zoomed:
            self.action_zoom()

    @on(Input.Changed, "#query")
    def _filter(self, event: Input.Changed) -> None:
        self._query = event.value.strip()
        if self._live is not None:
            self._set_rows(matching(self._live, self._query))

    @on(Input.Submitted, "#query")
    def _filtered(self) -> None:
        self.query_one("#query").display = bool(self._query)
        self._prompts.focus()

    @on(LineList.Moved, "#prompts")
    def _moved(self) -> None:
        if self._live is not None:
            self._paint_panes(self._live)

    @on(LineList.Chosen, "#prompts")
    def _chosen(self) -> None:
        self.action_detail()
