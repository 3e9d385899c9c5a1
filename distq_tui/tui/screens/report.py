"""Report: every score with its interval, and the flagged answers; the whole of it goes to a file."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Static

from distq_tui.state import Cell
from distq_tui.tui import scores, words
from distq_tui.tui.live import LiveRun, Row
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.spans import Span, lines
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.title_bar import TitleBar

ICE_MEASURES = ("ice.loose", "ice.strict", "ice.hard")
EXCERPT = 80
LOG_LINES = 12
"""Retries, refused parameters and models given up, newest last."""


class ReportScreen(HouseScreen):
    """Scores and evidence.

    Above: each rate and similarity with its interval, the answers it rests on, and those left out, by class.
    Below: the flagged answers; enter opens one. e writes the whole report to a file (HTML, Markdown, JSON, CSV).
    """

    CSS_PATH = "report.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "app.export", "Export", id="report.export", tooltip="HTML, Markdown, JSON or CSV"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._live: LiveRun | None = None
        self._flagged: list[tuple[str, Row]] = []
        self._revision = -1

    def compose(self) -> ComposeResult:
        """Scores above, flagged answers below."""
        yield TitleBar("report")
        with VerticalScroll(id="scores"):
            yield Static("", id="said")
        yield LineList(self._line, empty=" No answer is flagged.", id="flagged")
        yield Footer(compact=True)

    def on_screen_resume(self) -> None:
        """Show what there is now."""
        self.query_one("#flagged").focus()
        self._revision = -1
        self.paint(self.window.live)

    def paint(self, live: LiveRun | None) -> None:
        """Write scores again where something moved; at most ten times a second, over models and flagged rows only."""
        if live is None:
            self.query_one("#said", Static).update(
                lines([[("No run yet. n sets one up; 3 opens a stored one.", "dim")]])
            )
            return
        if live.state.revision == self._revision and live is self._live:
            return
        self._live, self._revision = live, live.state.revision
        self.query_one("#said", Static).update(lines(self._score_rows(live)))
        flagged = [
            (cell.model, (cell.prompt_id, cell.sample)) for cell in live.state.cells.values() if _is_flagged(cell)
        ]
        found = self.query_one("#flagged", LineList)
        found.border_title = f"Flagged answers: {len(flagged)}"
        if flagged != self._flagged:
            self._flagged = flagged
            found.set_count(len(flagged))

    @staticmethod
    def _score_rows(live: LiveRun) -> list[list[Span]]:
        rows: list[list[Span]] = [scores.progress_spans(live), []]
        tags = live.run.tags
        for title in live.titles:
            tag: list[Span] = [(f" {tags[title]}", "warn")] if title in tags else []
            rows.append([(title, "strong"), *tag])
            left_out: dict[str, int] = {}
            for measure in ICE_MEASURES:
                score = live.state.scores.get((measure, title))
                if score is not None:
                    left_out = score.excluded
                    rows.append([(f"  {measure:<11} ", "dim"), (f"{words.interval(score):<17}", "strong"),
                                 (f" n {score.n} · {score.clusters} cl · {score.method}", "dim")])  # fmt: skip
            if left_out:
                counts = " · ".join(f"{count} {name}" for name, count in left_out.items())
                rows.append([("  left out    ", "dim"), (counts, "warn")])
            rows.append([(" ", ""), *scores.rse_spans(live, title)])
        classes = " · ".join(f"{count} {name}" for name, count in live.state.classes.most_common())
        rows += [[], [("answers by class: ", "dim"), (classes or "none", "")]]
        log = list(live.state.log)[-LOG_LINES:]
        return [*rows, *([[], [("latest notices", "dim")]] if log else []), *([("  " + line, "")] for line in log)]

    def _line(self, index: int) -> list[Span]:
        title, row = self._flagged[index]
        cell = self._live.cell(title, row) if self._live is not None else None
        if cell is None:
            return []
        mark = next((mark for mark in cell.marks if mark.kind == "conflict"), None)
        start = max(0, mark.start - 20) if mark else 0
        excerpt: list[Span] = [(cell.text[start : start + EXCERPT], "dim")]
        if mark is not None:
            end = mark.end
            excerpt = [(cell.text[start : mark.start], "dim"), (cell.text[mark.start : end], "conflict"),
                       (cell.text[end : end + EXCERPT], "dim")]  # fmt: skip
        strict = cell.verdict is not None and cell.verdict.strict
        return [
            ("!strict " if strict else "!loose  ", "bad"),
            (f"{title} ", "strong"),
            (f"{row[0]}  ", "key"),
            *excerpt,
        ]

    @on(LineList.Chosen, "#flagged")
    def _open(self, event: LineList.Chosen) -> None:
        if self._live is not None:
            from distq_tui.tui.screens.detail import DetailScreen

            self.app.push_screen(DetailScreen(self._live, *self._flagged[event.index]))


def _is_flagged(cell: Cell) -> bool:
    return cell.verdict is not None and cell.verdict.loose
