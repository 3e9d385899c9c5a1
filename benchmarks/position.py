"""Do the intervals and tests of similarity keep what they promise? Simulated scores of known truth.

    python benchmarks/position.py [--repeats 1000] [--seed 1]

Scores per prompt are logistic-normal in (0, 1), with an effect of the prompt that all pairs share, as in real answers.
It runs the functions that the app runs. Goals: intervals cover 93-97 %, step 1 rejects at most 5 % under the null.
"""

from __future__ import annotations

import argparse

import numpy as np

from distq_tui.rse.candidates import candidate_set
from distq_tui.rse.verdict import LEVEL, conclude
from distq_tui.rse.verdict_controls import Controls
from distq_tui.rse.verdict_scores import SetScores
from distq_tui.stats import mean
from distq_tui.stats.fieller import ratio

PROMPT_EFFECT, NOISE = 0.5, 0.35
"""Standard deviations on the logit scale; on the scale of scores together about .13, as in the development data."""
FLOOR, CEILING = -0.7, 0.9
RESAMPLES = 1000
SHAPES = {
    "normal": lambda rng, size: rng.normal(0.0, 1.0, size),
    # the median skewness over models of the development data is -.6
    "skewed to the left (-.6)": lambda rng, size: (10.0 - rng.gamma(10.0, 1.0, size)) / 10.0**0.5,
    "skewed to the right (+1)": lambda rng, size: (rng.gamma(4.0, 1.0, size) - 4.0) / 2.0,
}
"""How close unrelated models are to a target: mean 0, standard deviation 1."""


def draw(levels: np.ndarray, prompts: int, rng: np.random.Generator) -> np.ndarray:
    """Scores of shape (prompts, len(levels)); the prompt's own effect is in all of them."""
    shared = rng.normal(0.0, PROMPT_EFFECT, (prompts, 1))
    return 1.0 / (1.0 + np.exp(-(levels + shared + rng.normal(0.0, NOISE, (prompts, len(levels))))))


def truth(levels: np.ndarray) -> np.ndarray:
    """Expected scores: the mean of a logistic-normal, by quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    spread = np.hypot(PROMPT_EFFECT, NOISE)
    return (weights / weights.sum()) @ (1.0 / (1.0 + np.exp(-(levels[None, :] + spread * nodes[:, None]))))


def cover_mean(prompts: int, level: float, args: argparse.Namespace) -> float:
    rng = np.random.default_rng([args.seed, 1, prompts, round(100 * abs(level))])
    levels = np.array([level])
    (expected,) = truth(levels)
    hits = 0
    for _ in range(args.repeats):
        found = mean(draw(levels, prompts, rng)[:, 0], rng=rng, resamples=RESAMPLES)
        hits += found.low <= expected <= found.high
    return hits / args.repeats


def cover_position(prompts: int, place: float, controls: int, args: argparse.Namespace) -> tuple[float, float]:
    """Coverage among the positions that are defined, and the share of those that are not."""
    rng = np.random.default_rng([args.seed, 2, prompts, round(100 * place)])
    levels = np.array([FLOOR + place * (CEILING - FLOOR), CEILING, *[FLOOR] * controls])
    rse, ceiling, floor = truth(levels)[:3]
    expected = (rse - floor) / (ceiling - floor)
    hits = undefined = 0
    for _ in range(args.repeats):
        scores = draw(levels, prompts, rng)
        bottom = scores[:, 2:].mean(axis=1)
        found = ratio(scores[:, 0] - bottom, scores[:, 1] - bottom, rng=rng, resamples=RESAMPLES)
        if found is None:
            undefined += 1
        else:
            hits += found.low <= expected <= found.high
    return hits / max(1, args.repeats - undefined), undefined / args.repeats


def reject_null(controls: int, references: int, shape: str, args: argparse.Namespace) -> float:
    """Share of step 1 at .05 where references are but more controls, all equally close to the target but for chance."""
    rng = np.random.default_rng([args.seed, 3, controls, references, len(shape)])
    names = [f"c{n}" for n in range(controls)]
    rejected, repeats = 0, 4 * args.repeats
    for _ in range(repeats):
        size = controls + references
        closeness = 0.35 + 0.02 * SHAPES[shape](rng, size)
        others = [*names, *(f"r{n}" for n in range(references))]
        table = {frozenset(("t", name)): {"mean": float(close)} for name, close in zip(others, closeness, strict=True)}
        families = Controls({name: (name,) for name in names})
        found = conclude(SetScores(("mean",), table), "", "t", others[controls:], families)
        rejected += found.p is not None and found.p <= LEVEL
    return rejected / repeats


def keep_best(prompts: int, gaps: tuple[float, ...], args: argparse.Namespace) -> tuple[float, float]:
    """Share of candidate sets that hold the truly closest reference, and their mean size."""
    rng = np.random.default_rng([args.seed, 4, prompts, len(gaps)])
    levels = np.array([0.2 - gap for gap in gaps])
    names = [f"r{n}" for n in range(len(gaps))]
    kept, size = 0, 0
    labels = [str(prompt) for prompt in range(prompts)]
    for _ in range(args.repeats):
        scores = draw(levels, prompts, rng)
        table = {
            frozenset(("t", name)): dict(zip(labels, column, strict=True))
            for name, column in zip(names, scores.T.tolist(), strict=True)
        }
        found = candidate_set(SetScores(labels, table), "t", names)
        kept += "r0" in found
        size += len(found)
    return kept / args.repeats, size / args.repeats


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print(f"{args.repeats} repeats (step 1: {4 * args.repeats}), seed {args.seed}\n")
    print("| prompts | expected RSE | mean covers |\n|---|---|---|")
    for prompts in (10, 25, 60, 200):
        for level in (-1.5, -0.7, 0.9):
            (expected,) = truth(np.array([level]))
            print(f"| {prompts} | {expected:.2f} | {100 * cover_mean(prompts, level, args):.1f} % |")
    print("\n| prompts | place (logits) | method | position covers | undefined |\n|---|---|---|---|---|")
    for prompts in (10, 25, 39, 40, 60, 200):
        for place in (0.0, 0.5, 0.9):
            covered, undefined = cover_position(prompts, place, 3, args)
            method = "Fieller" if prompts < 40 else "bootstrap"
            print(f"| {prompts} | {place} | {method} | {100 * covered:.1f} % | {100 * undefined:.1f} % |")
    print("\n| controls | references | closeness | step 1 rejects |\n|---|---|---|---|")
    for controls in (3, 5, 10):
        for references in (1, 3, 5):
            for shape in SHAPES:
                share = reject_null(controls, references, shape, args)
                print(f"| {controls} | {references} | {shape} | {100 * share:.1f} % |")
    print("\n| prompts | others below the best (logits) | best is kept | references kept |\n|---|---|---|---|")
    for prompts in (25, 60, 200):
        for gaps in ((0.0, 0.0), (0.0, 0.0, 0.0, 0.0), (0.0, 0.1, 0.3)):
            kept, size = keep_best(prompts, gaps, args)
            print(f"| {prompts} | {', '.join(f'{gap:g}' for gap in gaps[1:])} | {100 * kept:.1f} % | {size:.2f} |")


if __name__ == "__main__":
    main()
