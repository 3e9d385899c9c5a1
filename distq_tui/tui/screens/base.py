"""What every screen of the window has: the app with its type, a header line, a footer, and one paint a tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.widgets import Input

from distq_tui.tui.window import InWindow

if TYPE_CHECKING:
    from distq_tui.tui.live import LiveRun
    from distq_tui.tui.services import House


class HouseScreen(InWindow, Screen[None]):
    """A mode's base screen."""

    HELP = ""
    """What F1 says about this screen, for users; empty: the docstring, which then has no sections."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """`/` is a letter where one types.

        Elsewhere its binding has priority and moves the focus at once (`set_focus`; `focus` waits for a turn of the
        app): over a slow line keys arrive together, and none of the letters after `/` may go to the list.
        """
        del parameters
        return action != "find" or not isinstance(self.focused, Input)

    def house_is_open(self, house: House) -> object:
        """Called once, when the house can be asked: a screen that was shown before that fills itself now."""

    def paint(self, live: LiveRun | None) -> None:
        """Called ten times a second while this screen is in sight; paints what changed."""

    def help_text(self) -> str:
        """What F1 says about this screen, in plain text."""
        return self.HELP or (self.__doc__ or "").partition("Args:")[0].strip()
