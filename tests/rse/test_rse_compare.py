"""What each aspect gives for the texts that are easy to get wrong."""

import time

import numpy as np
import pytest

from distq_tui.rse.compare import ASPECT_WEIGHTS, FEATURES, compare, pair_block, row_block
from distq_tui.rse.features import features
from distq_tui.rse.lines import KINDS, MAX_LINES, line_kinds
from distq_tui.rse.profile import SIZE
from distq_tui.rse.tokens import MAX_TOKENS, as_string, numbered_tokens
from distq_tui.rse.vocabulary import CLASSES

ENGLISH = (
    "Sure! Here are ways to save water.\n\n1. Fix the taps.\n2. Shower less.\n3. Collect rain.\n\nHope this helps!"
)
CHINESE = "春天来了，花园里的花都开了。孩子们在草地上放风筝，老人们坐在树下聊天。"
CHINESE_NEAR = "春天来了，公园里的花都开了。孩子们在草地上放风筝，老人们坐在树下喝茶。"
CHINESE_FAR = "量子计算机利用叠加态处理信息，它与传统芯片完全不同，目前仍处于研究阶段。"
JAPANESE = "私は毎朝コーヒーを飲みます。それから新聞を読みます。"
JAPANESE_FAR = "電車が遅れたので、会議に間に合いませんでした。"
CODE = "Use a loop:\n\n```python\nfor i in range(3):\n    print(i)\n```"
SAMPLES = [
    ENGLISH,
    CHINESE,
    CHINESE_NEAR,
    CHINESE_FAR,
    JAPANESE,
    CODE,
    "",
    "!!!",
    "Yes",
    "Yes.",
    "a b",
    "🙂 🙂",
    "\ud800 x",
]


def score(a: str, b: str):
    return compare(features(a), features(b))


@pytest.mark.parametrize("text", [*SAMPLES, "   \n\t"])
def test_identical_texts_score_one_in_every_aspect(text):
    same = score(text, text)
    assert (same.content, same.structure, same.style) == pytest.approx((1, 1, 1), abs=1e-12)
    assert same.rse <= 1


@pytest.mark.parametrize("text", [text for text in SAMPLES if text])
def test_an_empty_response_is_unlike_any_other(text):
    assert score("", text).rse == 0
    assert score(text, " \n ").rse == 0


def test_surrounding_white_space_is_not_part_of_an_answer():
    assert score(ENGLISH, "\n\n  " + ENGLISH + "\n").rse == pytest.approx(1)


def test_chinese_is_compared_character_by_character():
    near, far = score(CHINESE, CHINESE_NEAR), score(CHINESE, CHINESE_FAR)
    assert len(features(CHINESE).tokens) == len(CHINESE)
    assert near.content > 0.6 > 0.2 > far.content
    assert near.style > far.style


def test_japanese_is_compared_character_by_character():
    assert len(features(JAPANESE).tokens) == len(JAPANESE)
    assert score(JAPANESE, JAPANESE.replace("新聞", "雑誌")).content > 0.6
    assert score(JAPANESE, JAPANESE_FAR).content < 0.3


def test_words_of_spaced_scripts_are_whole_tokens_and_case_is_ignored():
    hashes, classes = numbered_tokens("Don't panic: Привет мир, 한국어 문장 42")
    names = [CLASSES[index] for index in classes]
    assert names == ["don't", "<word>", ":", "<word>", "<word>", ",", "<word>", "<word>", "<number>"]
    assert hashes[0] == numbered_tokens("DON'T")[0][0]


def test_rouge_l_and_trigram_overlap_of_a_case_worked_by_hand():
    a, b = features("the cat sat on the mat"), features("the cat lay on the mat")
    values = dict(zip(FEATURES, row_block(a, [b])[:, 0], strict=True))
    assert values["rouge_l"] == pytest.approx(10 / 12)  # LCS of 5 of 6 and 6 tokens
    assert values["ngram"] == pytest.approx(1 / 7)  # only "on the mat" of 4 and 4 trigrams
    assert values["lines"] == 1
    assert values["opening"] == pytest.approx(2 / 8)
    assert values["ending"] == pytest.approx(3 / 8)


def test_structure_sees_the_kinds_of_lines_and_not_their_words():
    other_words = "Of course: here\n\n1. Read a book.\n2. Call a friend.\n3. Go for a walk.\n\nEnjoy the day!"
    assert score(ENGLISH, other_words).structure > 0.9
    assert score(ENGLISH, ENGLISH.replace("\n", " ")).structure < 0.5


def test_every_kind_of_line_is_told_apart():
    lines = ["# Head", "- item", "* item", "2) item", "1、项", "| a | b |", "Label:", "**Bold label:**", "short"]
    lines += ["m" * 100, "long " * 100, "```", "# not a heading", "- not an item", "```", "1.5 is a number"]
    text = "\n".join(lines)
    assert line_kinds(text) == "HBBNNTLLPQRFCCFP"
    assert set(line_kinds(text)) <= set(KINDS)


def test_code_differs_from_prose_in_structure():
    assert score(CODE, "Use a loop that prints each number from zero to two.").structure < 0.4


def test_a_huge_response_costs_no_more_than_the_cap():
    huge = "All work and no play makes a dull day. " * 5200
    assert len(huge) > 200_000
    item = features(huge)
    assert len(item.tokens) == MAX_TOKENS
    assert len(line_kinds("x\n" * 100_000)) == MAX_LINES
    other = features(huge[::-1])
    started = time.process_time()
    assert compare(item, item).rse == pytest.approx(1)
    assert compare(item, other).rse < 0.6
    assert time.process_time() - started < 0.5


def test_all_pairs_at_once_equal_pair_by_pair():
    items = [features(text) for text in SAMPLES]
    block = pair_block(items)
    for i, one in enumerate(items):
        np.testing.assert_allclose(block[:, i, :], row_block(one, items), atol=1e-12)


def test_ngrams_are_counted_in_slices_where_there_are_many(monkeypatch):
    items = [features(f"{ENGLISH} {index} {CHINESE[: 3 * index]} {CODE}") for index in range(6)]
    whole = pair_block(items)
    monkeypatch.setattr("distq_tui.rse.kernels._AT_ONCE", 7)
    np.testing.assert_array_equal(pair_block(items), whole)


def test_code_points_stay_clear_of_surrogates_and_features_have_their_shapes():
    assert all(0x10000 <= ord(char) <= 0x10FFFF for char in as_string(np.arange(0, 2**32, 9_999_991)))
    assert features(ENGLISH).profile.shape == (SIZE,)
    assert np.linalg.norm(features(ENGLISH).profile) == pytest.approx(1)
    np.testing.assert_allclose(ASPECT_WEIGHTS.sum(axis=1), 1)


def test_hashes_do_not_depend_on_the_process():
    assert numbered_tokens("hello")[0].tolist() == [0x3610A686]  # CRC-32 of b"hello"
