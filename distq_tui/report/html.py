"""The report as one HTML file: no script, no font, no picture, no request. Every text in it is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from distq_tui.report import words
from distq_tui.report.flagged_model import Flagged
from distq_tui.report.layout import Bar, Cell, Names, Quote, Section, Table
from distq_tui.report.model import Report
from distq_tui.report.sections import sections, summary
from distq_tui.report.spans import pieces
from distq_tui.report.svg import bar_svg
from distq_tui.report.text import breakable, html_text, moment

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_NUMBER = re.compile(r"|n/a|(< |\$)?[+-]?[\d.]+%?|\[[+-]?[\d.]+, [+-]?[\d.]+\]")
"""What is aligned to the right: a number with what stands around it, or an interval."""
_CODE = re.compile("`([^`]*)`")
_WHAT = {"conflict": "conflicting claim", "own": "claim of the model's own identity", "other": "somebody else named"}


def html_report(report: Report) -> str:
    """The whole document."""
    style = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{html_text(report.session.name)} · distq-tui report</title>",
            f"<style>\n{style}</style>\n</head>\n<body>",
            *_body(report),
            "</body>\n</html>\n",
        ]
    )


def _body(report: Report) -> Iterator[str]:
    session = report.session
    yield '<header><p class="kicker">distq-tui report</p>'
    yield f"<h1>{html_text(session.name)}</h1>"
    when = moment(session.as_of) + ("" if session.finished_at else " (not finished)")
    closed = f"{session.closed} of {session.planned} trials closed"
    about = html_text(f"{session.state} · {moment(session.created_at)} to {when} · {closed}")
    yield f'<p class="meta">session <code>{html_text(session.id)}</code> · {about}</p>'
    for note in report.notes:
        loud = ' class="note loud"' if note.startswith(("SIMULATED", "RECORDED")) else ' class="note"'
        yield f"<p{loud}>{html_text(note)}</p>"
    yield "</header>"
    parts = sections(report)
    yield '<nav aria-label="Contents"><ol>'
    yield from (f'<li><a href="#{part.id}">{html_text(part.title)}</a></li>' for part in parts)
    yield "</ol></nav>\n<main>"
    glance = summary(report)
    if glance:
        yield f'<section class="glance"><h2>At a glance</h2>{"".join(map(_titled, glance))}</section>'
    for part in parts:
        yield from _section(part, report)
    yield "</main>"


def _section(part: Section, report: Report) -> Iterator[str]:
    yield f'<section id="{part.id}"><h2>{html_text(part.title)}</h2>'
    yield from (f"<p>{_prose(text)}</p>" for text in part.paragraphs)
    if part.items:
        yield "<ul>" + "".join(f"<li>{_prose(item)}</li>" for item in part.items) + "</ul>"
    for table in part.tables:
        yield _titled(table)
    if part.flagged:
        name = Names(report)
        yield from (_article(flagged, name) for flagged in report.flagged)
    yield "</section>"


def _prose(text: str) -> str:
    """Our own words; what stands in backticks is code."""
    return _CODE.sub(r"<code>\1</code>", html_text(text))


def _titled(table: Table) -> str:
    if not table.rows:
        return ""
    note = f'<p class="small">{_prose(table.note)}</p>' if table.note else ""
    if table.folded:
        return f"<details open><summary>{html_text(table.title)}</summary>{_table(table)}{note}</details>"
    title = f"<h3>{html_text(table.title)}</h3>" if table.title else ""
    return title + _table(table) + note


def _table(table: Table) -> str:
    numeric = [all(_is_number(row[column]) for row in table.rows) for column in range(len(table.head))]
    head = "".join(
        f'<th scope="col"{_class(number)}>{html_text(title)}</th>'
        for title, number in zip(table.head, numeric, strict=True)
    )
    body = "\n".join(_rows(table, numeric))
    return f'<div class="scroll"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'


def _rows(table: Table, numeric: Sequence[bool]) -> Iterator[str]:
    """Table rows; in a grouped table the first cell spans the rows that share it."""
    groups = [list(rows) for _, rows in groupby(table.rows, key=itemgetter(0))]
    for rows in groups if table.grouped else [[row] for row in table.rows]:
        for place, row in enumerate(rows):
            label = " ".join(str(cell) for cell in row[:2] if isinstance(cell, str | int))
            first = f'<th scope="rowgroup" rowspan="{len(rows)}">{_cell(row[0], label)}</th>' if place == 0 else ""
            skip = 1 if table.grouped else 0
            cells = [
                f"<td{_class(number)}>{_cell(cell, label)}</td>"
                for cell, number in zip(row[skip:], numeric[skip:], strict=True)
            ]
            last = ' class="last"' if place == len(rows) - 1 else ""
            yield f"<tr{last}>{first if table.grouped else ''}{''.join(cells)}</tr>"


def _class(number: bool) -> str:
    return ' class="num"' if number else ""


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, str):
        return _NUMBER.fullmatch(cell) is not None
    return isinstance(cell, int)


def _cell(cell: Cell, label: str) -> str:
    if isinstance(cell, Bar):
        return bar_svg(cell, label)
    if isinstance(cell, tuple):
        return "".join(_quote(quote) for quote in cell)
    return breakable(str(cell))


def _quote(quote: Quote) -> str:
    where = html_text(quote.where)
    linked = where if quote.answer is None else f'<a href="#answer-{quote.answer}">{where}</a>'
    said = f'<mark class="{html_text(quote.kind)}">{html_text(quote.said)}</mark>'
    return (
        f'<div class="quote" dir="auto">{html_text(quote.before)}{said}{html_text(quote.after)}</div>'
        f'<div class="small">{linked}</div>'
    )


def _article(flagged: Flagged, name: Names) -> str:
    tags = ["strict" if flagged.strict else "loose", "primed probe" if flagged.primed else "clean probe"]
    if flagged.cls != "ok":
        tags.append(flagged.cls)
    if flagged.overridden:
        tags.append("overridden by the user")
    place = f"{flagged.prompt_id}, sample {flagged.sample}, {flagged.language}"
    if flagged.aspect:
        place += f", {flagged.aspect}"
    if not any(mark.kind == "conflict" for mark in flagged.marks):
        place += f". {words.WHOLE}"
    claimed = f'<p class="small">claims: {html_text(", ".join(flagged.claimed))}</p>' if flagged.claimed else ""
    text = "".join(
        html_text(piece)
        if mark is None
        else f'<mark class="{mark.kind}" title="{html_text(_WHAT[mark.kind])}: {html_text(mark.rule)}">'
        f"{html_text(piece)}</mark>"
        for piece, mark in pieces(flagged.text, flagged.marks)
    )
    badges = "".join(f'<span class="tag {tag.split()[0]}">{html_text(tag)}</span>' for tag in tags)
    return (
        f'<article class="answer" id="answer-{flagged.response}"><h3>{html_text(name.one(flagged.model))} {badges}</h3>'
        f'<p class="small">{html_text(place)}</p>'
        "<details><summary>The probe</summary>"
        f'<div class="text" dir="auto">{html_text(flagged.question)}</div></details>'
        f'<div class="text" dir="auto">{text}</div>{claimed}</article>'
    )
