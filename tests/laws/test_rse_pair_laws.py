"""Laws of the pair score: symmetric, bounded, one for itself, and never a failure whatever the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distq_tui.rse.compare import compare, pair_block
from distq_tui.rse.features import features

ANY = st.text(alphabet=st.characters(codec=None), max_size=80)
WORDS = st.lists(
    st.sampled_from(["the", "a", "I", "don't", ".", "\n", "\n\n", "- ", "1. ", "```", "我", "です", "x"]), max_size=30
)
TEXTS = st.one_of(ANY, WORDS.map(" ".join))


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_a_pair_score_is_symmetric_and_bounded(a, b):
    left, right = features(a), features(b)
    forth, back = compare(left, right), compare(right, left)
    for name in ("content", "structure", "style", "rse"):
        assert getattr(forth, name) == pytest.approx(getattr(back, name), abs=1e-12)
        assert 0 <= getattr(forth, name) <= 1 + 1e-12


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_all_pairs_at_once_equal_pair_by_pair(texts):
    items = [features(text) for text in texts]
    block = pair_block(items)
    for i, a in enumerate(items):
        for j, b in enumerate(items):
            content = (block[0, i, j] + block[1, i, j]) / 2
            assert content == pytest.approx(compare(a, b).content, abs=1e-12)
            assert block[2, i, j] == pytest.approx(compare(a, b).structure, abs=1e-12)
