"""Weigh the features of an answer: two small linear scorers whose weights are committed as data.

`weights.json` is written by `benchmarks/train_ice.py` from a labelled file that the user names. A verdict's reasons are
the features that weighed most, each with its span.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from distq_tui.ice.evidence import Span


@dataclass(frozen=True, slots=True)
class Reason:
    """A feature that moved the verdict: `weight` > 0 speaks for a conflict; `span` is None for the whole answer."""

    name: str
    weight: float
    span: Span | None


@dataclass(frozen=True, slots=True)
class Scorer:
    """A linear score: positive where the weights of the features present reach `threshold`."""

    weights: dict[str, float]
    threshold: float

    def score(self, features: dict[str, Span | None]) -> float:
        """The sum of the weights less the threshold."""
        return sum(self.weights.get(name, 0.0) for name in sorted(features)) - self.threshold

    def reasons(self, features: dict[str, Span | None], most: int = 5) -> tuple[Reason, ...]:
        """The features that weigh most, heaviest first."""
        weighed = [Reason(name, self.weights[name], span) for name, span in features.items() if name in self.weights]
        return tuple(sorted(weighed, key=lambda reason: (-abs(reason.weight), reason.name))[:most])


@cache
def scorers() -> tuple[Scorer, Scorer]:
    """The shipped scorers of `loose` and `paper_strict`."""
    data = json.loads(Path(__file__).with_name("weights.json").read_text(encoding="utf-8"))
    loose, strict = (Scorer(data[name]["weights"], data[name]["threshold"]) for name in ("loose", "strict"))
    return loose, strict
