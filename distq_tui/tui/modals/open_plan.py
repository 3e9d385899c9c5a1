"""Plans to fill Setup with: those of the latest sessions, plan files of late and of here, any other by its path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from distq_tui.config.paths import told_path, user_path
from distq_tui.tui.records import HouseError, OpenedPlan, SessionLine
from distq_tui.tui.text import words
from distq_tui.tui.text.spans import Span
from distq_tui.tui.widgets.field import Field
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.said import Said
from distq_tui.tui.window import InWindow

SESSIONS_SHOWN = 12
HINT = "enter opens: it fills the form and asks nothing"


class OpenPlanModal(InWindow, ModalScreen[OpenedPlan]):
    """Choose a plan: the form is filled with it, in place of what was chosen; answers that are stored are not asked."""

    CSS_PATH = "modals.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Close", id="open.close")]

    def __init__(self) -> None:
        super().__init__()
        self._plans: Sequence[SessionLine | Path] = ()

    def compose(self) -> ComposeResult:
        """The list, a path."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Open a plan"
            yield LineList(self._line, empty=" …", id="plans")
            yield Field(placeholder="or the path of a plan file", id="path")
            yield Said(HINT)

    def on_mount(self) -> None:
        """Look what there is."""
        self.query_one("#plans").focus()
        self._look()

    @work
    async def _look(self) -> None:
        house = self.window.house
        if house is None:
            return
        self._plans = [*_once_each(await house.sessions())[:SESSIONS_SHOWN], *await house.plan_files()]
        plans = self.query_one("#plans", LineList)
        plans.empty = " No session yet, and no plan file of late or in this folder."
        plans.set_count(len(self._plans))

    def _line(self, index: int) -> list[Span]:
        plan = self._plans[index]
        if isinstance(plan, Path):
            return [("file     ", "dim"), (plan.name, "strong"), (f"  {told_path(plan.parent)}", "dim")]
        tags = f" {' '.join(plan.tags)}" if plan.tags else ""
        return [
            ("session  ", "dim"),
            (f"{plan.created_at[:16].replace('T', ' ')}  ", ""),
            (plan.name, "strong"),
            (tags, "warn"),
            (f"  {words.plural(plan.total, 'answer')} of {', '.join(plan.models)}", "dim"),
        ]

    @on(LineList.Chosen, "#plans")
    def _chosen(self, event: LineList.Chosen) -> None:
        plan = self._plans[event.index]
        self._open(plan if isinstance(plan, Path) else plan.id)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self._open(user_path(event.value))

    @work(exclusive=True, group="open")
    async def _open(self, source: str | Path) -> None:
        house = self.window.house
        if house is None:
            return
        self.query_one(Said).say([("opening…", "dim")])
        try:
            opened = await house.open_plan(source)
        except HouseError as error:
            self.query_one(Said).refuse(str(error))
            return
        self.dismiss(opened)


def _once_each(sessions: Sequence[SessionLine]) -> list[SessionLine]:
    """The newest session of each plan, as far as a line tells two plans apart."""
    plans: dict[tuple[str, int, tuple[str, ...]], SessionLine] = {}
    for line in sessions:
        plans.setdefault((line.name, line.total, line.models), line)
    return list(plans.values())
