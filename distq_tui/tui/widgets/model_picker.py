"""The left side of Setup: a field to find models by, who is picked so far, and the list with its roles."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from distq_tui.tui.lines.setup_lines import model_spans, picked_spans
from distq_tui.tui.records import ModelLine
from distq_tui.tui.setup.picks import Picks, ident, is_placed, typed_model
from distq_tui.tui.text.spans import Span, content
from distq_tui.tui.widgets.line_list import LineList
from distq_tui.tui.widgets.setup_lists import FindInput, ModelList
from distq_tui.tui.window import InWindow


class ModelPicker(InWindow, Vertical):
    """Finds models and gives them roles.

    Args:
        picks: what is chosen; changed here, and told by `Changed`.
    """

    class Changed(Message):
        """A model has another role, or is another's."""

    def __init__(self, picks: Picks, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picks = picks
        self._shown: list[ModelLine] = []
        self._find = FindInput(placeholder="find a model, or type provider:name@url#env:KEY", id="find", compact=True)
        self._picked = Static(id="picked")
        self.models = ModelList(
            self._line, empty="no model is called that; provider:name@url#env:KEY adds one", id="models"
        )

    def compose(self) -> ComposeResult:
        """Field, picked, list."""
        self.models.border_title = "Models"
        yield self._find
        yield self._picked
        yield self.models

    @property
    def under_cursor(self) -> ModelLine | None:
        """The model under the cursor; None where none is found."""
        at = self.models.cursor
        return self._shown[at] if at < len(self._shown) else None

    def show(self, *, all_of_them: bool = False) -> None:
        """Show what the field finds, or all models."""
        if all_of_them:
            self._find.value = ""
        self._show(self._picks.matching(self._find.value))

    def go_to(self, line: ModelLine) -> None:
        """Put the cursor on a model that is shown, and the keys to the list."""
        self.models.move_to(next(at for at, shown in enumerate(self._shown) if ident(shown.spec) == ident(line.spec)))
        self.models.focus()

    def _show(self, found: list[ModelLine]) -> None:
        self._shown = found
        self.models.set_count(len(found), keep=False)
        self._show_picked()

    def _show_picked(self) -> None:
        """Who is picked, whatever the list is narrowed to."""
        self.models.border_subtitle = f"{len(self._picks.roles)} picked of {len(self._picks.lines)}"
        self._picked.update(content(picked_spans(self._picks.picked_lines())))

    def _line(self, index: int) -> list[Span]:
        line = self._shown[index]
        return model_spans(line, self._picks.roles.get(ident(line.spec)))

    @on(ModelList.RoleAsked)
    def _role_asked(self, event: ModelList.RoleAsked) -> None:
        line = self.under_cursor
        if line is not None:
            self._picks.toggle(line, event.role)
            self.models.repaint_line(self.models.cursor)
            self._show_picked()
            self.post_message(self.Changed())

    @on(ModelList.FamilyAsked)
    def _family_asked(self) -> None:
        """Let the user say whose the model under the cursor is."""
        line = self.under_cursor
        if line is None:
            return
        from distq_tui.tui.modals.family import FamilyModal

        def said(family: str | None) -> None:
            if family is not None:
                new = self._picks.say_family(line, family)
                self._shown = [new if shown is line else shown for shown in self._shown]
                self._show_picked()
                self.post_message(self.Changed())

        self.app.push_screen(FamilyModal(line.spec.title, line.spec.family or ""), said)

    @on(LineList.Chosen, "#models")
    def _chosen(self) -> None:
        self.models.action_role("target")

    @on(Input.Changed, "#find")
    def _find_changed(self) -> None:
        self.show()

    @on(Input.Submitted, "#find")
    def _find_submitted(self, event: Input.Submitted) -> None:
        if event.value.strip() and not self._shown:
            self._take_typed(event.value)
        line = self.under_cursor
        if event.value.strip() and line is not None and ident(line.spec) not in self._picks.roles:
            self.models.action_role("target")
        self.models.focus()

    def _take_typed(self, text: str) -> None:
        try:
            spec = typed_model(text)
        except ValueError as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        house = self.window.house
        if house is None:
            return
        if (
            not is_placed(text) and house.typed(spec).spec.family is None
        ):  # a slip would ask the vendor for it, with a key
            self.notify(
                f"no model is called {text!r}; to add one say where it is: {spec.provider}:{text}", markup=False
            )
            return
        take = self._picks.put if spec.key else self._picks.add  # a listed one keeps its key where none is typed
        take([house.typed(spec)])
        self._show([line for line in self._picks.lines if ident(line.spec) == ident(spec)])
