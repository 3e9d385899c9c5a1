"""When a failed attempt is worth another, and how long to wait for it."""

from __future__ import annotations

import random

from distq_tui.providers.base import ProviderError

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
LONGEST_OBEYED = 3600.0
"""A server may ask for up to an hour; the wait is shown, and the user can stop."""


GROWTH = 1.25
"""A wait is longer than the last one by this factor at least, whatever the jitter."""


def wait_before(attempt: int, error: ProviderError, rng: random.Random, waited: float = 0.0) -> float:
    """Seconds to wait before attempt `attempt + 1`.

    Exponential with jitter over the upper quarter (parallel requests spread, and a wait never shrinks), or what the
    server asked for plus a little jitter, never less than it asked for.

    Args:
        attempt: the attempt that failed, from 1.
        error: why it failed.
        rng: for the jitter.
        waited: what was really waited before the attempt that failed: more than planned, where the server had asked
            all requests to this endpoint to wait. The backoff grows from there, up to twice its own measure.
    """
    ceiling = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (attempt - 1))
    if error.retry_after is not None:
        return min(LONGEST_OBEYED, error.retry_after) + rng.uniform(0.0, 0.1 * ceiling)
    return max(ceiling * rng.uniform(0.75, 1.0), min(GROWTH * waited, 2.0 * ceiling))
