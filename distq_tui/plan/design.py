"""Which questions go under which template: a seeded, balanced, incomplete design, the same for every model."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import cycle

from distq_tui.plan.trial import Probe
from distq_tui.prompts import Message, Prompt, Template

BARE = "bare"
"""The id of template 0: the question as it is."""


def bare_probe(prompt: Prompt, set_name: str, prompt_id: str) -> Probe:
    """A prompt asked as it is; an identity question becomes a cell of template 0."""
    identity = prompt.kind == "identity"
    return Probe(
        prompt_id=prompt_id,
        kind=prompt.kind,
        language=prompt.language,
        messages=prompt.messages,
        aspect=prompt.aspect,
        template=BARE if identity else None,
        question=prompt.id if identity else None,
        query=prompt.text if identity else None,
        tags=prompt.tags,
        set_name=set_name,
    )


def crossed_probes(
    templates: Sequence[Template],
    questions: Sequence[Prompt],
    *,
    questions_per_template: int,
    twins: bool,
    seed: int,
    set_name: str,
) -> list[Probe]:
    """The cells of templates x questions, template by template in an order that the seed fixes.

    Languages get equal shares of each template's questions, and every question comes up equally often within one. Which
    question goes under which template is random by the seed, which is what makes the live interval over templates valid
    (docs/intervals.md). A twin gets the very cells of its template.
    """
    rng = random.Random(f"design:{seed}")
    order = list(templates)
    rng.shuffle(order)
    decks = {language: _Deck(group, rng) for language, group in sorted(_by_language(questions).items())}
    probes = []
    for turn, template in enumerate(order):
        shares = _shares(questions_per_template, {language: len(deck) for language, deck in decks.items()}, turn)
        chosen = [question for language, count in shares.items() for question in decks[language].deal(count)]
        for version in filter(None, (template, template.twin if twins else None)):
            probes += [_cell(version, question, set_name) for question in chosen]
    return probes


class _Deck:
    """Deals every question once before any again."""

    def __init__(self, cards: Sequence[Prompt], rng: random.Random) -> None:
        self._cards = list(cards)
        self._rng = rng
        self._left: list[Prompt] = []

    def __len__(self) -> int:
        return len(self._cards)

    def deal(self, count: int) -> list[Prompt]:
        """`count` different questions, at most all there are; one that comes twice is dealt to the next template."""
        hand: list[Prompt] = []
        held_back: list[Prompt] = []
        while len(hand) < count:
            if not self._left:
                self._left = self._rng.sample(self._cards, len(self._cards))
            card = self._left.pop()
            (held_back if card in hand else hand).append(card)
        self._left += held_back
        return hand


def _shares(count: int, sizes: dict[str, int], turn: int) -> dict[str, int]:
    """How many questions of each language a template gets: equal, with the remainder going round from turn to turn."""
    languages = list(sizes)
    start = turn % len(languages)
    turns = cycle(languages[start:] + languages[:start])
    shares = dict.fromkeys(languages, 0)
    while sum(shares.values()) < min(count, sum(sizes.values())):
        language = next(turns)
        shares[language] += shares[language] < sizes[language]
    return shares


def _by_language(questions: Sequence[Prompt]) -> dict[str, list[Prompt]]:
    groups: dict[str, list[Prompt]] = {}
    for question in questions:
        groups.setdefault(question.language, []).append(question)
    return groups


def _cell(template: Template, question: Prompt, set_name: str) -> Probe:
    return Probe(
        prompt_id=f"{template.id}/{question.id}",
        kind="identity",
        language=question.language,
        messages=(Message("user", template.fill(question.text)),),
        aspect=question.aspect,
        template=template.id,
        question=question.id,
        query=question.text,
        tags=tuple(filter(None, (template.kind, "twin" if template.twin_of else ""))),
        set_name=set_name,
    )
