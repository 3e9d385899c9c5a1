"""Find the names of makers and models in a text: one pass of one trie-shaped pattern, then checks for namesakes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from distq_tui.ice.facts import Facts

_CLOSE = 60
"""How near to a name, in code points, a guard word must stand."""
_TRADITIONAL = (
    "開發團隊創訓練設計東語員來術學問華國這歸屬從製構養產維護運營負責優動撥寫後臺個體組織機簡稱總部實驗際類聯絡據邊嗎們為於與無關係聲說會樣種對應時間"
    "當過還讓給誰將麼雲騰訊軟譜節躍達摩盤愛雙亞馬遜蘋輝臉書慧湯階萬億內區廣數獨虛擬裡擁並絕沒錯誤導專業歐奧薩羅爾雷隸財團參顧問黨價觀"
)
_SIMPLIFIED = (
    "开发团队创训练设计东语员来术学问华国这归属从制构养产维护运营负责优动拨写后台个体组织机简称总部实验际类联络据边吗们为于与无关系声说会样种对应时间"
    "当过还让给谁将么云腾讯软谱节跃达摩盘爱双亚马逊苹辉脸书慧汤阶万亿内区广数独虚拟里拥并绝没错误导专业欧奥萨罗尔雷隶财团参顾问党价观"
)
_FOLD = {ord(old): new for old, new in zip(_TRADITIONAL, _SIMPLIFIED, strict=True) if old != new}
_UNFOLDED = re.compile(f"[{''.join(map(chr, _FOLD))}]")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as the alias table knows it: `role` is `vendor` or `product`; a weak name needs its capital letter."""

    text: str
    family: str
    vendor: str
    role: str
    weak: bool
    guard: re.Pattern[str] | None
    """Words that make the name something else when they stand close to it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found at code points [start, end) of the scanned text."""

    start: int
    end: int
    name: Name


class AliasScanner:
    """All names of a facts table, compiled once. Stateless after that."""

    def __init__(self, facts: Facts) -> None:
        self._names: dict[str, Name] = {}
        guards = {lower(name): _guard(words) for name, words in facts.guards.items()}
        for family in facts.families.values():
            listed = (
                *((text, "vendor", False) for text in family.vendors),
                *((text, "product", False) for text in family.products),
                *((text, "vendor" if text in family.name else "product", True) for text in family.weak),
            )
            for text, role, weak in listed:
                name = Name(text, family.key, family.name, role, weak, guards.get(lower(text)))
                for spelling in _spellings(lower(text)):
                    self._names.setdefault(spelling, name)
        latin = rf"(?<![a-z0-9])(?:{trie_pattern(name for name in self._names if name.isascii())})(?![a-z])"
        others = trie_pattern(name for name in self._names if not name.isascii())
        self._latin = re.compile(latin)
        self._any = re.compile(f"{latin}|{others}" if others else latin)

    def find(self, text: str, lowered: str) -> list[Hit]:
        """Every name in `text`, left to right and not overlapping; `lowered` is the same text in lower case."""
        hits = []
        for match in (self._latin if lowered.isascii() else self._any).finditer(lowered):
            start, end = match.span()
            name = self._names[match.group()]
            if name.weak and not text[start].isupper() and text[start].isascii():
                continue
            if name.guard and _guarded(name.guard, lowered, start, end):
                continue
            if name.weak and lowered[end : end + 1] == "-" and lowered[end + 1 : end + 2].isalpha():
                continue
            hits.append(Hit(start, end, name))
        return hits


def lower(text: str) -> str:
    """Lower case and simplified Chinese, with every code point in its place.

    Two characters of Unicode grow when lowered; they stay. Of traditional characters those are made simple that the
    names and rules use.
    """
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.translate(_FOLD) if not lowered.isascii() and _UNFOLDED.search(lowered) else lowered


def trie_pattern(words: Iterable[str]) -> str:
    """A pattern that matches the longest of the words at a place, with common beginnings shared."""
    return _branch(sorted(set(words)))


def _branch(words: list[str]) -> str:
    optional = "" in words
    branches = []
    for letter, group in groupby((word for word in words if word), key=lambda word: word[0]):
        tails = [word[1:] for word in group]
        branches.append(re.escape(letter) + (_branch(tails) if tails != [""] else ""))
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 and not optional else f"(?:{'|'.join(branches)})"
    return f"{body}?" if optional else body


def _guarded(guard: re.Pattern[str], lowered: str, start: int, end: int) -> bool:
    """Whether a guard stands close by; one that holds the name ("google search") must be what the name is part of."""
    name = lowered[start:end]
    found = guard.finditer(lowered, max(0, start - _CLOSE), end + _CLOSE)
    return any(name not in match.group() or (match.start() < end and start < match.end()) for match in found)


def _guard(words: Iterable[str]) -> re.Pattern[str]:
    """Latin guards are whole words, or their plurals; Chinese has no spaces to tell words by."""
    latin = [re.escape(low) for word in words if (low := lower(word))[0].isalpha() and low[0] < "一"]
    others = [re.escape(low) for word in words if (low := lower(word))[0] >= "一"]
    whole = [rf"(?<![a-zà-ÿ0-9])(?:{'|'.join(latin)})(?:e?s)?(?![a-zà-ÿ0-9])"] if latin else []
    return re.compile("|".join([*whole, *others]) or "(?!)")


def _spellings(name: str) -> set[str]:
    return {name, name.replace(" ", ""), name.replace(" ", "-")} if " " in name else {name}


class PlaceScanner:
    """The countries that a text names, by country, city or region."""

    def __init__(self, facts: Facts) -> None:
        self._countries = {lower(name): country for country, names in facts.places.items() for name in names}
        latin = [name for name in self._countries if name.isascii()]
        others = [name for name in self._countries if not name.isascii()]
        patterns = [rf"\b(?:{trie_pattern(latin)})(?![a-z])"] if latin else []
        self._pattern = re.compile("|".join([*patterns, *([trie_pattern(others)] if others else [])]) or r"(?!)")

    def find(self, lowered: str) -> list[tuple[int, int, str]]:
        """Start, end and country of every place in the lower-case text."""
        return [
            (match.start(), match.end(), self._countries[match.group()]) for match in self._pattern.finditer(lowered)
        ]
