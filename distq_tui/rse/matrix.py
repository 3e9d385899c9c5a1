"""The similarity of all models of a session, kept up to date answer by answer.

An arrival costs one comparison with each model that has answered that prompt and a constant number of small array
operations, however many prompts there are. What depends on all pairs of a prompt (centring, excess, pool z) is
computed when it is read, as products of whole arrays. After any order of arrivals the values are those of one pass
over all texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distq_tui.rse.compare import FEATURES, RSE_WEIGHTS, PairScore, pair_score, row_block
from distq_tui.rse.features import Features, features
from distq_tui.rse.pool import MIN_PAIRS
from distq_tui.rse.profile import SIZE
from distq_tui.rse.table import PairRow, PairSums, pair_rows
from distq_tui.stats.crossed import NO_SPREAD


@dataclass(frozen=True, slots=True, eq=False)
class PromptScores:
    """The scores of one pair, prompt by prompt: what an interval is computed from.

    Attributes:
        prompts: ids of the prompts that both answered, in order of arrival.
        values: features, shape (F, n), in the order of `compare.FEATURES`.
    """

    prompts: tuple[str, ...]
    values: NDArray[np.float64]

    @property
    def rse(self) -> NDArray[np.float64]:
        """RSE of each prompt, shape (n,), in [0, 1]."""
        return np.asarray(RSE_WEIGHTS @ self.values)


class SimilarityMatrix:
    """Similarity of every pair of models over the prompts they have both answered.

    A model may have several samples of a prompt: a pair's score on it is the mean over pairs of samples, and the pair
    of a model with itself is the mean over its pairs of distinct samples (the ceiling of docs/terms.md).
    """

    def __init__(self) -> None:
        self._models: dict[str, int] = {}
        self._prompts: dict[str, int] = {}
        self._answers: list[dict[int, dict[int, Features]]] = []
        self._values = np.full((0, len(FEATURES), 0, 0), np.nan)
        self._total = np.zeros((len(FEATURES), 0, 0))
        self._count = np.zeros((0, 0))
        self._answered = np.zeros((0, 0))
        self._prompt_profiles = np.zeros((0, SIZE))
        self._model_profiles = np.zeros((0, SIZE))

    @property
    def models(self) -> tuple[str, ...]:
        """Models in order of arrival: the order of every matrix's axes."""
        return tuple(self._models)

    @property
    def prompts(self) -> tuple[str, ...]:
        """Prompt ids in order of arrival."""
        return tuple(self._prompts)

    def add(self, prompt_id: str, model: str, text: str, sample: int = 0) -> dict[str, PairScore]:
        """Take one answer; the same prompt, model and sample again replaces the earlier text.

        A text without a visible character is a missing answer: it takes an earlier one away and scores nothing.

        Returns:
            The model's new score on this prompt with each other model that has answered it.
        """
        row = self._prompts.setdefault(prompt_id, len(self._prompts))
        column = self._models.setdefault(model, len(self._models))
        self._make_room()
        if row == len(self._answers):
            self._answers.append({})
        answers = self._answers[row]
        samples = answers.setdefault(column, {})
        stale = _mean_profile(samples.values())
        samples.pop(sample, None)
        item = features(text)
        if not item.empty:
            samples[sample] = item
        if not samples:
            del answers[column]
        change = _mean_profile(samples.values()) - stale
        self._prompt_profiles[row] += change
        self._model_profiles[column] += change
        self._answered[row, column] = bool(samples)
        return self._rescore(row, column)

    def per_prompt(self, model_a: str, model_b: str) -> PromptScores:
        """The scores of one pair on each common prompt; of a model with itself, between its own samples.

        Raises:
            KeyError: a model that is not in the matrix.
        """
        values = self._values[: len(self._prompts), :, self._models[model_a], self._models[model_b]]
        known = np.isfinite(values[:, 0])
        return PromptScores(
            tuple(prompt for prompt, here in zip(self._prompts, known, strict=True) if here), values[known].T
        )

    def means(self) -> NDArray[np.float64]:
        """Mean features of each pair over its common prompts, shape (F, M, M); NaN where there is none."""
        size = len(self._models)
        count = self._count[:size, :size]
        return np.where(count > 0, self._total[:, :size, :size] / np.maximum(count, 1), np.nan)

    def rse(self) -> NDArray[np.float64]:
        """Mean RSE of each pair, shape (M, M), in [0, 1]; NaN where there is no common prompt."""
        return np.asarray(np.tensordot(RSE_WEIGHTS, self.means(), 1))

    def counts(self) -> NDArray[np.int64]:
        """Common prompts of each pair, shape (M, M); on the diagonal, prompts with two samples or more."""
        size = len(self._models)
        return self._count[:size, :size].astype(np.int64)

    def rows(
        self, *, relatives: Iterable[tuple[str, str]] = (), controls: Iterable[tuple[str, str]] = ()
    ) -> list[PairRow]:
        """Every pair with a common prompt, centring and pool z computed now.

        Args:
            relatives: pairs declared to be related; they stay out of the pool's mean and standard deviation.
            controls: pairs that `excess` is measured against; all pairs where there are none.

        Raises:
            KeyError: a model that is not in the matrix.
        """
        mask = self._mask(relatives)
        return pair_rows(self.models, self._sums(self._mask(controls)), relatives=mask if mask.any() else None)

    def _mask(self, pairs: Iterable[tuple[str, str]]) -> NDArray[np.bool_]:
        mask = np.zeros((len(self._models), len(self._models)), bool)
        for a, b in pairs:
            i, j = self._models[a], self._models[b]
            mask[i, j] = mask[j, i] = True
        return mask

    def _sums(self, controls: NDArray[np.bool_]) -> PairSums:
        """The sums of `PairSums.add` over all prompts, as products of whole arrays; pairs of two models only."""
        size = len(self._models)
        a, b = np.triu_indices(size, 1)
        values = self._values[: len(self._prompts), :, a, b]
        known = np.isfinite(values[:, 0])
        values = np.where(known[:, None], values, 0.0)
        centre, _, enough = _moments(values, known)
        rse = np.tensordot(values, RSE_WEIGHTS, axes=(1, 0))
        null = controls[a, b] if controls.any() else np.ones(len(a), bool)
        null_mean, null_sd, usable = _moments(rse[:, None, null], known[:, null])
        usable &= null_sd[:, 0] > NO_SPREAD
        weight = np.where(usable, 1 / np.where(usable, null_sd[:, 0], 1.0), 0.0)
        presence = known.astype(float)

        def square(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
            full = np.zeros((*pairs.shape[:-1], size, size))
            full[..., a, b] = full[..., b, a] = pairs
            return full

        return PairSums(
            count=self._count[:size, :size],
            total=self._total[:, :size, :size],
            centred_count=square(enough @ presence),
            centred=square(np.tensordot(enough.astype(float), values, 1) - (centre * enough[:, None]).T @ presence),
            excess_count=square(usable @ presence),
            excess=square(weight @ rse - (weight * null_mean[:, 0]) @ presence),
            **self._voice(),
        )

    def _voice(self) -> dict[str, NDArray[np.float64]]:
        answered = self._answered[: len(self._prompts), : len(self._models)]
        models = answered.sum(axis=1)
        # a prompt that one model answered adds nothing: its mean is that model's own profile
        centre = self._prompt_profiles[: len(self._prompts)] / np.maximum(models, 1)[:, None]
        total = self._model_profiles[: len(self._models)] - answered.T @ centre
        return {"voice_count": answered[models > 1].sum(axis=0), "voice": total}

    def _make_room(self) -> None:
        prompts, models = self._values.shape[0], self._values.shape[2]
        if len(self._prompts) <= prompts and len(self._models) <= models:
            return
        rows = prompts if len(self._prompts) <= prompts else max(64, 2 * prompts)
        columns = models if len(self._models) <= models else max(8, 2 * models)
        values = np.full((rows, len(FEATURES), columns, columns), np.nan)
        self._answered = _grown(self._answered, (rows, columns))
        self._prompt_profiles = _grown(self._prompt_profiles, (rows, SIZE))
        self._model_profiles = _grown(self._model_profiles, (columns, SIZE))
        values[:prompts, :, :models, :models] = self._values
        self._values = values
        self._total = _grown(self._total, (len(FEATURES), columns, columns))
        self._count = _grown(self._count, (columns, columns))

    def _rescore(self, row: int, column: int) -> dict[str, PairScore]:
        answers = self._answers[row]
        fresh = np.full((len(FEATURES), self._values.shape[2]), np.nan)
        others = [other for other in answers if other != column]
        mine = list(answers.get(column, {}).values())
        if mine and others:
            fresh[:, others] = _sample_means(mine, [list(answers[other].values()) for other in others])
        if len(mine) > 1:
            within = [row_block(one, mine[place + 1 :]) for place, one in enumerate(mine[:-1])]
            fresh[:, column] = np.concatenate(within, axis=1).mean(axis=1)
        self._replace(row, column, fresh)
        names = self.models
        return {names[other]: pair_score(fresh[:, other]) for other in others} if mine else {}

    def _replace(self, row: int, column: int, fresh: NDArray[np.float64]) -> None:
        values = self._values[row]
        stale = values[:, column, :]
        change = np.nan_to_num(fresh) - np.nan_to_num(stale)
        counted = np.isfinite(fresh[0]).astype(float) - np.isfinite(stale[0])
        values[:, column, :] = fresh
        values[:, :, column] = fresh
        self._total[:, column, :] += change
        self._count[column, :] += counted
        change[:, column], counted[column] = 0.0, 0.0  # the diagonal stands in both
        self._total[:, :, column] += change
        self._count[:, column] += counted


def _grown(array: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """A larger array of zeros with this one in its first corner."""
    grown = np.zeros(shape)
    grown[tuple(slice(0, size) for size in array.shape)] = array
    return grown


def _mean_profile(samples: Iterable[Features]) -> NDArray[np.float64]:
    profiles = [item.profile for item in samples]
    return np.asarray(np.mean(profiles, axis=0)) if profiles else np.zeros(SIZE)


def _sample_means(mine: Sequence[Features], others: Sequence[Sequence[Features]]) -> NDArray[np.float64]:
    """Mean over pairs of samples of one model against each other model, shape (F, len(others))."""
    sizes = np.array([len(samples) for samples in others])
    items = [item for samples in others for item in samples]
    over_mine = np.mean([row_block(one, items) for one in mine], axis=0)
    return np.asarray(np.add.reduceat(over_mine, np.cumsum(sizes) - sizes, axis=1) / sizes)


def _moments(
    values: NDArray[np.float64], known: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Mean and standard deviation of each prompt over its known pairs, and which prompts have enough of them.

    Args:
        values: shape (P, K, pairs), 0 where unknown.
        known: shape (P, pairs).

    Returns:
        mean (P, K), sd (P, K), enough (P,).
    """
    count = known.sum(axis=1)
    number = np.maximum(count, 1)[:, None]
    mean = values.sum(axis=2) / number
    squares = np.where(known[:, None], (values - mean[:, :, None]) ** 2, 0.0).sum(axis=2)
    return mean, np.sqrt(squares / np.maximum(number - 1, 1)), count >= MIN_PAIRS
