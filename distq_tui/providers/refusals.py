"""Which parameters a model has refused: read from the error, remembered for each model, left out from then on."""

from __future__ import annotations

import re
from collections.abc import Iterable

from distq_tui.providers.errors import error_fields

MAX_TOKENS, MAX_COMPLETION_TOKENS, STREAM_OPTIONS = "max_tokens", "max_completion_tokens", "stream_options"

_REFUSAL = re.compile(
    r"unsupported|not support|n't support|unknown|unrecogni[sz]ed|unexpected|not (?:allowed|permitted|available)"
    r"|only the default|deprecated|cannot both|may not be|must be|should be|out of range|too large|too high|invalid"
    r"|extra (?:inputs|fields)|maximum allowed|exceeds?",
    re.IGNORECASE,
)
_TOO_LONG = ("context_length", "context_window", "prompt is too long")
"""Errors about the prompt's length that speak of `max_tokens` only to explain the sum."""


def refused_parameter(body: object, sent: Iterable[str]) -> str | None:
    """The parameter that a 400 or 422 refuses, if it is one of those that were sent."""
    message, param, code = error_fields(body)
    if any(mark in code or mark in message.lower() for mark in _TOO_LONG):
        return None
    names = list(sent)
    if param:
        return next((name for name in names if param in {name, f"body.{name}"} or param.startswith(f"{name}.")), None)
    if not _REFUSAL.search(message):
        return None
    # the last one named: "temperature and top_p cannot both be specified" keeps the first
    places = {name: _last(name, message) for name in names}
    named = [name for name in names if places[name] >= 0]
    return max(named, key=lambda name: places[name]) if named else None


def _last(name: str, message: str) -> int:
    found = [match.start() for match in re.finditer(rf"(?<![\w]){re.escape(name)}(?![\w])", message)]
    return found[-1] if found else -1


class Refusals:
    """The parameters that each model of one endpoint refused, and the other name that some take for `max_tokens`."""

    def __init__(self) -> None:
        self._refused: dict[str, tuple[str, ...]] = {}
        self._renamed: set[str] = set()

    def of(self, model: str) -> tuple[str, ...]:
        """The refused parameters, in the order in which they were refused."""
        return self._refused.get(model, ())

    def renames(self, model: str) -> bool:
        """Whether the model wants `max_completion_tokens` in place of `max_tokens`."""
        return model in self._renamed

    def learn(self, model: str, body: object, sent: Iterable[str]) -> str | None:
        """Remember what this error refuses.

        Returns:
            The parameter that the same request will leave out or rename, or None where the error is about none.
        """
        name = refused_parameter(body, sent)
        if name is None:
            return None
        if name == MAX_TOKENS and MAX_COMPLETION_TOKENS in error_fields(body)[0] and model not in self._renamed:
            self._renamed.add(model)
        else:
            plain = MAX_TOKENS if name == MAX_COMPLETION_TOKENS else name
            if plain not in self.of(model):
                self._refused[model] = (*self.of(model), plain)
        return name
