"""Whom each model says that it is, or is made by, and the words in which it says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from distq_tui.events import Mark
from distq_tui.report.answers import NO_FACT, Answer, Answers
from distq_tui.report.model import Claimed, ClaimEvidence
from distq_tui.report.spans import quote

SHOWN = 2
"""Pieces of evidence for each name, in different words where there are any."""


def claims(answers: Answers) -> Iterator[Claimed]:
    """How often each model said that it is, or is made by, whom; most often first."""
    for model in answers.by_model:
        identity = [answer for answer in answers.planned(model) if answer.row.kind == "identity"]
        scored = [answer for answer in identity if answer.ice_class in {None, NO_FACT}]
        by_name: dict[str, list[Answer]] = {}
        for answer in scored:
            for name in dict.fromkeys(answer.verdict.claimed if answer.verdict else ()):
                by_name.setdefault(name, []).append(answer)
        for name, found in sorted(by_name.items(), key=lambda item: (-len(item[1]), item[0])):
            yield Claimed(model, name, len(found), len(scored), _evidence(name, found))


def _evidence(name: str, answers: Iterable[Answer]) -> tuple[ClaimEvidence, ...]:
    """Where it is said of its own accord first: not in a marked role, not after a probe that names somebody."""
    found = [_quoted(answer, mark) for answer in answers if (mark := _mark_of(name, answer)) is not None]
    found.sort(key=lambda each: (each.role_play, each.primed is not False))  # stable: else in the plan's order
    different: dict[tuple[str, str, str], ClaimEvidence] = {}
    for each in found:
        different.setdefault((each.before, each.said, each.after), each)
    return tuple(different.values())[:SHOWN]


def _mark_of(name: str, answer: Answer) -> Mark | None:
    """The first claim of that name; marks that were stored without names are told by their words."""
    text = answer.row.response.text
    marks = answer.verdict.marks if answer.verdict is not None else ()
    for mark in marks:
        said = text[mark.start : mark.end]
        if said and (mark.vendor == name or (not mark.vendor and name.casefold() in said.casefold())):
            return mark
    return None


def _quoted(answer: Answer, mark: Mark) -> ClaimEvidence:
    row = answer.row
    before, said, after = quote(row.response.text, mark)
    return ClaimEvidence(
        response=row.response_id,
        trial_key=row.trial_key,
        prompt_id=row.prompt_id,
        sample=row.sample,
        start=mark.start,
        end=mark.end,
        before=before,
        said=said,
        after=after,
        kind=mark.kind,
        role_play=mark.role_play,
        primed=None if answer.verdict is None else answer.verdict.primed,
    )
