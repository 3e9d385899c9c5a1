"""What a report says of judges' grades of similarity, as frozen plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CheckKind = Literal["identical", "shuffled"]


@dataclass(frozen=True, slots=True)
class Grade:
    """What one judge makes of a pair of models, or of two samples of one (its ceiling).

    Attributes:
        judge: its title, with its label where its replies are scripted or recorded.
        models: target and reference, or the reference alone.
        prompt_set: "" for all sets.
        overall, low, high: mean grade, 1 to 5, of both role orders, and its 95 % interval; None where none was read.
        aspects: mean content, structure and style, 0 to 2.
        order: mean grade with the target first less that with the reference first; None for a ceiling.
        n: comparisons graded, on `prompts` prompts, of those `planned`.
        not_asked: comparisons of which an answer, or this judge's reply, is missing: the run ended before, or the judge
            was given up.
        unscored: comparisons with a reply that could not be read; `left_out` counts answers, by class, that can't be
            compared and were put before no judge.
    """

    judge: str
    models: tuple[str, ...]
    prompt_set: str
    overall: float | None
    low: float | None
    high: float | None
    aspects: Mapping[str, float]
    order: float | None
    order_low: float | None
    order_high: float | None
    n: int
    prompts: int
    planned: int
    not_asked: int
    unscored: int
    left_out: Mapping[str, int]
    method: str


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """Mean grade of a judge's self-check items of a kind; `passed` is None where no reply could be read."""

    judge: str
    kind: CheckKind
    overall: float | None
    items: int
    unscored: int
    passed: bool | None


@dataclass(frozen=True, slots=True)
class JudgeAgreement:
    """How far judges agree on single replies: `alpha` over all of them, `kappa` of two; None where it is undefined."""

    coefficient: Literal["alpha", "kappa"]
    judges: tuple[str, ...]
    value: float | None
    items: int
    method: str


@dataclass(frozen=True, slots=True)
class GradesPart:
    """Everything that judges of similarity said in a session."""

    grades: tuple[Grade, ...]
    checks: tuple[SelfCheck, ...]
    agreement: tuple[JudgeAgreement, ...]
    versions: Mapping[str, int]
    """Comparisons by judge and the version of its question."""
    why_not_asked: str = ""
    """Why some comparisons were not put before a judge; empty where all were."""
