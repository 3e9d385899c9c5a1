"""Clusters into a confidence sequence in a fixed order, each when all its cells are closed.

Answers land in any order, quick ones first, and quick is not random: a sequence fed by arrival would be biased while it
runs. The order is fixed before the first answer instead, and a cluster waits for those before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

from distq_tui.stats.confseq import ConfidenceSequence


class ClusterFeed:
    """A confidence sequence over cluster means.

    Args:
        cells: how many cells each cluster has, in the order in which clusters enter.
        level: of the sequence.
    """

    def __init__(self, cells: Mapping[str, int], level: float = 0.95) -> None:
        self.sequence = ConfidenceSequence(level)
        self._open = dict(cells)
        largest = max(cells.values(), default=1)
        self._weights = {cluster: size / largest for cluster, size in cells.items()}
        self._values: dict[str, list[float]] = {}
        self._order = iter(tuple(cells))
        self._next = next(self._order, None)

    @property
    def complete(self) -> bool:
        """Whether every planned cell is closed."""
        return self._next is None

    def close(self, cluster: str, value: float | None) -> None:
        """Close one cell with its value in [0, 1], or None where it was not scored.

        A cluster enters as the mean of its scored cells, weighted by how many were planned (what is scored is not known
        when the bet is placed), so that the sequence is of the mean over all cells, as the final rate is where all are
        scored; and not at all where none was. A cell of a cluster that
        was not planned (an adaptive search's) is ignored.
        """
        if cluster not in self._open:
            return
        self._open[cluster] -= 1
        if value is not None:
            self._values.setdefault(cluster, []).append(value)
        while self._next is not None and self._open[self._next] <= 0:
            del self._open[self._next]
            values = self._values.pop(self._next, ())
            if values:
                mean = fsum(values) / len(values)  # exact: the order must not matter
                self.sequence.update(mean, self._weights[self._next])
            self._next = next(self._order, None)
