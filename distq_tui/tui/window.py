"""What screens and dialogs know of the app that holds them: so that they need not know the app."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.worker import Worker

    from distq_tui.plan.run_plan import RunPlan
    from distq_tui.tui.live import LiveRun
    from distq_tui.tui.services import House, Run


class Window(Protocol):
    """The app.

    Attributes:
        house: what can be asked; None until it is open.
        live: the run on screen, under way or stored.
        preparing: what is made before a run can go on, and how far it is; "" for nothing.
        starting_demo: the demo was asked for and is not on screen yet.
    """

    house: House | None
    live: LiveRun | None
    preparing: str
    starting_demo: bool

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        ...

    def begin_run(self, making: Awaitable[Run]) -> Worker[None]:
        """Show a run, as soon as it is made; one that is under way goes on and the new one is refused."""
        ...

    def again(self, plan: RunPlan) -> None:
        """Go on with a plan."""
        ...

    def hand_over(self, command: list[str], text: str) -> None:
        """Leave the terminal to another program that shows the text, until it ends."""
        ...


class InWindow:
    """Mixed into a screen or dialog of the app.

    It is no DOMNode itself: Textual takes a class's default styles from its first base that is one.
    """

    @property
    def window(self) -> Window:
        """The app, by what may be asked of it."""
        return cast("Window", cast("DOMNode", self).app)
