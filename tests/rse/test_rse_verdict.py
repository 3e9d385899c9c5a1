"""More than chance, and in which words: controls by family, step 1 and 2, controls that are tested themselves."""

import numpy as np
import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.ice.facts import load_facts
from distq_tui.rse.candidates import candidate_set
from distq_tui.rse.verdict import conclude, settle
from distq_tui.rse.verdict_controls import Controls, cast_of
from distq_tui.rse.verdict_scores import SetScores
from distq_tui.stats import prediction_p

NEGATIVE = {f"f{n}": (f"c{n}",) for n in range(6)}
LEVELS = {f"c{n}": 0.30 + 0.01 * n for n in range(6)}


def made(pairs, prompts=60):
    """Scores whose pair means are exactly these; `pairs` maps (a, b) to a mean, the rest is .3 and a bit by control."""
    names = [f"p{n}" for n in range(prompts)]
    ripple = [0.02 if n % 2 else -0.02 for n in range(prompts)]
    return SetScores(
        names,
        {
            frozenset(pair): {name: mean + up for name, up in zip(names, ripple, strict=True)}
            for pair, mean in pairs.items()
        },
    )


def pairs_of(near, *, models=("t", "r"), relatives=(), relative=0.8):
    """Target and reference at `near`, everything beside a control at the control's own level."""
    found = {models: near}
    for one in (*models, *relatives, *LEVELS):
        for control, level in LEVELS.items():
            if one != control:
                found[one, control] = level + 0.001 * len(one)
    for model in relatives:
        found[model, models[1]] = relative
    return found


def word(near, controls=None, prompts=60, **kwargs):
    scores = made(pairs_of(near, **kwargs), prompts)
    return settle([conclude(scores, "chat", "t", ["r"], controls or Controls(NEGATIVE))])[0]


def test_far_above_the_controls_is_consistent_with():
    found = word(0.8)
    assert (found.word, found.references) == ("consistent with", ("r",))
    assert found.p == pytest.approx(prediction_p(0.8, [level + 0.001 for level in LEVELS.values()]))
    assert found.candidates[0].families == 6


def test_within_the_controls_is_none():
    found = word(0.33)
    assert (found.word, found.references) == ("none", ())
    assert found.p > 0.05


def test_strong_evidence_needs_a_positive_control_that_passes():
    controls = Controls(NEGATIVE, positive={"r": ("kin",)})
    assert word(0.8, controls, relatives=("kin",)).word == "strong evidence"
    failed = word(0.8, controls, relatives=("kin",), relative=0.33)
    assert (failed.word, failed.p, failed.references) == ("inconclusive", None, ())
    assert failed.reason == "controls failed: kin is not found close to r"


def test_a_positive_control_without_answers_withholds_the_verdict():
    assert "kin gave no answers" in word(0.8, Controls(NEGATIVE, positive={"r": ("kin",)})).reason


@pytest.mark.parametrize(("prompts", "families"), [(59, 6), (60, 4)])
def test_strong_evidence_needs_60_prompts_and_5_families(prompts, families):
    negative = dict(list(NEGATIVE.items())[:families])
    found = word(0.95, Controls(negative, positive={"r": ("kin",)}), prompts, relatives=("kin",), relative=0.95)
    assert (found.word, found.p <= 0.01) == ("consistent with", True)


def test_two_families_are_too_few_however_many_models_they_have():
    controls = Controls({"f0": ("c0", "c1", "c2"), "f1": ("c3", "c4", "c5")})
    assert word(0.99, controls).reason == "too few controls: 2 of different families, 3 are needed"


def test_one_family_counts_once():
    scores = made(pairs_of(0.8))
    controls = Controls({"f0": ("c0", "c2"), "f3": ("c3",), "f5": ("c5",)})
    found = conclude(scores, "chat", "t", ["r"], controls).candidates[0]
    assert found.p == pytest.approx(prediction_p(0.8, [0.311, 0.331, 0.351]))
    assert found.families == 3


def test_a_control_that_gave_nothing_is_none():
    pairs = {pair: mean for pair, mean in pairs_of(0.9).items() if not {"c0", "c1", "c2", "c3"} & set(pair)}
    found = conclude(made(pairs), "chat", "t", ["r"], Controls(NEGATIVE))
    assert (found.word, found.reason) == (
        "inconclusive",
        "too few controls: 2 families gave answers to compare, 3 are needed",
    )


def test_a_negative_control_that_stands_out_withholds_the_verdict():
    pairs = pairs_of(0.8)
    pairs["r", "c5"] = 0.9
    found = conclude(made(pairs), "chat", "t", ["r"], Controls(NEGATIVE))
    assert found.reason == "controls failed: c5 would itself look close to r"
    assert {test.control: test.passed for test in found.tests}["c4"]


def test_k_references_are_paid_for():
    pairs = pairs_of(0.5) | {("t", "s"): 0.31, ("t", "u"): 0.32}
    pairs |= {(one, control): level for one in "su" for control, level in LEVELS.items()}
    found = conclude(made(pairs), "chat", "t", ["r", "s", "u"], Controls(NEGATIVE))
    assert found.p == pytest.approx(3 * min(candidate.p for candidate in found.candidates))
    assert found.references == ("r",)


def test_sets_and_targets_are_one_family_of_claims():
    one = conclude(made(pairs_of(0.8)), "chat", "t", ["r"], Controls(NEGATIVE))
    two = conclude(made(pairs_of(0.8)), "math", "t", ["r"], Controls(NEGATIVE))
    few = conclude(made(pairs_of(0.8)), "code", "t", ["r"], Controls())
    settled = settle([one, few, two])
    assert [c.p for c in settled] == [pytest.approx(2 * one.p), None, pytest.approx(2 * one.p)]
    assert [c.prompt_set for c in settled] == ["chat", "code", "math"]


def test_an_open_plan_has_no_word_and_says_what_will_be_missing_then_too():
    found = conclude(made(pairs_of(0.9)), "chat", "t", ["r"], Controls(), complete=False)
    assert found.word == "no word yet"
    assert found.reason.endswith("; then too: too few controls: 0 of different families, 3 are needed")
    assert settle([found]) == (found,)


def test_an_open_plan_concludes_nothing():
    found = conclude(made(pairs_of(0.9)), "chat", "t", ["r"], Controls(NEGATIVE), complete=False)
    assert (found.word, found.p, found.tests) == ("no word yet", None, ())
    (candidate,) = found.candidates
    assert (candidate.p, candidate.p_reference, candidate.p_rank) == (None, None, None)
    assert candidate.rse == pytest.approx(0.9)


def test_by_rank_from_19_families_on():
    levels = {f"k{n}": 0.3 + 0.001 * n for n in range(19)}
    pairs = {("t", "r"): 0.8} | {(one, k): level for one in ("t", "r") for k, level in levels.items()}
    families = {name: (name,) for name in levels}
    assert conclude(made(pairs), "s", "t", ["r"], Controls(families)).candidates[0].p_rank == pytest.approx(1 / 20)
    del families["k0"]
    assert conclude(made(pairs), "s", "t", ["r"], Controls(families)).candidates[0].p_rank is None


def test_the_candidate_set_holds_what_cannot_be_told_from_the_best():
    rng = np.random.default_rng(4)
    names = [f"p{n}" for n in range(80)]
    base = rng.uniform(0.3, 0.7, 80)

    def near(shift):
        return dict(zip(names, np.clip(base + shift + rng.normal(0, 0.03, 80), 0, 1), strict=True))

    pairs = {("t", "best"): near(0.1), ("t", "close"): near(0.098), ("t", "below"): near(0.05)}
    scores = SetScores(names, {frozenset(pair): values for pair, values in pairs.items()})
    assert set(candidate_set(scores, "t", ["below", "close", "best"])) == {"best", "close"}
    assert candidate_set(scores, "t", ["absent"]) == ()


def test_a_control_of_the_references_family_is_positive_and_of_an_unknown_one_none():
    models = [
        ModelSpec("t", "openai", family="qwen"),
        ModelSpec("r", "openai", family="openai", role="reference"),
        ModelSpec("gpt-4o-mini", "openai", role="control"),
        ModelSpec("qwen2.5-7b", "openai", role="control"),
        ModelSpec("mystery", "openai", role="control"),
        ModelSpec("persona", "demo", family="mistral", role="control"),
        ModelSpec("llama-3", "openai", family="meta", role="control"),
        ModelSpec("house", "openai", family="House Blend", role="control"),
        ModelSpec("judge", "openai", family="google", role="judge"),
    ]
    cast = cast_of(models, lookup=load_facts().lookup)
    assert (cast.targets, cast.references) == (("t",), ("r",))
    controls = cast.controls["t"]
    assert controls.negative == {"meta": ("llama-3",), "house blend": ("house",)}
    assert controls.positive == {"r": ("gpt-4o-mini",)}
    assert controls.left_out == ("qwen2.5-7b", "mystery", "persona")
    assert "qwen2.5-7b" in cast.controls["r"].titles, "beside the reference it is of another family"
