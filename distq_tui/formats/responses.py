"""Rows of responses from whatever tool wrote them: the form is told from the content, never from the file's name.

Known are our own rows (`prompt_id, model, response`, exported rows, event lines), AlpacaEval's outputs, Arena-Hard's
answers of both generations, and the released files of arXiv:2501.12619 (JSONL and CSV). A file is of one form: that of
its first row.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from distq_tui.errors import InputError
from distq_tui.formats.alpaca import alpaca_rows, is_alpaca
from distq_tui.formats.arena import arena_rows, is_arena
from distq_tui.formats.paper import is_paper, model_of, paper_answers
from distq_tui.formats.paper_run import PaperFile, PaperRun
from distq_tui.rows import first_line, open_text, rows_from

Numbered = tuple[int, dict[str, Any]]

_CELL_LIMIT: Final = 16_000_000
"""Characters of a CSV cell: answers are longer than the 131,072 that Python allows."""


def read_responses(path: Path) -> Iterator[Numbered]:
    """Each response of the file as a row of the contract, with its line (in a JSON array: its position).

    No answer (null) is an empty response in every form.

    Raises:
        InputError: the file can't be read, or a row is not of the file's form.
    """
    first, rows = _sniffed(path)
    if first is None:
        return
    if is_alpaca(first):
        yield from alpaca_rows(path, rows)
    elif is_arena(first):
        yield from arena_rows(path, rows)
    elif is_paper(first):
        answers = tuple(paper_answers(path, rows))
        yield from PaperRun(model_of(path), path, answers, whole=True).rows()
    else:
        yield from ((line, {**row, "response": ""} if _is_unanswered(row) else row) for line, row in rows)


def _is_unanswered(row: dict[str, Any]) -> bool:
    """Whether the row says that there was no answer: null, which other tools write too."""
    return "response" in row and row["response"] is None and row.get("text") is None


def read_paper(path: Path) -> PaperFile | None:
    """The file's answers and labels where it is one of the paper's; None where it is of another form, or empty.

    Raises:
        InputError: as `read_responses`.
    """
    first, rows = _sniffed(path)
    if first is None or not is_paper(first):
        return None
    return PaperFile(path, tuple(paper_answers(path, rows)))


def _sniffed(path: Path) -> tuple[dict[str, Any] | None, Iterator[Numbered]]:
    """The first row, and an iterator over all."""
    rows = _raw(path)
    first = next(rows, None)
    return (None, rows) if first is None else (first[1], itertools.chain([first], rows))


def _raw(path: Path) -> Iterator[Numbered]:
    with open_text(path) as lines:
        first = first_line(lines)
        if first is None:
            return
        if not first[1].lstrip().startswith(("{", "[")) and "jailbreak_prompt" in first[1]:
            yield from _csv(path, first, lines)
        else:
            yield from rows_from(path, first, lines)


def _csv(path: Path, first: tuple[int, str], lines: IO[str]) -> Iterator[Numbered]:
    usual = csv.field_size_limit(_CELL_LIMIT)
    reader = csv.DictReader(itertools.chain([first[1]], lines), strict=True)
    last = first[0]  # line that the row before ends on
    try:
        for row in reader:
            line, last = last + 1, first[0] - 1 + reader.line_num
            if None in row or None in row.values():
                raise InputError("has another number of cells than the header", file=path, line=line)
            yield line, dict(row)
    except csv.Error as error:
        raise InputError(f"not CSV: {error}", file=path, line=last + 1) from error
    finally:
        csv.field_size_limit(usual)
