"""What judges' grades amount to as they come in: means of each pair, order effect, agreement, checks of the judges."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from distq_tui.events import ScoreUpdated
from distq_tui.rse.judging.meetings import Kind, Meeting
from distq_tui.rse.live import scopes_of
from distq_tui.rse.standing import Standing
from distq_tui.stats import ordinal_alpha, weighted_kappa

LARGEST_SHUFFLED = 2.0
"""Mean grade of answers to different prompts above which a judge can't tell like from unlike."""


def check_passed(kind: Kind, value: float) -> bool:
    """Whether a judge's mean grade of its self-check items of a kind is what it must be."""
    return value == 5.0 if kind == "identical" else value <= LARGEST_SHUFFLED


class JudgeScores:
    """The standing grades of one judge, over all prompts and over each set where there are several.

    Measures: `rse@JUDGE` of a target and a reference (1 to 5, mean of both role orders), `rse.ceiling@JUDGE` of a
    reference, and `rse.order@JUDGE`: the grade with the target named first less the grade with the reference first.

    Args:
        judge: its title.
        sets: the set's name of every similarity prompt, in the order asked.
        samples: repeats of each prompt by title.
        seed: of the bootstrap.
    """

    def __init__(self, judge: str, sets: Mapping[str, str], samples: Mapping[str, int], *, seed: int) -> None:
        self._judge, self._samples, self._seed = judge, samples, seed
        self._scopes: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for suffix, prompts in scopes_of(sets):
            for prompt in prompts:
                self._scopes.setdefault(prompt, []).append((suffix, prompts))
        self._held: dict[tuple[str, str, Kind, str, str], Standing] = {}

    def close(
        self, meeting: Meeting, overall: float | None, effect: float | None, excluded: Sequence[str] = ()
    ) -> Iterator[ScoreUpdated]:
        """Take one comparison, graded or not."""
        for suffix, prompts in self._scopes[meeting.prompt]:
            grade = self._standing("rse" if meeting.kind == "pair" else "rse.ceiling", suffix, prompts, meeting)
            yield grade.close(meeting.prompt, meeting.a[2], overall, excluded)
            if meeting.kind == "pair":
                order = self._standing("rse.order", suffix, prompts, meeting)
                yield order.close(meeting.prompt, meeting.a[2], effect, excluded)

    def _standing(self, name: str, suffix: str, prompts: Sequence[str], meeting: Meeting) -> Standing:
        (a, *_), (b, *_) = meeting.a, meeting.b
        key = (name, suffix, meeting.kind, a, b)
        if key not in self._held:
            pair = meeting.kind == "pair"
            self._held[key] = Standing(
                f"{name}@{self._judge}{suffix}",
                (a, b) if pair else (a,),
                prompts,
                min(self._samples[a], self._samples[b]) if pair else 1,
                seed=self._seed,
                bounds=(-4.0, 4.0) if name == "rse.order" else (1.0, 5.0),
            )
        return self._held[key]


class Checks:
    """Self-check items of one judge: an identical pair must get 5, answers to different prompts about 1."""

    def __init__(self, judge: str) -> None:
        self._judge = judge
        self._grades: dict[Kind, list[int]] = {}
        self._missing: defaultdict[Kind, Counter[str]] = defaultdict(Counter)

    def add(self, kind: Kind, overall: int | None, missing: str = "") -> ScoreUpdated:
        """Take one item's grade; None where it is `missing`, for that reason."""
        grades = self._grades.setdefault(kind, [])
        if overall is None:
            self._missing[kind][missing] += 1
        else:
            grades.append(overall)
        value = sum(grades) / len(grades) if grades else None
        return ScoreUpdated(
            f"rse.{kind}@{self._judge}",
            (self._judge,),
            value,
            None,
            None,
            len(grades),
            len(grades),
            self._method(kind, value),
            dict(self._missing[kind]),
        )

    def _method(self, kind: Kind, value: float | None) -> str:
        must = "identical answers must get 5" if kind == "identical" else "answers to different prompts: about 1"
        if value is None:
            return f"self-check: {must}"
        return f"self-check {'passed' if check_passed(kind, value) else 'FAILED'}: {must}"


class Agreement:
    """How far judges agree on single replies: ordinal alpha over all, quadratic weighted kappa of each two.

    Counted is how often the judges gave the same grades, and there are few different ones: a reply costs the same
    however many came before it.

    Args:
        judges: titles, in the plan's order.
    """

    def __init__(self, judges: Sequence[str]) -> None:
        self._judges = tuple(judges)
        self._open: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        self._counts: Counter[tuple[tuple[str, int], ...]] = Counter()

    def add(self, item: tuple[str, str], judge: str, overall: int) -> Iterator[ScoreUpdated]:
        """Take a judge's grade of one comparison in one order (its name, the order); gives what it changes."""
        given = self._open[item]
        before = tuple(sorted(given.items()))
        given[judge] = overall
        if before:
            self._counts[before] -= 1
        self._counts[tuple(sorted(given.items()))] += 1
        if len(given) == len(self._judges):
            del self._open[item]
        if before:
            yield from self._standing()

    def _standing(self) -> Iterator[ScoreUpdated]:
        held = sorted((+self._counts).items())  # sorted: sums leave no trace of the order in which replies came
        times = np.array([count for _, count in held])
        table = np.array([[dict(grades).get(judge, np.nan) for grades, _ in held] for judge in self._judges])
        shared = int(times[np.isfinite(table).sum(axis=0) > 1].sum())
        alpha = ordinal_alpha(table, times)
        yield _coefficient("rse.alpha", self._judges, alpha, shared, "Krippendorff's alpha, ordinal")
        for one, other in combinations(range(len(self._judges)), 2):
            both = np.isfinite(table[[one, other]]).all(axis=0)
            if both.any():
                kappa = weighted_kappa(table[one, both], table[other, both], times[both])
                models = (self._judges[one], self._judges[other])
                yield _coefficient(
                    "rse.kappa", models, kappa, int(times[both].sum()), "Cohen's kappa, quadratic weights"
                )


def _coefficient(measure: str, models: tuple[str, ...], value: float | None, items: int, method: str) -> ScoreUpdated:
    said = method if value is not None else f"{method}: undefined, one same grade throughout"
    return ScoreUpdated(measure, models, value, None, None, items, items, said)
