"""Which two answers are put before the judges: targets beside references, ceilings, and checks of the judges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from distq_tui.rse.verdict_controls import Cast

CHECKS = 3
"""How many self-check items of each kind a judge gets."""

Kind = Literal["pair", "ceiling", "identical", "shuffled"]

Cell = tuple[str, str, int]
"""Title, prompt id, sample."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two answers that are compared, as answers to `prompt`.

    `pair`: target and reference, sample by sample. `ceiling`: the first two samples of a reference. `identical`: an
    answer beside itself, which a judge must call the same. `shuffled`: answers to two different prompts, which a judge
    must not find alike.
    """

    kind: Kind
    prompt: str
    a: Cell
    b: Cell

    @property
    def name(self) -> str:
        """Names the comparison in the session; titles are escaped so that no two share it."""
        sides = "/".join(f"{_escaped(title)}/{prompt}#{sample}" for title, prompt, sample in (self.a, self.b))
        return f"{self.kind}/{sides}"

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The answers that it waits for."""
        return (self.a,) if self.a == self.b else (self.a, self.b)

    @property
    def orders(self) -> tuple[Literal["ab", "ba"], ...]:
        """In which orders it is asked: both, but for checks, where one call says enough."""
        if self.kind in {"pair", "ceiling"}:
            return ("ab", "ba")
        return ("ab",)


def meetings(prompts: Sequence[str], samples: Mapping[str, int], cast: Cast) -> Iterator[Meeting]:
    """All comparisons of a plan, prompt by prompt in its order.

    Args:
        prompts: the similarity prompts in the order asked.
        samples: repeats of each prompt by title.
        cast: who is target and reference; controls are not judged.
    """
    for prompt in prompts:
        for reference in cast.references:
            for target in cast.targets:
                for sample in range(min(samples[target], samples[reference])):
                    yield Meeting("pair", prompt, (target, prompt, sample), (reference, prompt, sample))
            if samples[reference] > 1:
                yield Meeting("ceiling", prompt, (reference, prompt, 0), (reference, prompt, 1))
    if cast.targets and cast.references:
        yield from _checks(prompts, cast.targets[0], cast.references[0])


def _checks(prompts: Sequence[str], target: str, reference: str) -> Iterator[Meeting]:
    for place, prompt in enumerate(prompts[:CHECKS]):
        answer = (target, prompt, 0)
        yield Meeting("identical", prompt, answer, answer)
        other = prompts[(place + 1) % len(prompts)]
        if other != prompt:
            yield Meeting("shuffled", prompt, answer, (reference, other, 0))


def _escaped(title: str) -> str:
    return title.replace("%", "%25").replace("/", "%2F")
