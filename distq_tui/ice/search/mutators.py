"""The five mutators: what the helper is asked, as the shipped files say it. Nothing of an answer is read here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from distq_tui.data import data_path
from distq_tui.plan.trial import content_hash
from distq_tui.prompts import Message, Template

MUTATORS = ("crossover", "expand", "generate-similar", "shorten", "rephrase")
"""Names of the mutators and of their files, in the order in which one is drawn."""

_SLOT = re.compile(r"\{(template|other|task|reason)\}")


@dataclass(frozen=True, slots=True)
class Mutator:
    """One way of making a new template.

    Attributes:
        parents: templates that it takes: 1, or 2 for crossover.
        prompt: the request with the slots `{template}` and `{other}`.
        correction: what is added after an answer that could not be used, with the slot `{reason}`.
    """

    name: str
    parents: int
    prompt: str
    correction: str

    def request(self, templates: Sequence[Template], rejected: str | None = None) -> Message:
        """What the helper is asked.

        Args:
            templates: as many as `parents`.
            rejected: why the answer before this one could not be used; None at the first try.
        """
        slots = dict(zip(("template", "other"), (template.text for template in templates), strict=False))
        text = _filled(self.prompt, slots)
        if rejected is not None:
            text += "\n\n" + _filled(self.correction, {"reason": rejected})
        return Message("user", text)


@dataclass(frozen=True, slots=True)
class MutatorSet:
    """The mutators, and a version that changes with every change of their texts."""

    version: str
    mutators: tuple[Mutator, ...]


@cache
def load_mutators() -> MutatorSet:
    """The shipped mutators."""
    common = _read("common")
    entries = [_read(name) for name in MUTATORS]
    number = ".".join(str(entry["version"]) for entry in (common, *entries))
    digest = content_hash([common, *entries]).removeprefix("b2:")[:12]
    return MutatorSet(f"{number}-{digest}", tuple(_mutator(entry, common) for entry in entries))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(data_path("prompts", "mutators", f"{name}.toml").read_text("utf-8"))


def _mutator(entry: Mapping[str, Any], common: Mapping[str, Any]) -> Mutator:
    prompt = _filled(common["prompt"].strip(), {"task": entry["task"].strip()})
    return Mutator(entry["name"], entry["templates"], prompt, common["correction"].strip())


def _filled(text: str, slots: Mapping[str, str]) -> str:
    """The text with its slots filled in one pass: what stands in a template is never taken for a slot."""
    return _SLOT.sub(lambda match: slots.get(match[1], match[0]), text)
