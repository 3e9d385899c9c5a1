"""Matrix: the similarity of every pair of models, most alike first."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Footer, Static

from distq_tui.events import ScoreUpdated
from distq_tui.tui import words
from distq_tui.tui.live import LiveRun
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.spans import Span, content
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.title_bar import TitleBar

BAR = 24


class MatrixScreen(HouseScreen):
    """Similarities of all pairs.

    RSE lies in [0, 1] and is symmetric: it says how alike two models answer, not who taught whom. The interval is over
    prompts. Read it against the floor that the controls give.
    """

    CSS_PATH = "sessions.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._pairs: list[ScoreUpdated] = []
        self._revision = -1
        self._wide = 10

    def compose(self) -> ComposeResult:
        """The list."""
        yield TitleBar("matrix")
        yield Static(content([("RSE  [95 % interval]  prompts  pair", "dim")]), id="columns")
        yield LineList(self._line, empty=" No similarity yet: it takes two models and a prompt.", id="stored")
        yield Footer(compact=True)

    def on_screen_resume(self) -> None:
        """Show what there is now."""
        self.query_one("#stored").focus()
        self.paint(self.window.live)

    def paint(self, live: LiveRun | None) -> None:
        """Sort again where a score moved."""
        if live is None or live.state.revision == self._revision:
            return
        self._revision = live.state.revision
        scores = [score for key, score in live.state.scores.items() if key[0] == "rse" and score.value is not None]
        pairs = sorted(scores, key=lambda score: (-(score.value or 0.0), score.models))
        if pairs != self._pairs:
            self._pairs = pairs
            self.query_one("#stored", LineList).set_count(len(pairs))

    def _line(self, index: int) -> list[Span]:
        score = self._pairs[index]
        value, low, high = score.value or 0.0, score.low, score.high
        drawn = words.bar(low, value, high, BAR) if low is not None and high is not None else " " * BAR
        return [
            (f"{words.interval(score):<17}", "strong"),
            (f" {score.n:>5}  ", "dim"),
            (f"{drawn}  ", "key"),
            (" ~ ".join(score.models), ""),
            (f"  {score.method}", "dim"),
        ]
