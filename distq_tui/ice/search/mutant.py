"""From a helper's answer to a mutant, or to the reason why it is none. It is foreign text: nothing in it is mended."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from distq_tui.events import Response
from distq_tui.ice.aliases import AliasScanner, lower
from distq_tui.prompts import QUERY_SLOT

LONGEST = 4000
"""Code points of a mutant; `expand` on `expand` would grow without end."""
MOST_SLOTS = 3
"""Places for the question; each one repeats it, and the request grows with them."""

_ACTING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_TAGS = re.compile(r"</?template>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rejected:
    """An answer that is no mutant; `reason` is ours, no word of it comes from the helper."""

    reason: str


class Reader:
    """Reads the helper's answers.

    Args:
        names: finds vendors and products.
    """

    def __init__(self, names: AliasScanner) -> None:
        self._names = names

    def read(self, response: Response, *, parents: Collection[str], known: Collection[str]) -> str | Rejected:
        """The mutant's text.

        A mutant may name a vendor or product only where a template that it was made of does: else the search would
        soon find that a model which is told a name says it, which is priming and no pressure.

        Args:
            response: how the helper's trial ended.
            parents: texts of the templates that the mutant was to be made of.
            known: texts of all templates tried so far, as `folded` gives them.
        """
        if response.cls not in {"ok", "refusal"}:
            return Rejected(f"it was no whole answer ({response.cls})")
        text = _between_tags(response.text)
        if text is None:
            return Rejected("it was not between one <template> and one </template>")
        fault = _fault(text) or self._new_name(text, parents)
        if fault is None and folded(text) in known:
            fault = "it repeated a template that was tried before"
        return text if fault is None else Rejected(fault)

    def _new_name(self, text: str, parents: Collection[str]) -> str | None:
        before = {hit.name.family for parent in parents for hit in self._names.find(parent, lower(parent))}
        new = next((hit.name for hit in self._names.find(text, lower(text)) if hit.name.family not in before), None)
        return None if new is None else f"it named {new.text}, which the template did not"


def _fault(text: str) -> str | None:
    """What is wrong with the text itself."""
    slots = text.count(QUERY_SLOT)
    if slots == 0:
        return f"it lacked the slot {QUERY_SLOT}"
    if slots > MOST_SLOTS:
        return f"it held {QUERY_SLOT} more than {MOST_SLOTS} times"
    if len(text) > LONGEST:
        return f"it was longer than {LONGEST} characters"
    if any(unicodedata.category(char) in _ACTING for char in text if char not in "\n\t"):
        return "it held characters that are not text"
    return None


def folded(text: str) -> str:
    """The text with white space and letter case folded: what makes two templates the same one."""
    return " ".join(text.casefold().split())


def _between_tags(text: str) -> str | None:
    """What stands between the tags, or the whole answer where it has none."""
    parts = _TAGS.split(text.replace("\r\n", "\n"))
    tags = [tag.lower() for tag in _TAGS.findall(text)]
    if not tags:
        return parts[0].strip()
    return parts[1].strip() if tags == ["<template>", "</template>"] else None
