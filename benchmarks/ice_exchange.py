"""Does the detector's agreement hang on who the own maker is? Names of two makers exchanged throughout a labelled file.

    python benchmarks/ice_exchange.py FILE [FAMILY ...]

FILE is JSONL, gzipped or not, one labelled answer a line: `model, family, fact, query, response, loose`. For each model
and each FAMILY (default: openai, anthropic, google) every name of the model's own family becomes one of FAMILY and the
other way round, in questions, answers and facts; `loose` asks who "I" is against the fact, so its labels stay what they
are. Printed are F1 and Cohen's kappa of `loose` before and after. Places stay where they are, in the answers and in the
home that a family is said to have.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from distq_tui.formats.rows import read_rows
from distq_tui.ice.aliases import AliasScanner, lower
from distq_tui.ice.detector import Detector
from distq_tui.ice.facts import Facts, Family, load_facts
from distq_tui.stats.agreement import cohen_kappa

Row = dict[str, Any]


def exchange(text: str, names: AliasScanner, one: Family, other: Family) -> str:
    """The text with each name of one family as a name of the same kind and script of the other."""
    pieces, at = [], 0
    for hit in names.find(text, lower(text)):
        if hit.name.family not in (one.key, other.key):
            continue
        into = other if hit.name.family == one.key else one
        listed = into.products if hit.name.role == "product" else into.vendors
        latin = text[hit.start : hit.end].isascii()
        pieces += [text[at : hit.start], next((name for name in listed if name.isascii() == latin), listed[0])]
        at = hit.end
    return "".join([*pieces, text[at:]])


def agreement(rows: list[Row], detector: Detector, family: Family) -> tuple[float, float]:
    """F1 and kappa of `loose`."""
    found = [
        detector.detect(row["response"], family=family, fact=row["fact"], query=row["query"]).loose for row in rows
    ]
    labels = [bool(row["loose"]) for row in rows]
    both = sum(a and b for a, b in zip(found, labels, strict=True))
    return 2 * both / max(1, sum(found) + sum(labels)), cohen_kappa(found, labels) or 0.0


def exchanged(rows: list[Row], names: AliasScanner, own: Family, other: Family) -> list[Row]:
    """The rows with the two families' names exchanged."""
    told = ("response", "fact", "query")
    return [{**row, **{name: exchange(row[name] or "", names, own, other) for name in told}} for row in rows]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("families", nargs="*", default=["openai", "anthropic", "google"])
    arguments = parser.parse_args()
    facts: Facts = load_facts()
    detector, names = Detector(facts), AliasScanner(facts)
    models: dict[str, list[Row]] = defaultdict(list)
    for _, row in read_rows(arguments.file):
        models[row["model"]].append(row)
    print(f"{'model':26} {'as it is':>12}" + "".join(f" {name:>12}" for name in arguments.families) + "   (F1 kappa)")
    for model, rows in models.items():
        own = facts.lookup(rows[0]["family"])
        if own is None:
            parser.error(f"{model}: nobody is called {rows[0]['family']!r}")
        cells = [agreement(rows, detector, own)]
        for other in (facts.families[name] for name in arguments.families):
            at_home = replace(other, country=own.country, places=own.places)
            cells.append(agreement(exchanged(rows, names, own, other), detector, at_home))
        print(f"{model:26} " + " ".join(f"{f1:6.3f} {kappa:.3f}" for f1, kappa in cells))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
