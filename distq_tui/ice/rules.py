"""How a sentence ties a name to the one who speaks: the rules of both languages as one ordered table.

A rule sees the sentence in lower case with every alias replaced by one character of `NAME`, so that no rule knows any
family. The first rule that reaches a name wins; the rules are in order of how directly they speak of "I".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from distq_tui.ice import rules_en, rules_zh

Kind = Literal["maker", "product", "policy", "topic", "mention"]

MADE_ME = "I was made by NAME"
MAKES_ME = "NAME made me"
MY_MAKER = "my maker is NAME"
I_AM = "I am NAME"
AS_MADE = "as something made by NAME"
BEHIND_ME = "NAME stands behind me"
THEY_ARE = "they, my makers, are NAME"
AS_NAME = "as NAME"
AS_NAME_I = "as NAME, I"
DEPEND = "I depend on NAME"
USE = "I use NAME"
LIKE_ME = "models like me come from NAME"
POLICY = "NAME's policy binds me"
YOUR_MAKER = "your maker is NAME"
THIS_MODEL = "this model is NAME's"
IT_MADE = "it was made by NAME"
WHOLE = "NAME is the whole answer"
TOPIC = "NAME is the topic"
NEAR_ME = "NAME near me"
ALONE = "NAME alone"

_KINDS: dict[str, Kind] = {
    MADE_ME: "maker",
    AS_MADE: "maker",
    MAKES_ME: "maker",
    MY_MAKER: "maker",
    BEHIND_ME: "maker",
    I_AM: "product",
    AS_NAME_I: "product",
    DEPEND: "maker",
    LIKE_ME: "maker",
    THIS_MODEL: "maker",
    POLICY: "policy",
    USE: "mention",
    YOUR_MAKER: "maker",
    AS_NAME: "product",
    WHOLE: "topic",
    IT_MADE: "topic",
    TOPIC: "topic",
}
"""The kind of claim of each rule, in the order in which the rules are tried."""


DIRECT, TIED, ABOUT, NEAR, NAMED, DOUBTED, DENIED = 6, 5, 4, 3, 2, 1, 0
"""How directly a name is tied to the speaker, from "I was made by N" to "I was not made by N"."""

LEVEL_NAMES = ("denied", "doubted", "named", "near me", "about it", "tied to me", "direct")
"""The levels in words, by number."""

LEVELS: dict[str, int] = {
    **dict.fromkeys((MADE_ME, AS_MADE, MAKES_ME, MY_MAKER, BEHIND_ME, I_AM, THEY_ARE, LIKE_ME), DIRECT),
    **dict.fromkeys((AS_NAME_I, DEPEND, THIS_MODEL, YOUR_MAKER, WHOLE), TIED),
    IT_MADE: ABOUT,
    **dict.fromkeys((TOPIC, AS_NAME, NEAR_ME, POLICY, USE), NEAR),
    ALONE: NAMED,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` has a group `n` that holds the name; the match begins at what ties it to the speaker."""

    name: str
    kind: Kind
    pattern: re.Pattern[str]


_OF_ME = frozenset({MADE_ME, MAKES_ME, MY_MAKER, BEHIND_ME, I_AM, AS_NAME_I, DEPEND, USE, LIKE_ME})
"""Rules that need a first person in the sentence."""


def _rules(tables: tuple[dict[str, tuple[str, ...]], ...], *, speaks: bool) -> tuple[Rule, ...]:
    return tuple(
        Rule(name, kind, re.compile(pattern))
        for name, kind in _KINDS.items()
        if speaks or name not in _OF_ME
        for table in tables
        for pattern in table.get(name, ())
    )


_RULES = {
    (latin, speaks): _rules((rules_en.TIES,) if latin else (rules_en.TIES, rules_zh.TIES), speaks=speaks)
    for latin in (True, False)
    for speaks in (True, False)
}


def rules_for(*, latin: bool, speaks: bool) -> tuple[Rule, ...]:
    """The rules that may fit a sentence, in order: of ASCII text only, with a first person in it."""
    return _RULES[latin, speaks]


SELF_WORDS = frozenset(rules_en.SELF_WORDS.split())
SELF = re.compile(rules_zh.SELF)
NEGATION = re.compile(f"{rules_en.NEGATION}|{rules_zh.NEGATION}")
POLICY_AFTER = re.compile(f"{rules_en.POLICY_AFTER}|{rules_zh.POLICY_AFTER}")
NEW_CLAUSE = re.compile(rules_en.NEW_CLAUSE)
DENIED_AFTER = re.compile(f"{rules_en.DENIED_AFTER}|{rules_zh.DENIED_AFTER}")
HYPOTHETICAL = re.compile(f"{rules_en.HYPOTHETICAL}|{rules_zh.HYPOTHETICAL}")
REPORTED = re.compile(f"{rules_en.REPORTED}|{rules_zh.REPORTED}")
"""Somebody else's words or belief, told before the tie."""
REPORTS = re.compile(f"{rules_en.REPORTS}|{rules_zh.REPORTS}")
"""A sentence that quotes: with this outside the quotation marks, what stands inside is not the speaker's own."""
NOT_JUST_BEFORE = re.compile(f"(?:{rules_en.NOT_JUST_BEFORE}|{rules_zh.NOT_JUST_BEFORE})$")
EXAMPLE = re.compile(rf"(?:{rules_en.EXAMPLE}|{rules_zh.EXAMPLE})\s*[\"'“‘（(]?$")
SPEAKS_OF_MAKER = re.compile(f"{rules_en.SPEAKS_OF_MAKER}|{rules_zh.SPEAKS_OF_MAKER}")
"""A sentence about the speaker's maker, whose name the next sentence may give."""
THEY = re.compile(rf"\W*(?:{rules_en.THEY}|{rules_zh.THEY})")
LOCATES_WORDS = frozenset(rules_en.LOCATES_WORDS.split())
LOCATES = re.compile(rules_zh.LOCATES)
