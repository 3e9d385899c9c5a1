"""`score rse FILE [FILE...]`: rows of responses in, the table of all model pairs out. No key, no network, no store."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO, TypeVar

from distq_tui.errors import InputError
from distq_tui.formats.csv_cells import csv_cell
from distq_tui.formats.repeats import Place, Prompts, Samples
from distq_tui.formats.responses import read_responses
from distq_tui.rse.batch import Answers, score_answers
from distq_tui.rse.features import VERSION
from distq_tui.rse.pool import POOL_SIZE
from distq_tui.rse.table import PairRow

T = TypeVar("T")

COLUMNS: Final = ("model_a", "model_b", "similarity", "content", "structure", "style", "excess", "pool_z", "n")
"""Header of the CSV."""

TURN_COLUMNS: Final = ("turn", *COLUMNS)
"""Header of the CSV by turns; turns are counted from 1."""

_MIN_MODELS: Final = 2


@dataclass(frozen=True, slots=True)
class RseFileSummary:
    """What was read and written, for the closing line and `--json`; `turns` of the longest conversation.

    `missing` rows have no answer, `repeated` ones say word for word what an earlier one does.
    """

    rows: int
    missing: int
    repeated: int
    models: int
    prompts: int
    pairs: int
    ranked_by: str
    scorer: str
    turns: int = 1


def score_rse_file(path: Path, out: TextIO, warn: Callable[[str], None]) -> RseFileSummary:
    """`score_rse_files` of one file."""
    return score_rse_files((path,), out, warn)


def score_rse_files(
    paths: Sequence[Path], out: TextIO, warn: Callable[[str], None], by_turn: TextIO | None = None
) -> RseFileSummary:
    """Score every unordered pair of models of the files that has a prompt in common, and write one CSV row a pair.

    Rows are sorted by model name. An empty response is missing; `formats.repeats` says what a repeated row is. Numbers
    are written with six decimals (ranks of pairs closer than that are ties).

    Args:
        paths: files of `prompt_id, model, response [, prompt, sample]`, or of another form that `formats.responses`
            knows; JSONL or JSON arrays, gzipped or not. What they hold counts as if it stood in one file.
        out: receives the CSV.
        warn: receives one line for each thing that a user may not expect.
        by_turn: receives the same table for each turn alone, first turns with first turns and so on. A conversation
            stays one prompt: `n` counts conversations that have that turn of both models.

    Raises:
        InputError: no rows, a row that is not as above, rows that contradict each other, or no two models with a
            prompt in common.
    """
    read = _read(paths)
    answers, rows = read.answers, read.rows
    path = paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"
    if not rows:
        raise InputError("no rows; one object a line with prompt_id, model, response", file=path)
    models = {model for cells in answers.values() for model, _ in cells}
    if len(models) < _MIN_MODELS:
        raise InputError(f"responses of {len(models)} model; a similarity needs at least two", file=path, field="model")
    if told := read.samples.told():
        warn(f"{path}: {told}")
    table = score_answers(answers)
    if not table:
        told = f"no two of the {len(models)} models have a prompt in common; a pair needs one that both answered"
        raise InputError(told, file=path, field="prompt_id")
    _write(out, COLUMNS, (_cells(row) for row in table))
    turns = max((len(said) for cells in read.turns.values() for said in cells.values()), default=1)
    if by_turn is not None:
        by_turn_rows = ((turn + 1, row) for turn in range(turns) for row in score_answers(read.turn(turn)))
        _write(by_turn, TURN_COLUMNS, ([turn, *_cells(row)] for turn, row in by_turn_rows))
    return RseFileSummary(
        rows=rows,
        missing=read.missing,
        repeated=read.samples.repeated,
        models=len(models),
        prompts=len(answers),
        pairs=len(table),
        ranked_by="pool z" if len(models) >= POOL_SIZE else "fixed constants",
        scorer=VERSION,
        turns=turns,
    )


Cells = dict[tuple[str, int], T]
"""By model and sample."""


@dataclass(slots=True)
class _Read:
    """The rows of all files; `turns` of those conversations that have several."""

    answers: dict[str, Cells[str]] = field(default_factory=dict)
    turns: dict[str, Cells[Sequence[str]]] = field(default_factory=dict)
    prompts: Prompts = field(default_factory=Prompts)
    samples: Samples = field(default_factory=Samples)
    rows: int = 0
    missing: int = 0

    def add(self, row: Mapping[str, Any], place: Place) -> None:
        """Take a row in; what has no answer or repeats an earlier one is counted alone."""
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


def _read(paths: Sequence[Path]) -> _Read:
    read = _Read()
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


def _write(out: TextIO, header: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)


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


def _cells(row: PairRow) -> list[str | int | float]:
    names = csv_cell(row.model_a), csv_cell(row.model_b)
    numbers = (row.similarity, row.content, row.structure, row.style, row.excess, row.pool_z)
    return [*names, *("" if value is None else f"{value:.6f}" for value in numbers), row.n]
