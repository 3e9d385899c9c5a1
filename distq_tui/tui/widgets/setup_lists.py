"""Setup's lists and its search field: their keys, and what they tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from distq_tui.tui.widgets.field import Field
from distq_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from distq_tui.config.models import Role


class ModelList(LineList):
    """The models: a key gives the one under the cursor its role, or says whose it is."""

    HELP = """The models. t, r and c make the one under the cursor a target, a reference or a control. J makes it a
    judge, which grades answers; H makes it the helper, which rewrites templates in an adaptive search. f says whose it
    truly is. Behind each stand whether its key is set, its kind of server, and where the line comes from: your config
    file, built in, listed by an endpoint, typed, or an opened plan."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "role('target')", "Target", id="setup.target", tooltip="The model under audit"),
        Binding("r", "role('reference')", "Reference", id="setup.reference", tooltip="A candidate teacher"),
        Binding("c", "role('control')", "Control", id="setup.control", tooltip="A model believed unrelated"),
        Binding(
            "J",
            "role('judge')",
            "Judge",
            show=False,
            id="setup.judge",
            tooltip="Grades answers; asked after them",
        ),
        Binding(
            "H",
            "role('helper')",
            "Helper",
            show=False,
            id="setup.helper",
            tooltip="Rewrites templates in a search",
        ),
        Binding("space", "role('target')", "Pick", show=False, id="setup.pick"),
        Binding("f", "family", "Family", show=False, id="setup.family", tooltip="Say whose this model truly is"),
    ]

    @dataclass
    class RoleAsked(Message):
        """The model under the cursor is to have that role, or no longer."""

        role: Role

    class FamilyAsked(Message):
        """The user wants to say whose the model under the cursor is."""

    def action_role(self, role: Role) -> None:
        """Ask for the role."""
        self.post_message(self.RoleAsked(role))

    def action_family(self) -> None:
        """Ask whose it is."""
        self.post_message(self.FamilyAsked())


class FindInput(Field):
    """The search field: down goes into the list that it found."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.leave_field", "To the list", show=False, id="setup.to_list"),
    ]


class SetList(LineList):
    """The sets: space takes one, or leaves it."""

    HELP = (
        """The prompt and template sets, and below them what is done with the answers. Space takes one, or leaves it."""
    )

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "choose", "Choose", id="setup.choose")]
