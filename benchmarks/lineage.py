"""How well trees of models agree with known families, and how often unrelated models are grouped.

    python benchmarks/lineage.py RESPONSES.jsonl.gz FAMILIES.csv

RESPONSES: rows of `prompt_id, model, response`. FAMILIES: any CSV with the columns `model_a, family_a, model_b,
family_b` (empty = unknown). Prints the adjusted Rand index (Hubert & Arabie 1985) of the tree on RSE and on pool z, cut
at the true number of families, and of the families cut as the program does; then simulated pools of unrelated models:
the share of them that stands in a family.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import fcluster

from distq_tui.formats.responses import read_responses
from distq_tui.rse.compare import ASPECT_WEIGHTS, pair_block
from distq_tui.rse.features import features
from distq_tui.rse.lineage import Lineage, families, lineage, linkage_of
from distq_tui.rse.lineage_scores import AspectScores, Cell, similarity_of

LEVELS = (1.0, 1.5, 2.0)


def adjusted_rand(truth: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    def pairs(counts: np.ndarray) -> float:
        return float((counts * (counts - 1) / 2).sum())

    rows, columns = (np.unique(np.array(labels, str), return_inverse=True)[1] for labels in (truth, found))
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    both, one, other = pairs(table), pairs(table.sum(1)), pairs(table.sum(0))
    expected = one * other / pairs(np.array([len(rows)]))
    return (both - expected) / ((one + other) / 2 - expected)


def cells(path: Path) -> Iterator[Cell]:
    prompts: dict[str, dict[str, str]] = defaultdict(dict)
    for _, row in read_responses(path):
        if row["response"].strip():
            prompts[str(row["prompt_id"])][row["model"]] = row["response"]
    for prompt, answers in prompts.items():
        names = list(answers)
        aspects = np.tensordot(ASPECT_WEIGHTS, pair_block([features(text) for text in answers.values()]), 1)
        for a in range(len(names)):
            for b in range(a + 1, len(names)):
                yield prompt, names[a], names[b], aspects[:, a, b]


def known_families(path: Path) -> dict[str, str]:
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    return {row[f"model_{side}"]: row[f"family_{side}"] for row in rows for side in "ab" if row[f"family_{side}"]}


def cut_index(scores: AspectScores, truth: Mapping[str, str], scale: str) -> float:
    """The index of the tree of the labelled models, their pool being all models."""
    whole = similarity_of(scores.values, np.ones((1, len(scores.prompts))), scale)[0]  # type: ignore[arg-type]
    kept = [place for place, model in enumerate(scores.models) if model in truth]
    labels = [truth[scores.models[place]] for place in kept]
    merges = linkage_of(whole[np.ix_(kept, kept)])
    return adjusted_rand(labels, list(fcluster(merges, len(set(labels)), "maxclust")))


def family_labels(tree: Lineage, level: float, models: Sequence[str]) -> list[str]:
    inside = {model: f"family {n}" for n, cut in enumerate(families(tree, level=level)) for model in cut.models}
    return [inside.get(model, model) for model in models]


def unrelated(models: int, rng: np.random.Generator, prompts: int = 60) -> AspectScores:
    """Pairs of sd .03, models of sd .05 (hubs), noise of a prompt of sd .1: about what unrelated real models show."""
    own = 0.05 * rng.standard_normal(models)
    pair = np.triu(0.03 * rng.standard_normal((models, models)), 1)
    values = 0.3 + own[:, None] + own + pair + 0.1 * rng.standard_normal((3, prompts, models, models))
    values = np.triu(np.clip(values, 0, 1), 1)
    values = values + np.swapaxes(values, -1, -2)
    values[:, :, np.arange(models), np.arange(models)] = np.nan
    return AspectScores(tuple(f"m{n}" for n in range(models)), tuple(map(str, range(prompts))), values)


def main() -> int:
    scores, truth = AspectScores.of(cells(Path(sys.argv[1]))), known_families(Path(sys.argv[2]))
    for scale in ("RSE", "pool z"):
        print(f"tree on {scale}, cut at the true number: {cut_index(scores, truth, scale):.3f}")
    start = time.process_time()
    tree = lineage(scores, np.random.default_rng(0))
    assert tree is not None
    print(f"{len(tree.models)} models, {tree.prompts} prompts, {tree.draws} draws: {time.process_time() - start:.2f} s")
    named = sorted(truth)
    for level in LEVELS:
        inside = sum(len(family.models) for family in families(tree, level=level))
        index = adjusted_rand([truth[model] for model in named], family_labels(tree, level, named))
        print(f"families at {level}: index {index:.3f}, {inside} models in one")
    rng = np.random.default_rng(1)
    for size in (8, 10, 20):
        grouped = dict.fromkeys(LEVELS, 0)
        for _ in range(repeats := 100):
            null = lineage(unrelated(size, rng), rng, draws=100)
            assert null is not None
            for level in LEVELS:
                grouped[level] += sum(len(family.models) for family in families(null, level=level))
        shares = ", ".join(f"{count / repeats / size:.2f} at {level}" for level, count in grouped.items())
        print(f"of {size} unrelated models stand in a family: {shares}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
