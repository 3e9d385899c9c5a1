"""Models that gave the same answers word for word: no likeness between two minds, and no similarity tells it apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from distq_tui.events import ICE_SCORED
from distq_tui.report.answers import Answers, Cell

FEWEST = 3
"""Prompts below which the same words may be chance: short answers to one question often are."""


def same_answers(answers: Answers) -> Iterator[str]:
    """A sentence for each model with one answer to everything, and for each pair with the same answer to every prompt.

    Only what is a whole or truncated answer or a refusal counts; of a pair, the prompts (and samples) that both have.
    """
    said = {title: _said(answers, title) for title in answers.by_model}
    for title, texts in said.items():
        prompts = len({prompt for prompt, _ in texts})
        if prompts >= FEWEST and len(set(texts.values())) == 1:
            yield (
                f"{title} gave one and the same answer, word for word, to all {prompts} prompts: a constant answer, or"
                " a cache that heeds no prompt."
            )
    for a, b in combinations(said, 2):
        common = said[a].keys() & said[b].keys()
        prompts = len({prompt for prompt, _ in common})
        if prompts >= FEWEST and all(said[a][cell] == said[b][cell] for cell in common):
            yield (
                f"{a} and {b} gave the same answer, word for word, on all {prompts} prompts: one backend, a cache"
                " between, or constant answers."
            )


def _said(answers: Answers, title: str) -> dict[Cell, str]:
    cells = answers.by_model[title].items()
    return {cell: one.row.response.text for cell, one in cells if one.row.response.cls in ICE_SCORED}
