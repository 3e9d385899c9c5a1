"""Setup: pick models and their roles, choose prompt sets and options, see what it will cost, run."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.compose import compose
from textual.containers import Grid, Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Button, Footer, Input, Label, Static

from distq_tui.tui.lines.setup_lines import WELCOME, estimate_spans, model_spans, picked_spans, set_spans, switch_spans
from distq_tui.tui.records import HouseError, ModelLine, OpenedPlan
from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.setup.picks import OPTIONS, SWITCHES, Picks, ident, typed_model
from distq_tui.tui.text import words
from distq_tui.tui.text.safe import label
from distq_tui.tui.text.spans import Span, content, lines
from distq_tui.tui.widgets.field import Field
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.setup_lists import FindInput, ModelList, SetList
from distq_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from distq_tui.config.models import Role
    from distq_tui.plan.choices import Choices
    from distq_tui.tui.services import House

SETTLE_S = 0.15
"""A choice is estimated when no other followed for so long."""


class SetupScreen(HouseScreen):
    """Choose who is asked what.

    Find a model by typing (fuzzy); a name that is in no list, or that says where the model is, is taken as typed:
    [provider:]name[@base_url][#env:KEY].
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
        self._shown: list[ModelLine] = []
        self._settle: Timer | None = None

    def compose(self) -> ComposeResult:
        """What the first frame shows; the room is furnished right after it."""
        yield TitleBar("setup")
        yield Static(lines([[("Starting the demo…", "dim")]] if self.window.starting_demo else WELCOME), id="welcome")

    def _furniture(self) -> ComposeResult:
        """Picker, sets, options, estimate."""
        with Horizontal(id="room"):
            with Vertical(id="who"):
                yield FindInput(placeholder="find a model, or type provider:name@url#env:KEY", id="find", compact=True)
                yield Static(id="picked")
                yield ModelList(self._model_line, empty="no model is called that: enter takes it as typed", id="models")
            with Vertical(id="what"):
                yield SetList(self._set_line, empty="…", id="sets")
                with Grid(id="options"):
                    for option in OPTIONS:
                        yield Label(label(option.title))
                        yield Field(option.value, id=f"option-{option.name}", compact=True, restrict=r"[0-9.]*")
        with Horizontal(id="bottom"):
            yield Static(id="estimate")
            yield Button(label("Run (F5)"), id="run", variant="primary", compact=True)
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Paint first; while a demo starts, its notice is all that stands here."""
        if self.window.starting_demo:
            self.query_one("#welcome").display = True
        else:
            self.furnish()

    def furnish(self) -> None:
        """Bring the furniture in after the next frame; once."""
        self.query_one("#welcome", Static).update(lines(WELCOME))
        self.call_after_refresh(self._furnish)

    async def _furnish(self) -> None:
        await self.mount_all(compose(self, self._furniture()))
        if not self.query("#models"):
            return  # the app is quitting, and mounts nothing any more
        self.furnished = True
        self.refresh_bindings()
        self.query_one("#models").border_title = "Models"
        self.query_one("#sets").border_title = "Prompts"
        self.query_one("#models").focus()
        self._show_picked()
        if self.window.house is not None:
            self.house_is_open(self.window.house)

    @work(group="fill", exclusive=True)
    async def house_is_open(self, house: House) -> None:
        """The house can be asked now: fill the lists, where they are there already."""
        if not self.furnished:
            return
        self.picks.add(await house.models())
        self.picks.sets = list(await house.sets())
        self.query_one("#welcome").display = not await house.sessions()
        self._show_models()
        self.query_one("#sets", LineList).set_count(len(self.picks.sets) + len(SWITCHES))
        self._changed()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Its own keys work on the furniture: none of them before that is there."""
        if not self.furnished and f"action_{action}" in vars(SetupScreen):
            return False
        return super().check_action(action, parameters)

    def on_screen_resume(self) -> None:
        """Come back to the list, where single keys work, and not into a field that would swallow them."""
        if self.furnished and isinstance(self.focused, Input):
            self.query_one("#models").focus()

    # --- lists

    def _show_models(self) -> None:
        self._shown = self.picks.matching(self.query_one("#find", Input).value)
        self.query_one("#models", LineList).set_count(len(self._shown), keep=False)
        self._show_picked()

    def _show_picked(self) -> None:
        """Who is picked, whatever the list is narrowed to."""
        self.query_one("#models").border_subtitle = f"{len(self.picks.roles)} picked of {len(self.picks.lines)}"
        self.query_one("#picked", Static).update(content(picked_spans(self.picks.picked_lines())))

    def _model_line(self, index: int) -> list[Span]:
        line = self._shown[index]
        return model_spans(line, self.picks.roles.get(ident(line.spec)))

    def _set_line(self, index: int) -> list[Span]:
        sets = self.picks.sets
        if index < len(sets):
            name = sets[index].name
            return set_spans(sets[index], taken=name in self.picks.chosen, limit=self.picks.own_limits.get(name))
        switch = SWITCHES[index - len(sets)]
        return switch_spans(switch, on=switch.name in self.picks.on, applies=self.picks.applies(switch))

    def action_role(self, role: str) -> None:
        """Give the model under the cursor the role, or take it away."""
        self._give_role(self.query_one("#models", LineList).cursor, cast("Role", role))

    def _give_role(self, index: int, role: Role) -> None:
        if index < len(self._shown):
            self.picks.toggle(self._shown[index], role)
            self.query_one("#models", LineList).repaint_line(index)
            self.query_one("#sets", LineList).repaint_all()  # what needs a judge or a helper may apply now
            self._show_picked()
            self._changed()

    def action_family(self) -> None:
        """Let the user say whose the model under the cursor is."""
        if self.query_one("#models", LineList).cursor >= len(self._shown):
            return
        from distq_tui.tui.modals.family import FamilyModal

        line = self._under_cursor

        def said(family: str | None) -> None:
            if family is not None:
                new = self.picks.say_family(line, family)
                self._shown = [new if shown is line else shown for shown in self._shown]
                self._show_picked()
                self._changed()

        self.app.push_screen(FamilyModal(line.spec.title, line.spec.family or ""), said)

    @on(LineList.Chosen, "#models")
    def _model_chosen(self, event: LineList.Chosen) -> None:
        self._give_role(event.index, "target")

    @on(LineList.Chosen, "#sets")
    def _set_chosen(self, event: LineList.Chosen) -> None:
        sets = self.picks.sets
        if event.index < len(sets):
            self.picks.toggle_set(sets[event.index].name)
        else:
            self.picks.toggle_switch(SWITCHES[event.index - len(sets)].name)
        event.lines.repaint_line(event.index)
        self._changed()

    @on(Input.Changed, "#find")
    def _find_changed(self) -> None:
        self._show_models()

    @on(Input.Submitted, "#find")
    def _find_submitted(self, event: Input.Submitted) -> None:
        if event.value.strip() and not self._shown:
            self._take_typed(event.value)
        if event.value.strip() and self._shown and ident(self._under_cursor.spec) not in self.picks.roles:
            self._give_role(self.query_one("#models", LineList).cursor, "target")
        self.query_one("#models").focus()

    @property
    def _under_cursor(self) -> ModelLine:
        return self._shown[self.query_one("#models", LineList).cursor]

    def _take_typed(self, text: str) -> None:
        try:
            spec = typed_model(text)
        except ValueError as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        house = self.window.house
        if house is None:
            return
        take = self.picks.put if spec.key else self.picks.add  # a listed one keeps its key where none is typed
        take([house.typed(spec)])
        self._shown = [line for line in self.picks.lines if ident(line.spec) == ident(spec)]
        self.query_one("#models", LineList).set_count(len(self._shown), keep=False)

    @on(Input.Changed, "#options Input")
    def _option_changed(self, event: Input.Changed) -> None:
        self.picks.set_value((event.input.id or "").removeprefix("option-"), event.value)
        self.query_one("#sets", LineList).repaint_all()  # how many of each are asked
        self._changed()

    # --- the estimate

    def _changed(self) -> None:
        if self._settle is not None:
            self._settle.stop()
        self._settle = self.set_timer(SETTLE_S, self._estimate)

    @work(group="estimate", exclusive=True)
    async def _estimate(self) -> None:
        if self.window.house is None:
            return
        from distq_tui.tui.setup.choose import choices_of

        shown = self.query_one("#estimate", Static)
        try:
            estimate = await self.window.house.estimate(choices_of(self.picks))
        except (ValueError, HouseError) as error:
            shown.update(content([("– ", "warn"), (str(error), "")]))
            return
        shown.update(content(estimate_spans(estimate)))

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
        self.query_one("#models").focus()

    def action_list_models(self) -> None:
        """Ask the endpoint of the model under the cursor."""
        at = self.query_one("#models", LineList).cursor
        if at < len(self._shown):
            self._list_models(self._shown[at])

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
        self.query_one("#find", Input).value = ""  # what was typed to name the endpoint would hide what it serves
        self._show_models()
        self.notify(f"{words.plural(len(found), 'model')} listed.", markup=False)

    def action_test(self) -> None:
        """Test the connection of the model under the cursor: asks for its list of models, which costs nothing."""
        if self.query_one("#models", LineList).cursor < len(self._shown):
            self._test(self._under_cursor)

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
            self.query_one("#find", Input).value = ""
            self._show_models()
            self._changed()
            models = self.query_one("#models", LineList)
            models.move_to(next(at for at, shown in enumerate(self._shown) if ident(shown.spec) == ident(line.spec)))
            models.focus()

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
        self.query_one("#find", Input).value = ""
        self._show_models()
        self.query_one("#sets", LineList).set_count(len(self.picks.sets) + len(SWITCHES))
        self._changed()
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
