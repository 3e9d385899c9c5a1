"""Clusters enter the sequence in the order fixed before, each when all its cells are closed."""

from distq_tui.stats import ClusterFeed


def test_a_cluster_waits_for_those_before_it():
    feed = ClusterFeed({"a": 1, "b": 1})
    feed.close("b", 1.0)
    assert (feed.sequence.count, feed.sequence.value) == (0, None)
    feed.close("a", 0.0)
    assert (feed.sequence.count, feed.sequence.value) == (2, 0.5)
    assert feed.complete


def test_a_cluster_enters_as_the_mean_of_its_scored_cells_when_all_are_closed():
    feed = ClusterFeed({"a": 3})
    feed.close("a", 1.0)
    feed.close("a", 0.0)
    assert feed.sequence.count == 0
    assert not feed.complete
    feed.close("a", None)
    assert (feed.sequence.count, feed.sequence.value) == (1, 0.5)


def test_a_cluster_of_which_nothing_was_scored_is_skipped():
    feed = ClusterFeed({"a": 1, "b": 2, "c": 1})
    for cluster, value in (("a", 1.0), ("b", None), ("b", None), ("c", 0.0)):
        feed.close(cluster, value)
    assert (feed.sequence.count, feed.sequence.value, feed.complete) == (2, 0.5, True)


def test_what_was_not_planned_changes_nothing():
    feed = ClusterFeed({"a": 1})
    feed.close("searched", 1.0)
    assert feed.sequence.count == 0
    feed.close("a", 0.0)
    feed.close("a", 1.0)
    assert (feed.sequence.count, feed.sequence.value) == (1, 0.0)


def test_no_clusters_are_complete():
    assert ClusterFeed({}).complete
