"""How long a stream may keep silent: until its first token, and between tokens."""

from __future__ import annotations

import asyncio

from distq_tui.providers.base import ProviderError

AFTER_FINISH = 5.0
"""Seconds that usage may take after the finish reason: the answer is complete, a server that hangs costs no more."""


class Pace:
    """The deadline of the next event; the first token's counts from the start of the call, connecting included.

    Only text and reasoning are tokens: a server that opens a stream and says nothing of worth is as late as a mute one.
    """

    def __init__(self, first_token: float, between_tokens: float) -> None:
        self._first, self._between = first_token, between_tokens
        self._loop = asyncio.get_running_loop()
        self._deadline = self._loop.time() + first_token
        self._begun = False

    def limit(self) -> asyncio.Timeout:
        """A context manager that ends the wait for the next event at the deadline."""
        return asyncio.timeout_at(self._deadline)

    def event(self, *, token: bool, finished: bool) -> None:
        """Count an event, and set the next deadline."""
        self._begun = self._begun or token
        if finished:
            self._deadline = self._loop.time() + min(self._between, AFTER_FINISH)
        elif self._begun:
            self._deadline = self._loop.time() + self._between

    def late(self) -> ProviderError:
        """The error for a deadline that has passed."""
        if self._begun:
            return ProviderError("timeout", f"no further token within {self._between:g} s")
        return ProviderError("timeout", f"no first token within {self._first:g} s")
