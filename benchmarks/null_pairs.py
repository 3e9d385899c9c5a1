"""How often unrelated models are called more alike than chance, and how often related ones are found.

    python benchmarks/null_pairs.py RESPONSES.jsonl[.gz] LINEAGE.csv [--draws 3] [--seed 1]

RESPONSES holds rows of `score rse` (every model on the same prompts); LINEAGE names pairs of models in its columns
model_a, model_b, relation, family_a, family_b. Every pair is tested from both sides: one model as the target, the other
as the reference, beside controls of different families that LINEAGE calls unrelated to both. Prompts are drawn anew for
each draw, controls for each pair. Nothing of a response is in the output.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from pathlib import Path

import numpy as np

from distq_tui.formats.rows import read_rows
from distq_tui.rse.compare import RSE_WEIGHTS, pair_block
from distq_tui.rse.features import VERSION, features
from distq_tui.rse.verdict import LEVEL, conclude, settle
from distq_tui.rse.verdict_controls import Controls
from distq_tui.rse.verdict_scores import SetScores
from distq_tui.stats.crossed import t_upper_tail

CONTROLS = (3, 5, 10)
PROMPTS = (25, 60, 200)
ONCE = "mean"
"""The one prompt that holds a pair's mean over the drawn prompts: all that a verdict reads."""


def read_scores(path: Path) -> tuple[np.ndarray, list[str]]:
    """RSE of every pair on every prompt, shape (prompts, models, models), NaN where one of them is missing."""
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for _, row in read_rows(path):
        if row["response"].strip():
            texts[str(row["prompt_id"])][row["model"]] = row["response"]
    models = sorted({model for answers in texts.values() for model in answers})
    scores = np.full((len(texts), len(models), len(models)), np.nan)
    for place, answers in enumerate(texts.values()):
        here = [models.index(model) for model in answers]
        block = pair_block([features(text) for text in answers.values()])
        scores[(place, *np.ix_(here, here))] = np.tensordot(RSE_WEIGHTS, block, 1)
    return scores, models


class Lineage:
    """Relations and families; a model without a family is one of its own."""

    def __init__(self, path: Path) -> None:
        self.pairs: dict[str, set[frozenset[str]]] = defaultdict(set)
        self.family: dict[str, str] = {}
        with path.open(newline="", encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                self.pairs[row["relation"]].add(frozenset((row["model_a"], row["model_b"])))
                for side in "ab":
                    name = row[f"model_{side}"]
                    self.family[name] = row[f"family_{side}"] or self.family.get(name) or name

    def controls(self, target: str, reference: str, count: int, rng: np.random.Generator) -> dict[str, tuple[str, ...]]:
        """That many models of different families, each known to be unrelated to both; fewer where there are not."""
        unrelated = self.pairs["unrelated"]
        found: dict[str, tuple[str, ...]] = {}
        names = sorted(self.family)
        for name in (names[place] for place in rng.permutation(len(names))):
            family = self.family[name]
            if family in found or family in {self.family[target], self.family[reference]}:
                continue
            if frozenset((name, target)) in unrelated and frozenset((name, reference)) in unrelated:
                found[family] = (name,)
                if len(found) == count:
                    break
        return found


def naive_p(scores: np.ndarray, target: int, reference: int, controls: list[int]) -> float:
    """What holds controls fixed and samples prompts only: t over prompts of RSE less the mean over the controls."""
    gap = scores[:, target, reference] - np.nanmean(scores[:, target, controls], axis=1)
    gap = gap[np.isfinite(gap)]
    return t_upper_tail(float(gap.mean() / (gap.std(ddof=1) / np.sqrt(len(gap)))), len(gap) - 1)


def shares(
    scores: np.ndarray,
    models: list[str],
    lineage: Lineage,
    *,
    relation: str,
    count: int,
    prompts: int,
    draws: int,
    seed: int,
) -> list[float]:
    """Number of tests, then shares: p, p from the reference's side, the word, withheld, naive."""
    index = {model: place for place, model in enumerate(models)}
    rng = np.random.default_rng([seed, count, prompts])
    flags = []
    for _ in range(draws):
        drawn = scores[rng.permutation(len(scores))[:prompts]]
        means = np.nanmean(drawn, axis=0)
        for pair in sorted(map(sorted, lineage.pairs[relation])):
            for target, reference in (pair, pair[::-1]):
                families = lineage.controls(target, reference, count, rng)
                if len(families) < count:
                    continue
                names = [target, reference, *(title for titles in families.values() for title in titles)]
                table = {
                    frozenset((a, b)): {ONCE: float(means[index[a], index[b]])} for a in names for b in names if a < b
                }
                (found,) = settle([conclude(SetScores((ONCE,), table), "", target, [reference], Controls(families))])
                candidate = found.candidates[0]
                naive = naive_p(drawn, index[target], index[reference], [index[name] for name in names[2:]])
                flags.append(
                    (
                        candidate.p is not None and candidate.p <= LEVEL,
                        candidate.p_reference is not None and candidate.p_reference <= LEVEL,
                        found.word == "consistent with",
                        found.word == "inconclusive",
                        naive <= LEVEL,
                    )
                )
    return [len(flags), *np.mean(flags, axis=0)] if flags else [0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("responses", type=Path)
    parser.add_argument("lineage", type=Path)
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    scores, models = read_scores(args.responses)
    lineage = Lineage(args.lineage)
    print(f"scorer {VERSION}; {len(models)} models, {len(scores)} prompts; {args.draws} draws, seed {args.seed}\n")
    print("| pairs | controls | prompts | tests | p <= .05 | from the reference's side | called | withheld | naive |")
    print("|---|---|---|---|---|---|---|---|---|")
    for relation in ("unrelated", "teacher", "sibling", "derived"):
        for count in CONTROLS:
            for prompts in PROMPTS:
                tests, *found = shares(
                    scores,
                    models,
                    lineage,
                    relation=relation,
                    count=count,
                    prompts=prompts,
                    draws=args.draws,
                    seed=args.seed,
                )
                if tests:
                    cells = " | ".join(f"{100 * share:.1f} %" for share in found)
                    print(f"| {relation} | {count} | {prompts} | {int(tests)} | {cells} |")


if __name__ == "__main__":
    main()
