"""The similarities of one prompt set as the verdict reads them: pair by pair, prompt by prompt.

The unit is the prompt, and a whole conversation is one prompt: its last turn is what is answered and compared. Several
samples of a prompt count as their mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from distq_tui.rse.verdict_controls import Families

ByPrompt = Mapping[str, float]
"""A score in [0, 1] by prompt id."""


@dataclass(frozen=True, slots=True)
class SetScores:
    """Similarities on one prompt set.

    Attributes:
        prompts: ids in the order asked.
        pairs: by the two titles; a model's similarity to itself across samples (the ceiling) under its one title.
    """

    prompts: Sequence[str]
    pairs: Mapping[frozenset[str], ByPrompt]

    def of(self, a: str, b: str) -> ByPrompt:
        """The pair's scores; empty where nothing was compared."""
        return self.pairs.get(frozenset((a, b)), {})

    def mean(self, a: str, b: str) -> float | None:
        """The pair's mean over its prompts; None without any."""
        values = list(self.of(a, b).values())
        return float(np.mean(values)) if values else None

    def null(self, model: str, families: Families) -> list[float]:
        """The model's similarity to each control family: one family counts once."""
        return [value for titles in families.values() if (value := self._family_mean(model, titles)) is not None]

    def floor(self, model: str, families: Families) -> dict[str, float]:
        """By prompt, the model's similarity to the control families that answered it."""
        found = {}
        for prompt in self.prompts:
            value = floor_on(
                {title: self.of(model, title).get(prompt) for titles in families.values() for title in titles}, families
            )
            if value is not None:
                found[prompt] = value
        return found

    def _family_mean(self, model: str, titles: Iterable[str]) -> float | None:
        values = [value for title in titles if (value := self.mean(model, title)) is not None]
        return float(np.mean(values)) if values else None


def floor_on(scores: Mapping[str, float | None], families: Families) -> float | None:
    """A model's similarity to its controls on one prompt: mean over families of the mean over each family's models.

    Args:
        scores: by control title; None or absent where nothing was compared.
        families: control titles by family.
    """
    means = []
    for titles in families.values():
        values = [value for title in titles if (value := scores.get(title)) is not None]
        if values:
            means.append(float(np.mean(values)))
    return float(np.mean(means)) if means else None
