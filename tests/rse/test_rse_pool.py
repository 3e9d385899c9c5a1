"""Pool z, excess and the ranking, against the formulas written out pair by pair."""

import numpy as np
import pytest

from distq_tui.rse.compare import ASPECT_WEIGHTS, FEATURES, RSE_WEIGHTS
from distq_tui.rse.constants import UNRELATED_MEAN, UNRELATED_SD
from distq_tui.rse.pool import POOL_SIZE, pool_z, ranking
from distq_tui.rse.profile import SIZE
from distq_tui.rse.table import PairSums, pair_rows
from distq_tui.rse.voice import voice_similarity


def symmetric(seed, *shape):
    values = np.random.default_rng(seed).random(shape)
    return (values + np.swapaxes(values, -1, -2)) / 2


def by_hand(scores, a, b, left_out=frozenset()):
    sides = []
    for one, other in ((a, b), (b, a)):
        rest = [
            scores[one, k]
            for k in range(len(scores))
            if k not in (one, other) and frozenset((one, k)) not in left_out and np.isfinite(scores[one, k])
        ]
        sides.append((scores[a, b] - np.mean(rest)) / np.std(rest, ddof=1))
    return np.mean(sides)


def test_pool_z_leaves_out_the_pair_itself_and_declared_relatives():
    scores = symmetric(1, 9, 9)
    relatives = np.zeros((9, 9), bool)
    relatives[0, 1] = relatives[1, 0] = relatives[2, 3] = relatives[3, 2] = True
    left_out = {frozenset((0, 1)), frozenset((2, 3))}
    plain, declared = pool_z(scores), pool_z(scores, relatives=relatives)
    for a, b in ((0, 1), (0, 5), (3, 7), (2, 3)):
        assert plain[a, b] == pytest.approx(by_hand(scores, a, b))
        assert declared[a, b] == pytest.approx(by_hand(scores, a, b, left_out))


def test_pool_z_skips_pairs_that_share_no_prompt_and_needs_three_others():
    scores = symmetric(2, 9, 9)
    scores[0, 4:] = scores[4:, 0] = np.nan
    z = pool_z(scores)
    assert z[1, 5] == pytest.approx(by_hand(scores, 1, 5))
    assert np.isnan(z[0, 5])
    assert np.isnan(z[0, 1])  # besides 1 the model has only two others


def test_pool_z_is_undefined_below_eight_models_and_without_spread():
    assert np.isnan(pool_z(symmetric(3, POOL_SIZE - 1, POOL_SIZE - 1))).all()
    assert np.isfinite(pool_z(symmetric(3, POOL_SIZE, POOL_SIZE))[~np.eye(POOL_SIZE, dtype=bool)]).all()
    assert np.isnan(pool_z(np.full((9, 9), 0.5))).all()


def test_pool_z_is_undefined_where_only_the_pair_itself_stands_out():
    scores = np.full((9, 9), 0.1) + 1e-17 * symmetric(11, 9, 9)
    scores[0, 1] = scores[1, 0] = 0.9
    assert np.isnan(pool_z(scores)[0, 1])


def test_pool_z_keeps_its_digits_far_from_zero():
    scores = symmetric(4, 10, 10)
    np.testing.assert_allclose(pool_z(scores * 1e-6 + 1000)[0, 1:], pool_z(scores)[0, 1:], rtol=1e-4)


def test_ranking_standardises_by_constants_below_eight_models():
    means = symmetric(5, len(FEATURES), 4, 4)
    expected = np.mean([(means[f, 1, 2] - UNRELATED_MEAN[f]) / UNRELATED_SD[f] for f in range(len(FEATURES))])
    assert ranking(means, means, np.zeros((4, 4)))[1, 2] == pytest.approx(expected)


def test_ranking_is_the_mean_pool_z_of_the_features_from_eight_models_on():
    means, voice = symmetric(6, len(FEATURES), 11, 11), symmetric(9, 11, 11)
    expected = np.mean([by_hand(scores, 2, 7) for scores in (*means, voice)])
    assert ranking(means, means, voice)[2, 7] == pytest.approx(expected)


def test_ranking_is_finite_where_a_pool_has_no_spread():
    means = np.zeros((len(FEATURES), 9, 9))
    means[:, 0, 1] = means[:, 1, 0] = 1.0
    similarity = ranking(means, means, np.zeros((9, 9)))
    assert np.isfinite(similarity).all()
    assert similarity[0, 1] > similarity[0, 2]


def test_excess_is_the_standardised_score_over_the_prompts_pairs():
    blocks = symmetric(7, 5, len(FEATURES), 4, 4)
    sums = PairSums.zeros(4)
    profiles = np.random.default_rng(7).random((4, SIZE))
    for block in blocks:
        sums.add(np.arange(4), block, profiles)
    lone = np.full((len(FEATURES), 2, 2), 0.5)
    sums.add(np.array([0, 3]), lone, profiles[:2])  # one pair: too few to centre
    sums.add(np.arange(4), np.full((len(FEATURES), 4, 4), 0.5), profiles)  # no spread
    rows = {(row.model_a, row.model_b): row for row in pair_rows("abcd", sums)}
    upper = np.triu_indices(4, 1)
    expected = []
    for block in blocks:
        rse = np.tensordot(RSE_WEIGHTS, block, 1)
        expected.append((rse[0, 3] - rse[upper].mean()) / rse[upper].std(ddof=1))
    assert rows["a", "d"].excess == pytest.approx(np.mean(expected))
    assert (rows["a", "d"].n, rows["a", "b"].n) == (7, 6)
    means = (blocks[:, :, 0, 3].sum(axis=0) + 2 * 0.5) / 7
    assert (rows["a", "d"].content, rows["a", "d"].structure, rows["a", "d"].style) == pytest.approx(
        tuple(ASPECT_WEIGHTS @ means)
    )
    assert rows["a", "d"].rse == pytest.approx(RSE_WEIGHTS @ means)


def test_excess_is_undefined_with_two_models():
    sums = PairSums.zeros(2)
    sums.add(np.arange(2), symmetric(8, len(FEATURES), 2, 2), np.zeros((2, SIZE)))
    assert pair_rows("ab", sums)[0].excess is None


def test_voice_is_the_cosine_of_mean_profiles_standardised_over_the_models():
    total, count = np.random.default_rng(10).normal(size=(6, 5)), np.array([2.0, 4, 1, 3, 2, 0])
    mean = total[:5] / count[:5, None]
    standard = np.clip((mean - mean.mean(axis=0)) / mean.std(axis=0, ddof=1), -2, 2)
    cosines = voice_similarity(total, count)
    a, b = standard[1], standard[3]
    assert cosines[1, 3] == pytest.approx(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    assert np.isnan(cosines[5]).all()
    assert np.isnan(cosines[:, 5]).all()


def test_voices_without_any_difference_are_not_compared():
    assert (voice_similarity(np.ones((4, 3)), np.ones(4)) == 0).all()
    assert np.isnan(voice_similarity(np.ones((2, 3)), np.array([1.0, 0]))).all()
