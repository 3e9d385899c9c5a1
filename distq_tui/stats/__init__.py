"""Rates, means and tests with honest intervals; nothing here knows what is being measured."""

from distq_tui.stats.agreement import cohen_kappa, cohen_kappa_of_counts, ordinal_alpha, weighted_kappa
from distq_tui.stats.blind import draw_blind
from distq_tui.stats.calibration import (
    Accuracy,
    CorrectedRate,
    Share,
    Stratum,
    accuracy,
    corrected_rate,
    strata_of,
)
from distq_tui.stats.compare import Difference, paired_difference
from distq_tui.stats.confseq import ConfidenceSequence
from distq_tui.stats.evidence import holm, in_one_family, prediction_p, rank_p
from distq_tui.stats.mean import Mean, mean
from distq_tui.stats.ordered import ClusterFeed
from distq_tui.stats.permutation import sign_flip_p, unpaired_p
from distq_tui.stats.rate import Rate, rate

__all__ = [
    "Accuracy",
    "ClusterFeed",
    "ConfidenceSequence",
    "CorrectedRate",
    "Difference",
    "Mean",
    "Rate",
    "Share",
    "Stratum",
    "accuracy",
    "cohen_kappa",
    "cohen_kappa_of_counts",
    "corrected_rate",
    "draw_blind",
    "holm",
    "in_one_family",
    "mean",
    "ordinal_alpha",
    "paired_difference",
    "prediction_p",
    "rank_p",
    "rate",
    "sign_flip_p",
    "strata_of",
    "unpaired_p",
    "weighted_kappa",
]
