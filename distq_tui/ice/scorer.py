"""ICE as a live scorer: claims marked while an answer streams, and each model's rates as answers close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from distq_tui.config.models import ModelSpec
from distq_tui.events import ICE_SCORED, IceScored, Mark, ScoreEvent, ScoreUpdated
from distq_tui.ice.aliases import AliasScanner, lower
from distq_tui.ice.detector import VERSION, Claim, Detector, Reading, Verdict
from distq_tui.ice.facts import Facts, Family, load_facts
from distq_tui.plan.design import BARE
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Probe, Trial
from distq_tui.stats import ClusterFeed, rate

MEASURES = ("loose", "strict", "hard")
"""`hard` is strict over clean probes only, a domain of its own."""


@dataclass(slots=True)
class _Rate:
    """One measure of one model: its scored cells and its live interval."""

    feed: ClusterFeed
    values: list[bool] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Model:
    rates: dict[str, _Rate]
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
        self._identity = identity
        self._families: dict[str, Family | None] = {}
        self._models = {title: self._model(count) for title, count in samples.items()}

    def begin(self, trial: Trial) -> _Live | None:
        """Follow the answer to an identity probe."""
        return _Live(self._reading(trial)) if trial.probe.kind == "identity" else None

    def score(self, result: TrialResult) -> Sequence[ScoreEvent]:
        """The verdict on a closed answer, and the model's rates as they stand."""
        trial = result.trial
        model = self._models.get(trial.model.title)
        if trial.probe.kind != "identity" or model is None:
            return ()
        events: list[ScoreEvent] = []
        verdict = None
        if result.response.cls in ICE_SCORED:
            reading = self._reading(trial)
            reading.feed(result.response.text)
            verdict = reading.finish()
            events.append(self._scored(result, verdict))
        else:
            model.excluded[result.response.cls] += 1
        if not self._has_facts(trial.model):
            return [*events, *(_unknown(name, trial.model.title) for name in MEASURES)]
        self._count(model, trial.probe, verdict)
        events += [_standing(name, trial.model.title, held, model.excluded) for name, held in model.rates.items()]
        return events

    def _has_facts(self, model: ModelSpec) -> bool:
        """Without a fact nothing can conflict, and a rate of 0 would say something that nobody knows."""
        return bool(model.fact) or self._family(model) is not None

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

    def _model(self, samples: int) -> _Model:
        clean = [probe for probe in self._identity if not self._primed[probe.prompt_id]]
        domains = {"loose": self._identity, "strict": self._identity, "hard": clean}
        return _Model({name: _Rate(ClusterFeed(self._cells(probes, samples))) for name, probes in domains.items()})

    def _cells(self, probes: Sequence[Probe], samples: int) -> dict[str, int]:
        counts = Counter(self._cluster(probe) for probe in probes)
        return {cluster: count * samples for cluster, count in counts.items()}

    def _cluster(self, probe: Probe) -> str:
        """Replies to one template are alike; in a plan of bare questions the question is the unit."""
        return str(probe.template if self._templated else probe.question)

    def _count(self, model: _Model, probe: Probe, verdict: Verdict | None) -> None:
        for name, held in model.rates.items():
            if name == "hard" and self._primed.get(probe.prompt_id, True):
                continue
            value = None if verdict is None else (verdict.loose if name == "loose" else verdict.strict)
            held.feed.close(self._cluster(probe), None if value is None else float(value))
            if value is not None:
                held.values.append(value)
                held.templates.append(str(probe.template))
                held.questions.append(str(probe.question))

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
    if claim.conflict:
        return Mark(claim.start, claim.end, "conflict", claim.rule)
    return Mark(claim.start, claim.end, "own" if claim.vendor or claim.product else "other", claim.rule)


def _unknown(measure: str, model: str) -> ScoreUpdated:
    return ScoreUpdated(
        f"ice.{measure}", (model,), None, None, None, 0, 0, "no fact: give the model `family` or `fact`"
    )


def _standing(measure: str, model: str, held: _Rate, excluded: Counter[str]) -> ScoreUpdated:
    """The rate: fixed-n where the plan is complete, else the sequence that stays valid while one watches."""
    name = f"ice.{measure}"
    n, left_out = len(held.values), dict(excluded)
    if held.feed.complete:
        final = rate(held.values, held.templates, held.questions)
        if final is not None:
            return ScoreUpdated(
                name, (model,), final.value, final.low, final.high, n, final.clusters, final.method, left_out
            )
    sequence = held.feed.sequence
    low, high = sequence.interval
    return ScoreUpdated(name, (model,), sequence.value, low, high, n, sequence.count, "confidence sequence", left_out)
