"""How often rates that blind labels corrected cover a planted truth.

    python benchmarks/calibration.py                    a quick look (200 repeats a cell)
    python benchmarks/calibration.py --repeats 1000     the table of docs/judges.md

Answers: 100 templates x 6 of 50 questions, with planted rate and correlations as in `coverage.py`; a detector errs with
planted sensitivity and specificity, independently or alike within a template. 40 answers of each verdict are labelled,
of the model itself (difference estimator) or of another one (Rogan-Gladen).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
from coverage import World
from numpy.typing import NDArray
from scipy.special import ndtri

from distq_tui.stats import Stratum, accuracy, corrected_rate, rate, strata_of

TEMPLATES, PER_TEMPLATE, QUESTIONS, LABELS = 100, 6, 50, 40
Bools = NDArray[np.bool_]


def cells(rng: np.random.Generator) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    templates = np.repeat(np.arange(TEMPLATES), PER_TEMPLATE)
    return templates, np.concatenate([rng.permutation(QUESTIONS)[:PER_TEMPLATE] for _ in range(TEMPLATES)])


def alike(
    rng: np.random.Generator, world: World, templates: NDArray[np.intp], questions: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Standard normal scores, correlated within templates and questions."""
    share, other = world.share_template, world.share_question
    return np.asarray(
        np.sqrt(share) * rng.normal(size=TEMPLATES)[templates]
        + np.sqrt(other) * rng.normal(size=QUESTIONS)[questions]
        + np.sqrt(1.0 - share - other) * rng.normal(size=len(templates))
    )


def strata(rng: np.random.Generator, group: str, truth: Bools, verdicts: Bools, labels: int) -> tuple[Stratum, ...]:
    given: list[bool | None] = [None] * len(truth)
    for verdict in (False, True):
        for index in rng.permutation(np.flatnonzero(verdicts == verdict))[:labels]:
            given[index] = bool(truth[index])
    return strata_of((group, bool(v), bool(v), label) for v, label in zip(verdicts, given, strict=True))


def repeat(
    rng: np.random.Generator, world: World, sensitivity: float, specificity: float, errors: World, *, pooled: bool
) -> tuple[bool, bool, bool, float]:
    """Whether the corrected and the uncorrected interval and that of the sensitivity cover; the corrected width."""
    places = cells(rng)
    truth = alike(rng, world, *places) < ndtri(world.p)
    chance = alike(rng, errors, *places)
    verdicts = np.where(truth, chance < ndtri(sensitivity), chance < ndtri(1.0 - specificity))
    own = strata(rng, "m", truth, verdicts, 0 if pooled else LABELS)
    pool = own
    if pooled:
        others = rng.random(len(truth)) < 0.3
        chances = rng.random(len(truth))
        judged = np.where(others, chances < sensitivity, chances < 1.0 - specificity)
        pool = strata(rng, "o", others, judged, LABELS)
    ids = places[0].tolist(), places[1].tolist()
    found, plain = corrected_rate(verdicts, *ids, own, pool=pool), rate(verdicts, *ids)
    share = accuracy(pool).sensitivity
    assert found is not None
    assert plain is not None
    assert share is not None
    return (
        found.low <= world.p <= found.high,
        plain.low <= world.p <= plain.high,
        share.low <= sensitivity <= share.high,
        found.high - found.low,
    )


def table(repeats: int) -> Iterator[str]:
    yield "| labels of | rate | ICC | sens., spec. | errors alike | covers | uncorrected | sens. covers | width |"
    yield "|---|---|---|---|---|---|---|---|---|"
    rng = np.random.default_rng(1)
    for pooled in (False, True):
        for p in (0.05, 0.3):
            for icc in ((0.0, 0.0), (0.1, 0.06)):
                for sensitivity, specificity in ((0.8, 0.97), (0.95, 0.95)):
                    for alike_share in (0.0,) if pooled else (0.0, 0.3):
                        world, errors = World.of(p, *icc), World(0.5, alike_share, 0.0)
                        runs = [
                            repeat(rng, world, sensitivity, specificity, errors, pooled=pooled) for _ in range(repeats)
                        ]
                        covers, plain, sure, width = np.mean(runs, axis=0)
                        yield (
                            f"| {'others' if pooled else 'itself'} | {p} | {icc[0]}, {icc[1]} | {sensitivity},"
                            f" {specificity} | {alike_share} | {covers:.3f} | {plain:.3f} | {sure:.3f} | {width:.3f} |"
                        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=200)
    for line in table(parser.parse_args().repeats):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
