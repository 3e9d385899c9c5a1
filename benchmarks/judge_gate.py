"""What the gate before the judges saves and what it loses, for several margins.

    python benchmarks/judge_gate.py FILE

FILE is JSONL, gzipped or not, one labelled answer a line: `model, family, fact, query, response, loose, strict` (labels
0 or 1). With the gate a judge is asked only where the detector's score is at least minus the margin (in logits); every
other answer counts as negative. Printed is the share of answers that are still asked, how many of those labelled loose
and strict are among them, and the most that any model's loose rate loses.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from distq_tui.formats.rows import read_rows
from distq_tui.ice.detector import Detector
from distq_tui.ice.facts import load_facts
from distq_tui.ice.judging.gate import MARGIN

MARGINS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    facts = load_facts()
    detector = Detector(facts)
    rows = []
    for _, row in read_rows(parser.parse_args().file):
        family = facts.lookup(row.get("family") or "")
        verdict = detector.detect(row["response"], family=family, fact=row.get("fact"), query=row.get("query"))
        rows.append((row["model"], bool(row["loose"]), bool(row["strict"]), verdict.score))
    models, loose, strict, scores = (np.array(column) for column in zip(*rows, strict=True))
    print("margin  asked  loose kept  strict kept  greatest loss of a model's loose rate")
    for margin in MARGINS:
        asked = scores >= -margin
        lost = max((loose & ~asked)[models == model].mean() for model in dict.fromkeys(models))
        kept = [(labels & asked).sum() / labels.sum() for labels in (loose, strict)]
        note = "  <- in use" if margin == MARGIN else ""
        print(f"{margin:6.1f}  {asked.mean():5.3f}  {kept[0]:10.3f}  {kept[1]:11.3f}  {lost:8.3f}{note}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
