"""The judges' question: data with a version and a hash, filled so that a hostile answer cannot leave its quotation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distq_tui.data import data_path
from distq_tui.errors import InputError
from distq_tui.judging import PARAMS, fill, params_in, question_in, read_questions, text_in
from distq_tui.plan.trial import Params, content_hash
from distq_tui.prompts import Message

_READING = 1
"""Raise it when replies are read in another way: it is a part of the version that grades are stored under."""
_NEEDED = ("request", "first", "second", "mark")


@dataclass(frozen=True, slots=True)
class JudgePrompt:
    """The question to a judge, and what is sent with it.

    Attributes:
        version: the file's own version and the hash of all that changes a grade.
        text: with the slots {request}, {first}, {second} and {mark}.
        params: sent with a question; `retry` when a reply to it could not be read.
        max_chars: of each quotation.
    """

    version: str
    licence: str
    text: str
    params: Params
    retry: Params
    max_chars: int

    def fill(self, conversation: Sequence[Message], first: str, second: str) -> str:
        """The question about these two answers to a conversation.

        The lines around each quotation carry a mark that occurs in none of them.
        """
        quoted = {
            "request": self._cut(_told(conversation)),
            "first": self._cut(first.strip()),
            "second": self._cut(second.strip()),
        }
        return fill(self.text, quoted)

    def _cut(self, text: str) -> str:
        over = len(text) - self.max_chars
        return text if over <= 0 else f"{text[: self.max_chars]}\n[cut here: {over} characters more]"


def load_judge_prompt(path: Path | None = None) -> JudgePrompt:
    """The shipped question, or that of a file of the same form.

    Raises:
        InputError: the file is missing, not TOML, or a key of it is missing or malformed.
    """
    file = path or data_path("prompts", "judges", "rse.toml")
    data = read_questions(file)
    text = question_in(_table(data, "text", file), file, "text.text", _NEEDED)
    params, retry = (_params(_table(data, name, file), file, name) for name in ("params", "retry"))
    max_chars = data.get("max_chars")
    if isinstance(max_chars, bool) or not isinstance(max_chars, int) or max_chars < 1:
        raise InputError("must be a whole number, at least 1", file=file, field="max_chars")
    content = [text, params.sent(), retry.sent(), max_chars, _READING]
    return JudgePrompt(
        version=f"{text_in(data, 'version', file, 'version')} {content_hash(content)}",
        licence=text_in(data, "licence", file, "licence"),
        text=text,
        params=params,
        retry=retry,
        max_chars=max_chars,
    )


def _told(conversation: Sequence[Message]) -> str:
    """The conversation as text: a single question as it is, turns with their roles."""
    turns = [message for message in conversation if message.role != "system"]
    if len(turns) == 1:
        return turns[0].content.strip()
    return "\n\n".join(f"{turn.role.upper()}: {turn.content.strip()}" for turn in turns)


def _table(data: Mapping[str, Any], key: str, file: Path) -> Mapping[str, Any]:
    value = data.get(key)
    if not isinstance(value, dict):
        raise InputError("must be a table", file=file, field=key)
    return value


def _params(table: Mapping[str, Any], file: Path, key: str) -> Params:
    unknown = set(table) - PARAMS
    if unknown:
        raise InputError("unknown; use temperature, max_tokens, top_p", file=file, field=f"{key}.{min(unknown)}")
    return params_in(table, file, key)
