"""CPU time and peak memory of `score rse` on a file, beside `rapidfuzz.fuzz.ratio` and ROUGE-L over the same pairs.

    python benchmarks/rse_speed.py RESPONSES.jsonl[.gz] [--out FOLDER] [--prompts N]

With --out it writes a similarity matrix for each method (rse.csv, ratio.csv, rouge_l.csv: model_a, model_b,
similarity), to be scored by an evaluation of one's own. --prompts keeps the first N prompts. ROUGE-L is the mean F1
over prompts, without a pool.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import resource
import tempfile
import time
from collections import defaultdict
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does, before numpy is imported

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from distq_tui.formats.rows import read_rows
from distq_tui.rse.features import features
from distq_tui.rse.files import score_rse_file
from distq_tui.rse.kernels import token_overlap


def main(path: Path, out: Path | None, prompts: int | None) -> None:
    rows = [row for _, row in read_rows(path)]
    kept = sorted({str(row["prompt_id"]) for row in rows})[:prompts]
    rows = [row for row in rows if str(row["prompt_id"]) in set(kept)]
    with tempfile.TemporaryDirectory() as folder:
        subset = Path(folder) / "rows.jsonl"
        subset.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        table = io.StringIO()
        started = time.process_time()
        summary = score_rse_file(subset, table, print)
        ours = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        texts[str(row["prompt_id"])][row["model"]] = row["response"]
    models = sorted({row["model"] for row in rows})
    started = time.process_time()
    ratio = mean_matrix(texts, models, lambda answers: cdist(answers, answers, scorer=fuzz.ratio, dtype=np.float32))
    baseline = time.process_time() - started
    rouge = mean_matrix(texts, models, lambda answers: token_overlap(items := [features(a) for a in answers], items))
    print(f"{summary.models} models x {summary.prompts} prompts, {summary.pairs} pairs, scorer {summary.scorer}")
    print(f"score rse {ours:.2f} s CPU, peak {peak:.0f} MB; ratio alone {baseline:.2f} s; {ours / baseline:.2f} of it")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "rse.csv").write_text(table.getvalue(), encoding="utf-8")
        write(out / "ratio.csv", models, ratio)
        write(out / "rouge_l.csv", models, rouge)


def mean_matrix(texts: dict[str, dict[str, str]], models: list[str], score: object) -> np.ndarray:
    place = {model: index for index, model in enumerate(models)}
    total, count = np.zeros((len(models), len(models))), np.zeros((len(models), len(models)))
    for answers in texts.values():
        here = np.ix_(*[[place[model] for model in answers]] * 2)
        total[here] += score(list(answers.values()))  # type: ignore[operator]
        count[here] += 1
    return total / np.maximum(count, 1)


def write(path: Path, models: list[str], values: np.ndarray) -> None:
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["model_a", "model_b", "similarity"])
        for a, first in enumerate(models):
            for b in range(a + 1, len(models)):
                writer.writerow([first, models[b], values[a, b]])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("responses", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--prompts", type=int)
    arguments = parser.parse_args()
    main(arguments.responses, arguments.out, arguments.prompts)
