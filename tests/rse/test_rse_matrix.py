"""The incremental matrix: what an arrival returns, replaces and takes away, and what is read."""

import itertools

import numpy as np
import pytest

from distq_tui.rse.compare import FEATURES, compare, row_block
from distq_tui.rse.features import features
from distq_tui.rse.matrix import SimilarityMatrix

TEXTS = [
    "Sure! Here is a plan.\n\n1. Walk.\n2. Read.", "The answer is seven.", "- red\n- green\n- blue",
    "I cannot help with that, I am sorry.", "Why do you ask? Because it matters.", "As a model, I think so.",
    "Yes.", "It depends on the weather; on most days, however, it works.", "# Title\n\nA line of prose.",
]  # fmt: skip


def filled(prompts=3, models=9) -> SimilarityMatrix:
    matrix = SimilarityMatrix()
    for prompt, model in itertools.product(range(prompts), range(models)):
        matrix.add(f"p{prompt}", f"m{model}", TEXTS[(prompt * 4 + model) % len(TEXTS)] + f" {model}")
    return matrix


def test_an_arrival_returns_the_new_pair_scores():
    matrix = SimilarityMatrix()
    assert matrix.add("p", "a", TEXTS[0]) == {}
    assert matrix.add("p", "b", TEXTS[1]) == {"a": compare(features(TEXTS[0]), features(TEXTS[1]))}
    assert set(matrix.add("p", "c", TEXTS[2])) == {"a", "b"}
    assert matrix.add("q", "c", TEXTS[2]) == {}
    assert (matrix.models, matrix.prompts) == (("a", "b", "c"), ("p", "q"))


def test_an_answer_again_replaces_the_earlier_one():
    matrix = SimilarityMatrix()
    matrix.add("p", "a", TEXTS[0])
    matrix.add("p", "b", TEXTS[1])
    matrix.add("p", "b", TEXTS[0])
    assert matrix.rse()[0, 1] == pytest.approx(1)
    assert matrix.counts()[0, 1] == 1


def test_a_blank_answer_is_missing_and_takes_an_earlier_one_away():
    matrix = SimilarityMatrix()
    matrix.add("p", "a", TEXTS[0])
    matrix.add("p", "b", TEXTS[1])
    assert matrix.add("p", "b", " \n") == {}
    assert matrix.counts()[0, 1] == 0
    assert np.isnan(matrix.rse()[0, 1])
    assert matrix.rows() == []
    assert matrix.add("p", "c", TEXTS[2]).keys() == {"a"}


def test_samples_are_averaged_and_the_diagonal_is_a_model_against_itself():
    matrix = SimilarityMatrix()
    matrix.add("p", "a", TEXTS[0], 0)
    matrix.add("p", "b", TEXTS[1], 0)
    assert np.isnan(matrix.rse()[0, 0])
    matrix.add("p", "b", TEXTS[2], 1)
    a, b0, b1 = (features(text) for text in TEXTS[:3])
    assert matrix.rse()[0, 1] == pytest.approx((compare(a, b0).rse + compare(a, b1).rse) / 2)
    assert matrix.rse()[1, 1] == pytest.approx(compare(b0, b1).rse)
    assert matrix.per_prompt("b", "b").rse == pytest.approx([compare(b0, b1).rse])


def test_per_prompt_values_are_those_of_the_common_prompts():
    matrix = filled()
    matrix.add("p1", "m2", "")
    scores = matrix.per_prompt("m0", "m2")
    assert scores.prompts == ("p0", "p2")
    assert scores.values.shape == (len(FEATURES), 2)
    first = row_block(features(TEXTS[0] + " 0"), [features(TEXTS[2] + " 2")])[:, 0]
    np.testing.assert_allclose(scores.values[:, 0], first)
    assert scores.rse.mean() == pytest.approx(matrix.rse()[0, 2])
    with pytest.raises(KeyError):
        matrix.per_prompt("m0", "nobody")


def test_an_unread_model_does_not_count_towards_the_pool():
    matrix = filled(models=7)
    matrix.add("p0", "silent", "")
    assert all(row.pool_z is None for row in matrix.rows())
    matrix.add("p0", "silent", "Now it speaks.")
    assert all(row.pool_z is not None for row in matrix.rows() if "silent" not in (row.model_a, row.model_b))


def test_excess_is_measured_against_the_control_pairs():
    matrix = filled(prompts=2)
    controls = [("m1", "m2"), ("m1", "m3"), ("m2", "m3"), ("m3", "m4")]
    rows = {(row.model_a, row.model_b): row for row in matrix.rows(controls=controls)}
    expected = []
    for prompt in range(2):
        null = [matrix.per_prompt(a, b).rse[prompt] for a, b in controls]
        score = matrix.per_prompt("m0", "m5").rse[prompt]
        expected.append((score - np.mean(null)) / np.std(null, ddof=1))
    assert rows["m0", "m5"].excess == pytest.approx(np.mean(expected))
    few = matrix.rows(controls=controls[:2])
    assert all(row.excess is None for row in few)


def test_declared_relatives_stay_out_of_the_pool():
    matrix = filled()
    plain = {(row.model_a, row.model_b): row.pool_z for row in matrix.rows()}
    declared = {(row.model_a, row.model_b): row.pool_z for row in matrix.rows(relatives=[("m0", "m1")])}
    assert plain["m0", "m2"] != declared["m0", "m2"]
    assert plain["m3", "m4"] == declared["m3", "m4"]
    with pytest.raises(KeyError):
        matrix.rows(relatives=[("m0", "nobody")])


def test_many_prompts_and_models_grow_the_matrix_without_losing_a_value():
    matrix = SimilarityMatrix()
    for prompt in range(130):
        for model in range(2 if prompt < 129 else 20):
            matrix.add(str(prompt), f"m{model}", TEXTS[(prompt + model) % len(TEXTS)])
    assert matrix.counts()[0, 1] == 130
    assert matrix.counts()[0, 19] == 1
    assert matrix.rse()[0, 1] == pytest.approx(matrix.per_prompt("m0", "m1").rse.mean())
