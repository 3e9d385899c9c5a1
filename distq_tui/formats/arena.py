"""Arena-Hard's answers, of both generations, told apart row by row.

First (and FastChat's MT-bench before it): `{question_id, model_id, choices: [{index, turns: [...]}]}`, a turn being a
string, `{content: text}` or `{content: {answer: text}}`; the prompt's text is not in the file. Second: `{uid, model,
messages: [{role, content}]}`, the assistant's content being `{answer: text}` or text.

One row of the contract is one answer: a choice is a sample. Several turns of one conversation are joined into one
response, and its user turns into one prompt, by a blank line (`turns.joined`); where there are several the row has them
one by one too, under `turns`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from distq_tui.errors import InputError
from distq_tui.formats.turns import joined, text_of

Row = dict[str, Any]


def is_arena(row: Mapping[str, Any]) -> bool:
    """Whether the row has the form of an answer of either generation."""
    if "response" in row:
        return False
    return isinstance(row.get("choices"), list) or (isinstance(row.get("messages"), list) and "uid" in row)


def arena_rows(path: Path, rows: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """Rows of the contract: `prompt_id` is the question's id in the file.

    Raises:
        InputError: a field is missing or is not as above.
    """
    for line, row in rows:
        place = _Place(path, line)
        model = row.get("model_id", row.get("model"))
        if not isinstance(model, str) or not model.strip():
            raise place.error("model" if "messages" in row else "model_id", "must be the model's name")
        ident = row.get("question_id", row.get("uid"))
        if isinstance(ident, bool) or not isinstance(ident, str | int):
            raise place.error("uid" if "messages" in row else "question_id", "must be a string or a whole number")
        answers = _choices(place, row["choices"]) if "choices" in row else [_conversation(place, row["messages"])]
        for sample, (prompt, turns) in enumerate(answers):
            made: Row = {"prompt_id": str(ident), "model": model, "response": joined(turns), "sample": sample}
            if len(turns) > 1:
                made["turns"] = turns
            yield line, made if prompt is None else {**made, "prompt": prompt}


class _Place:
    """Where a row stands, for its errors."""

    def __init__(self, path: Path, line: int) -> None:
        self._path, self._line = path, line

    def error(self, field: str, message: str) -> InputError:
        return InputError(message, file=self._path, line=self._line, field=field)


def _choices(place: _Place, choices: list[Any]) -> Iterator[tuple[None, list[str]]]:
    for number, choice in enumerate(choices):
        field = f"choices[{number}].turns"
        turns = choice.get("turns") if isinstance(choice, Mapping) else None
        if not isinstance(turns, list):
            raise place.error(field, "must be a list of turns")
        yield None, [_turn(place, f"{field}[{at}]", turn) for at, turn in enumerate(turns)]


def _turn(place: _Place, field: str, turn: Any) -> str:
    content = turn["content"] if isinstance(turn, Mapping) and "content" in turn else turn
    text = text_of(content)
    if text is None:
        raise place.error(field, "must be text, {content: text} or {content: {answer: text}}")
    return text


def _conversation(place: _Place, messages: list[Any]) -> tuple[str, list[str]]:
    said: dict[str, list[str]] = {"user": [], "assistant": []}
    for number, message in enumerate(messages):
        role = message.get("role") if isinstance(message, Mapping) else None
        if not isinstance(role, str):
            raise place.error(f"messages[{number}].role", "must be user, assistant or system")
        text = text_of(message.get("content"))
        if text is None:
            raise place.error(f"messages[{number}].content", "must be text or {answer: text}")
        said.setdefault(role, []).append(text)
    return joined(said["user"]), said["assistant"]
