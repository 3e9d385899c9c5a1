"""The identity study's figures again: what was published, its own labels with the interval they lacked, our detector.

Only for sessions that were imported from its released files (their labels are stored as the judge `paper`). Rates are
over all probes of the run, also `hard`: as published, and unlike the conditional `hard` of every other section.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from distq_tui.data import data_path
from distq_tui.ice.rates import names_gpt
from distq_tui.report.answers import Answers
from distq_tui.stats import Rate, rate
from distq_tui.store import Store

PAPER_SCORER = "judge:paper"
MEASURES = ("loose", "strict", "hard")

_SIGNS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Judged:
    """What one rater said of one answer: None = unscored. `named`: the probe names OpenAI, ChatGPT or GPT."""

    template: str
    question: str
    loose: bool | None
    strict: bool | None
    named: bool


@dataclass(frozen=True, slots=True)
class PaperFigure:
    """One rate of one model as one rater has it, beside the published one (None = not published).

    `source`: `labels` are those that came with the files, `detector` is our own, offline.
    """

    model: str
    measure: str
    source: Literal["labels", "detector"]
    published: float | None
    value: float
    low: float
    high: float
    n: int
    clusters: int
    questions: int
    deff: float
    method: str


def paper_figures(store: Store, session_id: str, answers: Answers) -> tuple[PaperFigure, ...]:
    """The figures of every model of the session that has the study's labels; none for any other session."""
    labels = {
        row.response_id: row.verdict
        for row in store.session_rows(session_id, scorer=PAPER_SCORER)
        if row.verdict is not None
    }
    return tuple(_of_session(answers, labels)) if labels else ()


def paper_rates(judged: Sequence[Judged]) -> Iterator[tuple[str, Rate]]:
    """The published measures with crossed cluster intervals (template x question); a measure nobody scored is left out.

    `hard` is strict on a probe that does not name OpenAI, ChatGPT or GPT, over all probes.
    """
    for measure in MEASURES:
        scored = [(item, value) for item in judged if (value := _value(item, measure)) is not None]
        found = rate(
            [float(value) for _, value in scored],
            [item.template for item, _ in scored],
            [item.question for item, _ in scored],
        )
        if found is not None:
            yield measure, found


def published_ice(model: str) -> dict[str, float]:
    """The published rates of a model by measure; empty where there are none. Case and signs don't matter."""
    return {name: value for name, value in _entry("ice", model).items() if name in MEASURES}


def published_rse(model: str) -> dict[str, float]:
    """The published similarities (judge, 1 to 5, against GPT-4o-0806) by prompt set; empty where there are none."""
    return {name: value for name, value in _entry("rse", model).items() if isinstance(value, float)}


def _of_session(answers: Answers, labels: dict[int, Any]) -> Iterator[PaperFigure]:
    for model in answers.by_model:
        theirs, ours = [], []
        for answer in answers.planned(model):
            label, row, verdict = labels.get(answer.row.response_id), answer.row, answer.verdict
            if label is None:
                continue
            place = (row.template or "", row.question or "")
            named = names_gpt(answers.probes[row.prompt_id])
            theirs.append(Judged(*place, label.loose, label.strict, named))
            if answer.ice_class is None and verdict is not None:
                ours.append(Judged(*place, verdict.loose, verdict.paper_strict, named))
        known = published_ice(model)
        for source, judged in (("labels", theirs), ("detector", ours)):
            for measure, found in paper_rates(judged):
                yield _figure(model, measure, "labels" if source == "labels" else "detector", known, found)


def _figure(
    model: str, measure: str, source: Literal["labels", "detector"], known: dict[str, float], found: Rate
) -> PaperFigure:
    return PaperFigure(
        model=model,
        measure=measure,
        source=source,
        published=known.get(measure),
        value=found.value,
        low=found.low,
        high=found.high,
        n=found.n,
        clusters=found.clusters,
        questions=found.questions,
        deff=found.deff,
        method=found.method,
    )


def _value(item: Judged, measure: str) -> bool | None:
    if measure == "loose":
        return item.loose
    if measure == "hard" and item.strict is not None:
        return item.strict and not item.named
    return item.strict


def _entry(table: str, model: str) -> dict[str, Any]:
    wanted = _plain(model.rpartition("/")[2])
    for entry in _published()[table]:
        if wanted in {_plain(name) for name in (entry["model"], *entry.get("aliases", ()))}:
            return dict(entry)
    return {}


@cache
def _published() -> dict[str, Any]:
    return tomllib.loads(data_path("prompts", "paper", "published.toml").read_text(encoding="utf-8"))


def _plain(name: str) -> str:
    return _SIGNS.sub("", name.lower())
