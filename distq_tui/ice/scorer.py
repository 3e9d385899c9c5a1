"""ICE as a live scorer: claims marked while an answer streams, and each model's rates as answers close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from distq_tui.events import ICE_SCORED, IceScored, Mark, ScoreEvent, ScoreUpdated
from distq_tui.ice.detector import VERSION, Claim, Reading, Verdict
from distq_tui.ice.facts import Facts
from distq_tui.ice.gap import induction_gap
from distq_tui.ice.rates import MEASURES, LiveRate, Scored, without_role_play
from distq_tui.ice.yardstick import Yardstick
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Probe, Trial

NO_ROLE_PLAY = "no_role_play"
"""Ends the name of a measure that leaves out claims spoken under a marked role; it is told where it differs."""


@dataclass(frozen=True, slots=True)
class _Model:
    """The rates of one model by measure: of all claims, and of those outside marked roles once the two differ."""

    rates: Mapping[str, LiveRate]
    plain: dict[str, LiveRate] = field(default_factory=dict)


class _Live:
    """Marks of one streaming answer."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._marks: tuple[Mark, ...] = ()

    def feed(self, text: str) -> tuple[Mark, ...]:
        """Take the text that arrived; all marks so far."""
        self._marks += tuple(_mark(claim) for claim in self._reading.feed(text))
        return self._marks


class IceScorer:
    """Identity verdicts and rates of every model over the plan's identity probes.

    Args:
        probes: the plan's probes, in the order that the live interval uses.
        samples: repeats of each probe, by model title.
        facts: who is who; None = the shipped families.
    """

    name = "ice-offline"
    version = VERSION

    def __init__(self, probes: Sequence[Probe], samples: Mapping[str, int], *, facts: Facts | None = None) -> None:
        self._yardstick = Yardstick(probes, samples, facts=facts)
        self._models = {title: _Model(rates) for title, rates in self._yardstick.rates().items()}

    def begin(self, trial: Trial) -> _Live | None:
        """Follow the answer to an identity probe."""
        return _Live(self._yardstick.reading(trial)) if trial.probe.kind == "identity" else None

    def score(self, result: TrialResult) -> Sequence[ScoreEvent]:
        """The verdict on a closed answer, and the model's rates as they stand."""
        trial, title = result.trial, result.trial.model.title
        model = self._models.get(title)
        if trial.probe.kind != "identity" or model is None:
            return ()
        scored = self._scored(result) if result.response.cls in ICE_SCORED else None
        events: list[ScoreEvent] = [] if scored is None else [scored]
        if trial.purpose != "plan":
            return events  # a searched template was chosen because it hits: a verdict on it, and no part in any rate
        if not self._yardstick.has_facts(trial.model):
            return [*events, *(_unknown(name, title) for name in MEASURES)]
        for measure in MEASURES:
            _close(model, measure, result, scored)
            events.append(model.rates[measure].standing(f"ice.{measure}", title))
        for measure in MEASURES:
            if measure in model.plain:
                events.append(model.plain[measure].standing(f"ice.{measure}.{NO_ROLE_PLAY}", title))
        return [*events, *self._gap(title, model.rates["strict"])]

    def _gap(self, title: str, strict: LiveRate) -> Sequence[ScoreEvent]:
        """What naming a maker did, once all twins are in: on the way there it would cost a pass over all cells."""
        if not self._yardstick.has_twins or not strict.complete:
            return ()
        gap = induction_gap(
            [
                Scored(probe.prompt_id, sample, probe.template, probe.question, hit, self._yardstick.primed(probe))
                for probe, sample, hit in strict.scored()
            ],
            complete=True,
        )
        if gap is None or gap.low is None:
            return ()
        return [
            ScoreUpdated("ice.induction_gap", (title,), gap.value, gap.low, gap.high, gap.n, gap.clusters, gap.method)
        ]

    def _scored(self, result: TrialResult) -> IceScored:
        if result.verdict is not None:
            return result.verdict
        reading = self._yardstick.reading(result.trial)
        reading.feed(result.response.text)
        verdict: Verdict = reading.finish()
        claimed = dict.fromkeys(claim.vendor or claim.product for claim in verdict.claims)
        return IceScored(
            row=result.row,
            model=result.trial.model.title,
            prompt_id=result.trial.probe.prompt_id,
            sample=result.trial.sample,
            loose=verdict.loose,
            strict=verdict.strict,
            paper_strict=verdict.paper_strict,
            primed=self._yardstick.primed(result.trial.probe),
            marks=tuple(_mark(claim) for claim in verdict.claims),
            claimed=tuple(filter(None, claimed)),
        )


def _close(model: _Model, measure: str, result: TrialResult, scored: IceScored | None) -> None:
    cell = result.trial.probe.prompt_id, result.trial.sample
    value: bool | None = None
    plain: bool | None = None
    if scored is not None:
        part = 0 if measure == "loose" else 1
        value = (scored.loose, scored.strict)[part]
        plain = without_role_play(scored.loose, scored.strict, scored.marks)[part]
    if plain != value and measure not in model.plain and model.rates[measure].holds(cell[0]):
        model.plain[measure] = model.rates[measure].fork()
    for rate, outcome in ((model.rates[measure], value), (model.plain.get(measure), plain)):
        if rate is not None:
            rate.close(*cell, outcome, result.response.cls)


def _mark(claim: Claim) -> Mark:
    kind: Literal["conflict", "own", "other"] = "conflict"
    if not claim.conflict:
        kind = "own" if claim.vendor or claim.product else "other"
    return Mark(claim.start, claim.end, kind, claim.rule, claim.vendor, claim.role_play)


def _unknown(measure: str, model: str) -> ScoreUpdated:
    return ScoreUpdated(
        f"ice.{measure}", (model,), None, None, None, 0, 0, "no fact: give the model `family` or `fact`"
    )
