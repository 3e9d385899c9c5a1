"""The offline ICE detector: does an answer contradict the facts about the model that gave it, and by which words?

Rules, deterministic, no network. A `Detector` is built once and shared; each answer is read by its own `Reading`, whole
or chunk by chunk, with the same verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from distq_tui.ice.aliases import AliasScanner, PlaceScanner, lower
from distq_tui.ice.claims import Finding, Sentence
from distq_tui.ice.decide import Reason, scorers
from distq_tui.ice.evidence import ALWAYS_TWO, Evidence, Group, Span, Target, level
from distq_tui.ice.facts import Facts, Family
from distq_tui.ice.refusal import is_refusal
from distq_tui.ice.rules import NAMED, TIED
from distq_tui.ice.segments import Segment, Segmenter

VERSION = "5"
"""Goes into the key of stored scores: raise it whenever a verdict may change."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something the answer says its speaker is, or was made by.

    Attributes:
        vendor: the maker's name, "" where none is named (an unknown maker, a place, a denial).
        product: the product named, or "".
        start, end: code points of the answer that carry the claim.
        kind: `maker`, `product`, `policy`, `topic` (an answer to a question about "you" without "I"), `invented`,
            `denial`, `place`, or `hint`: what weighed most where nothing is claimed outright; it names no vendor.
        role_play: spoken under a marked role (`[Claude]: ...`).
        rule: the rule that found it.
        conflict: it contradicts the fact.
    """

    vendor: str
    product: str
    start: int
    end: int
    kind: str
    role_play: bool
    rule: str
    conflict: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What docs/terms.md asks of one answer, with the claims and the reasons that led there.

    `reasons` are the features that weighed most for or against `loose`, heaviest first; `score` is their whole sum, in
    logits above (or below 0: under) the threshold of `loose`.
    """

    loose: bool
    strict: bool
    paper_strict: bool
    refusal: bool
    claims: tuple[Claim, ...]
    reasons: tuple[Reason, ...]
    score: float


class Detector:
    """Finds identity claims by one table of facts. Build it once: it holds no state of any answer."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._names = AliasScanner(facts)
        self._places = PlaceScanner(facts)
        self._target = lru_cache(maxsize=256)(self._make_target)

    def detect(
        self, text: str, *, family: Family | None = None, fact: str | None = None, query: str | None = None
    ) -> Verdict:
        """The verdict on a whole answer; see `stream` for the arguments."""
        reading = self.stream(family=family, fact=fact, query=query)
        reading.feed(text)
        return reading.finish()

    def stream(self, *, family: Family | None = None, fact: str | None = None, query: str | None = None) -> Reading:
        """A reading of one answer that is still arriving.

        Args:
            family: the family that the model truly belongs to.
            fact: what the model truly is, in a sentence or two; the families it names count as its own too.
            query: the question that was asked; without it, it is taken to be about "you".

        With neither family nor fact nothing can conflict, and no verdict is positive.
        """
        return Reading(self._target(family, fact), query, self._names, self._places)

    def _make_target(self, family: Family | None, fact: str | None) -> Target:
        lowered = lower(fact or "")
        own = {hit.name.family for hit in self._names.find(fact or "", lowered)}
        countries = {country for _, _, country in self._places.find(lowered)}
        places = {lowered[start:end] for start, end, _ in self._places.find(lowered)}
        if family is not None:
            own.add(family.key)
            countries.add(family.country)
            places.update(place.lower() for place in family.places)
        known = family is not None or bool(fact and fact.strip())
        return Target(frozenset(own), frozenset(countries - {""}), frozenset(places), known)


class Reading:
    """One answer, read as it arrives."""

    def __init__(self, target: Target, query: str | None, names: AliasScanner, places: PlaceScanner) -> None:
        self._target = target
        self._names = names
        self._segmenter = Segmenter()
        self._evidence = Evidence(target, query, places)
        self._claims: list[Claim] = []
        self._texts: list[str] = []
        self._last: Sentence | None = None

    def feed(self, chunk: str) -> tuple[Claim, ...]:
        """Read on; gives the claims of the sentences that this chunk closed."""
        self._texts.append(chunk)
        return self._read(self._segmenter.feed(chunk))

    def finish(self) -> Verdict:
        """Read what was still open, and judge the whole. Call it once."""
        self._read(self._segmenter.finish())
        by_loose, by_strict = scorers()
        features = self._evidence.features("foreign")
        score = by_loose.score(features)
        loose = self._target.known and score >= 0
        paper = loose and by_strict.score(self._evidence.features("two")) >= 0
        claims = list(self._claims)
        if paper:
            claims += self._topics()
        if loose:
            claims += [
                Claim("", "", soft.start, soft.end, soft.kind, soft.role, soft.rule, True)
                for soft in self._evidence.soft()
            ]
        strict = loose and any(claim.conflict and claim.vendor for claim in claims)
        if loose and not any(claim.conflict for claim in claims):
            claims += self._hint(by_loose.reasons(features, most=len(features)))
        return Verdict(
            loose=loose,
            strict=strict,
            paper_strict=paper,
            refusal=is_refusal("".join(self._texts)),
            claims=tuple(sorted(claims, key=lambda claim: (claim.start, claim.end))),
            reasons=by_loose.reasons(features),
            score=score,
        )

    def features(self, group: Group) -> dict[str, Span | None]:
        """The features of what was read so far, for training; closes the last sentence."""
        self._read(self._segmenter.finish())
        return self._evidence.features(group)

    def _read(self, segments: Iterable[Segment]) -> tuple[Claim, ...]:
        new: list[Claim] = []
        for segment in segments:
            self._last = Sentence(segment, self._names, self._last)
            for finding in self._evidence.read(self._last):
                if level(finding) >= TIED:
                    new.append(self._claim(finding, finding.kind))
        self._claims += new
        return tuple(new)

    def _claim(self, finding: Finding, kind: str) -> Claim:
        name = finding.hit.name
        return Claim(
            vendor=name.vendor,
            product=name.text if name.role == "product" else "",
            start=finding.start,
            end=finding.end,
            kind=kind,
            role_play=bool(finding.segment.role),
            rule=finding.rule,
            conflict=self._target.known and name.family not in self._target.own,
        )

    def _topics(self) -> list[Claim]:
        """Where no sentence with "I" names OpenAI or Anthropic, the names that answered the question nearest to one."""
        two = [finding for finding in self._evidence.findings if finding.hit.name.family in ALWAYS_TWO]
        best = max((level(finding) for finding in two), default=NAMED)
        if best >= TIED or best < NAMED:
            return []
        return [self._claim(finding, "topic") for finding in two if level(finding) == best][:3]

    def _hint(self, reasons: Iterable[Reason]) -> list[Claim]:
        """The words that weighed most for a conflict, for a verdict that no claim stands behind."""
        for reason in reasons:
            if reason.weight > 0 and reason.span is not None:
                named = next((name for name in self._evidence.findings if (name.start, name.end) == reason.span), None)
                cue = self._evidence.hints.get(reason.name)
                role = named.segment.role if named else cue is not None and cue.role
                rule = named.rule if named else reason.name
                return [Claim("", "", *reason.span, "hint", bool(role), rule, True)]
        return []
