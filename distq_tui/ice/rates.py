"""What an identity rate counts and how it stands: one rule for the detector and for judges, live and in reports."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from distq_tui.events import Mark, ScoreUpdated
from distq_tui.plan.design import BARE
from distq_tui.plan.trial import Probe
from distq_tui.prompts.sets import TWIN_SUFFIX
from distq_tui.stats import ClusterFeed, Rate, rate

Cell = tuple[str, int]
"""Prompt id and sample."""

MEASURES = ("loose", "strict", "hard")
"""`hard` is strict over clean probes only, a domain of its own."""

_GPT = re.compile("openai|gpt", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored answer and its place in the design, as the comparisons of rates take it.

    `template` and `question` are its clusters (see `template_cluster`); `primed`: its probe names a vendor or product.
    """

    prompt_id: str
    sample: int
    template: str | None
    question: str | None
    value: bool
    primed: bool = False

    @property
    def cell(self) -> Cell:
        """Where the answer stands in the plan."""
        return self.prompt_id, self.sample


def without_role_play(loose: bool, strict: bool, marks: Iterable[Mark]) -> tuple[bool, bool]:
    """Loose and strict as they are without the claims that were spoken under a marked role.

    A verdict falls where every claim that it rests on is role-play: for loose the claims that conflict with the fact,
    for strict those among them that name a maker. One that rests on no claim stands.
    """
    conflicts = [mark for mark in marks if mark.kind == "conflict"]
    makers = [mark for mark in conflicts if mark.vendor] or conflicts
    still_loose = loose and not _all_role_play(conflicts)
    return still_loose, still_loose and strict and not _all_role_play(makers)


def _all_role_play(marks: Sequence[Mark]) -> bool:
    return bool(marks) and all(mark.role_play for mark in marks)


def names_gpt(probe: Probe) -> bool:
    """Whether the probe names OpenAI, ChatGPT or GPT, which the hard score of the paper leaves out."""
    return any(_GPT.search(message.content) for message in probe.messages)


def is_templated(probes: Iterable[Probe]) -> bool:
    """Whether templates are the clusters: in a plan of bare questions the questions are."""
    return any(probe.template != BARE for probe in probes)


def template_cluster(template: str | None) -> str | None:
    """The template by which replies are alike: a primed twin is its template with a name in it, and no other one.

    Counted as two, they would pass for independent: the intervals of a plan with twins then cover 90-92 % where they
    say 95 (docs/intervals.md).
    """
    return template and template.removesuffix(TWIN_SUFFIX)


def cluster_of(probe: Probe, *, templated: bool) -> str:
    """The cluster that enters the live interval as one value: replies to one template are alike."""
    return (template_cluster(probe.template) if templated else probe.question) or ""


def fixed_rate(probes: Sequence[Probe], values: Sequence[float]) -> Rate | None:
    """The rate with its fixed-n interval over templates and questions; None without a scored answer.

    Give the answers in the plan's order: sums of floats would differ in their last digits with the order of arrival.
    """
    return rate(values, [template_cluster(probe.template) for probe in probes], [probe.question for probe in probes])


class Domain:
    """The probes that a rate is over, and their clusters; one for all rates over the same probes.

    Args:
        probes: in the order that the live interval uses.
        templated: see `is_templated`, of the whole plan.

    Attributes:
        places: the probes' places in that order, by prompt id.
        sizes: how many probes each cluster has, in the order in which clusters enter.
    """

    def __init__(self, probes: Sequence[Probe], *, templated: bool) -> None:
        self.probes = tuple(probes)
        self.places = {probe.prompt_id: place for place, probe in enumerate(self.probes)}
        self.sizes = Counter(cluster_of(probe, templated=templated) for probe in self.probes)
        self._templated = templated

    def cluster(self, place: int) -> str:
        """The cluster of the probe at that place."""
        return cluster_of(self.probes[place], templated=self._templated)


_OPEN, _NOT_SCORED, _MISS, _HIT = range(4)


class LiveRate:
    """One measure of one model while answers land: its domain's cells, and its live interval.

    Args:
        domain: the probes.
        samples: repeats of each.

    Attributes:
        positive: how many scored cells are hits.
    """

    def __init__(self, domain: Domain, samples: int) -> None:
        self._domain, self._samples = domain, samples
        self._feed = ClusterFeed({cluster: size * samples for cluster, size in domain.sizes.items()})
        self._cells = bytearray(len(domain.probes) * samples)  # a byte each: a run may have very many
        self._scored = 0
        self._excluded: Counter[str] = Counter()
        self.positive = 0

    @property
    def complete(self) -> bool:
        """Whether every planned cell is closed."""
        return self._feed.complete

    def close(self, prompt_id: str, sample: int, hit: bool | None, reason: str = "") -> None:
        """Close a cell, once; one that was not scored (`hit` None) is counted by its reason.

        A probe outside the domain is ignored: an adaptive search's answers never mix with the plan's.
        """
        place = self._domain.places.get(prompt_id)
        if place is None or sample >= self._samples or self._cells[place * self._samples + sample] != _OPEN:
            return
        state = _NOT_SCORED
        if hit is None:
            self._excluded[reason] += 1
        else:
            state = _HIT if hit else _MISS
            self._scored += 1
            self.positive += hit
        self._cells[place * self._samples + sample] = state
        self._feed.close(self._domain.cluster(place), None if hit is None else float(hit))

    def holds(self, prompt_id: str) -> bool:
        """Whether the probe is in this rate's domain."""
        return prompt_id in self._domain.places

    def fork(self) -> LiveRate:
        """A rate that has seen the same cells and goes on by itself."""
        other = copy.copy(self)
        other._feed = copy.deepcopy(self._feed)
        other._cells = bytearray(self._cells)
        other._excluded = self._excluded.copy()
        return other

    def scored(self) -> list[tuple[Probe, int, bool]]:
        """Probe, sample and value of the scored cells, in the plan's order."""
        return [
            (self._domain.probes[number // self._samples], number % self._samples, state == _HIT)
            for number, state in enumerate(self._cells)
            if state >= _MISS
        ]

    def _final(self) -> Rate | None:
        numbers = [number for number, state in enumerate(self._cells) if state >= _MISS]
        probes = [self._domain.probes[number // self._samples] for number in numbers]
        return fixed_rate(probes, [float(self._cells[number] == _HIT) for number in numbers])

    def standing(self, measure: str, model: str) -> ScoreUpdated:
        """The rate now: fixed-n where the plan is complete, else the sequence that stays valid while one watches."""
        n, left_out = self._scored, dict(self._excluded)
        final = self._final() if self.complete else None
        if final is not None:
            figures = (final.value, final.low, final.high, n, final.clusters, final.method)
            return ScoreUpdated(measure, (model,), *figures, left_out)
        sequence = self._feed.sequence
        low, high = sequence.interval if sequence.count else (None, None)
        return ScoreUpdated(
            measure, (model,), sequence.value, low, high, n, sequence.count, "confidence sequence", left_out
        )
