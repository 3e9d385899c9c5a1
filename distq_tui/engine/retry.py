"""When a failed attempt is worth another, and how long to wait for it."""

from __future__ import annotations

import random

from distq_tui.providers.base import ProviderError

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
LONGEST_OBEYED = 3600.0
"""A server may ask for up to an hour; the wait is shown, and the user can stop."""


def wait_before(attempt: int, error: ProviderError, rng: random.Random) -> float:
    """Seconds to wait before attempt `attempt + 1`.

    Exponential with full jitter between half and the whole (so that parallel requests spread), or what the server asked
    for plus a little jitter, never less than it asked for.
    """
    ceiling = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (attempt - 1))
    backoff = ceiling * rng.uniform(0.5, 1.0)
    if error.retry_after is None:
        return backoff
    return min(LONGEST_OBEYED, error.retry_after) + rng.uniform(0.0, 0.1 * ceiling)
