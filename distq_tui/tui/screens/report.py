"""Report: every score with its interval, and the flagged answers; the whole of it goes to a file."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Static

from distq_tui.tui.lines import evidence, scores
from distq_tui.tui.live import LiveRun, Row
from distq_tui.tui.records import HouseError, Identities
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.text import words
from distq_tui.tui.text.excerpts import excerpt
from distq_tui.tui.text.flow import hanging
from distq_tui.tui.text.spans import Span, lines
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.title_bar import TitleBar

LOG_LINES = 12
"""Retries, refused parameters and models given up, newest last."""


class ScoresView(VerticalScroll):
    """The scores; up and down scroll."""

    HELP = """The scores: each rate with its interval, by the detector and by each judge, the answers it rests on (n
    answers, cl clusters) and those left out; whom each model says it is; each similarity between floor and ceiling;
    how far judges agree. no_role_play: without claims spoken in a marked role, where there are any.

    What the adaptive search found is exploration and no rate: s unfolds its tree. Once the run is over: the words in
    which a model said whom it is, and how the models' rates differ, or why they can't be compared."""


class FlaggedList(LineList):
    """The flagged answers; enter opens one."""

    HELP = """The flagged answers: those that contradict what is true of their speaker (!loose), first those that claim
    another maker or product (!strict), then by model and prompt in the plan's order. Each with its model, its prompt
    and the words around the first claim that conflicts. Enter opens the whole answer with every claim explained."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Detail", id="report.detail", tooltip="Everything about this answer"),
    ]


class ReportScreen(HouseScreen):
    """Scores above, flagged answers below; tab goes from one to the other, and F1 tells of each.

    b labels answers blind, which tells how far the detector and the judges are right. e writes the whole report to a
    file (HTML, Markdown, JSON, CSV).
    """

    CSS_PATH = "report.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "app.export", "Export", id="report.export", tooltip="HTML, Markdown, JSON or CSV"),
        Binding("b", "blind", "Blind labels", id="report.blind", tooltip="Label answers; how right the detector is"),
        Binding("s", "search", "Search tree", id="report.search", tooltip="Fold or unfold the adaptive search"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._live: LiveRun | None = None
        self._flagged: list[tuple[str, Row]] = []
        self._seen: tuple[int, int] | None = None
        self._unfolded = False
        self._searched = False
        self._identities: Identities | None = None
        self._failure = ""
        self._asked_for: tuple[LiveRun, int] | None = None

    def compose(self) -> ComposeResult:
        """Scores above, flagged answers below."""
        yield TitleBar("report")
        with ScoresView(id="scores"):
            yield Static("", id="said")
        yield FlaggedList(self._line, empty=" No answer is flagged.", id="flagged")
        yield Footer(compact=True)

    def on_screen_resume(self) -> None:
        """Show what there is now."""
        self.query_one("#flagged").focus()
        self._seen = None
        self.paint(self.window.live)

    def paint(self, live: LiveRun | None) -> None:
        """Write scores again where something moved; at most ten times a second, over models and flagged rows only."""
        if live is None:
            if self._seen is None:
                self._seen = (0, 0)
                nothing = "No run yet. n sets one up; 3 opens a stored one."
                self.query_one("#said", Static).update(lines([[(nothing, "dim")]]))
            return
        if live.over and live.state.session and (live, live.overridden) != self._asked_for:
            self._asked_for, self._identities, self._failure = (live, live.overridden), None, ""
            self._read_identities(live, live.overridden)
        said = self.query_one("#said", Static)
        seen = (live.state.revision, said.content_size.width or self.size.width)
        if seen == self._seen and live is self._live:
            return
        self._live, self._seen = live, seen
        said.update(lines(part for row in self._score_rows(live) for part in hanging(row, seen[1])))
        flagged = evidence.flags_of(live)
        found = self.query_one("#flagged", LineList)
        found.border_title = f"Flagged answers: {len(flagged)}"
        if flagged != self._flagged:
            self._flagged = flagged
            found.set_count(len(flagged))
        if bool(live.state.steps) != self._searched:
            self._searched = bool(live.state.steps)
            self.refresh_bindings()

    def _score_rows(self, live: LiveRun) -> list[list[Span]]:
        rows: list[list[Span]] = [scores.progress_spans(live), []]
        found = self._identities if (live, live.overridden) == self._asked_for else None
        if found is not None and found.overridden:
            answers = words.plural(found.overridden, "answer")
            note = f"rates and flags are the detector's; your own verdict on {answers} holds in reports, and in claims "
            rows += [[(note + "and differences here", "warn")], []]
        if self._failure:
            rows += [[("claims and differences could not be read: ", "bad"), (self._failure, "")], []]
        for note in found.same if found is not None else ():
            rows += [[(note, "warn")], []]
        for title in live.titles:
            rows += [told.spans for told in evidence.model_rows(live, title, found.claimed if found else ())]
        rows += _difference_rows(live, found)
        parts = [
            ("Similarity", evidence.similarity_rows(live)),
            ("Agreement", evidence.agreement_rows(live)),
            ("", evidence.search_rows(live, unfolded=self._unfolded)),
        ]
        for name, part in parts:
            told = [line.spans for line in part]
            head: list[list[Span]] = [[(name, "key")]] if name else []
            rows += [[], *head, *told] if told else []
        rows += [[], [("s in Compare: how intervals narrowed, and the word of conclusion when the run is over", "dim")]]
        classes = " · ".join(f"{count} {name}" for name, count in live.state.classes.most_common())
        rows += [[], [("answers by class: ", "dim"), (classes or "none", "")]]
        log = list(live.state.log)[-LOG_LINES:]
        return [*rows, *([[], [("latest notices", "dim")]] if log else []), *([("  " + line, "")] for line in log)]

    @work(exclusive=True)
    async def _read_identities(self, live: LiveRun, overridden: int) -> None:
        """What takes all planned answers, once for each run that is over."""
        house, found, failure = self.window.house, None, ""
        try:
            found = await house.identities(live.state.session) if house is not None else None
        except HouseError as error:
            failure = str(error)
        if (live, overridden) == self._asked_for:
            self._identities, self._failure = found, failure
            self._seen = None
            self.paint(self._live)

    def _line(self, index: int) -> list[Span]:
        title, row = self._flagged[index]
        cell = self._live.cell(title, row) if self._live is not None else None
        if cell is None:
            return []
        strict = cell.verdict is not None and cell.verdict.strict
        return [
            ("!strict " if strict else "!loose  ", "bad"),
            (f"{title} ", "strong"),
            (f"{row[0]}  ", "key"),
            *excerpt(cell),
        ]

    def action_blind(self) -> None:
        """Label answers of this session blind."""
        session = self._live.state.session if self._live is not None else ""
        if not session:
            self.notify("There is no session to label yet.", severity="warning", markup=False)
            return
        from distq_tui.tui.screens.blind import BlindScreen

        self.app.push_screen(BlindScreen(session))

    def action_search(self) -> None:
        """Unfold or fold the search's tree."""
        self._unfolded = not self._unfolded
        self._seen = None
        self.paint(self._live)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that have nothing to act on are not offered."""
        del parameters
        return action != "search" or bool(self._live is not None and self._live.state.steps)

    @on(LineList.Chosen, "#flagged")
    def _open(self, event: LineList.Chosen) -> None:
        if self._live is not None:
            from distq_tui.tui.screens.detail import DetailScreen

            self.app.push_screen(DetailScreen(self._live, *self._flagged[event.index]))


def _difference_rows(live: LiveRun, found: Identities | None) -> list[list[Span]]:
    if found is None or not found.differences:
        return []
    from distq_tui.tui.lines.identity_lines import difference_rows

    return [[], *difference_rows(found.differences, live.run.tags)]
