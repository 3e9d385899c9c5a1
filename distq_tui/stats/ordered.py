"""Clusters into a confidence sequence in a fixed order, each when all its cells are closed.

Answers land in any order, quick ones first, and quick is not random: a sequence fed by arrival would be biased while it
runs. The order is fixed before the first answer instead, and a cluster waits for those before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import fsum

from distq_tui.stats.confseq import ConfidenceSequence


@dataclass(slots=True)
class _Cells:
    open: int
    values: list[float] = field(default_factory=list)


class ClusterFeed:
    """A confidence sequence over cluster means.

    Args:
        cells: how many cells each cluster has, in the order in which clusters enter.
        level: of the sequence.
    """

    def __init__(self, cells: Mapping[str, int], level: float = 0.95) -> None:
        self.sequence = ConfidenceSequence(level)
        self._waiting = {cluster: _Cells(count) for cluster, count in cells.items()}
        self._order = iter(list(cells))
        self._next = next(self._order, None)

    @property
    def complete(self) -> bool:
        """Whether every planned cell is closed."""
        return self._next is None

    def close(self, cluster: str, value: float | None) -> None:
        """Close one cell with its value in [0, 1], or None where it was not scored.

        A cluster enters as the mean of its scored cells, and not at all where none was scored. A cell of a cluster that
        was not planned (an adaptive search's) is ignored.
        """
        cells = self._waiting.get(cluster)
        if cells is None:
            return
        cells.open -= 1
        if value is not None:
            cells.values.append(value)
        while self._next is not None and self._waiting[self._next].open <= 0:
            entered = self._waiting.pop(self._next)
            if entered.values:
                self.sequence.update(fsum(entered.values) / len(entered.values))  # exact: the order must not matter
            self._next = next(self._order, None)
