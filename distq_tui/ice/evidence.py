"""Gather what an answer says about its speaker, sentence by sentence, and sum it up as named features.

The features are few and speak for themselves ("claim >= 5", "own >= 2", "at home"); `decide` weighs them. Every feature
remembers the span that first gave it, so that a verdict can point at its reasons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from distq_tui.ice.aliases import PlaceScanner
from distq_tui.ice.claims import Finding, Sentence, findings
from distq_tui.ice.cues import INVENTED, NAMED_MAKER, NO_COMPANY, Cue, cues
from distq_tui.ice.query import asks_about_you, aspect
from distq_tui.ice.rules import DENIED, DIRECT, LEVELS, LOCATES, LOCATES_WORDS, NAMED, NEAR, TIED

_CHINESE = re.compile("[一-鿿]")
Span = tuple[int, int]
Group = Literal["foreign", "two"]
"""Whose claims count: `foreign` (all but the target's own, for `loose`) or `two` (OpenAI and Anthropic)."""
ALWAYS_TWO = frozenset({"openai", "anthropic"})
"""The families of the paper's second judge."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom the answer is checked against: the families it may name, and its home."""

    own: frozenset[str]
    countries: frozenset[str]
    places: frozenset[str]
    known: bool


@dataclass(frozen=True, slots=True)
class Soft:
    """A claim that names no known maker: `kind` is `invented`, `denial` or `place`."""

    kind: str
    rule: str
    start: int
    end: int
    role: bool


def level(finding: Finding) -> int:
    """How directly the finding ties its name to the speaker, once doubts are taken off."""
    if finding.doubt == "negated":
        return DENIED
    return NAMED if finding.doubt else LEVELS[finding.rule]


class Evidence:
    """Reads sentences in order; `features()` may be asked at any time."""

    def __init__(self, target: Target, query: str | None, places: PlaceScanner) -> None:
        self._target = target
        self._places = places
        self._aspect = aspect(query)
        self._about_you = asks_about_you(query)
        self._levels: dict[str, int] = {}
        self._rules: set[str] = set()
        self._doubts: set[str] = set()
        self._seen: dict[str, Span] = {}
        self._homes: dict[str, Span] = {}
        self._roles: set[str] = set()
        self._direct = 0
        self._length = self._chinese = 0
        self.findings: list[Finding] = []
        self.hints: dict[str, Cue] = {}

    def read(self, sentence: Sentence) -> list[Finding]:
        """Take in one sentence; gives the names found in it."""
        found = list(findings(sentence)) if sentence.hits else []
        for finding in found:
            self._take(finding)
        if sentence.segment.think:
            return found
        self._length += len(sentence.text)
        if not sentence.latin:
            self._chinese += len(_CHINESE.findall(sentence.text))
        if sentence.segment.role:
            self._roles.add(sentence.segment.role)
        for cue in cues(sentence, self.hints):
            self.hints[cue.name] = cue
        if (sentence.speaks or self._aspect == "place") and _locates(sentence):
            self._locate(sentence)
        return found

    def soft(self) -> list[Soft]:
        """Claims without a known name: invented makers, denials, places abroad."""
        kinds = {INVENTED: "invented", NAMED_MAKER: "invented", NO_COMPANY: "denial"}
        claims = [
            Soft(kinds[hint.name], hint.name, hint.start, hint.end, hint.role)
            for hint in self.hints.values()
            if hint.name in kinds
        ]
        if "abroad" in self._homes:
            claims.append(Soft("place", "a place that is not its home", *self._homes["abroad"], False))
        return claims

    def _take(self, finding: Finding) -> None:
        self.findings.append(finding)
        own = finding.hit.name.family in self._target.own
        reached = level(finding)
        span = (finding.start, finding.end)
        groups = ["own" if own else "foreign"]
        if finding.hit.name.family in ALWAYS_TWO:
            groups.append("two")
        for group in groups:
            place = f"{group} in thought" if finding.segment.think else f"{group} in answer"
            if reached > self._levels.get(place, -1):
                self._levels[place] = reached
                self._seen[place] = span
        if not own and not finding.segment.think:
            if finding.doubt:
                self._doubts.add(finding.doubt)
            elif reached < DIRECT:
                self._rules.add(finding.rule)
            else:
                self._direct += 1
                self._roles.add("claims in a role" if finding.segment.role else "claims plainly")

    def _locate(self, sentence: Sentence) -> None:
        base = sentence.segment.start + sentence.segment.body
        for start, end, country in self._places.find(sentence.lowered):
            home = country in self._target.countries or sentence.lowered[start:end] in self._target.places
            self._homes.setdefault("home" if home else "abroad", (base + start, base + end))

    def features(self, group: Group) -> dict[str, Span | None]:
        """The features of the answer, each with the span that first gave it (None where it is about the whole)."""
        answer = self._levels.get(f"{group} in answer", -1)
        thought = self._levels.get(f"{group} in thought", -1)
        own = self._levels.get("own in answer", -1)
        best, where = max((answer, f"{group} in answer"), (thought, f"{group} in thought"))
        span = self._seen.get(where)
        out: dict[str, Span | None] = {f"claim >= {step}": span for step in range(best + 1)}
        if thought > answer:
            out["claim in thought only"] = span
        out.update({f"own >= {step}": self._seen.get("own in answer") for step in (1, 2, 5) if own >= step})
        if self._levels.get("own in thought", -1) >= DIRECT:
            out["own in thought"] = self._seen["own in thought"]
        state = "claim" if best >= TIED else "own" if own >= NEAR else "some" if best >= NAMED else "none"
        if group == "two" and self._levels.get("foreign in answer", -1) > best:
            out["another maker is closer"] = self._seen["foreign in answer"]
        if best >= DIRECT and own >= DIRECT:
            out["both claimed"] = span
        if state != "claim":
            out.update({f"rule: {rule}": span for rule in self._rules})
            out.update({f"doubt: {doubt}": span for doubt in self._doubts})
        elif self._direct > 1:
            out["claimed twice"] = span
        if "claims in a role" in self._roles and "claims plainly" not in self._roles:
            out["claim in a role only"] = span
        bare = "own" if state == "own" else "claim" if state == "claim" else "none"
        out.update({f"{name} | {bare}": (hint.start, hint.end) for name, hint in self.hints.items()})
        if "abroad" in self._homes:
            out[f"abroad{' and at home' if 'home' in self._homes else ''} | {self._aspect == 'place'} {bare}"] = (
                self._homes["abroad"]
            )
        elif "home" in self._homes:
            out["at home"] = self._homes["home"]
        if self._roles - {"claims in a role", "claims plainly"}:
            out[f"spoken in roles | {bare}"] = None
        out[f"asked for {self._aspect} | {state}"] = None
        language = "Chinese" if self._chinese > 0.16 * self._length else "other"
        out[f"{language} | {state}"] = None
        if self._length < 60:
            out[f"short | {state}"] = None
        return out


def _locates(sentence: Sentence) -> bool:
    return not LOCATES_WORDS.isdisjoint(sentence.words) or (
        not sentence.latin and LOCATES.search(sentence.lowered) is not None
    )
