"""`score rse FILE [FILE...]`: rows of responses in, the table of all model pairs out. No key, no network, no store."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

from distq_tui.errors import InputError
from distq_tui.formats.responses import read_responses
from distq_tui.rse.batch import Answers, score_answers
from distq_tui.rse.features import VERSION
from distq_tui.rse.pool import POOL_SIZE
from distq_tui.rse.table import PairRow

COLUMNS: Final = ("model_a", "model_b", "similarity", "content", "structure", "style", "excess", "pool_z", "n")
"""Header of the CSV."""

_MIN_MODELS: Final = 2


@dataclass(frozen=True, slots=True)
class RseFileSummary:
    """What was read and written, for the closing line and `--json`."""

    rows: int
    missing: int
    replaced: int
    models: int
    prompts: int
    pairs: int
    ranked_by: str
    scorer: str


def score_rse_file(path: Path, out: TextIO, warn: Callable[[str], None]) -> RseFileSummary:
    """`score_rse_files` of one file."""
    return score_rse_files((path,), out, warn)


def score_rse_files(paths: Sequence[Path], out: TextIO, warn: Callable[[str], None]) -> RseFileSummary:
    """Score every unordered pair of models of the files that has a prompt in common, and write one CSV row a pair.

    Rows are sorted by model name. An empty response is missing; a repeated (prompt, model, sample) replaces the earlier
    one. Numbers are written with six decimals (ranks of pairs closer than that are ties).

    Args:
        paths: files of `prompt_id, model, response [, prompt, sample]`, or of another form that `formats.responses`
            knows; JSONL or JSON arrays, gzipped or not. What they hold counts as if it stood in one file.
        out: receives the CSV.
        warn: receives one line for each thing that a user may not expect.

    Raises:
        InputError: no rows, a row that is not as above, or fewer than two models with a response.
    """
    answers, rows, missing, replaced = _read(paths)
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
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(row) for row in table)
    return RseFileSummary(
        rows=rows,
        missing=missing,
        replaced=replaced,
        models=len(models),
        prompts=len(answers),
        pairs=len(table),
        ranked_by="pool z" if len(models) >= POOL_SIZE else "fixed constants",
        scorer=VERSION,
    )


def _read(paths: Sequence[Path]) -> tuple[Answers, int, int, int]:
    answers: dict[str, dict[tuple[str, int], str]] = {}
    rows = missing = replaced = 0
    for file, line, row in ((path, *numbered) for path in paths for numbered in read_responses(path)):
        rows += 1
        prompt, model, sample, response = _fields(file, line, row)
        if not response.strip():
            missing += 1
            continue
        cells = answers.setdefault(prompt, {})
        replaced += (model, sample) in cells
        cells[model, sample] = response
    return answers, rows, missing, replaced


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
