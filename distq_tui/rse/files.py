"""`score rse FILE [FILE...]`: rows of responses in, the table of all model pairs out. No key, no network, no store."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from distq_tui.errors import InputError
from distq_tui.formats.csv_cells import csv_cell
from distq_tui.rse.batch import score_answers
from distq_tui.rse.features import VERSION
from distq_tui.rse.file_rows import read_files
from distq_tui.rse.pool import POOL_SIZE
from distq_tui.rse.table import PairRow

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
    read = read_files(paths)
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


def _write(out: TextIO, header: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)


def _cells(row: PairRow) -> list[str | int | float]:
    names = csv_cell(row.model_a), csv_cell(row.model_b)
    numbers = (row.similarity, row.content, row.structure, row.style, row.excess, row.pool_z)
    return [*names, *("" if value is None else f"{value:.6f}" for value in numbers), row.n]
