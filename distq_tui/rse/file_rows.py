"""Rows of `score rse` into answers by prompt, model and sample, each field checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from distq_tui.formats.repeats import Place, Prompts, Samples
from distq_tui.formats.responses import read_responses
from distq_tui.rse.batch import Answers

T = TypeVar("T")

Cells = dict[tuple[str, int], T]
"""By model and sample."""


@dataclass(slots=True)
class ReadRows:
    """What the rows say: answers by prompt id, `turns` of those conversations that have several.

    `rows` are all of them, `missing` those without an answer; `samples` counts those that repeat an earlier one.
    """

    answers: dict[str, Cells[str]] = field(default_factory=dict)
    turns: dict[str, Cells[Sequence[str]]] = field(default_factory=dict)
    prompts: Prompts = field(default_factory=Prompts)
    samples: Samples = field(default_factory=Samples)
    rows: int = 0
    missing: int = 0

    def add(self, row: Mapping[str, Any], place: Place) -> None:
        """Take a row in; what has no answer or repeats an earlier one is counted alone.

        Raises:
            InputError: a field is wrong, or the row contradicts an earlier one.
        """
        self.rows += 1
        prompt_id, model, stated, response = _fields(row, place)
        if text := _prompt(row, place):
            self.prompts.check(prompt_id, text, place)
        if not response.strip():
            self.missing += 1
            return
        turns = _turns(row, place)
        sample = self.samples.number(row, place, model=model, prompt_id=prompt_id, sample=stated, answer=response)
        if sample is None:
            return
        self.answers.setdefault(prompt_id, {})[model, sample] = response
        if turns:
            self.turns.setdefault(prompt_id, {})[model, sample] = turns

    def turn(self, turn: int) -> Answers:
        """Every conversation's turn, from 0; an answer without turns is a first one, an empty turn is missing."""
        found: dict[str, Cells[str]] = {}
        for prompt, cells in self.answers.items():
            several = self.turns.get(prompt, {})
            for cell, whole in cells.items():
                said = several.get(cell, (whole,))
                if turn < len(said) and said[turn].strip():
                    found.setdefault(prompt, {})[cell] = said[turn]
        return found


def read_files(paths: Sequence[Path]) -> ReadRows:
    """The rows of the files, as if they stood in one.

    Raises:
        InputError: a file can't be read, a row is wrong, or rows contradict each other.
    """
    read = ReadRows()
    for file, line, row in ((path, *numbered) for path in paths for numbered in read_responses(path)):
        read.add(row, Place(file, line))
    return read


def _turns(row: Mapping[str, Any], place: Place) -> tuple[str, ...]:
    """The conversation's answers one by one, where the row has them."""
    turns = row.get("turns")
    if turns is None:
        return ()
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise place.error("turns", "must be a list of strings, the answers of each turn")
    return tuple(turns)


def _prompt(row: Mapping[str, Any], place: Place) -> str:
    """The prompt's text; empty where the row does not tell it."""
    prompt = row.get("prompt")
    if not isinstance(prompt, str | None):
        raise place.error("prompt", "must be a string, the prompt's text")
    return (prompt or "").strip()


def _fields(row: Mapping[str, Any], place: Place) -> tuple[str, str, int | None, str]:
    prompt, model, sample, response = (row.get(key) for key in ("prompt_id", "model", "sample", "response"))
    if isinstance(prompt, bool) or not isinstance(prompt, str | int | float):
        raise place.error("prompt_id", "must be a number or a string")
    if not isinstance(model, str) or not model.strip() or not model.isprintable():
        raise place.error("model", "must be the model's name, on one line")
    if "response" not in row or not isinstance(response, str | None):
        raise place.error("response", "must be a string (empty where there is none)")
    if sample is not None and (isinstance(sample, bool) or not isinstance(sample, int)):
        raise place.error("sample", "must be a whole number")
    number = isinstance(prompt, float) and prompt.is_integer()
    return str(int(prompt) if number else prompt), model, sample, response or ""
