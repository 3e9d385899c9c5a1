"""The pool of templates as a tree: seeds are its roots, a mutant hangs under the template that it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class Node:
    """A template of the pool.

    Attributes:
        id: the template's id.
        level: mutations between it and its seed; 0 for a seed.
        visits: how often the walk went through it.
        reward: the rewards credited to it, summed.
        children: the mutants made of it that joined the pool, oldest first.
    """

    id: str
    parent: Node | None = None
    level: int = 0
    visits: int = 0
    reward: float = 0.0
    children: list[Node] = field(default_factory=list)


class Tree:
    """All templates of the pool.

    Args:
        seeds: ids of the seed templates; where scores tie, the earlier one is picked.
    """

    def __init__(self, seeds: Iterable[str]) -> None:
        self.roots = [Node(seed) for seed in seeds]
        self.nodes = list(self.roots)

    def add(self, id: str, parent: Node) -> Node:
        """A mutant that joins the pool under the template it was made of."""
        node = Node(id, parent, parent.level + 1)
        parent.children.append(node)
        self.nodes.append(node)
        return node


def visit(path: Sequence[Node]) -> None:
    """Count one walk along the path, before anything is known of what it brings."""
    for node in path:
        node.visits += 1


def credit(path: Sequence[Node], gain: float) -> None:
    """Credit what the walk brought to every template on its path."""
    for node in path:
        node.reward += gain
