"""`distq-tui score ice|rse FILE`: the offline scores of a file, without key, network or database."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from distq_tui.cli.common import put_json, say
from distq_tui.cli.exits import DONE
from distq_tui.errors import InputError


def score_ice(arguments: argparse.Namespace) -> int:
    """One verdict a row.

    Raises:
        InputError: the file or a row is wrong, or the output can't be written.
    """
    from distq_tui.ice.files import score_ice_file

    with _output(arguments) as out:
        result = score_ice_file(arguments.file, arguments.facts, out, say)
    if arguments.json:
        put_json(asdict(result))
    return DONE


def score_rse(arguments: argparse.Namespace) -> int:
    """The similarity of every pair of models.

    Raises:
        InputError: the file or a row is wrong, or the output can't be written.
    """
    from distq_tui.rse.files import score_rse_file

    with _output(arguments) as out:
        result = score_rse_file(arguments.file, out, say)
    if arguments.json:
        put_json(asdict(result))
    return DONE


@contextlib.contextmanager
def _output(arguments: argparse.Namespace) -> Iterator[TextIO]:
    """Stdout, or the file of `--out`: written beside it first, so that a bad input leaves an old result alone.

    With `--json` and no `--out` the rows go nowhere: stdout then belongs to the summary.
    """
    out: Path | None = arguments.out
    if out is None:
        if not arguments.json:
            yield sys.stdout
            return
        with open("/dev/null" if sys.platform != "win32" else "NUL", "w", encoding="utf-8") as nowhere:  # noqa: PTH123
            yield nowhere
        return
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as handle:
            yield handle
        part.replace(out)
    except OSError as error:
        raise InputError(error.strerror or "cannot be written", file=out) from error
    finally:
        part.unlink(missing_ok=True)
