"""The two budgets of a run: requests sent, and money spent. Both count this run's calls, not cache hits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from distq_tui.config.models import ModelSpec
from distq_tui.config.prices import Prices
from distq_tui.events import StopReason, Usage
from distq_tui.plan.run_plan import Budget
from distq_tui.plan.trial import Trial


@dataclass(slots=True)
class Spending:
    """Counts what is spent and says when to stop.

    `withheld` says that trials were left out because their requests are beyond the budget.

    What is under way is reserved at its estimated cost, so that twenty requests at once don't overshoot together.
    """

    budget: Budget
    prices: Prices
    calls: int = 0
    withheld: bool = False
    cost: float = 0.0
    cost_known: bool = True
    exhausted: StopReason | None = None
    _lined_up: int = 0
    _reserved: float = 0.0
    _under_way: int = 0
    _settled: asyncio.Event = field(default_factory=asyncio.Event)

    def split(self, trials: Sequence[Trial]) -> tuple[Sequence[Trial], Sequence[Trial]]:
        """Those of the trials, in their order, that the budget of requests has room for, and the rest.

        Without this quick models would spend what slow ones need to be compared with them.
        """
        if self.budget.max_requests is None:
            return trials, ()
        room = max(0, self.budget.max_requests - self._lined_up)
        allowed, rest = trials[:room], trials[room:]
        self._lined_up += len(allowed)
        self.withheld = self.withheld or bool(rest)
        return allowed, rest

    async def reserve(self, model: ModelSpec, usage: Usage) -> float | None:
        """Take one request of the budget: the dollars reserved for it, or None where the budget does not allow it.

        Where only the reservations of calls under way stand against it, it waits for one of them to end: most answers
        cost less than was reserved.

        Args:
            model: which is asked.
            usage: roughly what the request will use.
        """
        price = self.prices.of(model)
        expected = price.of(usage) if price else 0.0
        while self.exhausted is None:
            if self.budget.max_requests is not None and self.calls >= self.budget.max_requests:
                self.exhausted = "budget_requests"
            elif self.budget.max_cost is None or self.cost + self._reserved + expected <= self.budget.max_cost:
                self.calls += 1
                self._reserved += expected
                self._under_way += 1
                return expected
            elif self._under_way == 0 or self.cost + expected > self.budget.max_cost:
                self.exhausted = "budget_cost"
            else:
                self._settled.clear()
                await self._settled.wait()
        return None

    def settle(self, model: ModelSpec, usage: Usage | None, reserved: float) -> float | None:
        """Give back a reservation and count what the call really cost: dollars, or None where it is not known."""
        self._reserved -= reserved
        self._under_way -= 1
        self._settled.set()
        if usage is None:
            return 0.0
        price = self.prices.of(model)
        if price is None:
            self.cost_known = False
            return None
        cost = price.of(usage)
        self.cost += cost
        return cost
