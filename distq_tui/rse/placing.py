"""What needs several pairs on one prompt: a model's floor over its controls, and a target's position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from distq_tui.events import ScoreUpdated
from distq_tui.rse.position import SO_FAR, UNDEFINED, Position, position
from distq_tui.rse.standing import Standing
from distq_tui.rse.verdict_controls import Families
from distq_tui.rse.verdict_scores import floor_on

Pair = frozenset[str]
"""Two titles, or one: a model beside its own other samples."""

Means = Mapping[Pair, float]


class Gathering:
    """Waits until all cells of several pairs are closed on a prompt, then hands out the means of each pair.

    Args:
        cells: how many cells each pair has on every prompt.
    """

    def __init__(self, cells: Mapping[Pair, int]) -> None:
        self._cells = dict(cells)
        self._open: dict[str, int] = {}
        self._values: dict[str, dict[Pair, list[float]]] = {}

    def close(self, prompt: str, pair: Pair, value: float | None) -> dict[Pair, float] | None:
        """Close one cell of a pair; the means by pair (of those that have one) where it was the prompt's last."""
        left = self._open.setdefault(prompt, sum(self._cells.values())) - 1
        self._open[prompt] = left
        values = self._values.setdefault(prompt, {})
        if value is not None:
            values.setdefault(pair, []).append(value)
        if left:
            return None
        del self._open[prompt], self._values[prompt]
        # sorted: a sum of floats depends on its order
        return {name: sum(sorted(found)) / len(found) for name, found in values.items()}


def _side(means: Means, title: str, families: Families) -> float | None:
    """A model's similarity to its controls on one prompt."""
    return floor_on(
        {control: means.get(frozenset((title, control))) for titles in families.values() for control in titles},
        families,
    )


def _pairs_with(title: str, families: Families) -> list[Pair]:
    return [frozenset((title, control)) for titles in families.values() for control in titles]


class Floor:
    """The similarity of one model to its controls, a prompt entering when all of its pairs are closed.

    Args:
        title: a target or reference.
        families: its controls.
        cells: how many comparisons each pair has on a prompt.
        standing: of the floor, one cell a prompt.
    """

    def __init__(self, title: str, families: Families, cells: Mapping[Pair, int], standing: Standing) -> None:
        self._title, self._families, self._standing = title, families, standing
        self.pairs = _pairs_with(title, families)
        self._gathering = Gathering({pair: cells[pair] for pair in self.pairs})

    def close(self, prompt: str, pair: Pair, value: float | None) -> Iterator[ScoreUpdated]:
        """Close one comparison; its pair is one of `pairs`."""
        means = self._gathering.close(prompt, pair, value)
        if means is not None:
            yield self._standing.close(prompt, 0, _side(means, self._title, self._families))


class Placing:
    """The common floor of a target and a reference, and the target's position where the reference has a ceiling.

    Args:
        target, reference: titles.
        families: the target's controls.
        cells: how many comparisons each pair has on a prompt; the reference alone: of its own samples, 0 = none.
        standing: of the common floor, one cell a prompt.
        measure: the position's name.
        prompts: in the plan's order.
        seed: of the bootstrap.
    """

    def __init__(
        self,
        target: str,
        reference: str,
        families: Families,
        cells: Mapping[Pair, int],
        standing: Standing,
        *,
        measure: str,
        prompts: Sequence[str],
        seed: int,
    ) -> None:
        self._target, self._reference, self._families = target, reference, families
        self._standing, self._measure, self._prompts, self._seed = standing, measure, tuple(prompts), seed
        self._both, self._own = frozenset((target, reference)), frozenset((reference,))
        self._has_ceiling = cells[self._own] > 0
        self.pairs = [self._both, *_pairs_with(target, families), *_pairs_with(reference, families)]
        if self._has_ceiling:
            self.pairs.append(self._own)
        self._gathering = Gathering({pair: cells[pair] for pair in self.pairs})
        self._left = len(self._prompts)
        self._rse: dict[str, float] = {}
        self._floor: dict[str, float] = {}
        self._ceiling: dict[str, float] = {}
        self._sums = [0.0, 0.0, 0.0]

    def close(self, prompt: str, pair: Pair, value: float | None) -> Iterator[ScoreUpdated]:
        """Close one comparison; its pair is one of `pairs`."""
        means = self._gathering.close(prompt, pair, value)
        if means is None:
            return
        self._left -= 1
        sides = [_side(means, title, self._families) for title in (self._target, self._reference)]
        floor = None if sides[0] is None or sides[1] is None else (sides[0] + sides[1]) / 2
        yield self._standing.close(prompt, 0, floor)
        if self._has_ceiling:
            self._take(prompt, means.get(self._both), floor, means.get(self._own))
            yield self._event()

    def _take(self, prompt: str, rse: float | None, floor: float | None, ceiling: float | None) -> None:
        """Keep a prompt that has all three."""
        if rse is not None and floor is not None and ceiling is not None:
            self._rse[prompt], self._floor[prompt], self._ceiling[prompt] = rse, floor, ceiling
            for place, score in enumerate((rse, floor, ceiling)):
                self._sums[place] += score

    def _event(self) -> ScoreUpdated:
        found = self._final() if self._left == 0 else self._so_far()
        models = (self._target, self._reference)
        controls = ", ".join(control for titles in self._families.values() for control in titles)
        method = f"{found.method}; controls: {controls}"
        return ScoreUpdated(self._measure, models, found.value, found.low, found.high, found.n, found.n, method)

    def _so_far(self) -> Position:
        """A value without an interval, from the running sums: it must cost the same after any number of prompts."""
        rse, floor, ceiling = self._sums
        if ceiling <= floor:
            return Position(None, None, None, len(self._rse), f"{UNDEFINED} so far")
        value = (rse - floor) / (ceiling - floor)
        return Position(value, None, None, len(self._rse), SO_FAR)

    def _final(self) -> Position:
        return position(self._prompts, self._rse, self._floor, self._ceiling, seed=self._seed)
