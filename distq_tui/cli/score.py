"""`distq-tui score ice FILE`, `score rse FILE [FILE...]`: the offline scores of files, without key or network."""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final, TextIO, cast

from distq_tui.cli.common import put_json, say
from distq_tui.cli.exits import DONE
from distq_tui.errors import InputError
from distq_tui.files import check_apart

_IN_MEMORY: Final = 16_000_000
"""Bytes of rows that wait for the end in memory; more go to a temporary file."""

_INTERVALS: Final = "with intervals: `distq-tui import FILE`, then `distq-tui report latest -o OUT.html`"


def score_ice(arguments: argparse.Namespace) -> int:
    """One verdict a row.

    Raises:
        InputError: the file or a row is wrong, or the output can't be written or is what is read.
    """
    from distq_tui.ice.files import score_ice_file

    _check_outputs((arguments.file, arguments.facts), (arguments.out,))
    with _output(arguments) as out:
        result = score_ice_file(arguments.file, arguments.facts, out, say)
    if arguments.json:
        put_json(result.as_json())
    elif arguments.out is not None:
        say(f"{arguments.out}: answers {result.rows} · models {len(result.models)} · rates: --json; {_INTERVALS}")
    return DONE


def score_rse(arguments: argparse.Namespace) -> int:
    """The similarity of every pair of models.

    Raises:
        InputError: a file or a row is wrong, or an output can't be written or is what is read.
    """
    from distq_tui.rse.files import score_rse_files

    _check_outputs(arguments.file, (arguments.out, arguments.turns))
    with contextlib.ExitStack() as stack:
        out = stack.enter_context(_output(arguments))
        by_turn = None if arguments.turns is None else stack.enter_context(_whole(arguments.turns))
        result = score_rse_files(arguments.file, out, say, by_turn)
    if arguments.json:
        put_json(asdict(result))
    elif arguments.out is not None:
        counts = f"pairs {result.pairs} · models {result.models} · prompts {result.prompts}"
        say(f"{arguments.out}: {counts} · RSE {_INTERVALS}")
    return DONE


def _check_outputs(inputs: Iterable[Path | None], outputs: Iterable[Path | None]) -> None:
    """See that no output is an input, nor another output."""
    kept = [path for path in inputs if path is not None]
    seen: list[Path] = []
    for out in filter(None, outputs):
        check_apart(out, kept, called="an input")
        check_apart(out, seen, called="another output")
        seen.append(out)


@contextlib.contextmanager
def _output(arguments: argparse.Namespace) -> Iterator[TextIO]:
    """Stdout, or the file of `--out`. With `--json` alone the rows go nowhere: stdout then belongs to the summary.

    Stdout gets all rows at the end, so that a bad input has written none of them.
    """
    if arguments.out is None and not arguments.json:
        with tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="") as rows:
            yield cast(TextIO, rows)
            rows.seek(0)
            shutil.copyfileobj(rows, sys.stdout)
        return
    with _whole(arguments.out or Path(os.devnull)) as handle:
        yield handle


@contextlib.contextmanager
def _whole(out: Path) -> Iterator[TextIO]:
    """The file, written beside it first, so that a bad input leaves an old result alone.

    A device or a pipe is written to, and never replaced.

    Raises:
        InputError: it can't be written.
    """
    part = out.parent / f".{out.name[:40]}.{secrets.token_hex(4)}.part"
    try:
        replaceable = out.is_file() or not out.exists()
        with (part if replaceable else out).open("w", encoding="utf-8", newline="") as handle:
            yield handle
        if replaceable:
            part.replace(out)
    except OSError as error:
        raise InputError(error.strerror or "cannot be written", file=out) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
