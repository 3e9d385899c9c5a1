"""A question with two answers."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Label

from distq_tui.tui.text.safe import label


class ConfirmModal(ModalScreen[bool]):
    """Gives True for yes.

    Args:
        question: one line.
        yes: what yes means, on its button.
    """

    CSS_PATH = "modals.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", id="confirm.yes"),
        Binding("n,escape", "answer(False)", "No", id="confirm.no"),
    ]

    def __init__(self, question: str, *, yes: str = "Yes") -> None:
        super().__init__()
        self._question = question
        self._yes = yes

    def compose(self) -> ComposeResult:
        """Question and buttons."""
        with Vertical(classes="dialog"):
            yield Label(label(self._question), classes="question")
            with Horizontal(classes="buttons"):
                yield Button(label(f"{self._yes} (y)"), id="yes", variant="error")
                yield Button(label("No (n)"), id="no")

    def action_answer(self, answer: bool) -> None:
        """Close with the answer."""
        self.dismiss(answer)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")
