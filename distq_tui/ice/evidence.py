"""Gather what an answer says about its speaker, sentence by sentence, and sum it up as named features.

The features are few and speak for themselves ("another maker: direct", "own maker: near me", "at home"); `decide`
weighs them. Every feature remembers the span that first gave it, so that a verdict can point at its reasons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from distq_tui.ice.aliases import PlaceScanner
from distq_tui.ice.claims import Finding, Sentence, findings
from distq_tui.ice.cues import INVENTED, NAMED_MAKER, NO_COMPANY, Cue, cues
from distq_tui.ice.query import asks_about_you, aspect
from distq_tui.ice.rules import DENIED, DIRECT, DOUBTED, LEVEL_NAMES, LEVELS, LOCATES, LOCATES_WORDS, NAMED, NEAR, TIED

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
        self._doubts: set[str] = set()
        self._seen: dict[str, Span] = {}
        self._homes: dict[str, Span] = {}
        self._roles = self._in_roles = self._plainly = False
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
        self._roles |= bool(sentence.segment.role)
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
                self._in_roles |= bool(finding.segment.role)
                self._plainly |= not finding.segment.role

    def _locate(self, sentence: Sentence) -> None:
        base = sentence.segment.start + sentence.segment.body
        for start, end, country in self._places.find(sentence.lowered):
            home = country in self._target.countries or sentence.lowered[start:end] in self._target.places
            self._homes.setdefault("home" if home else "abroad", (base + start, base + end))

    def features(self, group: Group) -> dict[str, Span | None]:
        """The features of the answer, each with the span that first gave it (None where it is about the whole).

        Levels add up: a direct claim is also tied, about it, near and named. The word behind the bar says what the
        answer holds besides: a `claim` of another maker, its `own` one, `some` other name without a tie, one in
        `thought` only, a `soft` claim (place, denial, invented maker), or `none` of these.
        """
        answer = self._levels.get(f"{group} in answer", -1)
        thought = self._levels.get(f"{group} in thought", -1)
        own = self._levels.get("own in answer", -1)
        best = max(answer, thought)
        state = "claim" if best >= TIED else "own" if own >= NEAR else "none"
        if state == "none" and best >= NAMED:
            state = "some" if answer >= NAMED else "thought"
        elif state == "none" and self.soft():
            state = "soft"
        bare = state if state in {"claim", "own"} else "none"
        span = self._seen.get(f"{group} in thought" if thought > answer else f"{group} in answer")
        return {
            **{f"another maker: {LEVEL_NAMES[step]}": span for step in range(NAMED, best + 1)},
            **({"claim in thought only": span} if thought > answer else {}),
            **({"both claimed": span} if best >= DIRECT and own >= DIRECT else {}),
            **(
                {"another maker is closer": span}
                if group == "two" and self._levels.get("foreign in answer", -1) > best
                else {}
            ),
            **self._own_features(own),
            **self._tie_features(state, span),
            **self._place_features(bare),
            **{f"{name} | {bare}": (hint.start, hint.end) for name, hint in self.hints.items()},
            **self._whole_features(state, bare),
        }

    def _own_features(self, own: int) -> dict[str, Span | None]:
        out: dict[str, Span | None] = {
            f"own maker: {LEVEL_NAMES[step]}": self._seen["own in answer"]
            for step in (DOUBTED, NEAR, DIRECT)
            if own >= step
        }
        if self._levels.get("own in thought", -1) >= DIRECT:
            out["own in thought"] = self._seen["own in thought"]
        return out

    def _tie_features(self, state: str, span: Span | None) -> dict[str, Span | None]:
        out: dict[str, Span | None] = {}
        if state != "claim":
            out.update({f"rule: {rule}": span for rule in self._rules})
            out.update({f"doubt: {doubt}": span for doubt in self._doubts})
        else:
            out.update({f"doubt: {doubt} | claim": span for doubt in self._doubts & {"negated", "hypothetical"}})
            if self._direct > 1:
                out["claimed twice"] = span
        if self._in_roles and not self._plainly:
            out["claim in a role only"] = span
        return out

    def _place_features(self, bare: str) -> dict[str, Span | None]:
        if "abroad" in self._homes:
            where = "abroad and at home" if "home" in self._homes else "abroad"
            asked = "asked" if self._aspect == "place" else "unasked"
            return {f"{where}, {asked} | {bare}": self._homes["abroad"]}
        return {"at home": self._homes["home"]} if "home" in self._homes else {}

    def _whole_features(self, state: str, bare: str) -> dict[str, Span | None]:
        language = "Chinese" if self._chinese > 0.16 * self._length else "other"
        names = [f"asked for {self._aspect} | {state}", f"{language} | {state}"]
        if self._length < 60:
            names.append(f"short | {state}")
        if self._roles:
            names.append(f"spoken in roles | {bare}")
        return dict.fromkeys(names)


def _locates(sentence: Sentence) -> bool:
    return not LOCATES_WORDS.isdisjoint(sentence.words) or (
        not sentence.latin and LOCATES.search(sentence.lowered) is not None
    )
