"""The induction gap: how much oftener a model claims another maker where the probe names one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from distq_tui.ice.rates import Scored, template_cluster
from distq_tui.prompts.sets import TWIN_SUFFIX
from distq_tui.stats import paired_difference

MATCHED = "matched twins"
NOT_MATCHED = "descriptive: primed and clean templates are not matched"
NOT_COMPLETED = "descriptive: the plan was not completed"


@dataclass(frozen=True, slots=True)
class InductionGap:
    """Strict on primed minus strict on clean probes, in [-1, 1]; limits and p are None where it is only descriptive.

    `n` counts pairs of twins, or answers where there are no twins; `clusters` the templates behind the interval.
    """

    value: float
    low: float | None
    high: float | None
    p: float | None
    n: int
    clusters: int
    method: str


def induction_gap(scored: Sequence[Scored], *, complete: bool) -> InductionGap | None:
    """The gap of one model; None unless it answered both primed and clean probes.

    Only matched twins (the same template with the name blanked, the same question and sample) say what the name did;
    the difference over other templates is given without an interval, as is that of a plan that was not completed.

    Args:
        scored: the model's strict verdicts, in the plan's order.
        complete: every planned cell was closed, so that a fixed-n interval holds.
    """
    by_cell = {answer.cell: answer for answer in scored}
    pairs = [
        (clean, answer) for answer in scored if (clean := by_cell.get(_clean_cell(answer))) and _matched(clean, answer)
    ]
    if not pairs:
        return _descriptive(scored)
    cleans = [clean for clean, _ in pairs]
    found = paired_difference(
        [float(primed.value) for _, primed in pairs],
        [float(clean.value) for clean in cleans],
        [clean.template for clean in cleans],
        [clean.question for clean in cleans],
    )
    assert found is not None  # there is a pair
    if not complete:
        return InductionGap(found.value, None, None, None, found.n, found.clusters, NOT_COMPLETED)
    method = f"{MATCHED}, {found.method}"
    return InductionGap(found.value, found.low, found.high, found.p, found.n, found.clusters, method)


def _descriptive(scored: Sequence[Scored]) -> InductionGap | None:
    primed = [answer.value for answer in scored if answer.primed]
    clean = [answer.value for answer in scored if not answer.primed]
    if not primed or not clean:
        return None
    value = sum(primed) / len(primed) - sum(clean) / len(clean)
    return InductionGap(value, None, None, None, len(scored), 0, NOT_MATCHED)


def _clean_cell(answer: Scored) -> tuple[str, int]:
    """Where the clean twin of a primed twin's answer would stand."""
    template = answer.template or ""
    return answer.prompt_id.replace(f"{template}/", f"{template_cluster(template)}/", 1), answer.sample


def _matched(clean: Scored, primed: Scored) -> bool:
    """Whether these two are twins: a pair that does not differ in priming is none."""
    return (primed.template or "").endswith(TWIN_SUFFIX) and primed.primed and not clean.primed
