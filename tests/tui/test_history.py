"""How an interval narrowed: few points, in order, over the whole run."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from distq_tui import events as ev
from distq_tui.tui.lines.history import POINTS, History


def score(clusters: int, low: float | None = 0.1) -> ev.ScoreUpdated:
    return ev.ScoreUpdated("ice.strict", ("m",), 0.2, low, 0.3, clusters, clusters, "cs")


def clusters(history: History) -> list[int]:
    return [point.clusters for point in history.points]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=200))
def test_points_are_few_and_keep_first_and_last(steps):
    history = History()
    counts = [1 + sum(steps[:at]) for at in range(len(steps))]
    for count in counts:
        history.add(score(count))
    kept = clusters(history)
    assert len(kept) <= POINTS
    assert kept == sorted(set(kept))
    assert (kept[0], kept[-1]) == (counts[0], counts[-1])


def test_points_spread_by_ratio():
    history = History()
    for count in range(1, 101):
        history.add(score(count))
    kept = clusters(history)
    assert len(kept) == POINTS
    assert all(1 < after / before <= 4 for before, after in pairwise(kept))


def test_the_same_clusters_replace_and_fewer_begin_again():
    history = History()
    history.add(score(3, 0.05))
    history.add(score(3, 0.1))
    assert [point.low for point in history.points] == [0.1]
    history.add(score(2))
    assert clusters(history) == [2]


def test_what_has_no_interval_is_no_point():
    history = History()
    history.add(score(3, None))
    assert history.points == []
