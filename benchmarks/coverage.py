"""How often the intervals and tests of `distq_tui.stats` are right, by simulation with planted truth.

    python benchmarks/coverage.py                     a quick look (400 repeats a cell)
    python benchmarks/coverage.py --repeats 10000     the tables of docs/intervals.md

Outcomes are 1 where a normal score falls under a threshold; the score adds a template effect, a question effect and
noise. The effects' sizes are solved so that the *binary* outcomes have exactly the planted rate and intraclass
correlations (ICC): P(both hit) = p^2 + ICC p(1-p) for two cells that share a template, or a question.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from distq_tui.stats import ConfidenceSequence, mean, paired_difference, sign_flip_p, unpaired_p
from distq_tui.stats.crossed import Crossed, normal_quantile
from distq_tui.stats.rate import rate_limits, wilson

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]
QUESTIONS = 50
RATES = (0.007, 0.1, 0.3, 0.5)
DESIGNS = ((100, 6), (20, 6), (20, 50), (10, 50))
ICCS = ((0.0, 0.0), (0.1, 0.0), (0.0, 0.1), (0.1, 0.1), (0.2, 0.06), (0.2, 0.2))
FEW_ICCS = ((0.0, 0.0), (0.1, 0.1), (0.2, 0.06))
CHUNK = 500
Z95 = normal_quantile(0.975)


@dataclass(frozen=True)
class World:
    """A planted truth: the rate, and the share of the latent score's variance that templates and questions carry."""

    p: float
    share_template: float
    share_question: float

    @classmethod
    def of(cls, p: float, icc_template: float, icc_question: float) -> World:
        return cls(p, latent_share(p, icc_template), latent_share(p, icc_question))

    @classmethod
    def each(cls, iccs: Sequence[tuple[float, float]]) -> Iterator[tuple[World, tuple[float, float]]]:
        """Every rate with every pair of ICCs that binary outcomes can have at that rate (not .2 and .06 at .007)."""
        for p in RATES:
            for icc in iccs:
                world = cls.of(p, *icc)
                if world.share_template + world.share_question < 1.0:
                    yield world, icc

    @property
    def threshold(self) -> float:
        return float(ndtri(self.p))

    def given_questions(self, effects: Floats) -> Floats:
        """Rate over all templates for each question with a standard normal effect."""
        return np.asarray(
            ndtr((self.threshold - np.sqrt(self.share_question) * effects) / np.sqrt(1.0 - self.share_question))
        )


@lru_cache
def latent_share(p: float, icc: float) -> float:
    """Latent correlation that gives binary outcomes of rate p this ICC, by bisection on a Gauss-Hermite integral."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(200)
    weights = weights / weights.sum()
    low, high = 0.0, 0.99
    for _ in range(60):
        middle = (low + high) / 2.0
        hit = ndtr((ndtri(p) - np.sqrt(middle) * nodes) / np.sqrt(1.0 - middle))
        low, high = (middle, high) if weights @ hit**2 < p**2 + icc * p * (1.0 - p) else (low, middle)
    return low


def deal(rng: np.random.Generator, repeats: int, templates: int, each: int) -> Ints:
    """Questions of each template, shape [repeats, templates, each]: the ones used least so far, ties at random."""
    used = np.zeros((repeats, QUESTIONS))
    dealt = np.empty((repeats, templates, each), dtype=np.intp)
    rows = np.arange(repeats)[:, None]
    for template in range(templates):
        keys = used + rng.random((repeats, QUESTIONS))
        dealt[:, template] = np.argpartition(keys, each - 1, axis=1)[:, :each]
        used[rows, dealt[:, template]] += 1.0
    return dealt


def simulate(
    world: World,
    rng: np.random.Generator,
    dealt: Ints,
    by_template: Floats | None = None,
    by_question: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Binary outcomes of shape [repeats, templates, each], and the effects of the questions [repeats, QUESTIONS]."""
    repeats, templates, _ = dealt.shape
    if by_template is None:
        by_template = rng.standard_normal((repeats, templates))
    if by_question is None:
        by_question = rng.standard_normal((repeats, QUESTIONS))
    noise = rng.standard_normal(dealt.shape)
    score = (
        np.sqrt(world.share_template) * by_template[:, :, None]
        + np.sqrt(world.share_question) * by_question[np.arange(repeats)[:, None, None], dealt]
        + np.sqrt(1.0 - world.share_template - world.share_question) * noise
    )
    return (score < world.threshold).astype(np.float64), by_question


def chunks(repeats: int) -> Iterator[int]:
    yield from (min(CHUNK, repeats - start) for start in range(0, repeats, CHUNK))


def crossed_ids(dealt: Ints) -> tuple[list[int], list[int]]:
    """Template and question ids of one dealt design, flat."""
    templates, each = dealt.shape
    return np.repeat(np.arange(templates), each).tolist(), dealt.reshape(-1).tolist()


def covered(low: Floats, high: Floats, truth: Floats | float) -> Floats:
    return ((low <= truth) & (truth <= high)).astype(np.float64)


def rates(repeats: int, rng: np.random.Generator) -> None:
    """Coverage of the crossed interval, of the fixed-list one for its own estimand, and of the naive binomial one."""
    print("\n### Coverage of the 95 % interval of a rate\n")
    print(
        "| design | p | ICC template | ICC question | two-way | this list | naive Wilson | median deff | mean width |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for templates, each in DESIGNS:
        for world, icc in World.each(ICCS):
            p = world.p
            rows: list[Floats] = []
            for size in chunks(repeats):
                design = deal(rng, 1, templates, each)
                values, effects = simulate(world, rng, np.repeat(design, size, axis=0))
                values = values.reshape(size, -1)
                ids = crossed_ids(design[0])
                ours = rate_limits(values, Crossed.of(*ids))
                fixed = rate_limits(values, Crossed.of(*ids, fixed_questions=True))
                uses = np.bincount(design.reshape(-1), minlength=QUESTIONS) / design.size
                naive = wilson(ours.value, np.full(size, float(design.size)), Z95)
                rows.append(
                    np.stack(
                        [
                            covered(ours.low, ours.high, p),
                            covered(fixed.low, fixed.high, world.given_questions(effects) @ uses),
                            covered(*naive, p),
                            ours.deff,
                            ours.high - ours.low,
                        ]
                    )
                )
            two_way, this_list, binomial, deff, width = np.concatenate(rows, axis=1)
            print(
                f"| {templates} x {each} | {world.p} | {icc[0]} | {icc[1]} | {100 * two_way.mean():.1f} | "
                f"{100 * this_list.mean():.1f} | {100 * binomial.mean():.1f} | {np.median(deff):.1f} | "
                f"{width.mean():.3f} |"
            )


def sequences(repeats: int, rng: np.random.Generator) -> None:
    """Share of runs in which the interval held the truth at *every* moment: the sequence; the binomial interval."""
    print("\n### Coverage over the whole path (100 templates x 6, looked at after each template)\n")
    print("| p | ICC template | ICC question | sequence | binomial, from the 10th on | width at 25 | width at 100 |")
    print("|---|---|---|---|---|---|---|")
    for world, icc in World.each(FEW_ICCS):
        hits, watched, early, late = 0, 0.0, 0.0, 0.0
        for size in chunks(repeats):
            values, effects = simulate(world, rng, deal(rng, size, 100, 6))
            truths = world.given_questions(effects).mean(axis=1)
            for path, truth in zip(values.mean(axis=2), truths, strict=True):
                sequence = ConfidenceSequence().extend(path[:25])
                early += sequence.interval[1] - sequence.interval[0]
                low, high = sequence.extend(path[25:]).interval
                late += high - low
                hits += low <= truth <= high and not sequence.contradicted
            looks = np.arange(10, 101)
            running = values.sum(axis=2).cumsum(axis=1)[:, 9:] / (6.0 * looks)
            inside = covered(*wilson(running, np.broadcast_to(6.0 * looks, running.shape), Z95), truths[:, None])
            watched += inside.min(axis=1).sum()
        print(
            f"| {world.p} | {icc[0]} | {icc[1]} | {100 * hits / repeats:.1f} | {100 * watched / repeats:.1f} | "
            f"{early / repeats:.3f} | {late / repeats:.3f} |"
        )


def tests(repeats: int, rng: np.random.Generator) -> None:
    """Share of rejections at .05 where two models do not differ; half of each effect is shared by the two."""
    print("\n### Size of the paired tests at nominal 5 %\n")
    print("| design | p | ICC template | ICC question | paired t, two-way | naive z | sign-flip, this list |")
    print("|---|---|---|---|---|---|---|")
    for templates, each in DESIGNS[:3]:
        for world, icc in World.each(FEW_ICCS):
            ours, naive, flips = 0, 0, 0
            for size in chunks(repeats):
                design = deal(rng, 1, templates, each)
                dealt = np.repeat(design, size, axis=0)
                effects = [half_shared(rng, (size, count)) for count in (templates, QUESTIONS)]
                first, second = (simulate(world, rng, dealt, effects[0][k], effects[1][k])[0] for k in (0, 1))
                # For "this list" the two models must agree on each question, so the question effects are shared.
                same = effects[1][0]
                listed = [simulate(world, rng, dealt, effects[0][k], same)[0] for k in (0, 1)]
                ids = crossed_ids(design[0])
                for k in range(size):
                    a, b = first[k].reshape(-1), second[k].reshape(-1)
                    test = paired_difference(a, b, *ids)
                    ours += test is not None and test.p <= 0.05
                    pooled = (a.mean() + b.mean()) / 2.0
                    naive += abs(a.mean() - b.mean()) > Z95 * np.sqrt(2.0 * pooled * (1.0 - pooled) / a.size)
                    flip = sign_flip_p(listed[0][k].reshape(-1), listed[1][k].reshape(-1), ids[0], rng=rng, flips=199)
                    flips += flip is not None and flip <= 0.05
            print(
                f"| {templates} x {each} | {world.p} | {icc[0]} | {icc[1]} | {100 * ours / repeats:.1f} | "
                f"{100 * naive / repeats:.1f} | {100 * flips / repeats:.1f} |"
            )


def half_shared(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Standard normal effects of two models with correlation one half."""
    shared, first, second = rng.standard_normal((3, *shape))
    return (shared + first) / np.sqrt(2.0), (shared + second) / np.sqrt(2.0)


def beta(a: float, b: float) -> tuple[str, Draw, float]:
    return f"Beta({a}, {b})", lambda rng, shape: rng.beta(a, b, shape), a / (a + b)


def two_kinds(share: float) -> tuple[str, Draw, float]:
    """Scores about .515, and a share of them about .17, as where two models lay out their answers alike or not."""

    def draw(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
        return np.where(rng.random(shape) < share, 0.17, 0.515) + rng.uniform(-0.03, 0.03, shape)

    return f".515, and .17 with {share}", draw, share * 0.17 + (1.0 - share) * 0.515


SCORES = (beta(4.0, 6.0), beta(0.5, 4.5), beta(0.1, 4.9), two_kinds(0.3), two_kinds(0.12), two_kinds(0.03))


def means(repeats: int, rng: np.random.Generator) -> None:
    """Coverage of the mean of scores in [0, 1]: as shipped, by t and by percentiles; the shipped one's mean width."""
    print("\n### Coverage of the 95 % interval of a mean over prompts\n")
    print("| scores | prompts | shipped method | coverage | t | percentile bootstrap | mean width |")
    print("|---|---|---|---|---|---|---|")
    for name, draw, truth in SCORES:
        for n in (8, 12, 25, 60, 200):
            hits = np.zeros(4)
            method = ""
            for values in draw(rng, (repeats, n)):
                shipped, student = mean(values, rng=rng), mean(values)
                assert shipped is not None
                assert student is not None
                method = shipped.method.split(" within")[0]
                draws = values[rng.integers(0, n, (1000, n))].mean(axis=1)
                limits = [(shipped.low, shipped.high), (student.low, student.high), np.quantile(draws, (0.025, 0.975))]
                hits += [*(low <= truth <= high for low, high in limits), shipped.high - shipped.low]
            share = 100.0 * hits / repeats
            covers = " | ".join(f"{one:.1f}" for one in share[:3])
            print(f"| {name} | {n} | {method} | {covers} | {hits[3] / repeats:.3f} |")


def unlike(repeats: int, rng: np.random.Generator) -> None:
    """Size at .05 of the permutation of whole templates, where two like models were asked different templates."""
    print("\n### Size of the unpaired test at nominal 5 % (all 50 questions under each template)\n")
    print("| templates | p | ICC template | ICC question | unpaired permutation | naive z |")
    print("|---|---|---|---|---|---|")
    for counts in ((20, 20), (10, 30)):
        for world, icc in World.each(FEW_ICCS):
            ours, naive = 0, 0
            for size in chunks(repeats):
                questions = rng.standard_normal((size, QUESTIONS))
                sides = [
                    simulate(world, rng, deal(rng, size, count, QUESTIONS), by_question=questions)[0]
                    for count in counts
                ]
                ids = [np.repeat(np.arange(count), QUESTIONS).tolist() for count in counts]
                for first, second in zip(*sides, strict=True):
                    a, b = first.reshape(-1), second.reshape(-1)
                    p = unpaired_p(a, ids[0], b, ids[1], rng=rng, shuffles=199)
                    ours += p is not None and p <= 0.05
                    pooled = (a.sum() + b.sum()) / (a.size + b.size)
                    error = np.sqrt(pooled * (1.0 - pooled) * (1.0 / a.size + 1.0 / b.size))
                    naive += abs(a.mean() - b.mean()) > Z95 * error
            print(
                f"| {counts[0]} and {counts[1]} | {world.p} | {icc[0]} | {icc[1]} | {100 * ours / repeats:.1f} | "
                f"{100 * naive / repeats:.1f} |"
            )


SLOW = (means, unlike)  # resampling inside resampling: a fifth of the repeats
PARTS: dict[str, Callable[[int, np.random.Generator], None]] = {
    "rates": rates,
    "sequences": sequences,
    "tests": tests,
    "means": means,
    "unlike": unlike,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--repeats", type=int, default=400, help="simulated data sets a cell (default 400)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--part", choices=sorted(PARTS), action="append", help="only this part (may be repeated)")
    options = parser.parse_args()
    for index, (name, part) in enumerate(PARTS.items()):
        if options.part is None or name in options.part:
            started = time.process_time()
            repeats = max(1, options.repeats // 5) if part in SLOW else options.repeats
            part(repeats, np.random.default_rng([options.seed, index]))
            print(f"\n{repeats} repeats a cell, {time.process_time() - started:.0f} s of CPU")


if __name__ == "__main__":
    main()
