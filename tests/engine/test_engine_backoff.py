"""The wait before another attempt: grows for certain, and never undercuts the server."""

import random

from hypothesis import given
from hypothesis import strategies as st

from distq_tui.engine.retry import GROWTH, LONGEST_WAIT, wait_before
from distq_tui.providers.base import ProviderError

SEEDS = st.integers(0, 10_000).map(random.Random)
BROKEN = ProviderError("server", "off")


@given(SEEDS, st.integers(1, 6))
def test_each_wait_is_longer_than_the_last(rng, attempt):
    assert wait_before(attempt + 1, BROKEN, rng) >= GROWTH * wait_before(attempt, BROKEN, rng)


@given(SEEDS, st.integers(1, 12), st.floats(0, 1000))
def test_a_wait_grows_from_what_was_really_waited_up_to_twice_its_measure(rng, attempt, waited):
    wait = wait_before(attempt, BROKEN, rng, waited)
    measure = min(LONGEST_WAIT, 0.5 * 2 ** (attempt - 1))
    assert min(GROWTH * waited, 2 * measure) <= wait <= 2 * measure


@given(SEEDS, st.integers(1, 12), st.floats(0, 3600))
def test_the_server_is_never_undercut(rng, attempt, asked):
    error = ProviderError("rate_limit", "slow down", 429, asked)
    assert asked <= wait_before(attempt, error, rng, waited=5.0) <= asked + 3.0
