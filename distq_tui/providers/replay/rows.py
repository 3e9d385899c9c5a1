"""From a row of a file to a recorded answer: response, `score` and exported rows, and lines of `run --events`."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator
from math import isfinite
from pathlib import Path
from typing import Any, cast

from distq_tui.errors import InputError
from distq_tui.events import Event, Response, ResponseClass, RunStarted, TrialFinished, Usage
from distq_tui.formats.event_lines import parse_event
from distq_tui.prompts import Message
from distq_tui.providers.replay.recording import Entry

_CLASSES: tuple[str, ...] = typing.get_args(ResponseClass)

Placed = tuple[Path, int, dict[str, Any]]
"""A row with the file and the line that it stands in."""


def entries(rows: Iterable[Placed]) -> Iterator[tuple[Placed, Entry]]:
    """The answers of rows, in order; events that are no finished trial are passed over.

    A row is `{model, response}` with one or more of `messages`, `prompt` (or `query`) and `prompt_id`; it may
    have `sample`, `class`, `reasoning`, `finish_reason`, `input_tokens`, `output_tokens`, `first_token_ms`, `total_ms`
    and `sent`, the sampling parameters by name.

    An answer is simulated where the row says so, or where the run that its event belongs to said so when it began.

    Raises:
        InputError: a field is missing or is of the wrong kind.
    """
    scripted: tuple[str, ...] = ()
    for file, line, row in rows:
        if "event" not in row:
            yield (file, line, row), _Row(row, file, line).entry()
            continue
        event = _event(row, file, line)
        if isinstance(event, RunStarted):
            scripted = event.simulated
        elif isinstance(event, TrialFinished):
            entry = entry_of_response(
                event.response, model=event.model, prompt_id=event.prompt_id, sample=event.sample,
                simulated=event.model in scripted,
            )  # fmt: skip
            yield (file, line, row), entry


def is_number(value: object) -> bool:
    """Whether a value out of JSON is a number: booleans and what JSON does not have are none."""
    return type(value) is int or (type(value) is float and isfinite(value))


def entry_of_response(
    response: Response,
    *,
    model: str,
    prompt_id: str,
    sample: int,
    messages: tuple[Message, ...] | None = None,
    simulated: bool = False,
) -> Entry:
    """The answer as the engine told it, or as the store kept it."""
    return Entry(
        model=model,
        prompt_id=prompt_id,
        messages=messages,
        prompt=None,
        sample=sample,
        cls=response.cls,
        text=response.text,
        reasoning=response.reasoning,
        finish=response.finish_reason,
        sent=tuple(response.sent.items()),
        usage=response.usage,
        first_token_ms=response.first_token_ms,
        total_ms=response.total_ms,
        simulated=simulated,
    )


def _event(row: dict[str, Any], file: Path, line: int) -> Event | None:
    try:
        return parse_event(row)
    except ValueError as error:
        raise InputError(str(error), file=file, line=line) from None


class _Row:
    """Reads the fields of one row, each checked."""

    def __init__(self, row: dict[str, Any], file: Path, line: int) -> None:
        self._row, self._file, self._line = row, file, line

    def entry(self) -> Entry:
        messages = self._messages()
        prompt = self._text("prompt", "query")
        prompt_id = self._id()
        if messages is None and prompt is None and prompt_id is None:
            raise self._error("prompt", "a row needs messages, prompt or prompt_id to be found by")
        text = self._text("response", "text")
        if text is None:
            raise self._error("response", "is missing; it must be the answer's text")
        model = self._text("model")
        if not model:
            raise self._error("model", "is missing; it must be the model's name")
        cls = self._row.get("class") or ("ok" if text.strip() else "no_answer")
        if cls not in _CLASSES:
            raise self._error("class", f"must be one of {', '.join(_CLASSES)}")
        tokens = self._count("input_tokens"), self._count("output_tokens")
        return Entry(
            model=model,
            prompt_id=prompt_id,
            messages=messages,
            prompt=prompt,
            sample=self._count("sample"),
            cls=cast(ResponseClass, cls),
            text=text,
            reasoning=self._text("reasoning") or "",
            finish=self._text("finish_reason"),
            sent=self._sent(),
            usage=Usage(tokens[0] or 0, tokens[1], "reported") if tokens[1] is not None else None,
            first_token_ms=self._count("first_token_ms"),
            total_ms=self._count("total_ms"),
            simulated=self._row.get("source") == "simulated" or self._row.get("provider") == "demo",
        )

    def _messages(self) -> tuple[Message, ...] | None:
        value = self._row.get("messages")
        if value is None:
            return None
        try:
            turns = tuple(Message(turn["role"], turn["content"]) for turn in value)
        except (TypeError, KeyError):
            turns = ()
        if not turns or any(not isinstance(part, str) for turn in turns for part in (turn.role, turn.content)):
            raise self._error("messages", "must be a list of {role, content}")
        return turns

    def _sent(self) -> tuple[tuple[str, float | int], ...]:
        value = self._row.get("sent")
        if value is None:
            return ()
        if not isinstance(value, dict) or not all(is_number(one) for one in value.values()):
            raise self._error("sent", "must be an object of numbers by parameter")
        return tuple(value.items())

    def _id(self) -> str | None:
        value = self._row.get("prompt_id")
        if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
            raise self._error("prompt_id", "must be text or a whole number")
        return None if value is None else str(value)

    def _text(self, *names: str) -> str | None:
        name = next((name for name in names if self._row.get(name) is not None), None)
        value = None if name is None else self._row[name]
        if value is not None and not isinstance(value, str):
            raise self._error(str(name), "must be text")
        return value

    def _count(self, name: str) -> int | None:
        value = self._row.get(name)
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12
        ):
            raise self._error(name, "must be a number that is not negative")
        return None if value is None else int(value)

    def _error(self, field: str, message: str) -> InputError:
        return InputError(message, file=self._file, line=self._line, field=field)
