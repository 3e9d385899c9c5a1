"""ICE as a live scorer: claims marked while an answer streams, and each model's rates as answers close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from distq_tui.config.models import ModelSpec
from distq_tui.events import ICE_SCORED, IceScored, Mark, ScoreEvent, ScoreUpdated
from distq_tui.ice.aliases import AliasScanner, lower
from distq_tui.ice.detector import VERSION, Claim, Detector, Reading, Verdict
from distq_tui.ice.facts import Facts, Family, load_facts
from distq_tui.plan.design import BARE
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Probe, Trial
from distq_tui.stats import ClusterFeed, rate

Cell = tuple[str, int]
"""Prompt id and sample."""

MEASURES = ("loose", "strict", "hard")
"""`hard` is strict over clean probes only, a domain of its own."""


@dataclass(slots=True)
class _Rate:
    """One measure of one model: the probes of its domain in the plan's order, its scored cells, its live interval."""

    probes: dict[str, Probe]
    samples: int
    feed: ClusterFeed
    hits: dict[Cell, bool] = field(default_factory=dict)
    excluded: Counter[str] = field(default_factory=Counter)


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
        self._facts = facts or load_facts()
        self._detector = Detector(self._facts)
        self._names = AliasScanner(self._facts)
        identity = [probe for probe in probes if probe.kind == "identity"]
        self._templated = any(probe.template != BARE for probe in identity)
        self._primed = {probe.prompt_id: self._names_somebody(probe) for probe in identity}
        self._families: dict[str, Family | None] = {}
        clean = [probe for probe in identity if not self._primed[probe.prompt_id]]
        domains = {"loose": identity, "strict": identity, "hard": clean}
        self._models = {
            title: {measure: self._rate(domains[measure], count) for measure in MEASURES}
            for title, count in samples.items()
        }

    def begin(self, trial: Trial) -> _Live | None:
        """Follow the answer to an identity probe."""
        return _Live(self._reading(trial)) if trial.probe.kind == "identity" else None

    def score(self, result: TrialResult) -> Sequence[ScoreEvent]:
        """The verdict on a closed answer, and the model's rates as they stand."""
        trial = result.trial
        rates = self._models.get(trial.model.title)
        if trial.probe.kind != "identity" or rates is None:
            return ()
        events: list[ScoreEvent] = []
        verdict = None
        if result.response.cls in ICE_SCORED:
            reading = self._reading(trial)
            reading.feed(result.response.text)
            verdict = reading.finish()
            events.append(self._scored(result, verdict))
        if not self._has_facts(trial.model):
            return [*events, *(_unknown(name, trial.model.title) for name in MEASURES)]
        for measure, held in rates.items():
            self._count(measure, held, result, verdict)
            events.append(_standing(measure, trial.model.title, held))
        return events

    def _has_facts(self, model: ModelSpec) -> bool:
        """Without a fact nothing can conflict, and a rate of 0 would say something that nobody knows."""
        return bool(model.fact and model.fact.strip()) or self._family(model) is not None

    def _reading(self, trial: Trial) -> Reading:
        return self._detector.stream(family=self._family(trial.model), fact=trial.model.fact, query=trial.probe.query)

    def _family(self, model: ModelSpec) -> Family | None:
        name = model.family
        if name is not None and name not in self._families:
            self._families[name] = self._facts.lookup(name)
        return self._families[name] if name is not None else None

    def _names_somebody(self, probe: Probe) -> bool:
        """Whether the probe is primed: computed from its text, never declared."""
        return any(self._names.find(message.content, lower(message.content)) for message in probe.messages)

    def _rate(self, probes: Sequence[Probe], samples: int) -> _Rate:
        counts = Counter(self._cluster(probe) for probe in probes)
        feed = ClusterFeed({cluster: count * samples for cluster, count in counts.items()})
        return _Rate({probe.prompt_id: probe for probe in probes}, samples, feed)

    def _cluster(self, probe: Probe) -> str:
        """Replies to one template are alike; in a plan of bare questions the question is the unit."""
        return str(probe.template if self._templated else probe.question)

    def _count(self, measure: str, held: _Rate, result: TrialResult, verdict: Verdict | None) -> None:
        """Close the answer's cell, where it is one of the measure's: a probe outside the plan never mixes with it."""
        probe, sample = result.trial.probe, result.trial.sample
        if probe.prompt_id not in held.probes or sample >= held.samples:
            return
        if verdict is None:
            held.excluded[result.response.cls] += 1
            held.feed.close(self._cluster(probe), None)
        else:
            hit = verdict.loose if measure == "loose" else verdict.strict
            held.hits[probe.prompt_id, sample] = hit
            held.feed.close(self._cluster(probe), float(hit))

    def _scored(self, result: TrialResult, verdict: Verdict) -> IceScored:
        probe = result.trial.probe
        claimed = dict.fromkeys(claim.vendor or claim.product for claim in verdict.claims)
        return IceScored(
            row=result.row,
            model=result.trial.model.title,
            prompt_id=probe.prompt_id,
            sample=result.trial.sample,
            loose=verdict.loose,
            strict=verdict.strict,
            paper_strict=verdict.paper_strict,
            primed=self._primed.get(probe.prompt_id, self._names_somebody(probe)),
            marks=tuple(_mark(claim) for claim in verdict.claims),
            claimed=tuple(filter(None, claimed)),
        )


def _mark(claim: Claim) -> Mark:
    kind: Literal["conflict", "own", "other"] = "conflict"
    if not claim.conflict:
        kind = "own" if claim.vendor or claim.product else "other"
    return Mark(claim.start, claim.end, kind, claim.rule, claim.vendor, claim.role_play)


def _unknown(measure: str, model: str) -> ScoreUpdated:
    return ScoreUpdated(
        f"ice.{measure}", (model,), None, None, None, 0, 0, "no fact: give the model `family` or `fact`"
    )


def _standing(measure: str, model: str, held: _Rate) -> ScoreUpdated:
    """The rate: fixed-n where the plan is complete, else the sequence that stays valid while one watches."""
    name = f"ice.{measure}"
    n, left_out = len(held.hits), dict(held.excluded)
    if held.feed.complete:
        # in the plan's order: sums of floats would differ in their last digits whenever answers land in another one
        planned = ((prompt, sample) for prompt in held.probes for sample in range(held.samples))
        cells = [cell for cell in planned if cell in held.hits]
        final = rate(
            [held.hits[cell] for cell in cells],
            [held.probes[prompt].template for prompt, _ in cells],
            [held.probes[prompt].question for prompt, _ in cells],
        )
        if final is not None:
            return ScoreUpdated(
                name, (model,), final.value, final.low, final.high, n, final.clusters, final.method, left_out
            )
    sequence = held.feed.sequence
    low, high = sequence.interval if sequence.count else (None, None)
    return ScoreUpdated(name, (model,), sequence.value, low, high, n, sequence.count, "confidence sequence", left_out)
