"""Whatever the order in which answers land, the sequence is the same once they have."""

import random

from hypothesis import given
from hypothesis import strategies as st

from distq_tui.stats import ClusterFeed, ConfidenceSequence

CLUSTERS = st.lists(st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=4), min_size=1, max_size=8).map(
    lambda values: {f"c{n}": cells for n, cells in enumerate(values)}
)


def fed(clusters, seed):
    """The feed after all cells landed in an order that the seed draws, and its interval after each."""
    cells = [(name, value) for name, values in clusters.items() for value in values]
    random.Random(seed).shuffle(cells)
    feed = ClusterFeed({name: len(values) for name, values in clusters.items()})
    seen = []
    for name, value in cells:
        feed.close(name, value)
        seen.append((feed.sequence.count, feed.sequence.interval))
    return feed, seen


@given(CLUSTERS, st.integers(0, 99), st.integers(0, 99))
def test_any_order_of_arrival_gives_the_same_interval(clusters, one, two):
    (first, _), (second, _) = fed(clusters, one), fed(clusters, two)
    assert first.complete
    assert second.complete
    assert first.sequence.interval == second.sequence.interval
    assert first.sequence.value == second.sequence.value
    assert first.sequence.count == second.sequence.count


@given(CLUSTERS, st.integers(0, 99))
def test_at_every_moment_it_is_the_sequence_of_the_first_clusters(clusters, seed):
    _, seen = fed(clusters, seed)
    largest = max(len(values) for values in clusters.values())
    means = [
        (sum(scored) / len(scored), len(values) / largest)
        for values in clusters.values()
        if (scored := [value for value in values if value is not None])
    ]
    for count, interval in seen:
        direct = ConfidenceSequence()
        for value, weight in means[:count]:
            direct.update(value, weight)
        assert all(abs(a - b) <= 1e-9 for a, b in zip(interval, direct.interval, strict=True))


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=4), min_size=1, max_size=8))
def test_clusters_of_different_size_give_the_mean_of_all_cells(cells):
    feed = ClusterFeed({f"c{n}": len(values) for n, values in enumerate(cells)})
    for n, values in enumerate(cells):
        for value in values:
            feed.close(f"c{n}", float(value))
    everything = [value for values in cells for value in values]
    assert abs((feed.sequence.value or 0.0) - sum(everything) / len(everything)) <= 1e-9
