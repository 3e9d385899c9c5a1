"""The search as a tree of lines for a window to paint: a pure function of the steps so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from distq_tui.events import SearchStep


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One template that the search touched.

    Attributes:
        id: the template's id.
        parent: id of the template that it was made of; None for a seed.
        level: mutations between it and its seed: the line's indent.
        visits: steps that changed it, or a template made of it, or one made of that, and so on.
        reward: strict rate of the step that tried it; None for a seed, which is never asked as it is, and where
            nothing was scored.
        mutator: how it was made; empty for a seed.
        given_up: the helper gave no mutant that could be used; there is no text behind this line.
    """

    id: str
    parent: str | None
    level: int
    visits: int
    reward: float | None
    mutator: str = ""
    given_up: bool = False


def tree_lines(steps: Iterable[SearchStep]) -> list[TreeLine]:
    """Each template under the one that it was made of, seeds in the order in which they were first picked."""
    made: dict[str, SearchStep] = {}
    children: dict[str, list[str]] = {}
    visits: dict[str, int] = {}
    roots: dict[str, None] = {}
    for step in steps:
        made[step.template] = step
        children.setdefault(step.parent, []).append(step.template)
        above = step.parent
        while above in made:
            visits[above] = visits.get(above, 0) + 1
            above = made[above].parent
        visits[above] = visits.get(above, 0) + 1
        roots.setdefault(above)
    lines: list[TreeLine] = []
    waiting = list(reversed(roots))
    while waiting:
        name = waiting.pop()
        lines.append(_line(name, made.get(name), visits.get(name, 0)))
        waiting += reversed(children.get(name, []))
    return lines


def _line(name: str, step: SearchStep | None, visits: int) -> TreeLine:
    if step is None:
        return TreeLine(name, None, 0, visits, None)
    return TreeLine(name, step.parent, step.level, visits, step.reward, step.mutator, given_up=not step.text)
