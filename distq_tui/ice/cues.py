"""What a sentence says without naming a known maker: denials, invented makers, personas, and how it speaks at all.

A cue is a named pattern with a span. Alone it proves little; `decide` weighs all cues of an answer together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from distq_tui.ice import cues_en, cues_zh, manner
from distq_tui.ice.claims import Sentence

INVENTED = "an invented maker made me"
NO_COMPANY = "I have no company"
NAMED_MAKER = "an unknown name made me"
UNKNOWN_MODEL = "an unknown name made a model"


@dataclass(frozen=True, slots=True)
class Cue:
    """A named hint at code points [start, end) of the whole text; `role`: it is spoken under a label."""

    name: str
    start: int
    end: int
    role: bool


_OF_ME = frozenset(
    {NO_COMPANY, INVENTED, "I have no team", "I have no place", "a nameless team made me", "we are a company"}
)
"""Cues that need a first person in the sentence."""
_ENGLISH = {name: re.compile("|".join(patterns)) for name, patterns in (cues_en.CUES | manner.ENGLISH).items()}
_CHINESE = {name: re.compile("|".join(patterns)) for name, patterns in (cues_zh.CUES | manner.CHINESE).items()}
_TRIGGERED: dict[str, list[str]] = {}
for _name, _words in (cues_en.TRIGGERS | manner.TRIGGERS).items():
    for _word in _words.split():
        _TRIGGERED.setdefault(_word, []).append(_name)
_TRIGGERS = frozenset(_TRIGGERED)
_CAPITAL = re.compile(r" [\"“*'‘]{0,3}[A-Z]\w")
_CASED = (
    (NAMED_MAKER, re.compile("|".join((*cues_en.NAMED_MAKER, *cues_zh.NAMED_MAKER)))),
    (UNKNOWN_MODEL, re.compile(cues_en.UNKNOWN_MODEL)),
)


def cues(sentence: Sentence, known: Collection[str]) -> Iterator[Cue]:
    """The cues of the sentence that are not known yet, each once."""
    segment = sentence.segment
    base = segment.start + segment.body
    for name, pattern in _candidates(sentence):
        if name in known or (name in _OF_ME and not sentence.speaks):
            continue
        if match := pattern.search(sentence.lowered):
            yield Cue(name, base + match.start(), base + match.end(), bool(segment.role))
    if (sentence.latin and not _CAPITAL.search(sentence.text)) or sentence.text.isupper():
        return
    for name, pattern in _CASED:
        if name in known or (sentence.speaks if name == UNKNOWN_MODEL else not sentence.speaks):
            continue
        if name == UNKNOWN_MODEL and "by" not in sentence.words:
            continue
        for match in pattern.finditer(sentence.text):
            group = match.lastgroup or "n"
            if match[group].strip(" '\"").lower() in cues_en.NO_NAMES:
                continue
            start, end = match.span(group)
            if any(hit.start < end and start < hit.end for hit in sentence.hits):
                continue
            shown = NAMED_MAKER if name == UNKNOWN_MODEL else name
            yield Cue(shown, base + match.start(), base + match.end(), bool(segment.role))
            break


def _candidates(sentence: Sentence) -> Iterator[tuple[str, re.Pattern[str]]]:
    if found := _TRIGGERS & sentence.words:
        wanted = {name for word in found for name in _TRIGGERED[word]}
        yield from ((name, pattern) for name, pattern in _ENGLISH.items() if name in wanted)
    if not sentence.latin:
        yield from _CHINESE.items()
