"""Find the names of makers and models in a text: one pass of one trie-shaped pattern, then checks for namesakes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from distq_tui.ice.facts import Facts


@dataclass(frozen=True, slots=True)
class Name:
    """A name as the alias table knows it: `role` is `vendor` or `product`; a weak name needs its capital letter."""

    text: str
    family: str
    vendor: str
    role: str
    weak: bool
    guards: tuple[str, ...]


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
        guards_of = {name.lower(): tuple(map(str.lower, words)) for name, words in facts.guards.items()}
        for family in facts.families.values():
            listed = (
                *((text, "vendor", False) for text in family.vendors),
                *((text, "product", False) for text in family.products),
                *((text, "vendor" if text in family.name else "product", True) for text in family.weak),
            )
            for text, role, weak in listed:
                name = Name(text, family.key, family.name, role, weak, guards_of.get(text.lower(), ()))
                for spelling in _spellings(text.lower()):
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
            if name.guards and any(word in lowered for word in name.guards):
                continue
            if name.weak and lowered[end : end + 1] == "-" and lowered[end + 1 : end + 2].isalpha():
                continue
            hits.append(Hit(start, end, name))
        return hits


def lower(text: str) -> str:
    """Lower case with every code point in its place (two characters of Unicode grow when lowered; they stay)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


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


def _spellings(name: str) -> set[str]:
    return {name, name.replace(" ", ""), name.replace(" ", "-")} if " " in name else {name}


class PlaceScanner:
    """The countries that a text names, by country, city or region."""

    def __init__(self, facts: Facts) -> None:
        self._countries = {name.lower(): country for country, names in facts.places.items() for name in names}
        latin = [name for name in self._countries if name.isascii()]
        others = [name for name in self._countries if not name.isascii()]
        patterns = [rf"\b(?:{trie_pattern(latin)})(?![a-z])"] if latin else []
        self._pattern = re.compile("|".join([*patterns, *([trie_pattern(others)] if others else [])]) or r"(?!)")

    def find(self, lowered: str) -> list[tuple[int, int, str]]:
        """Start, end and country of every place in the lower-case text."""
        return [
            (match.start(), match.end(), self._countries[match.group()]) for match in self._pattern.finditer(lowered)
        ]
