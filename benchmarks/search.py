"""Which rule of selection finds more per call, where the truth is planted?

    python benchmarks/search.py [--repeats 300]

Every template has a true strict rate. A world draws those of the seeds on the logit scale; a mutant keeps a share of
its parent's distance from the world's middle, and gets noise. A step is one call to the helper and four to the target,
whose hits are binomial. The rules are the shipped ones, over the shipped tree; nothing else of the program runs.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from distq_tui.ice.search.selection import MctsExplore, Selection, Ucb, Uniform
from distq_tui.ice.search.tree import Tree, credit, visit

QUESTIONS = 4
CALLS_A_STEP = 1 + QUESTIONS
RULES: tuple[Selection, ...] = (MctsExplore(), Ucb(), Uniform())
SIZES = ((76, 20), (76, 200), (76, 600), (20, 200))
"""Seeds and steps; the first is the paper's."""


@dataclass(frozen=True)
class World:
    """Seeds: logit ~ N(middle, spread); a mutant: middle + keep * (its parent's - middle) + N(0, noise)."""

    name: str
    middle: float
    spread: float
    keep: float
    noise: float


WORLDS = (
    World("mutants are like their parents", -3.5, 1.5, 0.95, 0.5),
    World("mutants keep a half", -3.5, 1.5, 0.5, 1.3),
    World("mutants keep nothing", -3.5, 1.5, 0.0, 1.5),
    World("seeds are all alike", -2.0, 0.1, 0.95, 0.5),
    World("hits are rare", -5.5, 1.0, 0.95, 0.3),
)


@dataclass(frozen=True)
class Found:
    """What one search came to: hits, seeds with a hit under them, and picks of a template picked before."""

    hits: int
    families: int
    again: int


def search(world: World, rule: Selection, seeds: int, steps: int, number: int) -> Found:
    """One search. All rules meet the same seeds under the same number."""
    planted = random.Random(f"world:{world.name}:{number}")
    rng = random.Random(f"search:{number}:{rule.name}")
    logits = {f"s{n}": planted.gauss(world.middle, world.spread) for n in range(seeds)}
    tree = Tree(logits)
    hits, again = 0, 0
    families: set[str] = set()
    for step in range(1, steps + 1):
        path = rule.pick(tree, step, rng)
        chosen = path[-1]
        again += chosen.visits > 0
        visit(path)
        logit = world.middle + world.keep * (logits[chosen.id] - world.middle) + rng.gauss(0, world.noise)
        found = sum(rng.random() < 1 / (1 + math.exp(-logit)) for _ in range(QUESTIONS))
        credit(path, rule.gain(chosen, found / QUESTIONS))
        if found:
            logits[tree.add(f"m{step}", chosen).id] = logit
            root = chosen
            while root.parent is not None:
                root = root.parent
            families.add(root.id)
        hits += found
    return Found(hits, len(families), again)


def main(repeats: int) -> None:
    """Print the table of docs/search.md."""
    names = " / ".join(rule.name for rule in RULES)
    print(f"| world | seeds | steps | hits per 100 calls: {names} | seeds with a hit under them | repeated picks |")
    print("|---|---|---|---|---|---|")
    for world in WORLDS:
        for seeds, steps in SIZES:
            runs = [[search(world, rule, seeds, steps, number) for number in range(repeats)] for rule in RULES]
            hits = " / ".join(_with_error(100 * run.hits / (CALLS_A_STEP * steps) for run in found) for found in runs)
            families = " / ".join(f"{statistics.mean(run.families for run in found):.1f}" for found in runs)
            again = " / ".join(f"{statistics.mean(run.again for run in found) / steps:.0%}" for found in runs)
            print(f"| {world.name} | {seeds} | {steps} | {hits} | {families} | {again} |", flush=True)


def _with_error(values: Iterable[float]) -> str:
    """Mean and its standard error over the repeats."""
    found = list(values)
    error = statistics.stdev(found) / math.sqrt(len(found)) if len(found) > 1 else math.nan
    return f"{statistics.mean(found):.1f} ± {error:.1f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=300)
    main(parser.parse_args().repeats)
