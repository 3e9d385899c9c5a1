"""The report as Markdown that renders the same everywhere; outside text can't make headings, links or tags."""

from __future__ import annotations

from collections.abc import Iterator

from distq_tui.report import words
from distq_tui.report.flagged_model import Flagged
from distq_tui.report.layout import Bar, Cell, Names, Section, Table
from distq_tui.report.model import Report
from distq_tui.report.sections import sections, summary
from distq_tui.report.spans import quotes
from distq_tui.report.text import md_fence, md_text, moment


def markdown_report(report: Report) -> str:
    """The whole document."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: Report) -> Iterator[str]:
    session = report.session
    yield f"# distq-tui report: {md_text(session.name)}"
    when = moment(session.as_of) + ("" if session.finished_at else " (not finished)")
    yield md_text(
        f"Session {session.id}, {session.state}, {moment(session.created_at)} to {when},"
        f" {session.closed} of {session.planned} trials closed."
    )
    if report.notes:
        yield "\n".join(f"> {md_text(note)}  " for note in report.notes)
    glance = summary(report)
    if glance:
        yield "## At a glance"
        for table in glance:
            yield from _titled(table)
    for part in sections(report):
        yield from _section(part, report)


def _section(part: Section, report: Report) -> Iterator[str]:
    yield f"## {md_text(part.title)}"
    yield from part.paragraphs  # our own words, as are items and notes
    if part.items:
        yield "\n".join(f"- {item}" for item in part.items)
    for table in part.tables:
        yield from _titled(table)
    if part.flagged:
        name = Names(report)
        for flagged in report.flagged:
            yield from _answer(flagged, name)


def _titled(table: Table) -> Iterator[str]:
    if table.rows:
        if table.title:
            yield f"### {md_text(table.title)}"
        yield _table(table)
        if table.note:
            yield table.note


def _table(table: Table) -> str:
    kept = [column for column in range(len(table.head)) if not isinstance(table.rows[0][column], Bar)]
    numbers = [all(isinstance(row[column], int) for row in table.rows) for column in kept]
    lines = [
        _row(table.head[column] for column in kept),
        "|" + "|".join(" ---: " if number else " --- " for number in numbers) + "|",
        *(_row(row[column] for column in kept) for row in table.rows),
    ]
    return "\n".join(lines)


def _row(cells: Iterator[Cell]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return "; ".join(f"{_quote(one.before, one.said, one.after)} ({md_text(one.where)})" for one in cell)
    return md_text(str(cell))


def _quote(before: str, said: str, after: str) -> str:
    return f"{md_text(before)} **{md_text(said)}** {md_text(after)}".strip()


def _answer(flagged: Flagged, name: Names) -> Iterator[str]:
    tags = ["strict" if flagged.strict else "loose", "primed probe" if flagged.primed else "clean probe"]
    tags += [flagged.cls] if flagged.cls != "ok" else []
    tags += ["overridden by the user"] if flagged.overridden else []
    place = f"{flagged.prompt_id}, sample {flagged.sample}, {flagged.language}"
    yield f"### {md_text(name.one(flagged.model))}: {md_text(', '.join(tags))}"
    yield md_text(f"{place}; claims: {', '.join(flagged.claimed) or 'none named'}")
    evidence = [f"- {_quote(*found)}" for found in quotes(flagged.text, flagged.marks)]
    yield "\n".join(evidence) or words.WHOLE
    yield "Probe:"
    yield md_fence(flagged.question)
    yield "Answer:"
    yield md_fence(flagged.text)
