"""Train the detector's two linear scorers from labelled answers, and show how they do on models they never saw.

    python benchmarks/train_ice.py FILE [--write]

FILE is JSONL, gzipped or not, one labelled answer a line: `model, family, fact, query, response, loose, strict` (labels
0 or 1; `strict` is the paper's: the answer claims to be OpenAI's or Anthropic's). Shown is leave-one-model-out: each
model is judged by weights and thresholds that the others gave. `--write` then trains on all rows and writes
`distq_tui/ice/weights.json`, which holds feature names and numbers and no word of any answer.

Method: logistic regression with an L2 penalty by Newton's method. The threshold of `loose` is the score at which as
many training rows are predicted positive as are labelled so: its features overlap, and this keeps rates right on
average. That of `strict` is even odds: a claim is there or not, and the labels err to one side (about 7 % of plain
claims are labelled 0), so that counting would drop plain claims.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np

from distq_tui.formats.rows import read_rows
from distq_tui.ice.detector import Detector
from distq_tui.ice.evidence import Group
from distq_tui.ice.facts import load_facts

PENALTY = {"loose": 3.0, "strict": 3.0}
GROUPS: dict[str, Group] = {"loose": "foreign", "strict": "two"}
RARE = 12
"""A feature that fewer rows have gets no weight."""
WEIGHTS = Path(__file__).parents[1] / "distq_tui" / "ice" / "weights.json"


def gather(path: Path) -> tuple[list[dict[str, Any]], dict[str, list[set[str]]]]:
    """The rows, and for each label the feature names of every row."""
    facts = load_facts()
    detector = Detector(facts)
    rows: list[dict[str, Any]] = []
    features: dict[str, list[set[str]]] = {label: [] for label in GROUPS}
    for _, row in read_rows(path):
        family = facts.lookup(row.get("family") or "")
        reading = detector.stream(family=family, fact=row.get("fact"), query=row.get("query"))
        reading.feed(row["response"])
        for label, group in GROUPS.items():
            features[label].append(set(reading.features(group)))
        rows.append({key: row[key] for key in ("model", "loose", "strict")})
    return rows, features


def design(features: list[set[str]]) -> tuple[np.ndarray, list[str]]:
    """The 0/1 matrix of the features that are not rare, and their names."""
    counts = collections.Counter(name for names in features for name in names)
    names = sorted(name for name, count in counts.items() if count >= RARE)
    return np.array([[name in present for name in names] for present in features], dtype=float), names


def fit(matrix: np.ndarray, labels: np.ndarray, penalty: float) -> np.ndarray:
    """Weights, the intercept last."""
    full = np.hstack([matrix, np.ones((len(matrix), 1))])
    ridge = np.full(full.shape[1], penalty)
    ridge[-1] = 1e-6
    weights = np.zeros(full.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-full @ weights))
        gradient = full.T @ (p - labels) + ridge * weights
        step = np.linalg.solve((full * (p * (1 - p))[:, None]).T @ full + np.diag(ridge), gradient)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def threshold(label: str, scores: np.ndarray, labels: np.ndarray) -> float:
    """The score that as many rows reach as are labelled positive; for `strict` that of even odds."""
    return 0.0 if label == "strict" else float(np.sort(scores)[::-1][int(labels.sum()) - 1])


def figures(truth: np.ndarray, guess: np.ndarray) -> tuple[float, float]:
    """F1 and Cohen's kappa."""
    both, n = float((truth & guess).sum()), len(truth)
    chance = truth.mean() * guess.mean() + (1 - truth.mean()) * (1 - guess.mean())
    agreement = float((truth == guess).mean())
    return 2 * both / max(1.0, float(truth.sum() + guess.sum())), (agreement - chance) / (1 - chance) if n else 0.0


def leave_one_out(label: str, matrix: np.ndarray, labels: np.ndarray, models: np.ndarray) -> None:
    """Print the table of models judged by the others' weights."""
    guess, errors = np.zeros(len(labels), dtype=bool), []
    for model in dict.fromkeys(models):
        held, others = models == model, models != model
        weights = fit(matrix[others], labels[others].astype(float), PENALTY[label])
        limit = threshold(label, matrix[others] @ weights[:-1] + weights[-1], labels[others])
        guess[held] = matrix[held] @ weights[:-1] + weights[-1] >= limit
        errors.append(float(guess[held].mean() - labels[held].mean()))
        f1, kappa = figures(labels[held], guess[held])
        rates = f"labelled {labels[held].mean():.3f} predicted {guess[held].mean():.3f}"
        print(f"{model:26} {rates} F1 {f1:.3f} kappa {kappa:.3f}")
    f1, kappa = figures(labels, guess)
    sizes = np.abs(errors)
    print(f"{'all':26} F1 {f1:.3f} kappa {kappa:.3f} rate error mean {sizes.mean():.3f}, greatest {sizes.max():.3f}\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    rows, features = gather(args.file)
    models = np.array([row["model"] for row in rows])
    data: dict[str, Any] = {"licence": "Apache-2.0"}
    for label, names_of_rows in features.items():
        labels = np.array([bool(row[label]) for row in rows])
        matrix, names = design(names_of_rows)
        print(f"{label}: {len(rows)} rows, {len(names)} features; each model judged by the others' weights")
        leave_one_out(label, matrix, labels, models)
        weights = fit(matrix, labels.astype(float), PENALTY[label])
        limit = threshold(label, matrix @ weights[:-1] + weights[-1], labels) - float(weights[-1])
        rounded = {name: round(float(weight), 3) for name, weight in zip(names, weights[:-1], strict=True)}
        data[label] = {"threshold": round(limit, 3), "weights": rounded}
    if args.write:
        WEIGHTS.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"wrote {WEIGHTS.name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
