"""Sessions: the stored runs; open one to read, go on with one, delete one."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer

from distq_tui.tui.modals.confirm import ConfirmModal
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.services import House, HouseError, Run, SessionLine
from distq_tui.tui.spans import Span
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.title_bar import TitleBar

STATE_ROLES = {"done": "good", "running": "key", "stopped": "warn", "budget": "warn", "failed": "bad"}
GLYPHS = {"done": "✓", "running": "▶", "stopped": "■", "budget": "$", "failed": "✗"}


class SessionsScreen(HouseScreen):
    """Stored runs, newest first.

    Enter opens one to look at; r goes on with its plan (what is stored is served from the cache and costs nothing);
    delete drops it, its answers stay in the cache; y copies its whole id.
    """

    CSS_PATH = "sessions.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "resume", "Resume", id="sessions.resume", tooltip="Go on with this plan"),
        Binding("delete,backspace", "delete", "Delete", id="sessions.delete", tooltip="Answers stay cached"),
        Binding("e", "export", "Export", show=False, id="sessions.export", tooltip="Write this session's report"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[SessionLine] = []

    def compose(self) -> ComposeResult:
        """The list."""
        yield TitleBar("sessions")
        yield LineList(self._line, empty=" No sessions yet. n sets one up, and d there shows a demo.", id="stored")
        yield Footer(compact=True)

    def on_screen_resume(self) -> None:
        """Read the list again: a run may have come to it."""
        self.query_one("#stored").focus()
        self._read()

    @work(group="sessions", exclusive=True)
    async def _read(self) -> None:
        if self.window.house is None:
            return
        self._lines = list(await self.window.house.sessions())
        stored = self.query_one("#stored", LineList)
        stored.set_count(len(self._lines))
        stored.border_title = "Sessions"
        stored.border_subtitle = str(len(self._lines))
        self.refresh_bindings()

    def _line(self, index: int) -> list[Span]:
        line = self._lines[index]
        role = STATE_ROLES.get(line.state, "")
        failed: list[Span] = [(f" · {line.failed} failed", "bad")] if line.failed else []
        return [
            (f"{GLYPHS.get(line.state, '?')} {line.state:<8}", role),
            (f" {line.created_at[:16].replace('T', ' ')} ", "dim"),
            (f" {line.id.rpartition('-')[2]}  ", "dim"),  # the rest of the id is the day, which stands before it
            *((f"{tag} ", "warn") for tag in line.tags),
            (f"{line.name}", "strong"),
            (f"  {line.done}/{line.total}", ""),
            (f" · {line.hits} cached" if line.hits else "", "dim"),
            *failed,
        ]

    @property
    def _chosen(self) -> SessionLine | None:
        at = self.query_one("#stored", LineList).cursor
        return self._lines[at] if at < len(self._lines) else None

    def copy_text(self) -> str:
        """The id of the session under the cursor, as the command line takes it."""
        line = self._chosen
        return "" if line is None else line.id

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to do where nothing is stored."""
        del parameters
        return bool(self._lines) if action in {"resume", "delete", "export"} else True

    @on(LineList.Chosen, "#stored")
    def _open(self) -> None:
        line = self._chosen
        if line is not None and self.window.house is not None:
            self.window.begin_run(self.window.house.open(line.id))

    def action_resume(self) -> None:
        """Go on with the plan under the cursor."""
        line = self._chosen
        if line is not None and self.window.house is not None:
            self.window.begin_run(_resumed(self.window.house, line.id))

    def action_export(self) -> None:
        """Write the report of the session under the cursor."""
        line = self._chosen
        if line is not None:
            from distq_tui.tui.modals.export import ExportModal

            self.app.push_screen(ExportModal(line.id, line.name))

    def action_delete(self) -> None:
        """Ask, then delete."""
        line = self._chosen
        if line is None:
            return
        if self.window.running and self.window.live is not None and self.window.live.state.session == line.id:
            self.notify("This session is running: stop it first.", severity="warning", markup=False)
            return
        question = f"Delete the session {line.name} of {line.created_at[:16]}? Its answers stay in the cache."
        self.app.push_screen(ConfirmModal(question, yes="Delete"), lambda sure: self._delete_if(sure, line.id))

    def _delete_if(self, sure: bool | None, session: str) -> None:
        if sure:
            self._delete(session)

    @work(group="delete")
    async def _delete(self, session: str) -> None:
        if self.window.house is None:
            return
        try:
            await self.window.house.delete(session)
        except HouseError as error:
            self.notify(str(error), severity="error", markup=False)
        self._read()


def _resumed(house: House, session: str) -> Coroutine[Any, Any, Run]:
    async def resume() -> Run:
        return await house.again((await house.open(session)).plan)

    return resume()
