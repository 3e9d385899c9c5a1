"""A mean over prompts as it stands while answers land: one interval that holds whenever one looks, and one at the end.

While cells are open it is a confidence sequence over prompts in the plan's order; once all are closed, the interval for
that fixed number of prompts, computed in the plan's order so that the order of arrival leaves no trace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

import numpy as np

from distq_tui.events import ScoreUpdated
from distq_tui.stats import ClusterFeed, mean

SEQUENCE = "confidence sequence"


class Standing:
    """One measure of one model or pair.

    Args:
        measure, models: what the events name.
        prompts: the clusters, in the order in which they enter.
        cells: how many values each prompt has.
        seed: of the bootstrap.
        bounds: of the values; the sequence runs on the values scaled to [0, 1].
    """

    def __init__(
        self,
        measure: str,
        models: tuple[str, ...],
        prompts: Sequence[str],
        cells: int,
        *,
        seed: int = 0,
        bounds: tuple[float, float] = (0.0, 1.0),
    ) -> None:
        self._measure, self._models = measure, models
        self._prompts = tuple(prompts)
        self._seed, self._bounds = seed, bounds
        self._feed = ClusterFeed(dict.fromkeys(self._prompts, cells))
        self._values: dict[str, dict[Hashable, float]] = {}
        self._n = 0
        self._excluded: Counter[str] = Counter()

    @property
    def complete(self) -> bool:
        """Whether every cell is closed."""
        return self._feed.complete

    def close(self, prompt: str, cell: Hashable, value: float | None, excluded: Iterable[str] = ()) -> ScoreUpdated:
        """Close one cell with its value, or None where it was not scored for the reasons `excluded`.

        `cell` tells the values of a prompt apart; cells must sort the same whatever their order of arrival.
        """
        low, high = self._bounds
        self._feed.close(prompt, None if value is None else (value - low) / (high - low))
        if value is not None:
            self._values.setdefault(prompt, {})[cell] = value
            self._n += 1
        self._excluded.update(excluded)
        return self.event()

    def event(self) -> ScoreUpdated:
        """The measure as it stands."""
        excluded = dict(self._excluded)
        if self.complete and self._n:
            cells = [(prompt, value) for prompt in self._prompts for value in self._of(prompt)]
            final = mean(
                [value for _, value in cells],
                [prompt for prompt, _ in cells],
                rng=np.random.default_rng(self._seed),
                bounds=self._bounds,
            )
            assert final is not None  # there is a value
            return ScoreUpdated(
                self._measure,
                self._models,
                final.value,
                final.low,
                final.high,
                self._n,
                final.n,
                final.method,
                excluded,
            )
        sequence = self._feed.sequence
        low, high = sequence.interval if sequence.count else (None, None)
        return ScoreUpdated(
            self._measure,
            self._models,
            self._scaled(sequence.value),
            self._scaled(low),
            self._scaled(high),
            self._n,
            sequence.count,
            SEQUENCE,
            excluded,
        )

    def _of(self, prompt: str) -> list[float]:
        values = self._values.get(prompt, {})
        return [values[cell] for cell in sorted(values, key=repr)]

    def _scaled(self, value: float | None) -> float | None:
        low, high = self._bounds
        return None if value is None else low + value * (high - low)
