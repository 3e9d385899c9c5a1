"""The window's input field: what is pasted into it comes from outside like any other text."""

from __future__ import annotations

from textual.widgets import Input

from distq_tui.tui.text.safe import clean


class Field(Input):
    """A line that is typed or pasted; what a terminal would act on, or would hide, never stands in it."""

    def validate_value(self, value: str) -> str:
        """The value cleaned, on one line."""
        return clean(value).replace("\n", " ")
