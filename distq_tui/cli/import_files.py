"""The rows of the files that `import` is given: of any known form, the paper's files put together by model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from distq_tui.errors import InputError
from distq_tui.formats.paper_run import PaperFile, paper_runs
from distq_tui.formats.responses import read_paper, read_responses
from distq_tui.ice.facts import load_facts
from distq_tui.providers.replay.rows import Placed


def rows_of_files(
    paths: Sequence[Path], warn: Callable[[str], None], *, model: str | None = None, family: str | None = None
) -> Iterator[Placed]:
    """Every answer of the files as a row that `import` reads.

    Args:
        paths: all of the paper's files, or none of them.
        warn: told in one line of what a user may not expect.
        model: whose answers the paper's files hold; None = as their names say.
        family: put into rows that name neither family nor fact.

    Raises:
        InputError: a file can't be read, a row is wrong, or files are given that don't belong together.
    """
    papers = [paper for path in paths if (paper := read_paper(path)) is not None]
    if papers:
        rows = _paper_rows(paths, papers, warn, model, family)
    elif model is not None:
        raise InputError("is for the paper's files alone; the rows of these name their models", field="--model")
    else:
        rows = ((path, line, row) for path in paths for line, row in read_responses(path))
    for path, line, row in rows:
        known = family is None or row.get("family") or row.get("fact")
        yield path, line, row if known else {**row, "family": family}


def _paper_rows(
    paths: Sequence[Path],
    papers: Sequence[PaperFile],
    warn: Callable[[str], None],
    model: str | None,
    given: str | None,
) -> Iterator[Placed]:
    others = [path for path in paths if path not in {paper.path for paper in papers}]
    if others:
        raise InputError("is of another form than the paper's files; import it apart", file=others[0])
    facts = load_facts()
    for run in paper_runs(papers, warn, model=model):
        family = facts.of_model(run.model)
        told = {} if family is None or given is not None else {"family": family.key}
        yield from ((run.path, line, {**row, **told}) for line, row in run.rows())
