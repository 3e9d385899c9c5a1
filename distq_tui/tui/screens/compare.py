"""Compare: answers side by side as they stream, the prompts at the left, the scores below."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Footer, Static

from distq_tui.tui.lines.rows import asked_spans
from distq_tui.tui.lines.strip import progress_line, score_lines
from distq_tui.tui.live import LiveRun, Row
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.text.spans import Span, content, lines
from distq_tui.tui.widgets.answer_grid import AnswerGrid
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.pane import AnswerPane
from distq_tui.tui.widgets.prompt_side import PromptSide
from distq_tui.tui.widgets.title_bar import TitleBar


class CompareScreen(HouseScreen):
    """Answers side by side, under what the prompt asks.

    The list at the left holds the prompts with the state of their answers, as a sign and a letter: w waiting,
    r running, t retrying, p answered in part, d done, f failed, C a claim that contradicts the facts, c one of a
    control only; u where a stored one is still to be read.
    The number behind a name is how alike target and reference answer, where there is room for it.

    / narrows the list by words, which need not be exact, and by terms: is:failed (any state above, is:contradiction),
    is:failed model:NAME (of that model's own answer), model:NAME (where it contradicts the facts), lang:zh, set:NAME,
    score>0.6 (how alike target and reference answer). All of them must hold; a term that nothing matches is told.

    Claims are marked in the text while it streams: reversed where they contradict the facts, underlined where they
    agree, italic where they name somebody else. What a model reasoned is folded into one line above its answer: u shows
    it. T, R and C before a name are its role: target, reference, control.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "Pause", id="run.pause", tooltip="Send nothing new; again to go on"),
        Binding("x", "stop", "Stop", id="run.stop", tooltip="Stop the run; partial answers are stored"),
        Binding("r", "retry", "Retry", id="run.retry", tooltip="Ask again what failed; the rest comes from the cache"),
        Binding("f", "follow", "Follow", id="compare.follow", tooltip="Follow the run: prompt and end of text"),
        Binding(
            "z", "zoom", "Maximise", show=False, id="compare.zoom", tooltip="One pane over the whole room, and back"
        ),
        Binding(
            "slash",
            "find",
            "Filter",
            priority=True,
            id="compare.filter",
            tooltip="Words, is:contradiction, is:failed model:NAME, lang:zh, score>0.6",
        ),
        Binding(
            "s", "scores", "Scores", id="compare.scores", tooltip="Every rate, how it narrowed, and the conclusion"
        ),
        Binding("enter", "detail", "Detail", id="compare.detail", tooltip="Everything about this answer"),
        Binding("d", "diff", "Diff", show=False, id="compare.diff", tooltip="Against the reference's answer"),
        Binding(
            "m", "markdown", "Markdown", show=False, id="compare.markdown", tooltip="A finished answer as Markdown"
        ),
        Binding(
            "u", "unfold", "Reasoning", show=False, id="compare.unfold", tooltip="Reasoning in full, or in one line"
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
        self._side = PromptSide(id="side")
        self._answers = AnswerGrid(id="answers")
        self._scores = Static(id="scores")
        self._asked = Static(id="asked")
        self._live: LiveRun | None = None
        self._follow = True
        self._strip: list[list[Span]] = []
        self._told: list[Span] = []

    def compose(self) -> ComposeResult:
        """List, panes, strip."""
        yield self._title
        with Horizontal(id="room"):
            yield self._side
            with Vertical(id="main"):
                yield self._asked
                yield self._answers
        yield self._scores
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Show what there is."""
        self.paint(self.window.live)

    @property
    def row(self) -> Row | None:
        """The prompt that is looked at."""
        return self._side.row

    @property
    def _following(self) -> bool:
        """Whether the run is followed from prompt to prompt: not away from what one scrolled up to read."""
        return self._follow and not self._answers.reading

    @property
    def panes(self) -> list[AnswerPane]:
        """All panes, in the plan's order."""
        return self._answers.panes

    def copy_text(self) -> str:
        """The answer that is looked at."""
        pane, row = self._answers.pane, self.row
        cell = self._live.cell(pane.model, row) if self._live and pane and row else None
        return cell.text if cell is not None else ""

    # --- a tick

    def paint(self, live: LiveRun | None) -> None:
        """Paint what changed since the last tick."""
        if live is None:
            return
        if live is not self._live:
            self._live, self._follow = live, True
            self._answers.load(live)
            self._side.load(live)
        if self._side.prompts.moved_by_user:  # asked, not told: a tick may come before the list's message does
            self._follow = False
        if self._following and not live.over:
            self._side.follow(live)
        self._side.paint(live)
        self._paint_answers(live)
        self._paint_strip(live)
        self._paint_title(live)

    def _paint_answers(self, live: LiveRun) -> None:
        row = self.row
        asked = asked_spans(live, row)
        if asked != self._told:
            self._told = asked
            self._asked.update(content(asked), layout=False)
        if row is not None:
            self._answers.show(live, row, self.window.preparing)

    def _paint_strip(self, live: LiveRun) -> None:
        width = self.size.width - 2
        shown = live.titles if self.size.height >= 30 and len(live.titles) <= 4 else self._focused_title(live)
        strip = [*score_lines(live, shown, width), progress_line(live, width)]
        if strip != self._strip:
            grown = len(strip) != len(self._strip)
            self._strip = strip
            self._scores.update(lines(strip), layout=grown)

    def _focused_title(self, live: LiveRun) -> list[str]:
        pane = self._answers.pane
        return [pane.model] if pane is not None else live.titles[:1]

    def _paint_title(self, live: LiveRun) -> None:
        mode: list[Span] = [(f"{self.window.preparing} ", "warn")] if self.window.preparing else []
        mode += [("FOLLOW", "good")] if self._following and not (live.over or live.run.stored) else []
        name = live.state.name or live.run.plan.name
        self._title.tell([*_tag_spans(live), (name, "strong"), ("  ", ""), *mode])

    # --- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that can't apply are off."""
        live = self._live
        if action in {"pause", "stop"}:
            return live is not None and not live.over and not live.run.stored
        if action == "retry":
            return live is not None and live.over and (live.state.failed > 0 or live.state.done < live.state.total)
        if action == "zoom":
            return len(self.panes) > 1
        return super().check_action(action, parameters)

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
        self._follow = not self._following
        self._side.prompts.moved_by_user = False
        self._answers.follow(self._follow)

    def action_zoom(self) -> None:
        """One pane over the whole room."""
        self._answers.zoom()
        self._side.display = not self._answers.zoomed

    def action_unfold(self) -> None:
        """What the models reasoned, in full above their answers; again: in one line."""
        self._answers.fold(not self._answers.unfolded)

    def action_turn(self, by: int) -> None:
        """To the next pane, or the one before."""
        pane = self._answers.turn(by)
        if pane is not None:
            self.paint(self._live)
            pane.focus()

    def action_step(self, by: int) -> None:
        """To the next prompt, or the one before."""
        self._side.prompts.action_move(by)

    def action_flagged(self, by: int) -> None:
        """To the next prompt with a claim that contradicts the facts."""
        if not self._side.to_flagged(by):
            so_far = "" if self._live is None or self._live.whole else " in what is read so far"
            self.notify(f"No more flagged prompts that way{so_far}.", markup=False)

    def action_detail(self, markdown: bool = False) -> None:
        """Everything about the answer that is looked at."""
        pane, row = self._answers.pane, self.row
        if self._live is not None and pane is not None and row is not None:
            from distq_tui.tui.screens.detail import DetailScreen

            self.app.push_screen(DetailScreen(self._live, pane.model, row, markdown=markdown))

    def action_markdown(self) -> None:
        """The answer as Markdown, in Detail; one that is not finished stays plain."""
        self.action_detail(markdown=True)

    def action_diff(self) -> None:
        """The answer that is looked at, against the reference's."""
        pane, row = self._answers.pane, self.row
        if self._live is not None and pane is not None and row is not None:
            from distq_tui.tui.screens.diff import DiffScreen

            self.app.push_screen(DiffScreen(self._live, pane.model, row))

    def action_scores(self) -> None:
        """Every score with its interval, how it narrowed, and the word of conclusion."""
        if self._live is not None:
            from distq_tui.tui.screens.scores import ScoresScreen

            self.app.push_screen(ScoresScreen(self._live))

    def action_find(self) -> None:
        """Type a filter."""
        self.set_focus(self._side.ask_filter())

    def action_back(self) -> None:
        """Drop the filter, or the maximised pane."""
        if not self._side.drop_filter() and self._answers.zoomed:
            self.action_zoom()

    @on(LineList.Moved, "#prompts")
    def _moved(self) -> None:
        if self._live is not None:
            self._paint_answers(self._live)

    @on(LineList.Chosen, "#prompts")
    def _chosen(self) -> None:
        self.action_detail()


def _tag_spans(live: LiveRun) -> list[Span]:
    """`SIMULATED`, or `2 of 4 SIMULATED` where other models are live ones: each pane says which."""
    tags, models = Counter(live.run.tags.values()), len(live.run.plan.models)
    return [(f"{tag} " if count == models else f"{count} of {models} {tag} ", "warn") for tag, count in tags.items()]
