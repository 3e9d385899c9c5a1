"""Re-estimate the constants of the offline similarity from a file of responses, and write their module.

    python benchmarks/rse_constants.py RESPONSES.jsonl[.gz] LINEAGE.csv > constants.py

RESPONSES holds rows of `score rse` (every model on the same prompts); LINEAGE names pairs of models in its columns
model_a, model_b, relation; the pairs whose relation is `unrelated` give the constants of the pair scores. The profile's
constants come from all responses. Nothing of a response is in the output, only means and standard deviations.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from distq_tui.formats.rows import read_rows
from distq_tui.rse import profile as profiles
from distq_tui.rse.compare import FEATURES, pair_block
from distq_tui.rse.features import VERSION, features
from distq_tui.rse.lines import line_kinds
from distq_tui.rse.tokens import numbered_tokens

HEAD = '''"""Constants of the offline similarity, written by `benchmarks/rse_constants.py`; scorer {version}.

Estimated on {models} models x {prompts} prompts ({pairs} pairs of models of unrelated origin): answers to AlpacaEval's
prompts, published with it, of which only these means and standard deviations are kept. A change of tokeniser, classes
or features needs new ones.
"""

from __future__ import annotations

from typing import Final

UNRELATED_MEAN: Final = {mean}
"""Mean over unrelated model pairs of each feature of `compare.FEATURES` (averaged over prompts)."""

UNRELATED_SD: Final = {sd}
"""Its standard deviation over the same pairs."""
'''


def main(responses: Path, lineage: Path) -> None:
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for _, row in read_rows(responses):
        if row["response"].strip():
            texts[str(row["prompt_id"])][row["model"]] = row["response"]
    models = sorted({model for answers in texts.values() for model in answers})
    with lineage.open(newline="", encoding="utf-8") as handle:
        unrelated = {(r["model_a"], r["model_b"]) for r in csv.DictReader(handle) if r["relation"] == "unrelated"}
    raw = np.array([raw_profile(text) for answers in texts.values() for text in answers.values()])
    mean, sd = raw.mean(axis=0), raw.std(axis=0, ddof=1)
    # the features below must use the new profile constants, not the ones being replaced
    profiles._MEAN, profiles._SD = mean, np.maximum(sd, profiles.SD_FLOOR)  # type: ignore[misc]
    sums = np.zeros((len(FEATURES), len(models), len(models)))
    counts = np.zeros((len(models), len(models)))
    for answers in texts.values():
        here = np.ix_(*[[models.index(model) for model in answers]] * 2)
        sums[(slice(None), *here)] += pair_block([features(text) for text in answers.values()])
        counts[here] += 1
    pairs = np.array(
        [
            sums[:, models.index(a), models.index(b)] / counts[models.index(a), models.index(b)]
            for a, b in sorted(unrelated)
        ]
    )
    print(
        HEAD.format(
            version=VERSION,
            models=len(models),
            prompts=len(texts),
            pairs=len(pairs),
            mean=rounded(pairs.mean(axis=0)),
            sd=rounded(pairs.std(axis=0, ddof=1)),
        )
    )
    print("# fmt: off")
    print(f'PROFILE_MEAN: Final = {wrapped(mean)}\n"""Mean of each dimension of `profile.raw_profile`."""\n')
    print(f'PROFILE_SD: Final = {wrapped(sd)}\n"""Its standard deviation over responses."""')


def raw_profile(text: str) -> np.ndarray:
    text = text.strip()
    hashes, classes = numbered_tokens(text)
    return profiles.raw_profile(text, hashes, classes, line_kinds(text))


def rounded(values: np.ndarray) -> str:
    return "(" + ", ".join(f"{value:.4f}" for value in values) + ")"


def wrapped(values: np.ndarray) -> str:
    cells = [f"{value:.3f}" for value in values]
    lines = ["    " + ", ".join(cells[start : start + 16]) + "," for start in range(0, len(cells), 16)]
    return "(\n" + "\n".join(lines) + "\n)"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
