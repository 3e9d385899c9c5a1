"""What identity answers are measured by: whose facts hold for a model, which probes are primed, and the rates of each.

The detector's scorer and the judges share it, so that both count the very same cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from distq_tui.config.models import ModelSpec
from distq_tui.ice.aliases import AliasScanner, lower
from distq_tui.ice.detector import Detector, Reading
from distq_tui.ice.facts import Facts, Family, load_facts
from distq_tui.ice.rates import MEASURES, Domain, LiveRate, is_templated
from distq_tui.plan.trial import Probe, Trial
from distq_tui.prompts.sets import TWIN_SUFFIX


class Yardstick:
    """The facts, and the identity probes of one plan.

    Args:
        probes: the plan's probes, in the order that the live interval uses.
        samples: repeats of each probe, by model title.
        facts: who is who; None = the shipped families.

    Attributes:
        samples: as given.
        has_twins: whether some probes are the primed twins of others.
    """

    def __init__(self, probes: Sequence[Probe], samples: Mapping[str, int], *, facts: Facts | None = None) -> None:
        self.samples = samples
        self._facts = facts or load_facts()
        self._detector = Detector(self._facts)
        self._names = AliasScanner(self._facts)
        identity = [probe for probe in probes if probe.kind == "identity"]
        self._primed = {probe.prompt_id: self._names_somebody(probe) for probe in identity}
        templated = is_templated(identity)
        self._all = Domain(identity, templated=templated)
        clean = [probe for probe in identity if not self._primed[probe.prompt_id]]
        self._clean = self._all if len(clean) == len(identity) else Domain(clean, templated=templated)
        self.has_twins = any((probe.template or "").endswith(TWIN_SUFFIX) for probe in identity)
        self._families: dict[str, Family | None] = {}

    def family(self, model: ModelSpec) -> Family | None:
        """The family that a model is said to belong to; None where it is not said, or nobody bears that name."""
        name = model.family
        if name is not None and name not in self._families:
            self._families[name] = self._facts.lookup(name)
        return self._families[name] if name is not None else None

    def has_facts(self, model: ModelSpec) -> bool:
        """Without a fact nothing can conflict, and a rate of 0 would say something that nobody knows."""
        return bool(model.fact and model.fact.strip()) or self.family(model) is not None

    def statement(self, model: ModelSpec) -> str:
        """What the model truly is, for a judge to read: the user's own sentence, else the family's; "" for no fact."""
        return self._facts.statement(model.family, model.fact)

    def other_makers(self, model: ModelSpec) -> str:
        """Every maker of the facts but the model's own, one a line with some of its models, for a judge to read."""
        fact = model.fact or ""
        own = {hit.name.family for hit in self._names.find(fact, lower(fact))}
        family = self.family(model)
        if family is not None:
            own.add(family.key)
        others = (entry for entry in self._facts.families.values() if entry.key not in own)
        return "\n".join(f"{entry.name}: {', '.join((*entry.vendors[:2], *entry.products[:3]))}" for entry in others)

    def reading(self, trial: Trial) -> Reading:
        """A reading of the trial's answer by the offline detector."""
        return self._detector.stream(family=self.family(trial.model), fact=trial.model.fact, query=trial.probe.query)

    def primed(self, probe: Probe) -> bool:
        """Whether the probe names a vendor or product: computed from its text, never declared."""
        known = self._primed.get(probe.prompt_id)
        return self._names_somebody(probe) if known is None else known

    def rates(self) -> dict[str, dict[str, LiveRate]]:
        """Fresh rates by model title and measure; those of one measure have the same probes for every model."""
        return {
            title: {measure: LiveRate(self._clean if measure == "hard" else self._all, count) for measure in MEASURES}
            for title, count in self.samples.items()
        }

    def _names_somebody(self, probe: Probe) -> bool:
        return any(self._names.find(message.content, lower(message.content)) for message in probe.messages)
