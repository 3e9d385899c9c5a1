"""A tree of models as text: Newick for other programs, a drawing for a terminal or a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from distq_tui.errors import visible
from distq_tui.rse.lineage import Branch, Lineage

STEM = "├─ "
"""What one level adds to a stem; other levels add as many characters."""


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One line of a drawn tree: a model, or a branch with its numbers.

    `stem` is the drawing to the left (box-drawing characters and spaces); `model` is None on a branch's line.
    """

    stem: str
    model: str | None
    similarity: float | None
    support: float | None


def newick(tree: Lineage) -> str:
    """The tree in Newick form, one line with a line end.

    Names are quoted. A branch's label is its support in per cent. The length of an edge is by how much the similarity
    falls from its lower end to its upper one; the two nearest models hang on edges of length 0, for pool z has no
    similarity of a model with itself.
    """
    leaves = len(tree.models)
    top = max(branch.similarity for branch in tree.branches)

    def node(index: int, above: float) -> str:
        if index < leaves:
            return f"{_quoted(tree.models[index])}:{_length(top - above)}"
        branch = tree.branches[index - leaves]
        label = "" if branch.support is None else f"{100 * branch.support:.0f}"
        return f"{fork(branch)}{label}:{_length(branch.similarity - above)}"

    def fork(branch: Branch) -> str:
        return "(" + ",".join(node(part, branch.similarity) for part in _turned(tree, branch)) + ")"

    return fork(tree.branches[-1]) + ";\n"


def tree_lines(tree: Lineage) -> Iterator[TreeLine]:
    """The tree from its root down, a line for each branch and model; models stand in the tree's order."""
    leaves = len(tree.models)
    waiting: list[tuple[int, str, str]] = [(leaves + len(tree.branches) - 1, "", "")]
    while waiting:
        index, stem, below = waiting.pop()
        if index < leaves:
            yield TreeLine(stem, tree.models[index], None, None)
            continue
        branch = tree.branches[index - leaves]
        yield TreeLine(stem, None, branch.similarity, branch.support)
        first, second = _turned(tree, branch)
        waiting += [(second, below + "└─ ", below + "   "), (first, below + STEM, below + "│  ")]


def tree_text(tree: Lineage) -> str:
    """The drawing as plain text: `similarity (support)` on branches, names on leaves; safe for a terminal."""
    return "".join(f"{line.stem}{_told(line)}\n" for line in tree_lines(tree))


def _told(line: TreeLine) -> str:
    if line.model is not None:
        return visible(line.model)
    support = "" if line.support is None else f" ({100 * line.support:.0f} %)"
    return f"{line.similarity:.2f}{support}"


def _turned(tree: Lineage, branch: Branch) -> tuple[int, int]:
    """The branch's parts from left to right, as the leaf order has them."""
    place = {leaf: at for at, leaf in enumerate(tree.order)}
    leaves = len(tree.models)

    def leftmost(part: int) -> int:
        return place[part] if part < leaves else min(place[leaf] for leaf in tree.branches[part - leaves].members)

    first, second = sorted(branch.parts, key=leftmost)
    return first, second


def _quoted(name: str) -> str:
    return "'" + visible(name).replace("'", "''") + "'"


def _length(value: float) -> str:
    return f"{max(value, 0.0):.6f}"
