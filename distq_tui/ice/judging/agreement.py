"""How far judges agree with each other and with the detector, as verdicts come in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

from distq_tui.events import ScoreUpdated
from distq_tui.stats import cohen_kappa_of_counts

DETECTOR = "detector"
"""Stands for the offline detector where raters are named."""

Labels = tuple[bool | None, bool | None]
"""Loose and strict; None = unscored."""

_KAPPAS = ("ice.kappa", "ice.kappa.strict")


class Agreement:
    """Cohen's kappa of each judge with every other and with the detector, over the answers that both labelled.

    Args:
        judges: their titles, in the plan's order.
    """

    def __init__(self, judges: Sequence[str]) -> None:
        self._raters = [*judges, DETECTOR]
        self._labels: defaultdict[tuple[str, str, int], dict[str, Labels]] = defaultdict(dict)
        self._counts: defaultdict[tuple[str, str, str], Counter[tuple[Hashable, Hashable]]] = defaultdict(Counter)

    def add(self, answer: tuple[str, str, int], rater: str, labels: Labels) -> list[ScoreUpdated]:
        """Take a rater's labels on an answer (model, prompt, sample); gives the kappas that they changed."""
        given = self._labels[answer]
        changed: list[ScoreUpdated] = []
        for other, theirs in given.items():
            first, second = sorted((rater, other), key=self._raters.index)
            for measure, mine, their in zip(_KAPPAS, labels, theirs, strict=True):
                if mine is not None and their is not None:
                    pair = (mine, their) if first == rater else (their, mine)
                    self._counts[measure, first, second][pair] += 1
                    changed.append(self._standing(measure, first, second))
        given[rater] = labels
        if len(given) == len(self._raters):
            del self._labels[answer]
        return changed

    def _standing(self, measure: str, first: str, second: str) -> ScoreUpdated:
        counts = self._counts[measure, first, second]
        value = cohen_kappa_of_counts(counts)
        method = "Cohen's kappa" if value is not None else "Cohen's kappa: undefined, both give one same label"
        return ScoreUpdated(measure, (first, second), value, None, None, counts.total(), 0, method)
