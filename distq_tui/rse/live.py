"""What is told of similarities while a run goes on, for one prompt set or for all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb

from distq_tui.events import ScoreUpdated
from distq_tui.rse.placing import Floor, Pair, Placing
from distq_tui.rse.standing import Standing
from distq_tui.rse.verdict_controls import Cast

LENGTH = "length"
"""Counted like a class: both answers are there, and not about equally long."""

IDENTICAL = "identical"
"""Counted like a class: two samples with the same text are no ceiling."""


def scopes_of(sets: Mapping[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    """What scores are told over, (suffix of the measure, prompts): all prompts, and each set where there are several.

    Args:
        sets: the set's name by prompt id, in the order asked.
    """
    names = tuple(dict.fromkeys(sets.values()))
    apart = [(f":{name}", tuple(p for p, its in sets.items() if its == name)) for name in names]
    return [("", tuple(sets)), *(apart if len(names) > 1 else ())]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two answers to one prompt, both closed.

    Attributes:
        a, b: titles in alphabetical order; the same for two samples of one model.
        cell: their sample indices.
        value: their similarity; None where `excluded` says why there is none.
        matched: they are about equally long.
    """

    a: str
    b: str
    prompt: str
    cell: tuple[int, int]
    value: float | None
    matched: bool = False
    excluded: tuple[str, ...] = ()


class Scope:
    """The standing scores over one set of prompts.

    Args:
        suffix: appended to every measure's name.
        prompts: in the order that the live interval uses.
        samples: repeats of each prompt by title.
        cast: who is target, reference and control.
        seed: of the bootstrap.
    """

    def __init__(self, suffix: str, prompts: Sequence[str], samples: Mapping[str, int], cast: Cast, seed: int) -> None:
        self._prompts, self._suffix, self._seed = tuple(prompts), suffix, seed
        self._samples = samples
        self._pairs: dict[tuple[str, str], Standing] = {}
        self._matched: dict[Pair, Standing] = {}
        self._gathered: dict[Pair, list[Floor | Placing]] = {}
        for title in (*cast.targets, *cast.references):
            self._add_floor(cast, title)
        for target in cast.targets:
            for reference in cast.references:
                self._add_placing(cast, target, reference)

    def close(self, compared: Compared) -> Iterator[ScoreUpdated]:
        """Take two answers, and tell every score that they change."""
        pair, prompt, value = frozenset((compared.a, compared.b)), compared.prompt, compared.value
        yield self._pair(compared.a, compared.b).close(prompt, compared.cell, value, compared.excluded)
        if pair in self._matched:
            excluded = compared.excluded if value is None or compared.matched else (LENGTH,)
            yield self._matched[pair].close(prompt, compared.cell, value if compared.matched else None, excluded)
        for gathered in self._gathered.get(pair, ()):
            yield from gathered.close(prompt, pair, value)

    def _pair(self, a: str, b: str) -> Standing:
        if (a, b) not in self._pairs:
            cells = self._cells(frozenset((a, b)))
            name, models = ("rse.ceiling", (a,)) if a == b else ("rse", (a, b))
            self._pairs[a, b] = self._standing(name, models, cells)
        return self._pairs[a, b]

    def _cells(self, pair: Pair) -> int:
        """Comparisons of a pair on each prompt."""
        fewest = min(self._samples[title] for title in pair)
        return fewest if len(pair) > 1 else comb(fewest, 2)

    def _standing(self, name: str, models: tuple[str, ...], cells: int) -> Standing:
        return Standing(name + self._suffix, models, self._prompts, cells, seed=self._seed)

    def _add_floor(self, cast: Cast, title: str) -> None:
        families = cast.controls[title].negative
        if families:
            controls = cast.controls[title].titles
            cells = {pair: self._cells(pair) for pair in (frozenset((title, control)) for control in controls)}
            self._listen(Floor(title, families, cells, self._standing("rse.floor", (title,), 1)))

    def _add_placing(self, cast: Cast, target: str, reference: str) -> None:
        models, both = (target, reference), frozenset((target, reference))
        self._matched[both] = self._standing("rse.matched", models, self._cells(both))
        controls = cast.controls[target]
        if not controls.negative:
            return
        pairs = [both, frozenset((reference,)), *(frozenset((one, c)) for one in models for c in controls.titles)]
        placing = Placing(
            target,
            reference,
            controls.negative,
            {pair: self._cells(pair) for pair in pairs},
            self._standing("rse.floor", models, 1),
            measure=f"rse.position{self._suffix}",
            prompts=self._prompts,
            seed=self._seed,
        )
        self._listen(placing)

    def _listen(self, gathered: Floor | Placing) -> None:
        for pair in gathered.pairs:
            self._gathered.setdefault(pair, []).append(gathered)
