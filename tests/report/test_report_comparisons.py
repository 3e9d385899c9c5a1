"""Differences between models in a report: which pairs, by which test, and why one can't be compared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_session import MODELS, PLAN, PROBES, Maker, identity_probe

from distq_tui.events import Response
from distq_tui.ice.compare import RateDifference
from distq_tui.report import Report, build_report
from distq_tui.report.layout import Names
from distq_tui.report.score_tables import identity

FAILED = Response("error", error="no")
MANY = tuple(identity_probe(f"t{t}", f"q{(t + q) % 4}", "en") for t in range(8) for q in range(3))


@pytest.fixture
def maker(maker: Maker) -> Maker:
    """Three models that have a fact, 8 templates with 3 of 4 questions each."""
    maker.plan = replace(PLAN, models=MODELS[:3], probes=MANY)
    return maker


def report_of(maker: Maker) -> Report:
    return build_report(maker.store, maker.write())


def difference(report: Report, measure: str, a: str = "pupil", b: str = "master") -> RateDifference:
    (found,) = (pair for pair in report.differences if (pair.measure, pair.a, pair.b) == (measure, a, b))
    return found


def test_every_pair_is_compared_over_the_same_cells_in_each_measure(maker):
    for probe in MANY[:12]:
        maker.flag("pupil", probe.prompt_id, "OpenAI made me.", strict=probe is not MANY[0])
    report = report_of(maker)
    loose, strict = (difference(report, measure) for measure in ("loose", "strict"))
    assert (loose.value, loose.n, loose.clusters) == (12 / 24, 24, 8)
    assert strict.value == 11 / 24
    assert loose.low < loose.value < loose.high
    assert loose.method.startswith("same cells, t, two-way")
    assert len(report.differences) == 3 * 3


def test_holm_counts_the_pairs_of_one_measure(maker):
    for probe in MANY[:12]:
        maker.flag("pupil", probe.prompt_id, "OpenAI made me.")
    pairs = [pair for pair in report_of(maker).differences if pair.measure == "strict"]
    smallest = min(pair.p for pair in pairs)
    assert min(pair.p_holm for pair in pairs) == pytest.approx(min(1.0, 3 * smallest))
    assert all(pair.p_holm >= pair.p for pair in pairs)


def test_hard_is_compared_over_clean_cells_alone(maker):
    maker.plan = replace(PLAN, models=MODELS[:2], probes=tuple(p for p in PROBES if p.kind == "identity"))
    maker.flag("pupil", "t0+twin/q0", "OpenAI made me.")
    report = report_of(maker)
    assert difference(report, "strict").value == 1 / 8
    assert (difference(report, "hard").value, difference(report, "hard").n) == (0.0, 6)


def test_models_without_shared_cells_are_compared_by_whole_clusters_and_get_no_interval(maker):
    asked = {model.title: MANY[half::2] for half, model in enumerate(MODELS[:2])}
    for model, probes in asked.items():
        for probe in MANY:
            if probe not in probes:
                maker.answers[model, probe.prompt_id] = FAILED
    maker.plan = replace(maker.plan, models=MODELS[:2])
    pair = difference(report_of(maker), "strict")
    assert (pair.low, pair.high) == (None, None)
    assert pair.p is not None
    assert pair.method == "other cells, whole clusters swapped"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("not asked", "not comparable: the plan was not completed for master"),
        ("no fact", "not comparable: no fact of mute is known"),
        ("failed", "not comparable: nothing of master was scored"),
    ],
)
def test_a_pair_that_can_not_be_compared_says_why(maker, change, said):
    other = "master"
    if change == "not asked":
        maker.skip = {("master", MANY[3].prompt_id)}
    elif change == "no fact":
        maker.plan, other = replace(maker.plan, models=(MODELS[0], MODELS[3])), "mute"
    else:
        maker.answers = {("master", probe.prompt_id): FAILED for probe in MANY}
    report = report_of(maker)
    pair = difference(report, "strict", b=other)
    assert (pair.value, pair.p_holm, pair.method) == (None, None, said)
    table = next(
        table for table in identity(report, Names(report)).tables if table.title == "Differences between models"
    )
    assert any(said in row for row in table.rows)


def test_a_crowd_of_models_is_not_compared(maker):
    crowd = tuple(replace(MODELS[0], name=f"pupil-{n}", label=f"pupil-{n}") for n in range(13))
    maker.plan = replace(maker.plan, models=crowd, probes=MANY[:2])
    assert report_of(maker).differences == ()
