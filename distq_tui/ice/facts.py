"""Facts: which family made which model, by what names, and where it is at home.

The data is `prompts/facts/families.toml`; a user's own file adds families and replaces those of the same key. It is
TOML, not YAML, because `score ice` loads it on every call and the standard library reads it in milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from distq_tui.config.toml_text import toml_values
from distq_tui.data import data_path
from distq_tui.errors import InputError

_LISTS = ("vendors", "products", "weak", "places", "facts")
_SEPARATORS = re.compile(r"[\s_.-]+")


@dataclass(frozen=True, slots=True)
class Family:
    """One maker and its models. `weak` names are also common words; `country` and `places` say where it is at home."""

    key: str
    name: str
    vendors: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    country: str = ""
    places: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All families, the words that guard ambiguous names, and the places of each country.

    Build it with `load_facts`.
    """

    version: str
    licence: str
    families: Mapping[str, Family]
    guards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def lookup(self, name: str) -> Family | None:
        """The family that a key, vendor or product name means, in any case; None when nobody bears that name.

        A versioned name (`Qwen2.5-72B-Instruct`) finds its family by the longest product it begins with.
        """
        wanted = _plain(name)
        if not wanted:
            return None
        names = {_plain(alias): family for family in self.families.values() for alias in _names(family)}
        if wanted in names:
            return names[wanted]
        beginnings = [alias for alias in names if len(alias) > 2 and wanted.startswith(alias)]
        return names[max(beginnings, key=len)] if beginnings else None

    def statement(self, family: str | None, fact: str | None) -> str:
        """What a model truly is, in a sentence: the user's own fact, else the family's; "" where neither is known."""
        if fact and fact.strip():
            return fact.strip()
        known = self.lookup(family) if family else None
        if known is None:
            return ""
        return " ".join(known.facts) or f"I am a model of {known.name}, made by {' / '.join(known.vendors)}."

    def of_model(self, name: str) -> Family | None:
        """The family that a model's name tells, as servers list it (`meta-llama/Llama-3.1-8B-Instruct`): a guess."""
        return self.lookup(name.rpartition("/")[2])


def load_facts(extra: Path | None = None) -> Facts:
    """The shipped facts, with a user's file laid over them.

    Args:
        extra: a TOML file of the same form; its families, guards and places replace shipped ones of the same key.

    Raises:
        InputError: the extra file is missing, not TOML, or a family in it is malformed.
    """
    facts = _parse(_read(data_path("prompts", "facts", "families.toml")), "families.toml")
    if extra is None:
        return facts
    own = _parse(_read(extra), extra)
    return Facts(
        version=f"{facts.version}+{own.version}",
        licence=facts.licence,
        families={**facts.families, **own.families},
        guards={**facts.guards, **own.guards},
        places={**facts.places, **own.places},
    )


def _names(family: Family) -> Iterable[str]:
    return (family.key, family.name, *family.vendors, *family.products, *family.weak)


def _plain(name: str) -> str:
    return _SEPARATORS.sub("", name.casefold())


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 text ({error.reason})", file=path) from error
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", file=path) from error
    return toml_values(text, path)


def _parse(data: dict[str, Any], file: object) -> Facts:
    families = _table(data, "families", file)
    if not families:
        raise InputError("no family in it: write [families.NAME] tables", file=file, field="families")
    return Facts(
        version=_text(data, "version", file, "version", "user"),
        licence=_text(data, "licence", file, "licence", ""),
        families={key: _family(key, entry, file) for key, entry in families.items()},
        guards={name: _list(words, f"guards.{name}", file) for name, words in _table(data, "guards", file).items()},
        places={name: _list(names, f"places.{name}", file) for name, names in _table(data, "places", file).items()},
    )


def _family(key: str, entry: object, file: object) -> Family:
    place = f"families.{key}"
    if not isinstance(entry, dict):
        raise InputError("must be a table with `vendors` and `products`", file=file, field=place)
    unknown = set(entry) - {"name", "country", *_LISTS}
    if unknown:
        raise InputError(
            f"unknown key; a family has name, country, {', '.join(_LISTS)}", file=file, field=f"{place}.{min(unknown)}"
        )
    lists = {name: _list(entry.get(name, []), f"{place}.{name}", file) for name in _LISTS}
    if not lists["vendors"] and not lists["products"]:
        raise InputError("needs at least one name in `vendors` or `products`", file=file, field=place)
    name = _text(entry, "name", file, f"{place}.name", key)
    return Family(key=key, name=name, country=_text(entry, "country", file, f"{place}.country", ""), **lists)


def _table(data: dict[str, Any], key: str, file: object) -> dict[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise InputError("must be a table", file=file, field=key)
    return value


def _text(data: dict[str, Any], key: str, file: object, place: str, default: str) -> str:
    value = data.get(key, default)
    if not isinstance(value, str):
        raise InputError("must be a string", file=file, field=place)
    return value


def _list(value: object, place: str, file: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise InputError("must be a list of non-empty strings", file=file, field=place)
    return tuple(value)
