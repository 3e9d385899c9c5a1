"""What an adaptive search found: its templates and what came of them, apart from every rate."""

from __future__ import annotations

from collections.abc import Iterator

from distq_tui.report import words
from distq_tui.report.answers import Answer, Answers
from distq_tui.report.layout import Names, Section, Table
from distq_tui.report.model import Report, Searched

_SHOWN = 30
"""Templates that a report for people lists; the JSON form has all."""
_EXCERPT = 280
"""Code points of a request in that list."""


def searched_templates(answers: Answers) -> Iterator[Searched]:
    """Every template that the search asked, the one with the greatest share of hits first."""
    groups: dict[tuple[str, str], list[Answer]] = {}
    mutators: dict[str, str] = {}
    for answer in answers.searched:
        row = answer.row
        if row.kind == "identity":
            groups.setdefault((row.model, row.template or ""), []).append(answer)
        elif row.tags:
            mutators[row.prompt_id.partition("/")[0]] = row.tags[0]
    found = [_searched(*key, mutators.get(key[1], ""), group) for key, group in groups.items()]
    yield from sorted(found, key=lambda each: (-each.strict / max(each.scored, 1), -each.scored, each.template))


def _searched(model: str, template: str, mutator: str, group: list[Answer]) -> Searched:
    verdicts = [answer.verdict for answer in group if answer.ice_class is None and answer.verdict is not None]
    return Searched(
        model=model,
        template=template,
        mutator=mutator,
        request=group[0].row.messages[-1].content,
        answers=len(group),
        scored=len(verdicts),
        strict=sum(bool(verdict.strict) for verdict in verdicts),
        primed=any(verdict.primed for verdict in verdicts),
        claimed=tuple(dict.fromkeys(name for verdict in verdicts for name in verdict.claimed)),
    )


def exploration(report: Report, name: Names) -> Section:
    """The best of the searched templates, each with its first request."""
    head = ("template", "made by", "model", "scored", "strict", "claimed", "probe", "its first request")
    rows = tuple(
        (
            each.template,
            each.mutator,
            name.one(each.model),
            each.scored,
            each.strict,
            ", ".join(each.claimed),
            "primed" if each.primed else "clean",
            each.request if len(each.request) <= _EXCERPT else each.request[:_EXCERPT] + " …",
        )
        for each in report.searched[:_SHOWN]
    )
    title = f"The {_SHOWN} with most hits, of {len(report.searched)}" if len(report.searched) > _SHOWN else ""
    return Section("search", "Adaptive search (exploration)", words.SEARCH, (Table(title, head, rows),))
