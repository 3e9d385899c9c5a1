"""F1: what the screen shows, and every key that works on it now."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from distq_tui.tui.screens.base import HouseScreen
from distq_tui.tui.text.spans import Span, lines


class HelpModal(ModalScreen[None]):
    """Help for a screen.

    Args:
        about: what the screen shows.
        keys: key, description, tooltip.
    """

    CSS_PATH = "modals.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss", "Close", id="help.close")]

    def __init__(self, about: str, keys: list[tuple[str, str, str]]) -> None:
        super().__init__()
        self._about = about
        self._keys = keys

    @classmethod
    def of(cls, screen: Screen[Any]) -> HelpModal:
        """The help for a screen as it is now: what has the focus first."""
        about = [screen.help_text()] if isinstance(screen, HouseScreen) else []
        if screen.focused is not None and screen.focused.HELP:
            about.insert(0, screen.focused.HELP)
        keys: dict[str, tuple[str, str, str]] = {}
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.description and binding.id and active.enabled:
                shown = screen.app.get_key_display(binding)
                known = keys.get(binding.action)
                keys[binding.action] = (f"{known[0]} {shown}" if known else shown, binding.description, binding.tooltip)
        return cls("\n\n".join(about), list(keys.values()))

    def compose(self) -> ComposeResult:
        """About, then keys."""
        about: list[list[Span]] = [[(" ".join(line.split()), "")] for line in self._about.split("\n\n")]
        wide = max((len(what) for _, what, _ in self._keys), default=0)
        keys: list[list[Span]] = [
            [(f"{key:>14}  ", "key"), (f"{what:<{wide}}  ", "strong"), (why, "dim")] for key, what, why in self._keys
        ]
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = "ctrl+p all commands · esc closes"
            with VerticalScroll():
                yield Static(lines([*about, [], *keys]))
