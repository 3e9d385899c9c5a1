"""The identity study's published rates beside those of its labels and of our detector, with crossed intervals.

    python benchmarks/paper_numbers.py FILE

FILE: JSONL, gzipped or not, one answer a line: `id, model, family, fact, query, probe, primed, response, loose,
strict`, where `probe` names the template, and `primed` says that probe or question names OpenAI, ChatGPT or GPT. Prints
a Markdown table. `distq-tui import` does the same for the released files themselves.
"""

from __future__ import annotations

import io
import json
import sys
from collections import defaultdict
from pathlib import Path

from distq_tui.formats.rows import read_rows
from distq_tui.ice.files import score_ice_file
from distq_tui.report.paper import MEASURES, Judged, paper_rates, published_ice
from distq_tui.stats import Rate


def judged(path: Path) -> tuple[dict[str, list[Judged]], dict[str, list[Judged]]]:
    """By model: the labels of the file, and our detector's verdicts on the same rows (empty answers are unscored)."""
    out = io.StringIO()
    score_ice_file(path, None, out, print)
    verdicts = [json.loads(line) for line in out.getvalue().splitlines()]
    labels, detector = defaultdict(list), defaultdict(list)
    for (_, row), verdict in zip(read_rows(path), verdicts, strict=True):
        cell, named = (row["probe"], row["query"]), bool(row["primed"])
        labels[row["model"]].append(Judged(*cell, bool(row["loose"]), bool(row["strict"]), named))
        detector[row["model"]].append(Judged(*cell, verdict["loose"], verdict["paper_strict"], named))
    return labels, detector


def cell(found: Rate) -> str:
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


def main() -> int:
    labels, detector = judged(Path(sys.argv[1]))
    print("| model | measure | published | labels, 95 % interval | deff | n_eff | detector, 95 % interval |")
    print("|---|---|---|---|---|---|---|")
    for model, rows in labels.items():
        known, theirs, ours = published_ice(model), dict(paper_rates(rows)), dict(paper_rates(detector[model]))
        for measure in MEASURES:
            published = f"{known[measure]:.3f}" if measure in known else "-"
            rates = theirs[measure], ours[measure]
            effect = f"{rates[0].deff:.1f} | {rates[0].n_eff:.0f}"
            print(f"| {model} | {measure} | {published} | {cell(rates[0])} | {effect} | {cell(rates[1])} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
