"""From the names in a sentence to claims: which rule ties each name to the speaker, and what takes it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from distq_tui.ice.aliases import AliasScanner, Hit, lower
from distq_tui.ice.rules import (
    ALONE,
    DENIED_AFTER,
    EXAMPLE,
    HYPOTHETICAL,
    IT_MADE,
    NEAR_ME,
    NEGATION,
    NEW_CLAUSE,
    NOT_JUST_BEFORE,
    POLICY_AFTER,
    REPORTED,
    REPORTS,
    SELF,
    SELF_WORDS,
    SPEAKS_OF_MAKER,
    THEY,
    THEY_ARE,
    Kind,
    rules_for,
)
from distq_tui.ice.segments import Segment

_FIRST = 0xE000
_MOST_NAMES = 200
_QUOTATION = re.compile("\"[^\"]*\"|“[^”]*”|「[^」]*」|‘[^’]*’|(?<![a-z])'[^']*'(?![a-z])")
_WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*")
_SUBJECT = re.compile(r"[\W\d]*[\ue000-\uefff]\s?(?:(?:is|are|was|were)\b|[是由])")
_STRAY = re.compile("[\ue000-\uefff]")
"""Characters of the answer itself that would look like a masked name."""
_JOINED = frozenset(
    {"and", "&", "or", "和", "与", "及", "以及", "/", ",", "、", "(", "（", "的", "'s", "’s", "team at", ""}
)

_Tie = tuple[str, Kind, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """A name in a sentence and how it is tied to the speaker.

    `start` and `end` are code points of the whole text. `rule` names the rule ("NAME near me" and "NAME alone" where
    none fits). `doubt` says what takes the tie back: `negated`, `example`, `hypothetical`, `quoted`, `asked`,
    `third party`, or "".
    """

    start: int
    end: int
    hit: Hit
    rule: str
    kind: Kind
    doubt: str
    segment: Segment


class Sentence:
    """One sentence with its names masked; made once, read by every rule.

    `lowered` is its text in lower case, `words` the Latin words in it, `masked` the lower-case text with each name as
    one character; `latin`: nothing beyond ASCII; `speaks`: it holds a first person; `follows_maker`: the `previous` one
    spoke of the speaker's maker, unnamed.
    """

    def __init__(self, segment: Segment, scanner: AliasScanner, previous: Sentence | None = None) -> None:
        self.segment = segment
        self.text = segment.text[segment.body :]
        if "\\n" in self.text:
            self.text = self.text.replace("\\n", "  ")
        self.lowered = lower(self.text)
        self.hits = scanner.find(self.text, self.lowered)[:_MOST_NAMES]
        self.latin = self.text.isascii()
        self.words = frozenset(_WORD.findall(self.lowered))
        self.speaks = not SELF_WORDS.isdisjoint(self.words) or (
            not self.latin and SELF.search(self.lowered) is not None
        )
        self.masked = self._mask() if self.hits else self.lowered
        self.follows_maker = previous is not None and self._continues(previous)

    def _continues(self, previous: Sentence) -> bool:
        """Whether this one names the maker that the sentence before spoke of ("My team is big. They are OpenAI's.")."""
        if not self.hits or previous.hits or not previous.speaks or not THEY.match(self.lowered):
            return False
        return SPEAKS_OF_MAKER.search(previous.lowered) is not None

    def _mask(self) -> str:
        pieces: list[str] = []
        position = 0
        for index, hit in enumerate(self.hits):
            pieces += (_STRAY.sub(" ", self.lowered[position : hit.start]), chr(_FIRST + index))
            position = hit.end
        return "".join(pieces) + _STRAY.sub(" ", self.lowered[position:])


def findings(sentence: Sentence) -> Iterator[Finding]:
    """Every name of the sentence with the first rule that fits it, left to right."""
    if not sentence.hits:
        return
    ties = _ties(sentence)
    previous: _Tie | None = None
    base = sentence.segment.start + sentence.segment.body
    for index, hit in enumerate(sentence.hits):
        tie = ties.get(index)
        if tie is None or tie[1] == "topic":
            tie = (
                _of_third_party(sentence, index)
                or _inherited(sentence, index, previous)
                or tie
                or _mention(sentence, index)
            )
        previous = tie
        rule, kind, doubt = tie
        yield Finding(base + hit.start, base + hit.end, hit, rule, kind, doubt, sentence.segment)


def _of_third_party(sentence: Sentence, index: int) -> _Tie | None:
    """Of "ChatGPT is made by OpenAI": a sentence that begins with a product and tells who made that very product."""
    first, hit = sentence.hits[0], sentence.hits[index]
    same = len(sentence.hits) > 1 and first.name.role == "product" and first.name.family == hit.name.family
    if same and not sentence.speaks and _SUBJECT.match(sentence.masked):
        return IT_MADE, "topic", "third party"
    return None


def _inherited(sentence: Sentence, index: int, previous: _Tie | None) -> _Tie | None:
    """The tie of the name joined to this one ("OpenAI and Microsoft"), or of the maker the last sentence spoke of."""
    if previous and _joined(sentence, index):
        return previous
    if sentence.follows_maker:
        return THEY_ARE, "maker", _mention(sentence, index)[2]
    return None


def _mention(sentence: Sentence, index: int) -> _Tie:
    place = sentence.masked.index(chr(_FIRST + index))
    return NEAR_ME if sentence.speaks else ALONE, "mention", _doubt(sentence, max(0, place - 40), place, place + 1)


def _ties(sentence: Sentence) -> dict[int, _Tie]:
    """For each name, by its index, the first rule that reaches it."""
    ties: dict[int, _Tie] = {}
    for rule in rules_for(latin=sentence.latin, speaks=sentence.speaks):
        for match in rule.pattern.finditer(sentence.masked):
            index = ord(match["n"]) - _FIRST
            if rule.kind != "policy" and POLICY_AFTER.match(sentence.masked, match.end("n")):
                continue
            if index < len(sentence.hits) and index not in ties:
                ties[index] = (rule.name, rule.kind, _doubt(sentence, match.start(), match.start("n"), match.end()))
        if len(ties) == len(sentence.hits):
            break
    return ties


def _joined(sentence: Sentence, index: int) -> bool:
    before, hit = sentence.hits[index - 1], sentence.hits[index]
    return " ".join(sentence.lowered[before.end : hit.start].split()) in _JOINED


def _doubt(sentence: Sentence, start: int, name: int, end: int) -> str:
    """What takes the tie back, looking at the words between speaker and name, and a little to both sides."""
    masked = sentence.masked
    earliest = max(0, start - 60)
    for clause in NEW_CLAUSE.finditer(masked, earliest, name):
        earliest = clause.end()
    tie = masked[max(start, name - 60, earliest) : end]
    denied = DENIED_AFTER.match(masked[name + 1 : name + 40]) or NOT_JUST_BEFORE.search(masked[:name])
    if denied or NEGATION.search(tie):
        return "negated"
    before = masked[max(0, start - 60) : name]
    if EXAMPLE.search(before[-24:]):
        return "example"
    if HYPOTHETICAL.search(masked[earliest:end]):
        return "hypothetical"
    if sentence.segment.quoted or REPORTED.search(before) or _in_quotation(masked, start, name):
        return "quoted"
    return "asked" if masked.rstrip("\"'”*_ \n").endswith(("?", "？")) else ""


def _in_quotation(masked: str, start: int, name: int) -> bool:
    """Whether tie and name stand in one pair of quotation marks in a sentence that reports somebody's words."""
    for match in _QUOTATION.finditer(masked):
        if match.start() < start + 1 and name < match.end():
            return REPORTS.search(masked[: match.start()] + masked[match.end() :]) is not None
    return False
