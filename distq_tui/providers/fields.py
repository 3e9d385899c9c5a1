"""Reads of what a server sent, whose types the SDKs do not check: a field of the wrong type counts as absent."""

from __future__ import annotations

from typing import Any


def text_of(item: Any, name: str) -> str:
    """The field's text; empty where it is missing, null or no text."""
    value = getattr(item, name, None)
    return value if isinstance(value, str) else ""


def count(item: Any, name: str) -> int | None:
    """The field's number of tokens; None where it is missing or no whole number."""
    value = getattr(item, name, None)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
