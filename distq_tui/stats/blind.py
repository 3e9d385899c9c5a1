"""Which answers a person labels blind: at random within strata, so that the labels can speak for the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable


def draw_blind(answers: Iterable[tuple[int, Hashable, Hashable]], *, per_stratum: int, seed: int) -> list[int]:
    """The ids of the answers to label, in an order that tells nothing of their verdicts.

    An answer's place is a hash of its id and the seed, the same for every size: asking for more keeps what was drawn,
    and so do answers that arrive later, as far as they do not come before it. Of each stratum the first `per_stratum`
    are taken.

    Args:
        answers: id, group (a model and language) and verdict of each.
        per_stratum: how many of each group and verdict, as far as there are so many.
        seed: of the run.
    """
    strata: dict[tuple[Hashable, Hashable], list[int]] = {}
    for answer, group, verdict in answers:
        strata.setdefault((group, verdict), []).append(answer)
    order = {answer: _place(seed, answer) for members in strata.values() for answer in members}
    drawn = [answer for members in strata.values() for answer in sorted(members, key=order.__getitem__)[:per_stratum]]
    return sorted(drawn, key=order.__getitem__)


def _place(seed: int, answer: int) -> bytes:
    return hashlib.blake2b(f"blind:{seed}:{answer}".encode(), digest_size=16).digest()
