"""What a row may say beyond the answer: how it was asked, when it came, and whether a model said it at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from distq_tui.errors import InputError
from distq_tui.ice.facts import load_facts
from distq_tui.plan.trial import Params
from distq_tui.providers.replay.rows import is_number

Row = Mapping[str, Any]


def text_of(row: Row, name: str, path: Path, line: int) -> str | None:
    """The field as text; None where it is missing or empty.

    Raises:
        InputError: it is no text.
    """
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise InputError("must be text", file=path, line=line, field=name)
    return value or None


def params_of(row: Row, path: Path, line: int) -> Params:
    """The sampling parameters that were asked for, as exported rows say; those that a plan does not know are left out.

    Raises:
        InputError: they are no numbers by name.
    """
    value = row.get("params") or {}
    known = {name: value[name] for name in Params.__slots__ if name in value} if isinstance(value, dict) else None
    if known is None or not all(is_number(one) for one in known.values()):
        raise InputError("must be an object of numbers by parameter", file=path, line=line, field="params")
    if not isinstance(known.get("max_tokens", 0), int):
        raise InputError("max_tokens must be a whole number", file=path, line=line, field="params")
    return Params(**known)


def refused_of(row: Row, path: Path, line: int) -> tuple[str, ...]:
    """The parameters that the model refused.

    Raises:
        InputError: they are no list of names.
    """
    value = row.get("refused") or []
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise InputError("must be a list of parameters", file=path, line=line, field="refused")
    return tuple(value)


def time_of(row: Row, path: Path, line: int) -> str | None:
    """When the answer ended, ISO-8601 in UTC; None where the row does not say. A time without a zone is UTC.

    Raises:
        InputError: it is no such time.
    """
    text = text_of(row, "created_at", path, line)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(
            "must be a time such as 2026-03-01T10:00:00Z", file=path, line=line, field="created_at"
        ) from None
    # a time that the store could have written stays as it is: an export that comes back is the same
    return text if text.endswith("Z") else utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def same(field: str, first: str, second: str) -> bool:
    """Whether two rows say the same of a model: of a family any name and letter case, as `score ice` takes it."""
    return first == second or (field == "family" and _family(first) == _family(second))


def _family(name: str) -> str:
    found = load_facts().lookup(name)
    return found.key if found else name.casefold()
