"""Setup's choices as a plan file, for a remote machine or CI."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from distq_tui.config.paths import told_path, user_path
from distq_tui.tui.records import HouseError
from distq_tui.tui.widgets.field import Field
from distq_tui.tui.widgets.said import Said
from distq_tui.tui.window import InWindow

if TYPE_CHECKING:
    from distq_tui.plan.choices import Choices


class SavePlanModal(InWindow, ModalScreen[None]):
    """Write a plan file; `distq-tui run` of it asks the same, and finds what was asked here in the cache.

    Args:
        choices: what was chosen.
    """

    CSS_PATH = "modals.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Close", id="plan.close")]

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        self._choices = choices

    def compose(self) -> ComposeResult:
        """A path."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Save these choices as a plan"
            yield Field("plan.toml", id="path")
            yield Said("enter writes; a file that is there is replaced")

    @on(Input.Submitted)
    @work(exclusive=True)
    async def _submitted(self, event: Input.Submitted) -> None:
        house, path = self.window.house, user_path(event.value)
        if house is None:
            return
        try:
            await house.save_plan(self._choices, path)
        except HouseError as error:
            self.query_one(Said).refuse(str(error))
            return
        self.app.notify(f"Written. Without the app: distq-tui run {told_path(path)}", markup=False)
        self.dismiss()
