"""What a run of the choices would cost, told once they have settled."""

from __future__ import annotations

from textual import work
from textual.timer import Timer
from textual.widgets import Static

from distq_tui.tui.lines.setup_lines import estimate_spans
from distq_tui.tui.records import HouseError
from distq_tui.tui.setup.picks import Picks
from distq_tui.tui.text.spans import content
from distq_tui.tui.window import InWindow

SETTLE_S = 0.15
"""A choice is estimated when no other followed for so long."""


class EstimateLine(InWindow, Static):
    """The estimate, or why there is none yet.

    Args:
        picks: what is chosen.
    """

    def __init__(self, picks: Picks, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picks = picks
        self._settle: Timer | None = None

    def changed(self) -> None:
        """Something else is chosen."""
        if self._settle is not None:
            self._settle.stop()
        self._settle = self.set_timer(SETTLE_S, self._estimate)

    @work(exclusive=True)
    async def _estimate(self) -> None:
        if self.window.house is None:
            return
        from distq_tui.tui.setup.choose import choices_of

        try:
            estimate = await self.window.house.estimate(choices_of(self._picks))
        except (ValueError, HouseError) as error:
            self.update(content([("– ", "warn"), (str(error), "")]))
            return
        self.update(content(estimate_spans(estimate)))
