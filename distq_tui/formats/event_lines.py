"""Events as JSON lines, `{"event": "trial_finished", ...}`, and back."""

from __future__ import annotations

import contextlib
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
    """The value as its field's type wants it: JSON has neither tuples nor records, and a file may hold anything."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        return _either(inner, value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _record(hint, value)
    if origin is tuple and isinstance(value, list):
        return tuple(_value(inner[0], item) for item in value)
    if origin is dict and isinstance(value, dict):
        return {name: _value(inner[1], item) for name, item in value.items()}
    if origin is typing.Literal and value in inner:
        return value
    # type(value), not isinstance: a boolean is no number here
    if type(value) is hint or (hint is float and type(value) is int):
        return value
    raise TypeError(f"{str(value)[:80]!r} is no {getattr(hint, '__name__', 'known value')}")


def _either(hints: tuple[Any, ...], value: Any) -> Any:
    if value is None and types.NoneType in hints:
        return None
    others = [hint for hint in hints if hint is not types.NoneType]
    if len(others) == 1:
        return _value(others[0], value)
    for hint in others:
        with contextlib.suppress(TypeError, AttributeError):
            return _value(hint, value)
    raise TypeError(f"{str(value)[:80]!r} is none of what may stand there")
