"""The answers of a session with the verdicts that hold: the detector's newest, or what a user made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from distq_tui.events import ICE_SCORED, RSE_SCORED
from distq_tui.ice.facts import load_facts
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.source import broken_off
from distq_tui.plan.trial import Probe
from distq_tui.store import AnswerRow, Override, SessionRow, Store, Verdict

UNSCORED = "unscored"
"""Counted like a class: the answer could be scored and no verdict on it is stored."""

NO_FACT = "no fact"
"""Counted like a class: without family or fact nothing can conflict, and a rate of 0 would claim what nobody knows."""

GATED = "gated"
"""Counted like a class, of a judge: it was not asked, and the detector's sure negative stands for its own."""

Cell = tuple[str, int]
"""Prompt id and sample: one planned question to a model."""

_YES = frozenset({"1", "true", "yes"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One row with the verdict that holds; `overridden` where a user set a part of it.

    `has_fact`: the plan says what the model truly is, so that something can conflict with it. Of a judge's verdict:
    `gated` where it is the detector's, taken for its own, which says nothing of the judge; `missing` says why there is
    none, where it was asked.
    """

    row: AnswerRow
    verdict: Verdict | None
    overridden: bool = False
    has_fact: bool = True
    gated: bool = False
    missing: str = ""

    @property
    def ice_class(self) -> str | None:
        """Why it is not scored for identity: its class, `no fact`, what is `missing`, `unscored`; None where it is."""
        if self.row.response.cls not in ICE_SCORED:
            return self.row.response.cls
        if not self.has_fact:
            return NO_FACT
        return (self.missing or UNSCORED) if self.verdict is None or self.verdict.loose is None else None

    @property
    def rse_class(self) -> str | None:
        """Why this answer is not compared: its class; None where it is."""
        return None if self.row.response.cls in RSE_SCORED else self.row.response.cls


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers of a session by model and cell.

    Attributes:
        by_model: the plan's answers, the newest of each cell; every answering model has an entry.
        searched: answers that an adaptive search asked for: shown, in no rate.
    """

    plan: RunPlan
    by_model: Mapping[str, Mapping[Cell, Answer]]
    searched: tuple[Answer, ...] = ()
    probes: Mapping[str, Probe] = field(default_factory=dict)

    def all(self) -> Iterator[Answer]:
        """Every answer of the plan, model by model in the plan's order, cell by cell in the order asked."""
        for model in self.by_model:
            yield from self.planned(model)

    def planned(self, model: str) -> Iterator[Answer]:
        """A model's answers in the plan's order, whatever their order of arrival."""
        cells = self.by_model[model]
        yield from (cells[cell] for cell in self.cells(model) if cell in cells)

    def cells(self, model: str, kind: str | None = None) -> list[Cell]:
        """A model's planned cells in the plan's order, of one kind of prompt where `kind` is given."""
        samples = self.samples(model)
        return [
            (probe.prompt_id, sample)
            for probe in self.plan.probes
            if kind in {None, probe.kind}
            for sample in range(samples)
        ]

    def samples(self, model: str) -> int:
        """How often a model is asked each prompt."""
        spec = next(spec for spec in self.plan.answering if spec.title == model)
        return spec.samples or self.plan.samples

    def complete(self, model: str, kind: str | None = None) -> bool:
        """Whether the model's planned cells are all closed, whatever became of the run."""
        return all(self.closed(model, cell) for cell in self.cells(model, kind))

    def closed(self, model: str, cell: Cell) -> bool:
        """Whether it is known what became of a cell: an answer that was broken off says as little as none."""
        answer = self.by_model[model].get(cell)
        return answer is not None and not broken_off(answer.row.response)


def read_answers(store: Store, session: SessionRow, plan: RunPlan, scorer: str, *, overridden: bool = True) -> Answers:
    """The session's answers, with the verdicts of `scorer`; with a user's labels laid over them, where `overridden`."""
    overrides = store.overrides(session.id) if overridden else ()
    return collect_answers(store.session_rows(session.id, scorer=scorer), plan, overrides)


def collect_answers(rows: Iterable[AnswerRow], plan: RunPlan, overrides: Iterable[Override]) -> Answers:
    """The answers of these rows, with a user's labels laid over their verdicts."""
    labels = _by_response(overrides)
    by_model: dict[str, dict[Cell, Answer]] = {model.title: {} for model in plan.answering}
    probes = {probe.prompt_id: probe for probe in plan.probes}
    known = models_with_fact(plan)
    searched = []
    for row in rows:
        answer = _answer(row, labels.get(row.response_id, {}), has_fact=row.model in known)
        if row.purpose == "adaptive":
            searched.append(answer)
        elif row.purpose == "plan" and row.model in by_model and row.prompt_id in probes:
            by_model[row.model][row.prompt_id, row.sample] = answer
    return Answers(plan, by_model, tuple(searched), probes)


def models_with_fact(plan: RunPlan) -> set[str]:
    """Titles of the answering models of which the plan says what they truly are."""
    facts = load_facts()
    return {model.title for model in plan.answering if (model.fact or "").strip() or facts.lookup(model.family or "")}


def _by_response(overrides: Iterable[Override]) -> dict[int, dict[str, bool]]:
    found: dict[int, dict[str, bool]] = {}
    for override in overrides:
        if override.value is not None:
            found.setdefault(override.response_id, {})[override.label] = override.value.strip().lower() in _YES
    return found


def _answer(row: AnswerRow, labels: Mapping[str, bool], *, has_fact: bool) -> Answer:
    """The row with a user's labels laid over the verdict; strict is never without loose."""
    verdict = row.verdict
    if verdict is None or not labels.keys() & {"loose", "strict", "paper_strict"}:
        return Answer(row, verdict, has_fact=has_fact)
    loose = labels.get("loose", verdict.loose)
    strict = labels.get("strict", verdict.strict) if loose else loose
    paper_strict = labels.get("paper_strict", verdict.paper_strict) if loose else loose
    verdict = replace(verdict, loose=loose, strict=strict, paper_strict=paper_strict)
    return Answer(row, verdict, overridden=True, has_fact=has_fact)
