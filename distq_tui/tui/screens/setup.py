"""Setup: pick models and their roles, choose prompt sets and options, see what it will cost, run."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.compose import compose
from textual.containers import Grid, Horizontal, Vertical
from textual.widgets import Button, Footer, Input, Label, Static

from distq_tui.tui.lines.setup_lines import WELCOME, set_spans, switch_spans
from distq_tui.tui.records import HouseError, ModelLine, OpenedPlan
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.setup.picks import OPTIONS, SWITCHES, Picks
from distq_tui.tui.text import words
from distq_tui.tui.text.safe import label
from distq_tui.tui.text.spans import Span, lines
from distq_tui.tui.widgets.estimate_line import EstimateLine
from distq_tui.tui.widgets.field import Field
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.model_picker import ModelPicker
from distq_tui.tui.widgets.setup_lists import SetList
from distq_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from distq_tui.plan.choices import Choices
    from distq_tui.tui.services import House


class SetupScreen(HouseScreen):
    """Choose who is asked what.

    Find a model by typing (fuzzy). What is in no list is taken as typed where it says where the model is
    ([provider:]name[@base_url][#env:KEY]), or is a name of a known family.
    Roles: target (under audit), reference (a candidate teacher), control (believed unrelated, another family), judge
    (J), helper (H). What a model says of itself is measured against its family, which stands behind it once it is
    picked; `?` marks one that is only guessed by the model's name: f says what it truly is.
    The estimate below moves with each choice; cached answers cost nothing.
    o fills the form with the plan of an earlier session or a plan file; what it has beside the form stays as it is.
    """

    CSS_PATH = "setup.tcss"
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+r", "run", "Run", id="setup.run", tooltip="Start with these choices"),
        Binding("f6", "fresh", "Run fresh", show=False, id="setup.fresh", tooltip="Ask again even what is stored"),
        Binding("d", "demo", "Demo", id="setup.demo", tooltip="The embedded default: no key, no network"),
        Binding(
            "f7", "list_models", "List models", show=False, id="setup.list", tooltip="Ask this endpoint what it serves"
        ),
        Binding("a", "add_endpoint", "Add", id="setup.add", tooltip="Name an endpoint; test it; keep it"),
        Binding("f8", "test", "Test", show=False, id="setup.test", tooltip="Test the connection of this model"),
        Binding("o", "open_plan", "Plans", id="setup.open", tooltip="Fill the form with a session's plan or a file"),
        Binding("s", "save_plan", "Save plan", show=False, id="setup.save", tooltip="These choices as a plan file"),
        Binding("slash", "find", "Find", show=False, priority=True, id="setup.find", tooltip="Type to find a model"),
        Binding("escape", "leave_field", "Leave the field", show=False, id="setup.leave"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.picks = Picks()
        self.furnished = False
        # kept, not queried: what the house tells may come while the screen is being taken down
        self._welcome = Static(id="welcome")
        self._picker = ModelPicker(self.picks, id="who")
        self._sets = SetList(self._set_line, empty="…", id="sets")
        self._estimate = EstimateLine(self.picks, id="estimate")

    def compose(self) -> ComposeResult:
        """What the first frame shows; the room is furnished right after it."""
        yield TitleBar("setup")
        self._welcome.update(lines([[("Starting the demo…", "dim")]] if self.window.starting_demo else WELCOME))
        yield self._welcome

    def _furniture(self) -> ComposeResult:
        """Picker, sets, options, estimate."""
        with Horizontal(id="room"):
            yield self._picker
            with Vertical(id="what"):
                self._sets.border_title = "Prompts"
                yield self._sets
                with Grid(id="options"):
                    for option in OPTIONS:
                        yield Label(label(option.title))
                        yield Field(option.value, id=f"option-{option.name}", compact=True, restrict=r"[0-9.]*")
        with Horizontal(id="bottom"):
            yield self._estimate
            yield Button(label("Run (F5)"), id="run", variant="primary", compact=True)
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Paint first; while a demo starts, its notice is all that stands here."""
        if self.window.starting_demo:
            self._welcome.display = True
        else:
            self.furnish()

    def furnish(self) -> None:
        """Bring the furniture in after the next frame; once."""
        self._welcome.update(lines(WELCOME))
        self.call_after_refresh(self._furnish)

    async def _furnish(self) -> None:
        await self.mount_all(compose(self, self._furniture()))
        if not self._picker.is_attached:
            return  # the app is quitting, and mounts nothing any more
        self.furnished = True
        self.refresh_bindings()
        self._picker.models.focus()
        self._picker.show()
        if self.window.house is not None:
            self.house_is_open(self.window.house)

    @work(group="fill", exclusive=True)
    async def house_is_open(self, house: House) -> None:
        """The house can be asked now: fill the lists, where they are there already."""
        if not self.furnished:
            return
        self.picks.add(await house.models())
        self.picks.sets = list(await house.sets())
        self._welcome.display = not await house.sessions()
        self._picker.show()
        self._sets.set_count(len(self.picks.sets) + len(SWITCHES))
        self._estimate.changed()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Its own keys work on the furniture: none of them before that is there."""
        if not self.furnished and f"action_{action}" in vars(SetupScreen):
            return False
        return super().check_action(action, parameters)

    def on_screen_resume(self) -> None:
        """Come back to the list, where single keys work, and not into a field that would swallow them."""
        if self.furnished and isinstance(self.focused, Input):
            self._picker.models.focus()

    # --- lists

    def _set_line(self, index: int) -> list[Span]:
        sets = self.picks.sets
        if index < len(sets):
            name = sets[index].name
            return set_spans(sets[index], taken=name in self.picks.chosen, limit=self.picks.own_limits.get(name))
        switch = SWITCHES[index - len(sets)]
        return switch_spans(switch, on=switch.name in self.picks.on, applies=self.picks.applies(switch))

    @on(ModelPicker.Changed)
    def _picked(self) -> None:
        self._sets.repaint_all()  # what needs a judge or a helper may apply now
        self._estimate.changed()

    @on(LineList.Chosen, "#sets")
    def _set_chosen(self, event: LineList.Chosen) -> None:
        sets = self.picks.sets
        if event.index < len(sets):
            self.picks.toggle_set(sets[event.index].name)
        else:
            self.picks.toggle_switch(SWITCHES[event.index - len(sets)].name)
        event.lines.repaint_line(event.index)
        self._estimate.changed()

    @on(Input.Changed, "#options Input")
    def _option_changed(self, event: Input.Changed) -> None:
        self.picks.set_value((event.input.id or "").removeprefix("option-"), event.value)
        self._sets.repaint_all()  # how many of each are asked
        self._estimate.changed()

    # --- keys

    def action_run(self) -> None:
        """Start."""
        self._start(fresh=False)

    def action_fresh(self) -> None:
        """Start, asking again even what is stored; both answers are kept."""
        self._start(fresh=True)

    def _start(self, *, fresh: bool) -> None:
        choices = self._choices()
        if choices is not None and self.window.house is not None:
            self.window.begin_run(self.window.house.start(choices, fresh=fresh))

    def _choices(self) -> Choices | None:
        """What is chosen; None where that is no plan, and it is said why."""
        from distq_tui.tui.setup.choose import choices_of

        try:
            return choices_of(self.picks)
        except ValueError as error:
            self.notify(str(error), severity="warning", markup=False)
            return None

    @on(Button.Pressed, "#run")
    def _run_pressed(self) -> None:
        self.action_run()

    def action_demo(self) -> None:
        """Run the embedded default; where choices were made, ask first."""
        if not (self.picks.roles or self.picks.chosen):
            self._demo_if(True)
            return
        from distq_tui.tui.modals.confirm import ConfirmModal

        question = "Run the demo instead of what you chose? Your choices stay here."
        self.app.push_screen(ConfirmModal(question, yes="Run the demo"), self._demo_if)

    def _demo_if(self, sure: bool | None) -> None:
        if sure and self.window.house is not None:
            self.window.begin_run(self.window.house.demo())

    def action_find(self) -> None:
        """Type to find."""
        self.set_focus(self.query_one("#find"))

    def action_leave_field(self) -> None:
        """From a field to the list of models, where single keys work."""
        self._picker.models.focus()

    def action_list_models(self) -> None:
        """Ask the endpoint of the model under the cursor."""
        if (line := self._picker.under_cursor) is not None:
            self._list_models(line)

    @work(group="list", exclusive=True)
    async def _list_models(self, line: ModelLine) -> None:
        if self.window.house is None:
            return
        try:
            found = await self.window.house.list_models(line.spec)
        except HouseError as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        self.picks.add(found)
        self._picker.show(all_of_them=True)  # what was typed to name the endpoint would hide what it serves
        self.notify(f"{words.plural(len(found), 'model')} listed.", markup=False)

    def action_test(self) -> None:
        """Test the connection of the model under the cursor: asks for its list of models, which costs nothing."""
        if (line := self._picker.under_cursor) is not None:
            self._test(line)

    @work(group="test", exclusive=True)
    async def _test(self, line: ModelLine) -> None:
        if self.window.house is None:
            return
        try:
            found = await self.window.house.check_model(line.spec)
        except HouseError as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        self.notify(found.line(), severity="information" if found.works else "warning", markup=False, timeout=12)

    def action_add_endpoint(self) -> None:
        """Ask for a model's endpoint; it joins the list, and the config file."""
        from distq_tui.tui.modals.endpoint import EndpointModal

        self.app.push_screen(EndpointModal(), self._added)

    def _added(self, line: ModelLine | None) -> None:
        if line is not None:
            self.picks.put([line])
            self._picker.show(all_of_them=True)
            self._picker.go_to(line)
            self._estimate.changed()

    def action_open_plan(self) -> None:
        """Choose a session's plan or a plan file, and fill the form with it."""
        from distq_tui.tui.modals.open_plan import OpenPlanModal

        self.app.push_screen(OpenPlanModal(), self._refill)

    def _refill(self, opened: OpenedPlan | None) -> None:
        if opened is None:
            return
        from distq_tui.tui.setup.refill import refill

        refill(self.picks, opened)
        for option in OPTIONS:
            self.query_one(f"#option-{option.name}", Input).value = self.picks.values[option.name]
        self._picker.show(all_of_them=True)
        self._sets.set_count(len(self.picks.sets) + len(SWITCHES))
        self._estimate.changed()
        if not opened.exact:
            told = (
                "Not quite that plan: it used sets that are files, which a session does not name, or that have changed."
            )
            self.notify(told, severity="warning", markup=False, timeout=12)

    def action_save_plan(self) -> None:
        """Ask for a path, and write the choices there as a plan file."""
        from distq_tui.tui.modals.save_plan import SavePlanModal

        choices = self._choices()
        if choices is not None:
            self.app.push_screen(SavePlanModal(choices))
