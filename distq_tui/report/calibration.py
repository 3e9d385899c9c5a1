"""Blind labels in a session: which answers to label, and what the labels say of the detector and of each judge.

A blind label is an override (`blind:loose`, `blind:strict`; "1" or "0") that changes no verdict. What is not `loose` is
not `strict` either, but counts for that only where it is labelled so too: of answers labelled for `loose` alone, those
known for `strict` would be the ones that don't conflict, and no fair draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from distq_tui.ice.rates import template_cluster
from distq_tui.plan.run_plan import RunPlan
from distq_tui.report.answers import Answer, collect_answers
from distq_tui.report.judged import read_judged_identity
from distq_tui.report.retold import judge_replies
from distq_tui.rse.position import SO_FAR
from distq_tui.stats import Accuracy, CorrectedRate, Stratum, accuracy, corrected_rate, draw_blind, strata_of
from distq_tui.store import AnswerRow, Store

Measure = Literal["loose", "strict"]
MEASURES: tuple[Measure, ...] = ("loose", "strict")
BLIND = "blind:"
"""Begins the label of a blind override; the measure follows."""
DETECTOR = "ice-offline"
"""The scorer by whose verdicts answers are drawn."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What blind labels say of one rater (a scorer's name) and measure.

    `accuracy`: by the rater's own verdicts alone. `rates`: the corrected rate of each answering model that it gave any
    on, None where the labels do not suffice for it; the gate's negatives count there as they do in a judge's rate. It
    has limits once the model's planned answers are all in.
    """

    rater: str
    measure: Measure
    accuracy: Accuracy
    rates: Mapping[str, CorrectedRate | None]

    @property
    def rater_name(self) -> str:
        """The rater for people: `detector`, or the judge's title."""
        return "detector" if self.rater == DETECTOR else self.rater.removeprefix("judge:")


@dataclass(frozen=True, slots=True)
class _Scored:
    """An identity answer with both verdicts of one scorer; `gated`: they are the detector's, taken for a judge's."""

    row: AnswerRow
    loose: bool
    strict: bool
    gated: bool

    @property
    def group(self) -> tuple[str, str]:
        return self.row.model, self.row.language

    @property
    def drawn_by(self) -> tuple[bool, bool]:
        """Both verdicts: drawn by `loose` alone, the few `strict` answers among them might be missed."""
        return self.loose, self.strict


_Place = tuple[str, str, int]
"""Model, prompt and sample."""


def blind_queue(store: Store, session: str, plan: RunPlan, *, per_stratum: int = 20) -> list[int]:
    """Ids of the responses to label, in an order that tells nothing of their verdicts.

    `per_stratum` answers of each model, language and pair of the detector's verdicts are drawn by the plan's seed, the
    labelled ones among them: ask for more and the earlier labels count on. Those labelled for every measure are left
    out. Run it in the thread that owns the store.
    """
    labels = _labels(store, session)
    answers = _scored(collect_answers(store.session_rows(session, scorer=DETECTOR), plan, ()).all()).values()
    drawn = draw_blind(
        ((answer.row.response_id, answer.group, answer.drawn_by) for answer in answers),
        per_stratum=per_stratum,
        seed=plan.seed,
    )
    return [response for response in dict.fromkeys(drawn) if any(response not in found for found in labels.values())]


def calibrate(store: Store, session: str, plan: RunPlan) -> tuple[Calibration, ...]:
    """The detector, then each judge of the plan, for loose and strict; nothing where no answer is labelled.

    Run it in the thread that owns the store.
    """
    labels = _labels(store, session)
    if not any(labels.values()):
        return ()
    answers = collect_answers(store.session_rows(session, scorer=DETECTOR), plan, ())
    judged = read_judged_identity(store, session, answers, judge_replies(store, session))
    detector = _scored(answers.all())
    verdicts = {DETECTOR: detector}
    for title, theirs in judged.answers.items():
        verdicts[f"judge:{title}"] = _scored(theirs.all())
    found = [
        _calibration(rater, measure, detector, theirs, labels[measure])
        for rater, theirs in verdicts.items()
        for measure in MEASURES
    ]
    return tuple(
        replace(
            each,
            rates={
                model: rate if rate is None or answers.complete(model, "identity") else _without_limits(rate)
                for model, rate in each.rates.items()
            },
        )
        for each in found
    )


def _without_limits(rate: CorrectedRate) -> CorrectedRate:
    """The rate while answers are open: its limits would be those of a number of answers that nobody planned."""
    return replace(rate, low=None, high=None, method=f"{rate.method}; {SO_FAR}")


def _calibration(
    rater: str,
    measure: Measure,
    detector: Mapping[_Place, _Scored],
    verdicts: Mapping[_Place, _Scored],
    labels: Mapping[int, bool],
) -> Calibration:
    by_model: dict[str, list[_Scored]] = {}
    once: dict[int, _Scored] = {}  # titles that make the same request share a response: it and its label speak once
    for place, answer in verdicts.items():
        if place in detector:  # else it could not have been drawn
            by_model.setdefault(answer.row.model, []).append(answer)
            once.setdefault(answer.row.response_id, answer)

    def strata(answers: Iterable[_Scored]) -> tuple[Stratum, ...]:
        return strata_of(
            (
                answer.group,
                detector[_place(answer.row)].drawn_by,
                _verdict(answer, measure),
                labels.get(answer.row.response_id),
            )
            for answer in answers
        )

    pool = strata(once.values())
    rates = {
        model: corrected_rate(
            [float(_verdict(answer, measure)) for answer in answers],
            [template_cluster(answer.row.template) for answer in answers],
            [answer.row.question for answer in answers],
            strata(answers),
            pool=pool,
        )
        for model, answers in by_model.items()
        if not all(answer.gated for answer in answers)
    }
    own = strata(answer for answer in once.values() if not answer.gated)
    return Calibration(rater, measure, accuracy(own), rates)


def _scored(answers: Iterable[Answer]) -> dict[_Place, _Scored]:
    """The plan's identity answers that have both verdicts, of the models that have a fact."""
    found = {}
    for answer in answers:
        row, verdict = answer.row, answer.verdict
        if row.kind != "identity" or answer.ice_class is not None or verdict is None:
            continue
        if verdict.loose is not None and verdict.strict is not None:
            found[_place(row)] = _Scored(row, verdict.loose, verdict.strict, answer.gated)
    return found


def _labels(store: Store, session: str) -> dict[Measure, dict[int, bool]]:
    found: dict[Measure, dict[int, bool]] = {measure: {} for measure in MEASURES}
    for override in store.overrides(session):
        for measure in MEASURES:
            if override.label == f"{BLIND}{measure}":
                found[measure][override.response_id] = override.value == "1"
    return found


def _place(row: AnswerRow) -> _Place:
    return row.model, row.prompt_id, row.sample


def _verdict(answer: _Scored, measure: Measure) -> bool:
    return answer.loose if measure == "loose" else answer.strict
