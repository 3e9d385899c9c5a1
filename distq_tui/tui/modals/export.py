"""Export: a format and a path, and the report is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input

from distq_tui.config.paths import told_path, user_path
from distq_tui.tui.records import EXPORT_FORMATS, HouseError
from distq_tui.tui.text.safe import label
from distq_tui.tui.widgets.field import Field
from distq_tui.tui.widgets.said import Said
from distq_tui.tui.window import InWindow


class ExportModal(InWindow, ModalScreen[None]):
    """Write the report of a session: the path's suffix says as what.

    Args:
        session: the session's id.
        name: its name, from which a file name is made.
    """

    CSS_PATH = "modals.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Close", id="export.close")]

    def __init__(self, session: str, name: str) -> None:
        super().__init__()
        self._session = session
        self._stem = re.sub(r"[^\w-]+", "-", name).strip("-").lower()[:60] or "distq"

    def compose(self) -> ComposeResult:
        """Path, formats, write."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Export the report"
            yield Field(f"{self._stem}.html", id="path")
            with Horizontal(classes="buttons"):
                for fmt in EXPORT_FORMATS:
                    yield Button(label(fmt), id=f"as-{fmt}", compact=True)
            yield Said("enter writes; the suffix says as what")

    @on(Button.Pressed)
    def _format(self, event: Button.Pressed) -> None:
        field = self.query_one("#path", Input)
        path = Path(field.value)
        if path.name in {"", ".."}:  # a folder; a suffix belongs to a file
            path /= self._stem
        field.value = str(path.with_suffix(f".{(event.button.id or '').removeprefix('as-')}"))
        field.focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        path = user_path(event.value)
        if path.suffix.lstrip(".") not in EXPORT_FORMATS:
            self.query_one(Said).refuse(f"the path must end in .{', .'.join(EXPORT_FORMATS)}")
            return
        self._write(path)

    @work(exclusive=True)
    async def _write(self, path: Path) -> None:
        house = self.window.house
        if house is None:
            return
        try:
            await house.export(self._session, path)
        except HouseError as error:
            self.query_one(Said).refuse(str(error))
            return
        self.app.notify(f"Written: {told_path(path)}", markup=False)
        self.dismiss()
