"""Identity consistency of each model: rates over the whole plan, by language, by aspect, and over clean probes alone.

The same rule as on the screen, rate by rate and whether the session ended or not: where every planned cell of the
rate's own domain is closed, the fixed-n interval; else the confidence sequence over the closed clusters, in the order
that the seed fixed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from distq_tui.events import ICE_SCORED
from distq_tui.ice.rates import Scored, cluster_of, fixed_rate, is_templated, names_gpt, without_role_play
from distq_tui.ice.yardstick import Yardstick
from distq_tui.plan.trial import Probe
from distq_tui.report.answers import GATED, NO_FACT, UNSCORED, Answer, Answers
from distq_tui.report.model import Exclusions, Figure
from distq_tui.stats import ClusterFeed, cohen_kappa
from distq_tui.store import Verdict

SEQUENCE = "confidence sequence"
NOTHING = "nothing scored"
NOT_ASKED = "not asked"
"""Counted like a class: the run ended before, or the judge was given up."""
UNKNOWN = "no fact: give the model a family or a fact"
DETECTOR = "detector"
KAPPA = "Cohen's kappa"

_MEASURES = ("loose", "strict", "hard", "paper_strict", "paper_hard")
_SPLIT = ("loose", "strict", "hard")
"""Measures that are given by language and by aspect too, and without role-play claims where that makes a difference."""
_NO_ROLE_PLAY = ".no_role_play"


@dataclass(frozen=True, slots=True)
class _Planned:
    """A planned cell of the domain: its answer, where there is one, and whether all is known that will be."""

    probe: Probe
    answer: Answer | None
    closed: bool


def ice_figures(answers: Answers) -> Iterator[Figure]:
    """Every rate of every model that was asked identity questions."""
    primed, templated = _primed(answers), _templated(answers)
    for model in answers.by_model:
        cells = _planned(answers, model)
        if not cells:
            continue
        clean = [cell for cell in cells if cell.probe.prompt_id not in primed]
        if any(cell.answer is not None and cell.answer.ice_class == NO_FACT for cell in cells):
            yield from (_empty(model, measure, ("all", ""), UNKNOWN) for measure in _MEASURES)
            continue
        for measure in _MEASURES:
            yield _figure(model, measure, ("all", ""), clean if measure == "hard" else cells, templated)
        for measure in _SPLIT:
            plain = measure + _NO_ROLE_PLAY
            if any(_value(cell, measure) != _value(cell, plain) for cell in cells):
                yield _figure(model, plain, ("all", ""), clean if measure == "hard" else cells, templated)
        if len(clean) < len(cells):
            inside = [cell for cell in cells if cell.probe.prompt_id in primed]
            yield _figure(model, "strict", ("probe", "primed"), inside, templated)
        for scope in ("language", "aspect"):
            parts = dict.fromkeys(part for cell in cells if (part := getattr(cell.probe, scope)))
            for part in sorted(parts) if len(parts) > 1 else ():
                for measure in _SPLIT:
                    domain = clean if measure == "hard" else cells
                    inside = [cell for cell in domain if getattr(cell.probe, scope) == part]
                    yield _figure(model, measure, (scope, part), inside, templated)


def scored(answers: Answers, model: str, measure: str) -> list[Scored]:
    """A model's scored answers in a measure's own domain, in the plan's order: what tests and gaps take."""
    primed = _primed(answers)
    return [
        Scored(
            cell.probe.prompt_id,
            cell.answer.row.sample,
            cell.probe.template,
            cell.probe.question,
            bool(value),
            cell.probe.prompt_id in primed,
        )
        for cell in _planned(answers, model)
        if cell.answer is not None and (value := _value(cell, measure)) is not None
    ]


def judge_figures(answers: Answers, judged: Mapping[str, Answers]) -> Iterator[Figure]:
    """The judges' rates (`loose@JUDGE`), and how far they agree with the detector and with each other.

    A rate without any verdict of the judge's own is none of its: the gate's negatives alone are the detector's.

    Args:
        answers: with the detector's verdicts, which say what is primed.
        judged: the same answers with each judge's own verdicts, by the judge's title.
    """
    primed, templated = _primed(answers), _templated(answers)
    for model in answers.by_model:
        raters = {DETECTOR: answers, **judged}
        for title, theirs in judged.items():
            cells = _planned(theirs, model, judged=True)
            clean = [cell for cell in cells if cell.probe.prompt_id not in primed]
            for measure in _SPLIT:
                # a judge's verdict does not say what is primed: its hard is strict over the clean cells
                counted, domain = ("strict", clean) if measure == "hard" else (measure, cells)
                given = [_is_gated(cell) for cell in domain if _value(cell, counted) is not None]
                if not all(given):
                    figure = _figure(model, counted, ("all", ""), domain, templated)
                    spared = f"; {sum(given)} by the detector alone" if any(given) else ""
                    yield replace(figure, measure=f"{measure}@{title}", method=figure.method + spared)
        for first, second in combinations(raters, 2):
            yield from _kappas(model, (first, second), (raters[first], raters[second]))


def _kappas(model: str, names: tuple[str, str], raters: tuple[Answers, Answers]) -> Iterator[Figure]:
    """Cohen's kappa of two raters over the answers that both labelled, for loose and strict."""
    cells = [_planned(rater, model) for rater in raters]
    for measure in ("loose", "strict"):
        labels = [
            (first, second)
            for pair in zip(*cells, strict=True)
            if not any(_is_gated(cell) for cell in pair)
            and (first := _value(pair[0], measure)) is not None
            and (second := _value(pair[1], measure)) is not None
        ]
        if labels:
            kappa = cohen_kappa([first for first, _ in labels], [second for _, second in labels])
            method = KAPPA if kappa is not None else f"{KAPPA}: undefined, both give one same label"
            name = f"kappa of {measure}: {names[1]} and {'the ' if names[0] == DETECTOR else ''}{names[0]}"
            yield replace(_empty(model, name, ("all", ""), method), value=kappa, n=len(labels))


def _is_gated(cell: _Planned) -> bool:
    return cell.answer is not None and cell.answer.gated


def _primed(answers: Answers) -> set[str]:
    """The identity prompts that name a vendor or product: by the verdicts on any model's answer, else by the prompt."""
    known = {
        answer.row.prompt_id: answer.verdict.primed
        for answer in answers.all()
        if answer.verdict is not None and answer.verdict.primed is not None
    }
    unknown = [probe for probe in answers.probes.values() if probe.kind == "identity" and probe.prompt_id not in known]
    found = {prompt for prompt, primed in known.items() if primed}
    if unknown:
        yardstick = Yardstick(unknown, {})
        found.update(probe.prompt_id for probe in unknown if yardstick.primed(probe))
    return found


def _templated(answers: Answers) -> bool:
    """Whether templates are the clusters in this plan."""
    return is_templated(probe for probe in answers.probes.values() if probe.kind == "identity")


def _planned(answers: Answers, model: str, *, judged: bool = False) -> list[_Planned]:
    """A model's identity cells; where a judge's verdicts are looked at, a cell is open until the judge closed it."""
    found = answers.by_model[model]
    cells = []
    for cell in answers.cells(model, "identity"):
        answer = found.get(cell)
        waits = judged and answer is not None and _waits(answer)
        cells.append(_Planned(answers.probes[cell[0]], answer, closed=answers.closed(model, cell) and not waits))
    return cells


def _waits(answer: Answer) -> bool:
    """Whether a judge's verdict on it is still to come; one whose call failed is not waited for."""
    return answer.verdict is None and not answer.missing and answer.row.response.cls in ICE_SCORED


def _figure(model: str, measure: str, domain: tuple[str, str], cells: Sequence[_Planned], templated: bool) -> Figure:
    scored = [(cell.probe, value) for cell in cells if (value := _value(cell, measure)) is not None]
    if not scored or all(cell.closed for cell in cells):
        return _fixed(model, measure, domain, scored)
    clusters = [cluster_of(cell.probe, templated=templated) for cell in cells]
    feed = ClusterFeed(Counter(clusters))
    for cluster, cell in zip(clusters, cells, strict=True):
        if cell.closed:
            feed.close(cluster, _value(cell, measure))
    low, high = feed.sequence.interval if feed.sequence.count else (None, None)
    return Figure(
        measure,
        (model,),
        *domain,
        value=feed.sequence.value,
        low=low,
        high=high,
        n=len(scored),
        clusters=feed.sequence.count,
        questions=None,
        deff=None,
        n_eff=None,
        one_sided=None,
        method=SEQUENCE,
    )


def _fixed(model: str, measure: str, domain: tuple[str, str], scored: Sequence[tuple[Probe, float]]) -> Figure:
    found = fixed_rate([probe for probe, _ in scored], [value for _, value in scored])
    if found is None:
        return _empty(model, measure, domain, NOTHING)
    return Figure(
        measure,
        (model,),
        *domain,
        value=found.value,
        low=found.low,
        high=found.high,
        n=found.n,
        clusters=found.clusters,
        questions=found.questions,
        deff=found.deff,
        n_eff=found.n_eff,
        one_sided=found.one_sided,
        method=found.method,
    )


def _empty(model: str, measure: str, domain: tuple[str, str], why: str) -> Figure:
    return Figure(measure, (model,), *domain, None, None, None, 0, 0, None, None, None, None, why)


def _value(cell: _Planned, measure: str) -> float | None:
    answer = cell.answer
    if answer is None or answer.ice_class is not None or answer.verdict is None:
        return None
    value = _flag(answer.verdict, cell.probe, measure)
    return None if value is None else float(value)


def _flag(verdict: Verdict, probe: Probe, measure: str) -> bool | None:
    """What a verdict counts as; None where it is not one of the measure's domain."""
    if measure == "paper_strict":
        return verdict.paper_strict
    if measure == "paper_hard":  # over all probes, as in the paper's figure
        return None if verdict.paper_strict is None else verdict.paper_strict and not names_gpt(probe)
    loose, strict = verdict.loose, verdict.strict
    if measure.endswith(_NO_ROLE_PLAY) and loose is not None and strict is not None:
        loose, strict = without_role_play(loose, strict, verdict.marks)
    match measure.removesuffix(_NO_ROLE_PLAY):
        case "loose":
            return loose
        case "strict":
            return strict
        case _:
            return strict if verdict.primed is False else None


def ice_exclusions(answers: Answers) -> Iterator[Exclusions]:
    """What of each model's identity answers was scored, and what was not."""
    for model in answers.by_model:
        cells = answers.cells(model, "identity")
        if cells:
            yield exclusions(model, "ICE", cells, answers, lambda answer: answer.ice_class)


def judge_exclusions(judged: Mapping[str, Answers]) -> Iterator[Exclusions]:
    """The same of what each judge was to judge; `judged` holds the answers with its verdicts, by its title.

    Scored is what it gave a verdict of its own on.
    """
    for title, theirs in judged.items():
        for model in theirs.by_model:
            cells = theirs.cells(model, "identity")
            if cells:
                yield exclusions(model, f"ICE@{title}", cells, theirs, _unjudged)


def _unjudged(answer: Answer) -> str | None:
    """Why a judge's verdict does not count; its reply that could not be read is stored as a verdict without labels."""
    why = answer.ice_class
    if why is None and answer.gated:
        return GATED
    return NOT_ASKED if why == UNSCORED and answer.verdict is None else why


def exclusions(
    model: str,
    measure: str,
    cells: Sequence[tuple[str, int]],
    answers: Answers,
    reason: Callable[[Answer], str | None],
) -> Exclusions:
    """Count planned, scored and left-out cells; `reason` says why an answer is not scored."""
    closed = [answers.by_model[model][cell] for cell in cells if cell in answers.by_model[model]]
    left_out = Counter(why for answer in closed if (why := reason(answer)) is not None)
    if len(closed) < len(cells):
        left_out[NOT_ASKED] += len(cells) - len(closed)
    scored = [answer for answer in closed if reason(answer) is None]
    truncated = sum(answer.row.response.cls == "truncated" for answer in scored)
    return Exclusions(model, measure, len(cells), len(scored), truncated, dict(sorted(left_out.items())))
