"""Reads of the JSON that a server sent, whose types nobody has checked: a field of the wrong type counts as absent."""

from __future__ import annotations

from typing import Any

_NO_COUNT = 10**12
"""JSON's integers have no end, but the float that a price is multiplied into has."""


def field(item: object, name: str) -> Any:
    """The field's value; None where it is missing, or where `item` is no object."""
    return item.get(name) if isinstance(item, dict) else None


def text_of(item: object, name: str) -> str:
    """The field's text; empty where it is missing, null or no text."""
    value = field(item, name)
    return value if isinstance(value, str) else ""


def count(item: object, name: str) -> int | None:
    """The field's number of tokens; None where it is missing, no whole number, or more than anybody counts."""
    value = field(item, name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _NO_COUNT else None
