"""Which template is changed next: MCTS-Explore, and the two simpler rules that it is compared with.

MCTS-Explore and its constants are those of GPTFuzzer (Yu et al. 2023, arXiv 2309.10253). UCB is that paper's too, here
with the same weight of exploration, so that the two differ in their form alone. All draws come from the caller's
generator, and ties go to the earlier template.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from distq_tui.ice.search.tree import Node, Tree
from distq_tui.plan.run_plan import Adaptive, SelectionName

EXPLORATION = 0.5
"""Weight of the second term of a score: how much being seldom visited counts."""


class Selection(Protocol):
    """A rule of selection."""

    @property
    def name(self) -> str:
        """What a table calls it."""
        ...

    def pick(self, tree: Tree, step: int, rng: random.Random) -> list[Node]:
        """The templates on the way to the chosen one, which is the last; `step` counts from 1."""
        ...

    def gain(self, chosen: Node, reward: float) -> float:
        """What a reward in [0, 1] counts for the templates on the way to `chosen`."""
        ...


@dataclass(frozen=True)
class MctsExplore:
    """Walk down from the best seed to the best child, and stop at any template with a fixed probability.

    Attributes:
        stop: probability of ending the walk before another level is entered.
        fade: what a reward loses for each level of the chosen template.
        least: the share of a reward that is always left.
    """

    stop: float = 0.1
    fade: float = 0.1
    least: float = 0.2
    name: str = "mcts-explore"

    def pick(self, tree: Tree, step: int, rng: random.Random) -> list[Node]:
        """From the roots downwards, at each level to the greatest `score`."""
        level = tree.roots
        path: list[Node] = []
        while level and not (path and rng.random() < self.stop):
            path.append(max(level, key=lambda node: self.score(node, step)))
            level = path[-1].children
        return path

    def score(self, node: Node, step: int) -> float:
        """reward / (visits + 1) + 0.5 sqrt(2 ln step / (visits + 0.01))."""
        rarity = math.sqrt(2 * math.log(step) / (node.visits + 0.01))
        return node.reward / (node.visits + 1) + EXPLORATION * rarity

    def gain(self, chosen: Node, reward: float) -> float:
        """The reward, less the deeper the chosen template: reward * max(0.2, 1 - 0.1 level)."""
        return reward * max(self.least, 1 - self.fade * chosen.level)


@dataclass(frozen=True)
class Ucb:
    """The whole pool as one level: reward / (visits + 1) + 0.5 sqrt(2 ln step / (visits + 1)), the greatest."""

    name: str = "ucb"

    def pick(self, tree: Tree, step: int, rng: random.Random) -> list[Node]:
        """The template with the greatest score; nothing is drawn."""
        del rng

        def score(node: Node) -> float:
            tried = node.visits + 1
            return node.reward / tried + EXPLORATION * math.sqrt(2 * math.log(step) / tried)

        return [max(tree.nodes, key=score)]

    def gain(self, chosen: Node, reward: float) -> float:
        """The reward as it is."""
        del chosen
        return reward


@dataclass(frozen=True)
class Uniform:
    """Any template of the pool with the same chance."""

    name: str = "random"

    def pick(self, tree: Tree, step: int, rng: random.Random) -> list[Node]:
        """One draw; the step does not matter."""
        del step
        return [rng.choice(tree.nodes)]

    def gain(self, chosen: Node, reward: float) -> float:
        """The reward as it is; nothing depends on it."""
        del chosen
        return reward


SELECTIONS: Mapping[SelectionName, Selection] = {"mcts": MctsExplore(), "ucb": Ucb(), "random": Uniform()}
"""The rules by the name that a plan gives them."""


def never_adapts(wanted: Adaptive) -> str:
    """Why the search would learn from no reward, in a sentence; empty where it can.

    An unvisited template beats every visited one in MCTS-Explore: until each seed was changed once, one of the others
    is next, whatever came of the first. So it is in the paper's setting, 20 iterations over 76 seeds.
    """
    if wanted.selection != "mcts" or wanted.iterations > len(wanted.seeds):
        return ""
    return (
        f"{wanted.iterations} iterations over {len(wanted.seeds)} seed templates never come back to one: the search"
        ' learns from no reward; take more iterations, fewer seeds, or `selection = "ucb"`'
    )
