"""The personas as the shipped file describes them: what each says of itself, in which layouts, and how fast."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from distq_tui.data import data_path

Language = Literal["en", "zh"]
Bank = Mapping[str, Sequence[str]]

SPEECH_VERSION = 1
"""Version of the way sentences are picked (`speech`); part of the endpoint's identity, as the sentences are."""


@dataclass(frozen=True, slots=True)
class Persona:
    """A scripted speaker.

    Attributes:
        about: one line for the screens that offer it.
        fact: what is true of it, in its own voice (`ModelSpec.fact`).
        other_share: the share of identity questions, in [0, 1], at which it claims another maker.
        layouts: by kind of prompt (identity, chat, list, code, math) the banks to draw from, as `bank*count`.
        marks: what the sentences of a list bank begin with; a bank without a mark is running text.
        banks: sentences by language and bank.
        first_s, word_s: seconds before the first word and for each word.
    """

    name: str
    about: str
    fact: str
    other_share: float
    layouts: Mapping[str, Sequence[str]]
    marks: Mapping[str, str]
    banks: Mapping[Language, Bank]
    first_s: float
    word_s: float


@dataclass(frozen=True, slots=True)
class Personas:
    """All personas by name, in the file's order; `version` changes whenever any answer may change."""

    version: str
    by_name: Mapping[str, Persona]


@cache
def load_personas() -> Personas:
    """The shipped personas."""
    content = data_path("prompts", "personas", "personas.toml").read_bytes()
    data = tomllib.loads(content.decode())
    digest = hashlib.blake2b(content, digest_size=6).hexdigest()
    personas = [_persona(entry) for entry in data["personas"]]
    return Personas(f"{data['version']}.{SPEECH_VERSION}-{digest}", {persona.name: persona for persona in personas})


def _persona(entry: dict[str, Any]) -> Persona:
    banks: dict[Language, Bank] = {"en": entry.pop("en"), "zh": entry.pop("zh")}
    return Persona(banks=banks, **entry)
