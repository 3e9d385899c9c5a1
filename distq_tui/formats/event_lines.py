"""Events as JSON lines, `{"event": "trial_finished", ...}`, and back."""

from __future__ import annotations

import dataclasses
import json
import re
import types
import typing
from functools import cache
from typing import Any

from distq_tui import events


def event_name(kind: type) -> str:
    """`TrialFinished` as `trial_finished`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


_KINDS: dict[str, type[Any]] = {event_name(kind): kind for kind in typing.get_args(events.Event)}


def event_line(event: events.Event) -> str:
    """The event as one line of JSON (ASCII), without the newline."""
    return json.dumps({"event": event_name(type(event)), **dataclasses.asdict(event)})


def parse_event(row: dict[str, Any]) -> events.Event | None:
    """The event of one parsed line; None for a kind that this version does not know.

    Raises:
        ValueError: a field is missing or is of the wrong kind.
    """
    kind = _KINDS.get(str(row.get("event")))
    if kind is None:
        return None
    try:
        event: events.Event = _record(kind, row)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not a {row['event']} event: {error}") from error
    return event


@cache
def _types(kind: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _record(kind: type[Any], row: dict[str, Any]) -> Any:
    hints = _types(kind)  # type: ignore[arg-type]  # a class is hashable
    return kind(**{name: _value(hints[name], value) for name, value in row.items() if name in hints})


def _value(hint: Any, value: Any) -> Any:
    """JSON has neither tuples nor records: give them back where the field's type asks for them."""
    if value is None:
        return None
    if isinstance(hint, types.UnionType):
        hint = next(inner for inner in typing.get_args(hint) if inner is not type(None))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _record(hint, value)
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_value(inner, item) for item in value)
    return value
