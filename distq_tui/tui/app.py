"""The window: modes, the one worker that folds a run's events, and the one timer that paints.

The app holds no logic of a run and none of a screen. It starts runs through `services.House`, keeps the `LiveRun`, and
ten times a second lets the screens in sight paint what changed. A run outlives the screen that started it.
"""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import App, SuspendNotSupported, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from distq_tui.errors import InputError
from distq_tui.tui import themes
from distq_tui.tui.palette import ActionCommands
from distq_tui.tui.records import HouseError
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.screens.setup import SetupScreen
from distq_tui.tui.terminal_title import TerminalTitle, terminal_writer, title_of
from distq_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from distq_tui.config.settings import Settings
    from distq_tui.plan.run_plan import RunPlan
    from distq_tui.tui.live import LiveRun
    from distq_tui.tui.services import House, Run
    from distq_tui.tui.window import Window

FRAME_S = 1 / 12
GC_THRESHOLDS = (5000, 50, 1000)
"""Measured: with `gc.freeze()` after start-up these halve the lag of the loop while eight panes stream."""


def _late(module: str, name: str) -> Callable[[], Screen[None]]:
    """A screen that is imported when it is first shown."""

    def make() -> Screen[None]:
        from importlib import import_module

        screen: Screen[None] = getattr(import_module(f"distq_tui.tui.screens.{module}"), name)()
        return screen

    return make


class DistqApp(App[int]):
    """The app.

    Args:
        make_house: gives the services; called once, after the first frame, so that heavy imports delay nothing.
        start: `setup`, or `demo` to go straight into a run of the embedded default.
        theme: a theme's name; None = the default.
        keymap: keys by binding id, in place of the built-in ones.
        clock: seconds that only grow.
    """

    TITLE = "distq-tui"
    CSS_PATH = Path(__file__).with_name("app.tcss")  # absolute: a subclass elsewhere finds it too
    MODES: ClassVar[dict[str, str | Callable[[], Screen[None]]]] = {
        "setup": SetupScreen,
        "compare": _late("compare", "CompareScreen"),
        "matrix": _late("matrix", "MatrixScreen"),
        "sessions": _late("sessions", "SessionsScreen"),
        "report": _late("report", "ReportScreen"),
    }
    DEFAULT_MODE = "setup"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration
    COMMANDS = App.COMMANDS | {ActionCommands}
    SYSTEM_COMMANDS = frozenset({"Theme", "Screenshot"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "go('compare')", "Compare", show=False, id="app.compare", tooltip="Answers side by side"),
        Binding("2", "go('matrix')", "Matrix", show=False, id="app.matrix", tooltip="Similarities of all pairs"),
        Binding("3", "go('sessions')", "Sessions", show=False, id="app.sessions", tooltip="Stored runs"),
        Binding("4", "go('report')", "Report", show=False, id="app.report", tooltip="Scores, evidence, export"),
        Binding("n", "go('setup')", "Setup", show=False, id="app.setup", tooltip="Choose models and prompts"),
        Binding("e", "export", "Export", show=False, id="app.export", tooltip="Write the report to a file"),
        Binding("y", "copy", "Copy", show=False, id="app.copy", tooltip="Copy the answer that is looked at"),
        Binding("t", "next_theme", "Theme", show=False, id="app.theme", tooltip="The next theme"),
        Binding("f1", "help", "Help", id="app.help", priority=True, tooltip="Keys and what this screen shows"),
        Binding("question_mark", "help", "Help", show=False, id="app.help_too"),
        Binding(
            "ctrl+q", "leave", "Quit", show=False, priority=True, id="app.quit", tooltip="Asks while a run goes on"
        ),
    ]
    OFFERED_THEMES = themes.OFFERED

    def __init__(
        self,
        make_house: Callable[[], Awaitable[House]],
        *,
        start: str = "setup",
        theme: str | None = None,
        keymap: dict[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        for own in themes.OWN:
            self.register_theme(own)
        self.terminal_title = TerminalTitle(terminal_writer(self, os.environ))
        self.house: House | None = None
        self.live: LiveRun | None = None
        self.failure: InputError | None = None
        self.preparing = ""
        self.clock = clock
        self._make_house = make_house
        self.starting_demo = start == "demo"
        if theme in self.available_themes:
            self.theme = theme
        if keymap:
            self.set_keymap(keymap)

    # --- start

    def on_mount(self) -> None:
        """Paint first; everything that takes time comes after the first frame."""
        self.call_after_refresh(self._open_house)
        self.set_interval(FRAME_S, self._paint)

    @work(group="house")
    async def _open_house(self) -> None:
        try:
            self.house = await self._make_house()
        except InputError as error:
            self.failure = error
            self.exit(2)
            return
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        for screen in (screen for stack in self._screen_stacks.values() for screen in stack):
            if isinstance(screen, HouseScreen) and screen.is_mounted:
                screen.house_is_open(self.house)
        if self.starting_demo:
            self.begin_run(self.house.demo())

    def on_unmount(self) -> None:
        """Give the terminal its title back."""
        self.terminal_title.restore()

    def tell_progress(self, what: str, share: float) -> None:
        """Say how a slow preparation goes; may be called from any thread."""
        self.call_from_thread(self._tell_progress, what, share)

    def _tell_progress(self, what: str, share: float) -> None:
        self.preparing = "" if share >= 1 else f"{share:.0%} {what}"  # a narrow room cuts the end

    # --- a run

    @property
    def running(self) -> bool:
        """Whether requests are being sent."""
        return self.live is not None and not self.live.over and not self.live.run.stored

    @work(group="begin", exclusive=True)
    async def begin_run(self, making: Awaitable[Run]) -> None:
        """Show a run, as soon as it is made; one that is under way goes on and the new one is refused."""
        if self.running:
            self.notify("A run is under way: stop it first (x).", severity="warning", markup=False)
            if hasattr(making, "close"):
                making.close()
            return
        try:
            run = await making
        except HouseError as error:
            self.notify(str(error), severity="error", markup=False, timeout=10)
            self._furnish_setup()
            return
        from distq_tui.tui.live import LiveRun

        self.live = live = LiveRun(run, self.clock)
        if not run.stored:
            self._fold(live)
        shown = self.switch_mode("compare")
        self._furnish_setup()
        if run.stored:
            await shown
            self._paint()  # not a tick later
            self.screen.call_after_refresh(self._read_behind, live)

    def _read_behind(self, live: LiveRun) -> None:
        """Read a stored session once its list is on screen: the first frame takes as long for any session."""
        if live is self.live:
            self._fold(live)

    def _furnish_setup(self) -> None:
        """The demo started or could not: Setup, which waited behind its notice, is furnished."""
        if self.starting_demo:
            self.starting_demo = False
            for screen in self._screen_stacks["setup"]:
                if isinstance(screen, SetupScreen):
                    screen.furnish()

    @work(group="run", exclusive=True)
    async def _fold(self, live: LiveRun) -> None:
        try:
            async for event in live.run.events():
                live.apply(event)
        except Exception as error:  # a full disk, a defect: the answers so far stay readable, and it is said
            live.fail(f"broke off: {type(error).__name__}: {error}")
            self.log.error(str(error))
        if not live.over:
            live.fail("ended without its last event")
        self.screen.refresh_bindings()

    def again(self, plan: RunPlan) -> None:
        """Go on with a plan."""
        if self.house is not None:
            self.begin_run(self.house.again(plan))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Textual's own commands that make sense here; the rest of the palette comes from the keys."""
        return (command for command in super().get_system_commands(screen) if command.title in self.SYSTEM_COMMANDS)

    # --- a tick

    def _paint(self) -> None:
        self.terminal_title.show(title_of(self.live))
        reading = self.live.reading if self.live is not None else ""
        for screen in self.screen_stack:
            if isinstance(screen, HouseScreen) and screen.is_mounted:
                screen.paint(self.live)
                for bar in screen.query_children(TitleBar):
                    bar.tell_reading(reading)

    # --- keys

    def action_go(self, mode: str) -> None:
        """To another screen; screens that stand over this one are left."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.switch_mode(mode)

    def action_next_theme(self) -> None:
        """The next of a few themes; the palette offers all."""
        names = self.OFFERED_THEMES
        at = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(at + 1) % len(names)]

    def action_help(self) -> None:
        """What this screen shows and its keys; again to close."""
        from distq_tui.tui.modals.help import HelpModal

        if isinstance(self.screen, HelpModal):
            self.screen.dismiss()
        else:
            self.push_screen(HelpModal.of(self.screen))

    def action_export(self) -> None:
        """Ask for a format and a path."""
        if self.live is None or not self.live.state.session:
            self.notify("There is no session to export yet.", severity="warning", markup=False)
            return
        from distq_tui.tui.modals.export import ExportModal

        self.push_screen(ExportModal(self.live.state.session, self.live.state.name))

    def action_copy(self) -> None:
        """Copy what the screen has selected, or the answer that is looked at."""
        selected = self.screen.get_selected_text()
        text = selected or getattr(self.screen, "copy_text", lambda: "")()
        if text:
            self._copy(text)
        else:
            self.notify("Nothing to copy here.", severity="warning", markup=False)

    @work(group="copy", exclusive=True)
    async def _copy(self, text: str) -> None:
        """By the system's tool, else by the terminal, else into a file."""
        from distq_tui.tui.text import outside

        count = f"{len(text)} characters"
        if tool := await asyncio.to_thread(outside.copy_by_tool, text, os.environ):
            self.notify(f"Copied {count} by {tool}.", markup=False)
        elif outside.terminal_copies(text, os.environ):
            self.copy_to_clipboard(outside.encoded(text).decode())
            self.notify(f"Gave {count} to the terminal to copy.", markup=False)
        else:
            try:
                path = await asyncio.to_thread(outside.copy_to_file, text)
            except OSError as error:
                self.notify(f"Could not copy: {error.strerror}", severity="error", markup=False)
            else:
                self.notify(f"No clipboard here: {count} are in {path}", markup=False, timeout=15)

    def hand_over(self, command: list[str], text: str) -> None:
        """Leave the terminal to another program that shows the text, until it ends."""
        from distq_tui.tui.text import outside

        if self.running:
            self.notify("A run is under way and would wait: stop it first (x).", severity="warning", markup=False)
            return
        try:
            with self.suspend():
                outside.show(command, text)
        except (OSError, SuspendNotSupported) as error:
            self.notify(f"Could not open it: {error}", severity="error", markup=False)

    def action_help_quit(self) -> None:
        """ctrl+c copies; many press it to quit."""
        self.notify("ctrl+q quits.", markup=False)

    def action_leave(self) -> None:
        """Quit with 0; while a run goes on, ask once."""
        from distq_tui.tui.modals.confirm import ConfirmModal

        if isinstance(self.screen, ConfirmModal):
            return
        if not self.running:
            self._leave()
            return
        question = "A run is under way. Stop it and quit? What was answered is stored."
        self.push_screen(ConfirmModal(question, yes="Stop and quit"), self._leave_if)

    def _leave_if(self, sure: bool | None) -> None:
        if sure:
            self._leave()

    @work(group="leave", exclusive=True)
    async def _leave(self) -> None:
        live = self.live
        if live is not None and self.running:
            live.run.stop()
            await self.workers.wait_for_complete([w for w in self.workers if w.group == "run"])
        house, self.house = self.house, None  # nobody begins to ask it any more,
        for worker in [worker for worker in self.workers if worker.group != "leave"]:
            worker.cancel()  # and who waits for an answer gives up
        if house is not None:
            await house.close()
        self.exit(0)


def run_app(settings: Settings, *, demo: bool = False) -> int:
    """Open the window and give its exit code.

    Args:
        settings: of this call.
        demo: go straight into a run of the embedded default.

    Raises:
        InputError: the database can't be used.
    """

    async def make_house() -> House:
        from importlib import import_module

        house = await asyncio.to_thread(import_module, "distq_tui.tui.house.real")
        opened: House = await asyncio.to_thread(house.open_house, settings, app.tell_progress)
        return opened

    app = DistqApp(make_house, start="demo" if demo else "setup", theme=settings.theme, keymap=dict(settings.keymap))
    code = app.run()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0 if code is None else code


if TYPE_CHECKING:

    def _is_a_window(app: DistqApp) -> Window:
        """Checked by the type checker alone: what screens rely on is there."""
        return app
