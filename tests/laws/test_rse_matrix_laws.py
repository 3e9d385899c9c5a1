"""The law of the incremental matrix: any order of arrivals, with repeats and gaps, gives the batch result."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distq_tui.rse.batch import score_answers
from distq_tui.rse.compare import compare
from distq_tui.rse.features import features
from distq_tui.rse.matrix import SimilarityMatrix

SENTENCES = [
    "Sure, I can help with that.", "The answer is 42.", "- first\n- second", "1. one\n2. two\n\nHope this helps!", "",
    "我是一个语言模型。", "As an AI, I cannot do that; however, here is a hint:", "```\nx = 1\n```", "Yes", "  ",
]  # fmt: skip
CELL = st.tuples(
    st.sampled_from(["p0", "p1", "p2", "p3"]), st.integers(0, 9).map("m{}".format), st.integers(0, 1),
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map(" ".join),
)  # fmt: skip
ARRIVALS = st.one_of(st.lists(CELL, min_size=1, max_size=12), st.lists(CELL, min_size=30, max_size=60))


def arrive(cells) -> SimilarityMatrix:
    matrix = SimilarityMatrix()
    for prompt, model, sample, text in cells:
        matrix.add(prompt, model, text, sample)
    return matrix


def latest(cells) -> dict:
    """What is left of the arrivals: the last text of each cell, where it is not blank."""
    texts = {(prompt, model, sample): text for prompt, model, sample, text in cells}
    return {cell: text for cell, text in texts.items() if text.strip()}


def as_table(rows) -> dict:
    """Rows by pair, models in alphabetical order: what does not depend on the order of arrival."""
    return {
        tuple(sorted((row.model_a, row.model_b))): (
            row.similarity, row.content, row.structure, row.style, row.excess, row.pool_z, row.n
        )
        for row in rows
    }  # fmt: skip


def assert_same(left: dict, right: dict, tolerance: float = 1e-9) -> None:
    assert left.keys() == right.keys()
    for pair, values in left.items():
        for one, other in zip(values, right[pair], strict=True):
            assert (one is None) == (other is None)
            if one is not None:
                assert one == pytest.approx(other, rel=tolerance, abs=tolerance)


@settings(max_examples=40, deadline=None)
@given(ARRIVALS, st.randoms(use_true_random=False))
def test_any_order_of_arrivals_gives_the_same_table(cells, random):
    final = [(*key, text) for key, text in latest(cells).items()]
    random.shuffle(final)
    assert_same(as_table(arrive(cells).rows()), as_table(arrive(final).rows()))


@settings(max_examples=40, deadline=None)
@given(ARRIVALS)
def test_the_matrix_equals_one_pass_over_all_texts(cells):
    answers: dict = {}
    for (prompt, model, sample), text in latest(cells).items():
        answers.setdefault(prompt, {})[model, sample] = text
    assert_same(as_table(arrive(cells).rows()), as_table(score_answers(answers)))


@settings(max_examples=30, deadline=None)
@given(ARRIVALS)
def test_running_means_equal_the_mean_of_all_sample_pairs(cells):
    matrix = arrive(cells)
    last = {key: features(text) for key, text in latest(cells).items()}
    rse = matrix.rse()
    for i, a in enumerate(matrix.models):
        for j, b in enumerate(matrix.models):
            per_prompt = []
            for prompt in matrix.prompts:
                scores = [
                    compare(left, right).rse
                    for (p, m, s), left in last.items()
                    for (q, n, t), right in last.items()
                    if p == q == prompt and m == a and n == b and (a != b or s != t)
                ]
                if scores:
                    per_prompt.append(np.mean(scores))
            assert matrix.counts()[i, j] == len(per_prompt)
            np.testing.assert_allclose(matrix.per_prompt(a, b).rse, per_prompt, atol=1e-9)
            if per_prompt:
                assert rse[i, j] == pytest.approx(np.mean(per_prompt), abs=1e-9)
            else:
                assert np.isnan(rse[i, j])
