"""`score rse FILE [FILE...]`: rows of responses in, the table of all model pairs out. No key, no network, no store."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO, TypeVar

from distq_tui.errors import InputError
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
    """What was read and written, for the closing line and `--json`; `turns` of the longest conversation."""

    rows: int
    missing: int
    replaced: int
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

    Rows are sorted by model name. An empty response is missing; a repeated (prompt, model, sample) replaces the earlier
    one. Numbers are written with six decimals (ranks of pairs closer than that are ties).

    Args:
        paths: files of `prompt_id, model, response [, prompt, sample]`, or of another form that `formats.responses`
            knows; JSONL or JSON arrays, gzipped or not. What they hold counts as if it stood in one file.
        out: receives the CSV.
        warn: receives one line for each thing that a user may not expect.
        by_turn: receives the same table for each turn alone, first turns with first turns and so on. A conversation
            stays one prompt: `n` counts conversations that have that turn of both models.

    Raises:
        InputError: no rows, a row that is not as above, or fewer than two models with a response.
    """
    read = _read(paths)
    answers, rows, missing, replaced = read.answers, read.rows, read.missing, read.replaced
    path = paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"
    if not rows:
        raise InputError("no rows; one object a line with prompt_id, model, response", file=path)
    models = {model for cells in answers.values() for model, _ in cells}
    if len(models) < _MIN_MODELS:
        raise InputError(f"responses of {len(models)} model; a similarity needs at least two", file=path, field="model")
    if replaced:
        warn(f"{path}: {replaced} row(s) repeat an earlier prompt, model and sample; the last one counts")
    table = score_answers(answers)
    if not table:
        warn(f"{path}: no two models have a prompt in common")
    _write(out, COLUMNS, (_cells(row) for row in table))
    turns = max((len(said) for cells in read.turns.values() for said in cells.values()), default=1)
    if by_turn is not None:
        by_turn_rows = ((turn + 1, row) for turn in range(turns) for row in score_answers(read.turn(turn)))
        _write(by_turn, TURN_COLUMNS, ([turn, *_cells(row)] for turn, row in by_turn_rows))
    return RseFileSummary(
        rows=rows,
        missing=missing,
        replaced=replaced,
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
    rows: int = 0
    missing: int = 0
    replaced: int = 0

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
        read.rows += 1
        prompt, model, sample, response = _fields(file, line, row)
        if not response.strip():
            read.missing += 1
            continue
        cells = read.answers.setdefault(prompt, {})
        read.replaced += (model, sample) in cells
        cells[model, sample] = response
        several = read.turns.setdefault(prompt, {})
        several.pop((model, sample), None)
        if turns := _turns(file, line, row):
            several[model, sample] = turns
    return read


def _turns(path: Path, line: int, row: dict[str, Any]) -> tuple[str, ...]:
    """The conversation's answers one by one, where the row has them."""
    turns = row.get("turns")
    if turns is None:
        return ()
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise InputError("must be a list of strings, the answers of each turn", file=path, line=line, field="turns")
    return tuple(turns)


def _write(out: TextIO, header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)


def _fields(path: Path, line: int, row: dict[str, Any]) -> tuple[str, str, int, str]:
    prompt, model, sample, response = (row.get(key) for key in ("prompt_id", "model", "sample", "response"))
    if isinstance(prompt, bool) or not isinstance(prompt, (str, int, float)):
        raise InputError("must be a number or a string", file=path, line=line, field="prompt_id")
    if not isinstance(model, str) or not model.strip() or not model.isprintable():
        raise InputError("must be the model's name, on one line", file=path, line=line, field="model")
    if "response" not in row or not isinstance(response, (str, type(None))):
        raise InputError("must be a string (empty where there is none)", file=path, line=line, field="response")
    if sample is not None and (isinstance(sample, bool) or not isinstance(sample, int)):
        raise InputError("must be a whole number", file=path, line=line, field="sample")
    number = isinstance(prompt, float) and prompt.is_integer()
    return str(int(prompt) if number else prompt), model, sample or 0, response or ""


def _cells(row: PairRow) -> list[str | int]:
    numbers = (row.similarity, row.content, row.structure, row.style, row.excess, row.pool_z)
    return [row.model_a, row.model_b, *("" if value is None else f"{value:.6f}" for value in numbers), row.n]
