"""Whose a model truly is: what its identity answers are measured against."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from distq_tui.tui.records import HouseError
from distq_tui.tui.text.safe import label
from distq_tui.tui.widgets.field import Field
from distq_tui.tui.widgets.said import Said
from distq_tui.tui.window import InWindow


class FamilyModal(InWindow, ModalScreen[str | None]):
    """Gives the family's key, "" where nobody knows it, None where nothing is to change.

    Args:
        title: the model's.
        family: what was said or guessed so far, "" for nothing.
    """

    CSS_PATH = "modals.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Close", id="family.close")]

    def __init__(self, title: str, family: str) -> None:
        super().__init__()
        self._title, self._family = title, family

    def compose(self) -> ComposeResult:
        """One field."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = label(f"Whose is {self._title}?")
            yield Field(self._family, placeholder="a maker or product: openai, DeepSeek, 通义 …", id="family")
            told = (
                "what it truly is, by any name of its maker or product; empty: nobody knows, and no identity is scored"
            )
            yield Said(told)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        house, name = self.window.house, event.value.strip()
        if house is None:
            return
        try:
            self.dismiss(house.family(name) if name else "")
        except HouseError as error:
            self.query_one(Said).refuse(str(error))
