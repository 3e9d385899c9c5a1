"""What all requests to one endpoint share, chat and embeddings alike: how many go at once, and when none may."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from distq_tui.engine.clock import Clock
from distq_tui.engine.retry import LONGEST_OBEYED


@dataclass(slots=True)
class Lane:
    """One for each endpoint.

    Args:
        width: requests that may be under way at once.
        clock: time.
        running: cleared while the run is paused.
    """

    width: int
    clock: Clock
    running: asyncio.Event
    slots: asyncio.Semaphore = field(init=False)
    """Held by whoever asks, from before the first attempt of a request to its end."""
    _not_before: float = float("-inf")

    def __post_init__(self) -> None:
        self.slots = asyncio.Semaphore(self.width)

    def hold(self, seconds: float | None) -> None:
        """The server asked for a pause, which is meant for all and obeyed up to `LONGEST_OBEYED`; None = it did not."""
        if seconds is not None:
            self._not_before = max(self._not_before, self.clock.monotonic() + min(LONGEST_OBEYED, seconds))

    async def clear(self) -> None:
        """Wait while the run is paused, or while the server has asked everybody to wait."""
        await self.running.wait()
        while (wait := self._not_before - self.clock.monotonic()) > 0:
            await self.clock.sleep(wait)
            await self.running.wait()

    async def wait(self, seconds: float) -> float:
        """Wait that long, and until sending is allowed; gives the seconds that it took."""
        start = self.clock.monotonic()
        await self.clock.sleep(seconds)
        await self.clear()
        return self.clock.monotonic() - start
