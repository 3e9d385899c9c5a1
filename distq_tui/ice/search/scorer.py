"""What the target's answers are worth to the search: strict hits by the offline detector, counted and shown apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from distq_tui.config.models import ModelSpec
from distq_tui.errors import InputError
from distq_tui.events import ICE_SCORED, Response, ScoreUpdated
from distq_tui.ice.detector import Detector
from distq_tui.ice.facts import Facts, Family

MEASURE = "search.strict"
METHOD = "exploration: chosen because it hits; not a rate"


@dataclass(slots=True)
class StrictHits:
    """The target's answers under searched templates.

    Args:
        target: the model that is searched against.
        facts: who is who.

    Raises:
        InputError: nothing is known of the target, so that nothing could ever hit.
    """

    target: ModelSpec
    facts: Facts
    hits: int = 0
    scored: int = 0
    templates: int = 0
    excluded: Counter[str] = field(default_factory=Counter)
    _detector: Detector = field(init=False)
    _family: Family | None = field(init=False)

    def __post_init__(self) -> None:
        self._detector = Detector(self.facts)
        self._family = self.facts.lookup(self.target.family or "")
        if not (self.target.fact or "").strip() and self._family is None:
            raise InputError(
                f"{self.target.title} has neither a `fact` nor a known `family`, so that nothing can contradict it",
                field="adaptive.target",
            )

    def count(self, response: Response, query: str | None) -> bool | None:
        """Whether an answer is a strict hit; None where its class is not scored. Either way it is counted."""
        if response.cls not in ICE_SCORED:
            self.excluded[response.cls] += 1
            return None
        verdict = self._detector.detect(response.text, family=self._family, fact=self.target.fact, query=query)
        self.hits += verdict.strict
        self.scored += 1
        return verdict.strict

    def close(self, outcomes: Sequence[bool | None]) -> float | None:
        """End a template: the strict rate over its scored answers, in [0, 1]; None where nothing was scored."""
        scored = [hit for hit in outcomes if hit is not None]
        if not scored:
            return None
        self.templates += 1
        return sum(scored) / len(scored)

    def standing(self) -> ScoreUpdated:
        """The share of hits so far: without an interval, because it is no estimate of anything."""
        share = self.hits / self.scored if self.scored else None
        models, left_out = (self.target.title,), dict(self.excluded)
        return ScoreUpdated(MEASURE, models, share, None, None, self.scored, self.templates, METHOD, left_out)
