"""Two sessions side by side: what changed, what drifted, and the answer under the cursor as a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer

from distq_tui.tui.lines.compared import Line, lines_of
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.text import differ
from distq_tui.tui.text.flow import flow
from distq_tui.tui.text.spans import Span
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.lines_view import LinesView
from distq_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from distq_tui.report.drift import SessionComparison


class ComparedScreen(HouseScreen):
    """A comparison of two sessions.

    Args:
        found: what `House.compare` gave.
    """

    HELP = """Two sessions, the earlier one first: what changed in the plan, and what drifted.

    A drift is the later rate minus the earlier one over the cells that both asked, with its 95 % interval; p is
    adjusted for all lines together (Holm), and ! marks those up to .05. A cell that both sessions took from one stored
    answer was asked once and is left out: run with "fresh" (F6 in Setup) to ask a model again.

    Below: the answer under the cursor, [−only before−] and {+only after+}. A model that samples differs from itself."""
    CSS_PATH = "compared.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,c", "app.pop_screen", "Back", id="compared.back"),
        Binding("right_square_bracket", "next_answer", "Next answer", id="compared.next", tooltip="That differs"),
    ]

    def __init__(self, found: SessionComparison) -> None:
        super().__init__()
        self._lines: list[Line] = lines_of(found)
        self._differing = [at for at, line in enumerate(self._lines) if line.answer is not None]

    def compose(self) -> ComposeResult:
        """The list, and below it the answer."""
        yield TitleBar("sessions")
        yield LineList(self._line, id="found")
        yield LinesView(id="answer")
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Show all lines."""
        found = self.query_one("#found", LineList)
        found.border_title = "Two sessions compared"
        self.query_one("#answer").border_title = "The answer under the cursor"
        found.set_count(len(self._lines))
        found.focus()
        self._show(0)

    def _line(self, index: int) -> list[Span]:
        return self._lines[index].spans

    @on(LineList.Moved, "#found")
    def _moved(self, event: LineList.Moved) -> None:
        self._show(event.index)

    def _show(self, index: int) -> None:
        answer, view = self._lines[index].answer, self.query_one("#answer", LinesView)
        if answer is None:
            told = "] goes to the next answer that differs" if self._differing else "no answer that both have differs"
            view.show(lambda width: flow([(told, "dim")], width))
        else:
            view.show(lambda width: differ.inline(differ.compare(*answer.texts), width))

    def copy_text(self) -> str:
        """The answer under the cursor as a difference, or all lines."""
        answer = self._lines[self.query_one("#found", LineList).cursor].answer
        if answer is not None:
            return differ.marked(differ.compare(*answer.texts))
        return "\n".join("".join(text for text, _ in line.spans) for line in self._lines)

    def action_next_answer(self) -> None:
        """The next answer that differs, from the top again after the last."""
        found = self.query_one("#found", LineList)
        if self._differing:
            found.move_to(next((at for at in self._differing if at > found.cursor), self._differing[0]))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where no answer differs there is none to go to."""
        return bool(self._differing) if action == "next_answer" else super().check_action(action, parameters)
