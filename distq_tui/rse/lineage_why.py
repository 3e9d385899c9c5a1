"""Why two models are alike: the prompts that drive it, and openings and phrases that hardly anybody else uses.

It explains a number; it proves nothing. Rare phrases come from shared training text, and from the prompt.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np

from distq_tui.errors import one_line
from distq_tui.rse.lineage_scores import AspectScores
from distq_tui.rse.pool import MIN_PAIRS
from distq_tui.rse.tokens import token_spans

Texts = Mapping[str, Mapping[str, str]]
"""Prompt id -> model -> answer."""

Words = tuple[str, ...]
"""Tokens in lower case."""

OPENING: Final = 3
"""Tokens of an opening."""

PHRASES: Final = (8, 6, 5, 4)
"""Tokens of a phrase, longest first: what lies within a longer one that was found is not told again."""

_HEAD: Final = 500
"""Characters of an answer in which its opening lies."""

RARE: Final = 0.1
"""Largest share of the other models' answers in which a phrase, or of their openings in which an opening, is rare."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A prompt on which the pair is more alike than others are.

    `rse` is the pair's, `usual` the mean of the other pairs, `excess` the difference in their standard deviations.
    """

    prompt: str
    rse: float
    usual: float
    excess: float


@dataclass(frozen=True, slots=True)
class Shared:
    """Words that both use and others hardly do.

    Attributes:
        text: as the first of the two wrote it, white space folded.
        prompts: on how many prompts both have it (an opening: how many answers of the one that uses it less).
        others: share of the other models' answers that have it too.
    """

    text: str
    prompts: int
    others: float


@dataclass(frozen=True, slots=True)
class Why:
    """What makes a pair of models alike, strongest first; a prompt on which others are more alike drives nothing."""

    models: tuple[str, str]
    drivers: tuple[Driver, ...]
    openings: tuple[Shared, ...]
    phrases: tuple[Shared, ...]


def why_alike(
    one: str, other: str, scores: AspectScores, texts: Texts, *, prompts: Mapping[str, str] | None = None, top: int = 5
) -> Why:
    """Explain a pair.

    Args:
        one: a model of `scores`.
        other: another one.
        scores: of all pairs.
        texts: the answers, of all models where rarity is to mean anything.
        prompts: texts of the prompts; phrases that stand in the prompt itself are left out.
        top: at most so many of each.

    Raises:
        ValueError: a model that is not in `scores`.
    """
    reader = _Reader()
    return Why(
        (one, other),
        tuple(driver for driver in drivers(scores, one, other)[:top] if driver.excess > 0),
        tuple(_openings(one, other, texts, reader)[:top]),
        tuple(_phrases(one, other, texts, prompts or {}, reader)[:top]),
    )


def drivers(scores: AspectScores, one: str, other: str) -> list[Driver]:
    """The pair's prompts by excess over the other pairs, greatest first.

    A prompt with fewer than `pool.MIN_PAIRS` other pairs, or whose other pairs are all alike, is left out.

    Raises:
        ValueError: a model that is not in `scores`.
    """
    a, b = scores.models.index(one), scores.models.index(other)
    rows, columns = np.triu_indices(len(scores.models), 1)
    null = (rows != min(a, b)) | (columns != max(a, b))
    rse = scores.rse
    found = []
    for prompt, square in zip(scores.prompts, rse, strict=True):
        pairs = square[rows, columns][null]
        pairs = pairs[np.isfinite(pairs)]
        mine = square[a, b]
        if not np.isfinite(mine) or len(pairs) < MIN_PAIRS or (sd := pairs.std(ddof=1)) < 1e-12:
            continue
        found.append(Driver(prompt, float(mine), float(pairs.mean()), float((mine - pairs.mean()) / sd)))
    return sorted(found, key=lambda driver: -driver.excess)


def why_lines(why: Why, names: Mapping[str, str] | None = None) -> Iterator[str]:
    """The explanation as lines of plain text, safe for a terminal; `names` gives prompts a readable name."""
    names = names or {}
    yield one_line(f"{why.models[0]} and {why.models[1]}")
    for driver in why.drivers:
        name = one_line(names.get(driver.prompt, driver.prompt))[:80]
        yield f"  {driver.excess:+.1f} sd  RSE {driver.rse:.2f}, others {driver.usual:.2f}  {name}"
    for label, shared in (("opens with", why.openings), ("says", why.phrases)):
        for item in shared:
            yield f"  {label} “{one_line(item.text)}”: {item.prompts} times each, {item.others:.1%} of the others"


class _Reader:
    """The tokens of texts, each read once: a phrase is looked for in four lengths."""

    def __init__(self) -> None:
        self._spans: dict[str, list[tuple[str, int, int]]] = {}

    def spans(self, text: str) -> list[tuple[str, int, int]]:
        if text not in self._spans:
            self._spans[text] = token_spans(text)
        return self._spans[text]

    def grams(self, text: str, size: int) -> set[Words]:
        """Each run of `size` tokens."""
        tokens = [token for token, _, _ in self.spans(text)]
        return set(zip(*(tokens[offset:] for offset in range(size)), strict=False))

    def written(self, text: str, key: Words) -> str:
        """How the text writes a run that it holds."""
        spans = self.spans(text)
        tokens = [token for token, _, _ in spans]
        at = next(at for at in range(len(tokens)) if tuple(tokens[at : at + len(key)]) == key)
        return _folded(text[spans[at][1] : spans[at + len(key) - 1][2]])


def _openings(one: str, other: str, texts: Texts, reader: _Reader) -> list[Shared]:
    counts: dict[str, Counter[Words]] = defaultdict(Counter)
    shown: dict[Words, str] = {}
    for answers in texts.values():
        for model, text in answers.items():
            spans = reader.spans(text[:_HEAD])[:OPENING]
            if len(spans) == OPENING:
                key = tuple(token for token, _, _ in spans)
                counts[model if model in {one, other} else ""][key] += 1
                if model == one:
                    shown.setdefault(key, _folded(text[spans[0][1] : spans[-1][2]]))
    rest = counts.pop("", Counter())
    both = counts[one].keys() & counts[other].keys()
    found = (
        Shared(shown[key], min(counts[one][key], counts[other][key]), rest[key] / max(rest.total(), 1)) for key in both
    )
    return _ranked(item for item in found if item.prompts > 1)


def _phrases(one: str, other: str, texts: Texts, prompts: Mapping[str, str], reader: _Reader) -> list[Shared]:
    kept: list[tuple[Words, Shared]] = []
    for size in PHRASES:
        where: dict[Words, list[str]] = defaultdict(list)
        for prompt, answers in texts.items():
            if one in answers and other in answers:
                common = reader.grams(answers[one], size) & reader.grams(answers[other], size)
                for key in common - reader.grams(prompts.get(prompt, ""), size):
                    where[key].append(prompt)
        repeated = {key: found for key, found in where.items() if len(found) > 1 and _is_phrase(key)}
        shares = _share_of_others(repeated, texts, {one, other}, size, reader)
        ranked = _by_rarity((len(found), shares[key], key) for key, found in repeated.items())
        for count, share, key in ranked:
            if not any(_overlap(key, longer) for longer, _ in kept):
                text = texts[repeated[key][0]][one]
                kept.append((key, Shared(reader.written(text, key), count, share)))
    return _ranked(item for _, item in kept)


def _is_phrase(key: Words) -> bool:
    """Mostly words, begins with one, and stays on its line."""
    words = sum(token[0].isalpha() for token in key)
    return key[0][0].isalpha() and 2 * words > len(key) and not any("\n" in token for token in key)


def _overlap(key: Words, other: Words) -> bool:
    """Whether it is for the most part the same phrase, cut elsewhere."""
    return len(set(key) & set(other)) > 0.6 * len(set(key))


def _by_rarity(found: Iterable[tuple[int, float, Words]]) -> list[tuple[int, float, Words]]:
    rare = [item for item in found if item[1] <= RARE]
    return sorted(rare, key=lambda item: (_weight(item[0], item[1]), item[2]))


def _weight(prompts: int, others: float) -> float:
    """What sorts first: shared on many prompts, and by few others."""
    return prompts * log(others + 0.01)


def _share_of_others(
    found: Mapping[Words, Sequence[str]], texts: Texts, pair: set[str], size: int, reader: _Reader
) -> dict[Words, float]:
    """Of the other models' answers to the prompts where both have a phrase, the share that has it too."""
    wanted: dict[str, list[Words]] = defaultdict(list)
    for key, where in found.items():
        for prompt in where:
            wanted[prompt].append(key)
    hits: Counter[Words] = Counter()
    asked: Counter[Words] = Counter()
    for prompt, keys in wanted.items():
        for model, text in texts[prompt].items():
            if model not in pair:
                grams = reader.grams(text, size)
                hits.update(key for key in keys if key in grams)
                asked.update(keys)
    return {key: hits[key] / max(asked[key], 1) for key in found}


def _ranked(items: Iterable[Shared]) -> list[Shared]:
    """The rare ones, by how often both have them and how rare they are."""
    rare = [item for item in items if item.others <= RARE]
    return sorted(rare, key=lambda item: (_weight(item.prompts, item.others), -len(item.text), item.text))


def _folded(text: str) -> str:
    return " ".join(text.split())
