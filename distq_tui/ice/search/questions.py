"""Which questions are asked under a mutant: a seeded draw, each language with its share."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple


class Question(NamedTuple):
    """An identity question as the plan's `query_pool` holds it."""

    id: str
    language: str
    aspect: str
    text: str


def draw(pool: Sequence[Question], count: int, rng: random.Random) -> list[Question]:
    """`count` different questions (all, where there are fewer), languages in turn.

    A model may hit in one language and not in another: with equal shares a step's reward says more of its template
    than of the draw. Which language comes first, and gets the odd one, is drawn too.
    """
    by_language: dict[str, list[Question]] = {}
    for question in rng.sample(pool, len(pool)):
        by_language.setdefault(question.language, []).append(question)
    drawn: list[Question] = []
    while len(drawn) < min(count, len(pool)):
        for questions in by_language.values():
            if questions and len(drawn) < count:
                drawn.append(questions.pop())
    return drawn
