"""The section on LLM judges: who they were, what became of their questions, and what a gate kept from them."""

from __future__ import annotations

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
    tables = [_judges(report, name), _questions(report, name)]
    gate = _gate(report, name)
    return Section("judges", "LLM judges", words.JUDGES, (*tables, gate) if gate.rows else tuple(tables))


def _judges(report: Report, name: Names) -> Table:
    """Who answered, with which parameters, at what cost."""
    head = (
        "judge",
        "provider",
        "endpoint",
        "requested as",
        "served as",
        "requests",
        "retries",
        "cached",
        "tokens in",
        "tokens out",
        "cost",
        "sent, with replies",
    )
    rows: list[tuple[Cell, ...]] = []
    for model in (judge.model for judge in report.judges):
        row = (name.one(model.title), model.provider, model.endpoint, model.requested, served_as(model))
        spent = (model.calls, model.retries, model.cached, model.input_tokens, model.output_tokens, dollars(model.cost))
        rows.append((*row, *spent, counts(model.sent)))
    return Table("Judges", head, tuple(rows), words.JUDGES_SPENT)


def _questions(report: Report, name: Names) -> Table:
    head = ("judge", "question", "arose", "scored", "unscored", "failed, by class", "not asked")
    rows: list[tuple[Cell, ...]] = []
    for judge in report.judges:
        title = name.one(judge.model.title)
        for each in sorted(judge.questions, key=lambda each: _PLACES[each.kind]):
            told = (each.questions, each.scored, each.unscored, counts(each.failed), each.waiting)
            rows.append((title, _ASKED[each.kind], *told))
        if not judge.questions:
            rows.append((title, "none", 0, 0, 0, "none", 0))
    return Table("What became of their questions", head, tuple(rows), words.QUESTIONS, grouped=True)


def _gate(report: Report, name: Names) -> Table:
    """What a gate kept from each judge, and which detector decided it."""
    rows: list[tuple[Cell, ...]] = []
    for judge in report.judges:
        for each in judge.questions:
            if each.spared:
                answers = each.questions + each.spared
                share = f"{each.spared / answers:.1%}"
                rows.append((name.one(judge.model.title), answers, each.spared, share, _deciders(judge)))
    head = ("judge", "answers", "kept from it", "share", "decided by")
    return Table("What the gate kept from them", head, tuple(rows), words.GATE)


def _deciders(judge: JudgePart) -> str:
    """Each version of the detector that decided, with its share where there was more than one."""
    told = {}
    for decided, count in judge.gates.items():
        who, _, margin = decided.partition(" at ")
        told[f"{who}, margin {margin}" if margin else who] = count
    return "; ".join(f"{who} ({count} answers)" if len(told) > 1 else who for who, count in told.items())
