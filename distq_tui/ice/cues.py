"""What a sentence says about the speaker without naming a known maker: denials, invented makers, personas, places.

A cue is a named pattern with a span. Alone it proves little; `decide` weighs all cues of an answer together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from distq_tui.ice import cues_en, cues_zh
from distq_tui.ice.claims import Sentence

INVENTED = "an invented maker made me"
NO_COMPANY = "I have no company"
NAMED_MAKER = "an unknown name made me"
PERSONA_NAME = "I go by an unknown name"


@dataclass(frozen=True, slots=True)
class Cue:
    """A named hint at code points [start, end) of the whole text; `role`: it is spoken under a label."""

    name: str
    start: int
    end: int
    role: bool


_LOWERED: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile("|".join((*cues_en.CUES.get(name, ()), *cues_zh.CUES.get(name, ())))))
    for name in dict.fromkeys((*cues_en.CUES, *cues_zh.CUES))
)
_CASED: tuple[tuple[str, re.Pattern[str]], ...] = (
    (NAMED_MAKER, re.compile("|".join((*cues_en.NAMED_MAKER, *cues_zh.NAMED_MAKER)))),
    (PERSONA_NAME, re.compile("|".join((*cues_en.PERSONA, *cues_zh.PERSONA)))),
)


def cues(sentence: Sentence) -> Iterator[Cue]:
    """Every cue of the sentence, each at most once."""
    segment = sentence.segment
    base = segment.start + segment.body
    for name, pattern in _LOWERED:
        if match := pattern.search(sentence.lowered):
            yield Cue(name, base + match.start(), base + match.end(), bool(segment.role))
    if sentence.text.isupper():
        return
    taken = [(hit.start, hit.end) for hit in sentence.hits]
    for name, pattern in _CASED:
        for match in pattern.finditer(sentence.text):
            group = match.lastgroup or "n"
            if match[group].strip(" '\"").lower() in cues_en.NO_NAMES:
                continue
            if any(start < match.end(group) and match.start(group) < end for start, end in taken):
                continue
            yield Cue(name, base + match.start(), base + match.end(), bool(segment.role))
            break
