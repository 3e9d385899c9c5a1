"""A plan with primed twins: coverage where a twin is in its template's cluster, and where it passes for one more.

    python benchmarks/twins.py --repeats 4000        the table of docs/intervals.md

Templates x 6 of 50 questions, the first of them with a twin that is asked the same questions; the two share the
question effects and, up to `ALIKE`, the template effect. Everything else is `benchmarks/coverage.py`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
from coverage import QUESTIONS, Floats, Ints, World, chunks, covered, crossed_ids, deal, simulate

from distq_tui.stats import ConfidenceSequence
from distq_tui.stats.crossed import Crossed
from distq_tui.stats.rate import rate_limits

EACH = 6
ALIKE = 0.9
"""Correlation of the template effects of a template and its twin: one text, but for a name."""
DESIGNS = ((100, 52), (20, 18), (30, 30))
"""Templates and twins: the shipped set; the shipped example; nothing but pairs."""


def paired_effects(rng: np.random.Generator, repeats: int, templates: int, twins: int) -> Floats:
    """Standard normal effects of the templates, then of the first ones' twins."""
    effects = rng.standard_normal((repeats, templates))
    own = rng.standard_normal((repeats, twins))
    return np.concatenate([effects, ALIKE * effects[:, :twins] + np.sqrt(1.0 - ALIKE**2) * own], axis=1)


def path_holds(hits: Floats, clusters: Ints, truth: float) -> bool:
    """Whether the sequence held the truth at every moment; clusters as they come, weighted by their size."""
    sizes = np.bincount(clusters)
    sequence = ConfidenceSequence()
    for total, size in zip(np.bincount(clusters, hits), sizes, strict=True):
        sequence.update(min(1.0, total / size), size / sizes.max())
    low, high = sequence.interval
    return bool(low <= truth <= high) and not sequence.contradicted


def table(repeats: int, rng: np.random.Generator) -> Iterator[str]:
    """A row for each design and world."""
    for templates, twins in DESIGNS:
        for p in (0.1, 0.3):
            world = World.of(p, 0.2, 0.06)
            held = np.zeros(4)
            for size in chunks(repeats):
                design = deal(rng, 1, templates, EACH)
                design = np.concatenate([design, design[:, :twins]], axis=1)
                effects = paired_effects(rng, size, templates, twins)
                values, questions = simulate(world, rng, np.repeat(design, size, axis=0), effects)
                apart, asked = crossed_ids(design[0])
                together = [number if number < templates else number - templates for number in apart]
                limits = [rate_limits(values.reshape(size, -1), Crossed.of(ids, asked)) for ids in (together, apart)]
                held[:2] += [covered(one.low, one.high, p).sum() for one in limits]
                uses = np.bincount(design.reshape(-1), minlength=QUESTIONS) / design.size
                truths = world.given_questions(questions) @ uses
                order = rng.permutation(templates)  # which templates have a twin is no matter of order
                place = np.argsort(order)
                one, two = (np.array([place[number] for number in together]), twin_after(place, apart, templates))
                for cells, truth in zip(values.reshape(size, -1), truths, strict=True):
                    held[2:] += [path_holds(cells, clusters, truth) for clusters in (one, two)]
            share = 100.0 * held / repeats
            yield f"| {templates} + {twins} | {p} | {share[0]:.1f} | {share[1]:.1f} | {share[2]:.1f} | {share[3]:.1f} |"


def twin_after(place: Ints, apart: list[int], templates: int) -> Ints:
    """Cluster numbers where a twin is a cluster of its own, right after its template's."""
    order = [2 * place[number] if number < templates else 2 * place[number - templates] + 1 for number in apart]
    return np.unique(order, return_inverse=True)[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--repeats", type=int, default=400, help="simulated data sets a cell (default 400)")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    print("| templates + twins | p | rate, one cluster | rate, two | sequence, one cluster | sequence, two |")
    print("|---|---|---|---|---|---|")
    for row in table(options.repeats, np.random.default_rng(options.seed)):
        print(row, flush=True)


if __name__ == "__main__":
    main()
