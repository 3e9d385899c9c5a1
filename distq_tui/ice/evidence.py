"""Gather what an answer says about its speaker, sentence by sentence, and sum it up as named features.

The features are few and speak for themselves ("another maker: direct", "own maker: near me", "at home"); `decide`
weighs them. Every feature remembers the span that first gave it, so that a verdict can point at its reasons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from distq_tui.ice.aliases import PlaceScanner
from distq_tui.ice.claims import Finding, Sentence, findings
from distq_tui.ice.cues import INVENTED, NAMED_MAKER, NO_COMPANY, Cue, cues
from distq_tui.ice.query import asks_about_you, aspect
from distq_tui.ice.rules import (
    DENIED,
    DIRECT,
    DOUBTED,
    LEVEL_NAMES,
    LEVELS,
    LOCATES,
    LOCATES_WORDS,
    NAMED,
    NEAR,
    NEAR_ME,
    TIED,
)

_SHORT = 60
"""Code points below which an answer is short."""
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
    return DOUBTED if finding.doubt else LEVELS[finding.rule]


class Evidence:
    """Reads sentences in order; `features()` may be asked at any time."""

    def __init__(self, target: Target, query: str | None, places: PlaceScanner) -> None:
        self._target = target
        self._places = places
        self._aspect = aspect(query)
        self._about_you = asks_about_you(query)
        self._levels: dict[str, int] = {}
        self._rules: set[str] = set()
        self._seen: dict[str, Span] = {}
        self._homes: dict[str, Span] = {}
        self._length = 0
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
        reached = level(finding) if self._about_you or finding.kind != "topic" else min(level(finding), DOUBTED)
        span = (finding.start, finding.end)
        two = finding.hit.name.family in ALWAYS_TWO
        groups = ["own" if own else "foreign"]
        if two or own:
            groups.append("two" if two else "own beside two")
        for group in groups:
            place = f"{group} in thought" if finding.segment.think else f"{group} in answer"
            if reached > self._levels.get(place, -1):
                self._levels[place] = reached
                self._seen[place] = span
        if not own and not finding.segment.think and not finding.doubt and finding.rule != NEAR_ME:
            self._rules.add(finding.rule)

    def _locate(self, sentence: Sentence) -> None:
        base = sentence.segment.start + sentence.segment.body
        for start, end, country in self._places.find(sentence.lowered):
            home = country in self._target.countries or sentence.lowered[start:end] in self._target.places
            self._homes.setdefault("home" if home else "abroad", (base + start, base + end))

    def features(self, group: Group) -> dict[str, Span | None]:
        """The features of the answer, each with the span that first gave it (None where it is about the whole).

        For `foreign` (the scorer of `loose`) levels add up: a direct claim is also tied, about it, near and named. One
        feature says what the answer holds at best: a claim of another maker, its own one, some other name without a
        tie, one in thought only, a soft claim (place, denial, invented maker), or none of these.

        For `two` (the scorer of `paper_strict`) only how a name of the two is tied counts, beside which other names,
        and whether the question asks for a maker. What a model of the two says of its own maker is such a tie: the
        paper's second judge never sees the fact.
        """
        return self._of_any() if group == "foreign" else self._of_two()

    def _of_any(self) -> dict[str, Span | None]:
        answer, thought, own = self._reached("foreign in answer", "foreign in thought", "own in answer")
        best = max(answer, thought)
        span = self._seen.get("foreign in thought" if thought > answer else "foreign in answer")
        state = self._state(answer, best, own)
        return {
            **{f"another maker: {LEVEL_NAMES[step]}": span for step in range(NAMED, best + 1)},
            **({"claim in thought only": span} if thought > answer else {}),
            **{
                f"own maker: {LEVEL_NAMES[step]}": self._seen["own in answer"]
                for step in (DOUBTED, DIRECT)
                if own >= step
            },
            **({} if best >= TIED else {f"rule: {rule}": span for rule in self._rules}),
            **self._place_features(),
            **{name: (hint.start, hint.end) for name, hint in self.hints.items()},
            f"at best: {state}": span,
            f"asked for {self._aspect}": None,
            **({"short": None} if state == "nothing" and self._length < _SHORT else {}),
        }

    def _of_two(self) -> dict[str, Span | None]:
        answer, thought, own = self._reached("two in answer", "two in thought", "own beside two in answer")
        best = max(answer, thought)
        span = self._seen.get("two in thought" if thought > answer else "two in answer")
        out: dict[str, Span | None] = {
            **{f"answer: {LEVEL_NAMES[step]}": span for step in range(NAMED, answer + 1)},
            **{f"anywhere: {LEVEL_NAMES[step]}": span for step in range(NAMED, best + 1)},
            **{
                f"own maker: {LEVEL_NAMES[step]}": self._seen["own beside two in answer"]
                for step in (NAMED, NEAR, DIRECT)
                if own >= step
            },
        }
        if self._levels.get("foreign in answer", -1) > answer:
            out["another maker is closer"] = self._seen["foreign in answer"]
        if best >= NEAR:
            asked = "a maker" if self._aspect in {"maker", "product"} else "something else"
            out[f"{'claim' if best >= TIED else 'name'} where {asked} is asked for"] = None
        return out

    def _reached(self, *places: str) -> tuple[int, ...]:
        return tuple(self._levels.get(place, -1) for place in places)

    def _state(self, answer: int, best: int, own: int) -> str:
        if best >= TIED:
            return "a claim"
        if own >= NEAR:
            return "its own maker"
        if best >= NAMED:
            return "a name" if answer >= NAMED else "a name in thought"
        return "a soft claim" if self.soft() else "nothing"

    def _place_features(self) -> dict[str, Span | None]:
        if "abroad" in self._homes:
            where = "abroad and at home" if "home" in self._homes else "abroad"
            return {f"{where}, {'asked' if self._aspect == 'place' else 'unasked'}": self._homes["abroad"]}
        return {"at home": self._homes["home"]} if "home" in self._homes else {}


def _locates(sentence: Sentence) -> bool:
    return not LOCATES_WORDS.isdisjoint(sentence.words) or (
        not sentence.latin and LOCATES.search(sentence.lowered) is not None
    )
