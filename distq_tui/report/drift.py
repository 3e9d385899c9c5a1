"""Two sessions held against each other: what changed in the plan, which answers differ, and whether rates drifted.

Drift is the later rate minus the earlier one over the cells that both sessions asked: what a prompt does to both
cancels. A cell that both sessions took from one stored answer was not asked twice, says nothing about change, and is
left out and counted. Interval and p are for a fixed number of cells: where a session was broken off before it had all
of a model's, there are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from distq_tui.ice.gap import NOT_COMPLETED
from distq_tui.ice.rates import template_cluster
from distq_tui.plan.trial import Probe
from distq_tui.report.answers import Answer, Answers, Cell, read_answers
from distq_tui.report.build import ICE_SCORER
from distq_tui.report.changes import Change, plan_changes, run_changes, served_changes
from distq_tui.report.rse import RSE_SCORER, PairScores, pair_scores
from distq_tui.stats import in_one_family, paired_difference
from distq_tui.store import SessionRow, Store

ICE_MEASURES = ("loose", "strict")


@dataclass(frozen=True, slots=True)
class Drift:
    """Later minus earlier over the same cells.

    Attributes:
        measure: `loose`, `strict` or `rse`.
        models: the model, or the pair for `rse`.
        prompt_set: the set that the cells are of.
        before, after: the means over those cells, in [0, 1].
        value: their difference in [-1, 1]; `low`, `high` its 95 % interval, `p` two-sided: None where it is no test.
        p_holm: `p` within all differences of these two sessions (Holm).
        n: cells; `clusters` the templates, or prompts, behind them.
        same_answer: cells left out, since both sessions hold one stored answer; none of `n`.
        method: how the interval was made, or why there is none.
    """

    measure: str
    models: tuple[str, ...]
    prompt_set: str
    before: float | None
    after: float | None
    value: float | None
    low: float | None
    high: float | None
    p: float | None
    p_holm: float | None
    n: int
    clusters: int
    same_answer: int
    method: str


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A cell that was answered otherwise: texts, classes, and whether each was a contradiction (None = not scored)."""

    model: str
    prompt_id: str
    sample: int
    texts: tuple[str, str]
    classes: tuple[str, str]
    loose: tuple[bool | None, bool | None]

    @property
    def verdict_changed(self) -> bool:
        """Whether one is a contradiction and the other is none."""
        return None not in self.loose and self.loose[0] != self.loose[1]


@dataclass(frozen=True, slots=True)
class SessionComparison:
    """All of it; `asked_twice` counts the cells that both sessions asked anew, by model."""

    before: SessionRow
    after: SessionRow
    changes: tuple[Change, ...]
    drifts: tuple[Drift, ...]
    answers: tuple[AnswerChange, ...]
    asked_twice: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Both:
    """A cell that both sessions answered, under one prompt."""

    probe: Probe
    cell: Cell
    before: Answer
    after: Answer

    @property
    def one_answer(self) -> bool:
        return self.before.row.response_id == self.after.row.response_id


def compare_sessions(store: Store, one: SessionRow, other: SessionRow) -> SessionComparison:
    """The earlier session against the later one, whatever their order here.

    Raises:
        KeyError, TypeError, ValueError: a plan was stored in a form that this version does not read.
    """
    before, after = sorted((one, other), key=lambda row: row.created_at)
    old, new = (read_answers(store, row, store.plan_of(row.id), ICE_SCORER) for row in (before, after))
    both = {model: list(_both(old, new, model)) for model in old.by_model if model in new.by_model}
    pairs = [
        pair_scores(a.plan, store.session_pairs(row.id, scorer=RSE_SCORER)) for row, a in ((before, old), (after, new))
    ]
    drifts = [
        replace(drift, low=None, high=None, p=None, method=NOT_COMPLETED)
        if drift.n and not all(each.complete(model, kind) for each in (old, new) for model in drift.models)
        else drift
        for kind, found in (("identity", _ice_drifts(both)), ("similarity", _rse_drifts(both, *pairs)))
        for drift in found
    ]
    return SessionComparison(
        before,
        after,
        (*plan_changes(old.plan, new.plan), *served_changes(old, new), *run_changes(before, after)),
        tuple(in_one_family(drifts)),
        tuple(sorted(_changed(both), key=lambda change: not change.verdict_changed)),
        {model: sum(not cell.one_answer for cell in cells) for model, cells in both.items()},
    )


def _both(old: Answers, new: Answers, model: str) -> Iterator[_Both]:
    """In the earlier plan's order; a prompt of the same id and another text is another prompt."""
    for answer in old.planned(model):
        cell = (answer.row.prompt_id, answer.row.sample)
        probe, later = old.probes[cell[0]], new.by_model[model].get(cell)
        if later is not None and new.probes[cell[0]].messages == probe.messages:
            yield _Both(probe, cell, answer, later)


def _changed(both: Mapping[str, Sequence[_Both]]) -> Iterator[AnswerChange]:
    for model, cells in both.items():
        for cell in cells:
            responses = (cell.before.row.response, cell.after.row.response)
            if (responses[0].cls, responses[0].text) != (responses[1].cls, responses[1].text):
                yield AnswerChange(
                    model,
                    *cell.cell,
                    texts=(responses[0].text, responses[1].text),
                    classes=(responses[0].cls, responses[1].cls),
                    loose=(_flag(cell.before, "loose"), _flag(cell.after, "loose")),
                )


def _flag(answer: Answer, measure: str) -> bool | None:
    if answer.ice_class is not None or answer.verdict is None or answer.row.kind != "identity":
        return None
    return answer.verdict.loose if measure == "loose" else answer.verdict.strict


def _ice_drifts(both: Mapping[str, Sequence[_Both]]) -> Iterator[Drift]:
    for model, cells in both.items():
        for name in dict.fromkeys(cell.probe.set_name for cell in cells if cell.probe.kind == "identity"):
            inside = [cell for cell in cells if cell.probe.kind == "identity" and cell.probe.set_name == name]
            for measure in ICE_MEASURES:
                scored = [
                    (cell, float(a), float(b))
                    for cell in inside
                    if (a := _flag(cell.before, measure)) is not None and (b := _flag(cell.after, measure)) is not None
                ]
                asked = [row for row in scored if not row[0].one_answer]
                probes = [cell.probe for cell, _, _ in asked]
                yield _drift(
                    (measure, (model,), name),
                    ([a for _, a, _ in asked], [b for _, _, b in asked]),
                    [template_cluster(probe.template) or "" for probe in probes],
                    [probe.question or probe.prompt_id for probe in probes],
                    len(scored) - len(asked),
                )


def _rse_drifts(
    both: Mapping[str, Sequence[_Both]], before: Sequence[PairScores], after: Sequence[PairScores]
) -> Iterator[Drift]:
    later = {frozenset(pair.models): pair for pair in after}
    at = {model: {cell.cell: cell for cell in cells} for model, cells in both.items()}
    for pair in before:
        other = later.get(frozenset(pair.models))
        if other is None or not all(model in at for model in pair.models):
            continue
        first, second = (at[model] for model in pair.models)
        shared = [cell for cell in first if cell in second and first[cell].probe.kind == "similarity"]
        for name in dict.fromkeys(first[cell].probe.set_name for cell in shared):
            scored = [
                (cell, a, b)
                for cell in shared
                if first[cell].probe.set_name == name
                and (a := pair.rse(cell)) is not None
                and (b := other.rse(cell)) is not None
            ]
            asked = [row for row in scored if not (first[row[0]].one_answer and second[row[0]].one_answer)]
            # one "template": the cluster is the prompt, and its samples are in it
            yield _drift(
                ("rse", pair.models, name),
                ([a for _, a, _ in asked], [b for _, _, b in asked]),
                [""] * len(asked),
                [prompt for (prompt, _), _, _ in asked],
                len(scored) - len(asked),
            )


def _drift(
    what: tuple[str, tuple[str, ...], str],
    values: tuple[list[float], list[float]],
    templates: list[str],
    questions: list[str],
    same: int,
) -> Drift:
    found = paired_difference(values[1], values[0], templates, questions)
    if found is None:
        why = "the same stored answers: nothing was asked again" if same else "no cell scored in both"
        return Drift(*what, None, None, None, None, None, None, None, 0, 0, same, why)
    before, after = (sum(side) / len(side) for side in values)
    clusters = found.clusters if found.clusters > 1 else found.questions
    limits = (found.value, found.low, found.high, found.p)
    return Drift(*what, before, after, *limits, None, found.n, clusters, same, found.method)
