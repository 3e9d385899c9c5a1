"""The section on LLM judges: who they were, what became of their questions, and what a gate kept from them."""

from __future__ import annotations

from collections.abc import Iterator

from distq_tui.report import words
from distq_tui.report.layout import Cell, Names, Section, Table, served_as
from distq_tui.report.model import JudgePart, Report
from distq_tui.report.text import counts, dollars

_ASKED = {
    "loose": "identity, loose",
    "strict": "identity, strict",
    "pair": "similarity, target and reference",
    "ceiling": "similarity, two samples",
    "identical": "self-check, identical",
    "shuffled": "self-check, shuffled",
}
"""What a question of a kind is about, for people, in the order in which they are told."""
_PLACES = {kind: place for place, kind in enumerate(_ASKED)}


def judges_section(report: Report, name: Names) -> Section:
    """The judges of identity and of similarity alike; what they said stands with the scores."""
    return Section(
        "judges",
        "LLM judges",
        (*words.JUDGES, *_gated(report, name)),
        (_judges(report, name), _questions(report, name)),
    )


def _judges(report: Report, name: Names) -> Table:
    """Who answered, with which parameters, at what cost."""
    head = (
        "judge",
        "provider",
        "endpoint",
        "requested as",
        "served as",
        "sent",
        "requests",
        "of these retries",
        "cached",
        "tokens in",
        "tokens out",
        "cost",
    )
    rows: list[tuple[Cell, ...]] = []
    for model in (judge.model for judge in report.judges):
        row = (name.one(model.title), model.provider, model.endpoint, model.requested, served_as(model))
        spent = (model.calls, model.retries, model.cached, model.input_tokens, model.output_tokens, dollars(model.cost))
        rows.append((*row, counts(model.sent), *spent))
    return Table("Judges", head, tuple(rows))


def _questions(report: Report, name: Names) -> Table:
    head = ("judge", "question", "questions", "scored", "unscored", "failed, by class", "not asked", "kept by the gate")
    rows: list[tuple[Cell, ...]] = []
    for judge in report.judges:
        for each in sorted(judge.questions, key=lambda each: _PLACES[each.kind]):
            told = (each.questions, each.scored, each.unscored, counts(each.failed), each.waiting, each.spared)
            rows.append((name.one(each.judge), _ASKED[each.kind], *told))
        if not judge.questions:
            rows.append((name.one(judge.model.title), "none arose", 0, 0, 0, "none", 0, 0))
    return Table("What became of their questions", head, tuple(rows), words.QUESTIONS, grouped=True)


def _gated(report: Report, name: Names) -> Iterator[str]:
    """One paragraph for each judge behind a gate: how much it saved, and who decided."""
    for judge in report.judges:
        for each in judge.questions:
            if each.spared:
                answers = each.spared + each.questions
                yield (
                    f"The gate kept {each.spared} of {answers} answers ({each.spared / answers:.1%}) from"
                    f" {name.one(each.judge)}, and so as many questions or more. It was decided by {_deciders(judge)}."
                )


def _deciders(judge: JudgePart) -> str:
    """What decided, with its share where there was more than one."""
    if len(judge.gates) == 1:
        return next(iter(judge.gates))
    return ", ".join(f"{decided} ({count} answers)" for decided, count in judge.gates.items())
