"""The last line of a dialog: a hint at first, then what came of what was typed."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import Static

from distq_tui.tui.text.spans import Span, content


class Said(Static):
    """What a dialog says; its classes are in the dialogs' stylesheet.

    Args:
        hint: what stands there first.
    """

    def __init__(self, hint: str) -> None:
        super().__init__(content([(hint, "dim")]), id="said", classes="hint")

    def say(self, spans: Sequence[Span]) -> None:
        """Say something."""
        self.set_classes("told")
        self.update(content(spans))

    def refuse(self, why: str) -> None:
        """Say why it can't be."""
        self.set_classes("error")
        self.update(content([(why, "")]))
