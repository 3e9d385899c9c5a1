"""Matrix: the similarity of every pair of models, as a heat map in the tree's order or as a list, most alike first."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Footer, Static

from distq_tui.events import ScoreUpdated
from distq_tui.tui.lines import alike
from distq_tui.tui.live import LiveRun
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.text import words
from distq_tui.tui.text.spans import Span, content
from distq_tui.tui.widgets.heat_map import HeatMap
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.ramp import SHADES
from distq_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from distq_tui.rse.lineage import Lineage
    from distq_tui.rse.lineage_text import TreeLine

BAR = 24
NOT_YET = " No similarity yet: it takes two models and a prompt."
NEVER = " No similarity: identity prompts are not compared. It takes two models and a similarity set."
METHODS = "~ sequence, holds at any moment   = fixed plan, all in"


class MatrixScreen(HouseScreen):
    """Similarities of all pairs.

    RSE lies in [0, 1] and is symmetric: it says how alike two models answer, not who taught whom. The interval is over
    prompts: ~ marks a confidence sequence, which holds while answers come, = the interval of a completed plan. Read it
    against the floor that the controls give.

    The heat map stands in the order of the tree at its right: neighbours are alike, and a branch says no more than
    that. The fuller a cell, the more alike; # shows numbers. Enter on a cell tells why the two are alike.
    """

    CSS_PATH = "matrix.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "view", "Map/list", id="matrix.view", tooltip="Heat map, or the list of pairs"),
        Binding("number_sign", "numbers", "Numbers", id="matrix.numbers", tooltip="Numbers or shades in the cells"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._live: LiveRun | None = None
        self._pairs: list[ScoreUpdated] = []
        self._values: dict[frozenset[str], ScoreUpdated] = {}
        self._order: list[str] = []
        self._tree: Lineage | None = None
        self._tree_lines: list[TreeLine] = []
        self._grown = -1
        self._growing = False
        self._supported = False
        self._list_wanted: bool | None = None
        self._revision = -1

    def compose(self) -> ComposeResult:
        """The map with its tree, the list, and the pair under the cursor."""
        yield TitleBar("matrix")
        yield Static(id="columns")
        with Horizontal(id="room"):
            yield HeatMap(self._value, id="heat")
            yield LineList(self._line, empty=NOT_YET, id="stored")
            tree = LineList(self._branch, id="tree")
            tree.border_title = "Tree"
            yield tree
        yield Static(id="pair")
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """The list until there are three models."""
        self._arrange()

    def on_screen_resume(self) -> None:
        """Show what there is now."""
        self._revision = -1
        self.paint(self.window.live)
        self._arrange()

    @property
    def listed(self) -> bool:
        """Whether the list is shown: where it was asked for, or there are too few models for a map."""
        few = len(self._order) < alike.LEAST_MODELS
        return few if self._list_wanted is None else self._list_wanted

    def paint(self, live: LiveRun | None) -> None:
        """Sort again where a score moved; let a new tree grow where one is not growing."""
        if live is None or (live is self._live and live.state.revision == self._revision):
            return
        if live is not self._live:
            self._live, self._tree, self._grown, self._supported = live, None, -1, False
            self._tree_lines, self._pairs, self._order = [], [], []
        self._revision = live.state.revision
        self._tell_of_none(live)
        pairs = alike.pairs_of(live)
        if pairs != self._pairs:
            listed = self.listed
            self._pairs = pairs
            self._values = {frozenset(score.models): score for score in pairs}
            self.query_one("#stored", LineList).set_count(len(pairs))
            self._reorder()
            if listed != self.listed:
                self._arrange()
        self._grow(live)

    def _tell_of_none(self, live: LiveRun) -> None:
        compared = not live.over or any(probe.kind == "similarity" for probe in live.run.plan.probes)
        stored = self.query_one("#stored", LineList)
        if stored.empty != (empty := NOT_YET if compared else NEVER):
            stored.empty = empty
            stored.repaint_all()

    # --- the tree

    def _grow(self, live: LiveRun) -> None:
        count = len(live.state.pairs)
        stale = count != self._grown or (live.over and not self._supported)
        if stale and not self._growing and len(self._order) >= alike.LEAST_MODELS:
            self._growing, self._grown = True, count
            self._make_tree(live)

    @work(group="tree")
    async def _make_tree(self, live: LiveRun) -> None:
        over = live.over
        try:
            tree = await asyncio.to_thread(alike.tree_of, alike.events_of(live), live.run.plan, support=over)
            drawn = await asyncio.to_thread(_drawn, tree)
        finally:
            self._growing = False
        if live is self._live:
            self._tree, self._tree_lines, self._supported = tree, drawn, over
            self.query_one("#tree", LineList).set_count(len(drawn))
            scale = "" if tree is None else f"by {tree.scale}" + (" · support %" if tree.draws else " · so far")
            self.query_one("#tree", LineList).border_subtitle = scale
            self._reorder()
            self._arrange(focus=False)
            self._grow(live)  # more came meanwhile, and after a run's last event nothing else asks

    def _reorder(self) -> None:
        live = self._live
        if live is None:
            return
        models = alike.models_of(self._pairs, live.titles)
        if self._tree is not None:
            place = {self._tree.models[leaf]: at for at, leaf in enumerate(self._tree.order)}
            models.sort(key=lambda title: place.get(title, len(place)))
        heat = self.query_one("#heat", HeatMap)
        under = self._under_cursor() if self._order else None
        self._order = models
        values = [score.value or 0.0 for score in self._pairs]
        tags = live.run.tags
        names = [(title, tags.get(title, "")) for title in models]
        heat.show(names, (min(values, default=0.0), max(values, default=1.0)))
        if under is not None and set(under) <= set(models):
            heat.go(models.index(under[0]), models.index(under[1]))
        self._tell()

    # --- lines

    def _value(self, row: int, column: int) -> float | None:
        score = self._values.get(frozenset((self._order[row], self._order[column])))
        return None if score is None else score.value

    def _line(self, index: int) -> list[Span]:
        score = self._pairs[index]
        value, low, high = score.value or 0.0, score.low, score.high
        drawn = words.bar(low, value, high, BAR) if low is not None and high is not None else " " * BAR
        return [
            (f"{alike.method_mark(score)}{words.interval(score):<17}", "strong"),
            (f" {score.n:>5}  ", "dim"),
            (f"{drawn}  ", "key"),
            *self._names(*score.models),
            (f"  {score.method}", "dim"),
        ]

    def _names(self, *names: str, width: int = 30) -> list[Span]:
        spans: list[Span] = []
        for name in names:
            spans += [(" ~ " if spans else "", ""), (words.middle(name, width), "")]
            if self._live is not None and (tag := self._live.run.tags.get(name)):
                spans.append((f" {tag}", "warn"))
        return spans

    def _branch(self, index: int) -> list[Span]:
        line = self._tree_lines[index]
        if line.model is not None:
            number = self._order.index(line.model) + 1 if line.model in self._order else 0
            return [(line.stem, "dim"), (f"{number} ", "key"), *self._names(line.model, width=22)]
        support = "" if line.support is None else f" ({100 * line.support:.0f} %)"
        return [(line.stem, "dim"), (f"{line.similarity:.2f}{support}", "dim")]

    # --- keys

    def action_view(self) -> None:
        """The other view."""
        self._list_wanted = not self.listed
        self._arrange()

    def action_numbers(self) -> None:
        """Numbers in the cells, or shades."""
        self.query_one("#heat", HeatMap).toggle_numbers()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Numbers only in the map."""
        del parameters
        return not (action == "numbers" and self.listed)

    @on(HeatMap.Moved)
    def _moved(self) -> None:
        self._tell()

    @on(HeatMap.Chosen)
    def _why_cell(self) -> None:
        self._why(*self._under_cursor())

    @on(LineList.Chosen, "#stored")
    def _why_line(self, event: LineList.Chosen) -> None:
        one, other = self._pairs[event.index].models
        self._why(one, other)

    def _why(self, one: str, other: str) -> None:
        if self._live is not None:
            from distq_tui.tui.modals.why import WhyModal

            self.app.push_screen(WhyModal(self._live, one, other))

    def _under_cursor(self) -> tuple[str, str]:
        heat = self.query_one("#heat", HeatMap)
        last = len(self._order) - 1
        return self._order[min(heat.row, last)], self._order[min(heat.column, last)]

    # --- what is shown

    def _arrange(self, *, focus: bool = True) -> None:
        listed = self.listed
        heat, stored = self.query_one("#heat", HeatMap), self.query_one("#stored", LineList)
        heat.display, stored.display = not listed, listed
        self.query_one("#tree").set_class(bool(self._tree_lines) and not listed, "-shown")
        self.query_one("#pair").display = not listed
        if focus:
            (stored if listed else heat).focus()
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        head: list[Span] = [("RSE  [95 % interval]  prompts  pair   ", "dim"), (METHODS, "dim")]
        if not self.listed:
            values = [score.value or 0.0 for score in self._pairs]
            low, high = words.share(min(values, default=None)), words.share(max(values, default=None))
            ordered = "in the tree's order" if self._tree is not None else "in the plan's order"
            head = [("RSE ", "dim"), (f"{low} {SHADES} {high}", "strong"), (f"  {ordered} · # numbers · v list", "dim")]
        self.query_one("#columns", Static).update(content(head))
        if not self._order or self.listed:
            return
        one, other = self._under_cursor()
        score = self._values.get(frozenset((one, other)))
        if one == other:
            told: list[Span] = [(one, "strong"), (" beside itself: no pair", "dim")]
        elif score is None:
            told = [*self._names(one, other), ("  no prompt in common yet", "dim")]
        else:
            n = f"  n {score.n} · {alike.method_mark(score)} {score.method}"
            told = [(f"{words.interval(score)}  ", "strong"), *self._names(one, other), (n, "dim")]
        self.query_one("#pair", Static).update(content(told))


def _drawn(tree: Lineage | None) -> list[TreeLine]:
    if tree is None:
        return []
    from distq_tui.rse.lineage_text import tree_lines

    return list(tree_lines(tree))
