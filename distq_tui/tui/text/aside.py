"""What is said above or below a text: outside text that grows at its end or becomes another. Pure."""

from __future__ import annotations

from distq_tui.tui.text.safe import Cleaner
from distq_tui.tui.text.wrap import Wrapped


class Aside:
    """A remark, wrapped; no rows where nothing is said."""

    def __init__(self) -> None:
        self._wrapped = Wrapped(80)
        self._cleaner = Cleaner()
        self._given = ""

    @property
    def rows(self) -> list[str]:
        """Its rows."""
        return self._wrapped.rows if self._given else []

    def say(self, text: str) -> int | None:
        """Say this from now on; the first row that changed, None where none did."""
        if text == self._given:
            return None
        first = 0
        if not text.startswith(self._given) or not self._given:
            self._wrapped.clear()
            self._cleaner, self._given = Cleaner(), ""
        else:
            first = len(self._wrapped.rows) - 1
        self._wrapped.append(self._cleaner.feed(text[len(self._given) :]))
        self._given = text
        return first

    def rewrap(self, width: int) -> None:
        """Wrap it at another width."""
        self._wrapped.rewrap(width)
