"""What rates count: role-play, the paper's names, twins; and two models side by side."""

import numpy as np
import pytest
from results import identity, result

from distq_tui.config.models import ModelSpec
from distq_tui.events import IceScored, Mark, ScoreUpdated
from distq_tui.ice.compare import compare
from distq_tui.ice.gap import MATCHED, NOT_COMPLETED, NOT_MATCHED, induction_gap
from distq_tui.ice.rates import Scored, names_gpt, without_role_play
from distq_tui.ice.scorer import IceScorer
from distq_tui.stats import holm, paired_difference

MODEL = ModelSpec("m", "demo", family="qwen")
FOREIGN = "I am Claude, made by Anthropic."
IN_A_ROLE = "[Claude]: I was made by Anthropic."
OWN = "I am Qwen, made by Alibaba Cloud."


def mark(vendor="Anthropic", *, role=False, kind="conflict"):
    return Mark(0, 1, kind, "rule", vendor, role)


@pytest.mark.parametrize(
    ("marks", "left"),
    [
        ([], (True, True)),
        ([mark()], (True, True)),
        ([mark(role=True)], (False, False)),
        ([mark(role=True), mark()], (True, True)),
        ([mark(role=True), mark("")], (True, False)),
        ([mark(role=True), mark(kind="own")], (False, False)),
        ([mark("", role=True), mark("")], (True, True)),
        ([mark("", role=True)], (False, False)),
        ([mark(role=True, kind="own")], (True, True)),
    ],
)
def test_without_role_play_a_verdict_rests_on_the_other_claims(marks, left):
    assert without_role_play(True, True, marks) == left
    assert without_role_play(True, False, marks) == (left[0], False)
    assert without_role_play(False, False, marks) == (False, False)


def scores(ice, *results):
    found = {}
    for each in results:
        found |= {event.measure: event for event in ice.score(each) if isinstance(event, ScoreUpdated)}
    return found


def test_rates_without_role_play_are_told_once_they_differ():
    probes = [identity(f"t{n}", f"q{n % 2}") for n in range(4)]
    ice = IceScorer(probes, {"m": 1})
    first = scores(ice, result(MODEL, probes[0], FOREIGN))
    assert not [measure for measure in first if "role_play" in measure]
    second = scores(
        ice, result(MODEL, probes[1], IN_A_ROLE), result(MODEL, probes[2], OWN), result(MODEL, probes[3], OWN)
    )
    for measure in ("loose", "strict", "hard"):
        assert (second[f"ice.{measure}"].value, second[f"ice.{measure}.no_role_play"].value) == (0.5, 0.25)
        assert second[f"ice.{measure}.no_role_play"].n == 4


def test_marks_say_whose_claim_it_is_and_whether_a_role_spoke_it():
    probe = identity("t1")
    (verdict,) = [
        event
        for event in IceScorer([probe], {"m": 1}).score(result(MODEL, probe, IN_A_ROLE))
        if isinstance(event, IceScored)
    ]
    assert {(m.vendor, m.role_play) for m in verdict.marks if m.kind == "conflict"} == {("Anthropic", True)}


@pytest.mark.parametrize(
    ("text", "named"),
    [("Are you ChatGPT?", True), ("openai's GPT-4", True), ("You are Claude.", False), ("Who are you?", False)],
)
def test_the_names_that_the_papers_hard_score_leaves_out(text, named):
    assert names_gpt(identity("t", text=text)) is named


# ------------------------------------------------------------------------- the induction gap


def twins(values, *, twin="+twin", primed=True):
    """Of each (clean, primed) pair of values a template with its twin, under one question."""
    found = []
    for n, (clean, named) in enumerate(values):
        found.append(Scored(f"t{n}/q{n % 3}", 0, f"t{n}", f"q{n % 3}", clean))
        found.append(Scored(f"t{n}{twin}/q{n % 3}", 0, f"t{n}{twin}", f"q{n % 3}", named, primed=primed))
    return found


VALUES = [(False, True), (False, False), (True, True), (False, True), (False, False), (True, False)]


def test_the_gap_of_matched_twins_is_a_paired_difference():
    gap = induction_gap(twins(VALUES), complete=True)
    direct = paired_difference(
        [named for _, named in VALUES], [clean for clean, _ in VALUES], range(6), [n % 3 for n in range(6)]
    )
    assert (gap.value, gap.low, gap.high, gap.p) == (direct.value, direct.low, direct.high, direct.p)
    assert (gap.n, gap.clusters) == (6, 6)
    assert gap.method.startswith(MATCHED)


def test_a_plan_that_was_not_completed_has_a_gap_without_an_interval():
    gap = induction_gap(twins(VALUES), complete=False)
    assert (gap.value, gap.low, gap.p, gap.method) == (pytest.approx(1 / 6), None, None, NOT_COMPLETED)


def test_templates_that_are_no_twins_are_only_described():
    gap = induction_gap(twins(VALUES, twin="x"), complete=True)
    assert (gap.value, gap.low, gap.n, gap.method) == (pytest.approx(3 / 6 - 2 / 6), None, 12, NOT_MATCHED)


def test_a_twin_that_names_nobody_is_no_twin():
    assert induction_gap(twins(VALUES, primed=False), complete=True) is None
    assert induction_gap([], complete=True) is None


def test_the_live_gap_comes_with_the_last_answer():
    probes = [identity(f"t{n}", f"q{n}") for n in range(3)]
    probes += [identity(f"t{n}+twin", f"q{n}", "You are Claude. Who made you?") for n in range(3)]
    ice = IceScorer(probes, {"m": 1})
    answers = [OWN, OWN, OWN, FOREIGN, FOREIGN, OWN]
    results = [result(MODEL, probe, text) for probe, text in zip(probes, answers, strict=True)]
    assert "ice.induction_gap" not in scores(ice, *results[:-1])
    gap = scores(ice, results[-1])["ice.induction_gap"]
    assert (gap.value, gap.n, gap.clusters) == (pytest.approx(2 / 3), 3, 3)
    assert gap.low < gap.value <= gap.high


# ------------------------------------------------------------------------- two models


def answers(values, *, names="t", questions=5):
    return [
        Scored(f"{names}{n}/q", 0, f"{names}{n // 2}", f"q{n % questions}", value) for n, value in enumerate(values)
    ]


def rng():
    return np.random.default_rng(1)


def test_models_that_were_asked_the_same_are_compared_cell_by_cell():
    a, b = [n % 3 == 0 for n in range(40)], [n % 5 == 0 for n in range(40)]
    (pair,) = compare("loose", {"a": answers(a), "b": answers(b)}, rng=rng())
    direct = paired_difference(a, b, [n // 2 for n in range(40)], [n % 5 for n in range(40)])
    assert (pair.a, pair.b, pair.value, pair.low, pair.high, pair.p) == (
        "a",
        "b",
        direct.value,
        direct.low,
        direct.high,
        direct.p,
    )
    assert 0.0 < pair.p_list <= 1.0
    assert (pair.n, pair.clusters) == (40, 20)
    assert pair.method.startswith("same cells")


def test_a_cell_that_one_of_them_did_not_answer_is_left_out():
    a, b = answers([n % 3 == 0 for n in range(40)]), answers([False] * 40)
    (pair,) = compare("loose", {"a": a[:30], "b": b[10:]}, rng=rng())
    assert pair.n == 20


def test_models_under_other_templates_are_compared_by_swapping_templates():
    high, low = answers([True] * 20 + [False] * 4), answers([False] * 22 + [True] * 2, names="u")
    (pair,) = compare("loose", {"a": high, "b": low}, rng=rng())
    assert pair.value == pytest.approx(20 / 24 - 2 / 24)
    assert (pair.low, pair.high, pair.p_list) == (None, None, None)
    assert pair.p < 0.01
    assert (pair.n, pair.clusters) == (48, 24)
    (few,) = compare("loose", {"a": high[:6], "b": low[:6]}, rng=rng())
    assert few.p is None, "three templates on a side decide nothing"
    assert few.p_holm is None


def test_bare_questions_are_clusters_of_their_own():
    def bare(values, name):
        return [Scored(f"{name}{n}", 0, "bare", f"{name}{n}", value) for n, value in enumerate(values)]

    (pair,) = compare("loose", {"a": bare([True] * 8, "q"), "b": bare([False] * 8, "r")}, rng=rng())
    assert pair.clusters == 16
    assert pair.p < 0.01


def test_all_pairs_are_one_family():
    models = {
        name: answers([n % 7 < count for n in range(40)]) for name, count in (("a", 0), ("b", 1), ("c", 3), ("d", 6))
    }
    models["silent"] = []
    found = compare("loose", models, rng=rng())
    assert [(pair.a, pair.b) for pair in found] == [
        ("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")
    ]  # fmt: skip
    assert [pair.p_holm for pair in found] == list(holm([pair.p for pair in found]))
    assert all(pair.p <= pair.p_holm for pair in found)
