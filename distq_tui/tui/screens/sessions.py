"""Sessions: the stored runs; find, open, go on with, compare two, delete and take that back."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, Input

from distq_tui.tui.records import HouseError, SessionLine
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.text import words
from distq_tui.tui.text.spans import Span
from distq_tui.tui.widgets.field import Field
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from distq_tui.tui.services import House, Run

STATE_ROLES = {"done": "good", "unfinished": "key", "stopped": "warn", "budget": "warn", "failed": "bad"}
GLYPHS = {"done": "✓", "unfinished": "…", "stopped": "■", "budget": "$", "failed": "✗"}
NONE_YET = " No sessions yet. n sets one up, and d there shows a demo."
NONE_FOUND = " None is like that: escape shows all."


class StoredList(LineList):
    """The stored sessions; the screen does what the keys say."""

    HELP = """The stored sessions. Each line: how it ended (✓ done, … unfinished, ■ stopped by you, $ by its budget,
    ✗ failed), when it began, the end of its id, answers closed of those planned, how many failed, how many were
    cancelled (by a stop, or because their model was given up), cache hits, SIMULATED where a script answered, its name;
    ◆ before the marked one.

    Enter opens one to look at; r goes on with its plan (what is stored is served from the cache and costs nothing).
    m marks one, c holds it against the one under the cursor, to see whether a model changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Open", id="sessions.open", tooltip="Its answers, scores and evidence"),
    ]


class SessionsScreen(HouseScreen):
    """Stored runs, newest first.

    / finds by name, model, day, state or id. Delete drops a session until u brings it back; it is gone for good when
    another run starts or the app ends, and its answers stay in the cache. e writes its report, y copies the whole id.
    """

    CSS_PATH = "sessions.tcss"
    AUTO_FOCUS = "#stored"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "resume", "Resume", id="sessions.resume", tooltip="Go on with this plan"),
        Binding("m", "mark", "Mark", id="sessions.mark", tooltip="The one to compare another with"),
        Binding("c", "compare", "Compare", id="sessions.compare", tooltip="The marked session with this one"),
        Binding("slash", "find", "Find", priority=True, id="sessions.find", tooltip="By name, model, day, state or id"),
        Binding("delete,backspace", "delete", "Delete", id="sessions.delete", tooltip="Answers stay cached"),
        Binding("u", "undelete", "Undo", id="sessions.undelete", tooltip="Bring the deleted session back"),
        Binding("e", "export", "Export", show=False, id="sessions.export", tooltip="Write this session's report"),
        Binding("escape", "leave_field", "Show all", show=False, id="sessions.leave"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._all: list[SessionLine] = []
        self._lines: list[SessionLine] = []
        self._marked = ""
        self._deleted = 0

    def compose(self) -> ComposeResult:
        """The list."""
        yield TitleBar("sessions")
        yield Field(placeholder="find a session", id="find", compact=True)
        yield StoredList(self._line, empty=NONE_YET, id="stored")
        yield Footer(compact=True)

    def on_screen_resume(self) -> None:
        """Read the list again: a run may have come to it."""
        self.query_one("#stored").focus()
        self._read()

    def house_is_open(self, house: House) -> None:
        """The list could not be read before."""
        del house
        self._read()

    @work(group="sessions", exclusive=True)
    async def _read(self) -> None:
        if self.window.house is not None:
            self._all = list(await self.window.house.sessions())
            self._show()

    def _show(self) -> None:
        wanted = self.query_one("#find", Input).value.lower().split()
        self._lines = [line for line in self._all if all(word in _searched(line) for word in wanted)]
        stored = self.query_one("#stored", LineList)
        stored.empty = NONE_FOUND if wanted else NONE_YET
        stored.set_count(len(self._lines))
        stored.border_title = "Sessions"
        stored.border_subtitle = f"{len(self._lines)} of {len(self._all)}" if wanted else str(len(self._all))
        self.refresh_bindings()

    def _line(self, index: int) -> list[Span]:
        line = self._lines[index]
        role = STATE_ROLES.get(line.state, "")
        return [
            ("◆ " if line.id == self._marked else "", "key"),
            (f"{GLYPHS.get(line.state, '?')} {line.state:<10}", role),
            (f" {line.created_at[:16].replace('T', ' ')} ", "dim"),
            (f" {line.id.rpartition('-')[2]}  ", "dim"),  # the rest of the id is the day, which stands before it
            (f"{line.done}/{line.total}", ""),  # before the name, which is cut in a narrow room
            *words.unanswered(line.failed, line.cancelled),
            (f" · {line.hits} cached" if line.hits else "", "dim"),
            *((f"  {tag}", "warn") for tag in line.tags),
            (f"  {line.name}", "strong"),
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
        """Nothing to do where nothing is stored, and nothing to take back where nothing was deleted."""
        if action == "undelete":
            return self._deleted > 0
        if action in {"resume", "delete", "export", "mark", "compare"}:
            return bool(self._lines)
        return super().check_action(action, parameters)

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

    # --- find

    def action_find(self) -> None:
        """Type to find."""
        self.add_class("-finding")
        self.set_focus(self.query_one("#find"))

    def action_leave_field(self) -> None:
        """Show all again."""
        self.query_one("#find", Input).value = ""
        self.remove_class("-finding")
        self.query_one("#stored").focus()

    @on(Input.Changed, "#find")
    def _find_changed(self) -> None:
        self._show()

    @on(Input.Submitted, "#find")
    def _find_submitted(self) -> None:
        self.query_one("#stored").focus()

    # --- compare

    def action_mark(self) -> None:
        """Mark the session under the cursor, or unmark it."""
        line = self._chosen
        if line is not None:
            self._marked = "" if self._marked == line.id else line.id
            self.query_one("#stored", LineList).repaint_all()

    def action_compare(self) -> None:
        """Hold the marked session against the one under the cursor."""
        line = self._chosen
        if line is None:
            return
        if not self._marked or self._marked == line.id:
            self.notify("m marks a session; c on another one compares both.", markup=False)
            return
        self._compare(self._marked, line.id)

    @work(group="compare", exclusive=True)
    async def _compare(self, one: str, other: str) -> None:
        if self.window.house is None:
            return
        try:
            found = await self.window.house.compare(one, other)
        except HouseError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        from distq_tui.tui.screens.compared import ComparedScreen

        self.app.push_screen(ComparedScreen(found))

    # --- delete

    def action_delete(self) -> None:
        """Delete; u takes it back."""
        line = self._chosen
        if line is None:
            return
        if self.window.running and self.window.live is not None and self.window.live.state.session == line.id:
            self.notify("This session is running: stop it first.", severity="warning", markup=False)
            return
        self._delete(line)

    @work(group="delete")
    async def _delete(self, line: SessionLine) -> None:
        if self.window.house is None:
            return
        await self.window.house.delete(line.id)
        self._deleted += 1
        self._marked = "" if self._marked == line.id else self._marked
        self.notify(f"Deleted {line.name}. u brings it back; its answers stay in the cache.", markup=False)
        self._read()

    @work(group="delete")
    async def action_undelete(self) -> None:
        """Bring the session back that was deleted last."""
        if self.window.house is None:
            return
        back = await self.window.house.undelete()
        self._deleted = self._deleted - 1 if back else 0
        if not back:
            self.notify("It is gone for good: a run was started since.", severity="warning", markup=False)
        self._read()


def _searched(line: SessionLine) -> str:
    return " ".join((line.name, line.id, line.created_at, line.state, *line.tags, *line.models)).lower()


def _resumed(house: House, session: str) -> Coroutine[Any, Any, Run]:
    async def resume() -> Run:
        return await house.again(await house.plan_of(session))

    return resume()
