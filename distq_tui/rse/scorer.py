"""RSE as a live scorer: each closed answer meets the other models' answers to the same prompt, once.

Measures, by name (`:SET` is appended for each prompt set where the plan has several, beside the one over all sets):
`rse` of a pair; `rse.matched` of a target and a reference, over the prompts where both answers are about equally long;
`rse.ceiling` of a reference against its own other samples; `rse.floor` of a target or reference against its controls,
and of a target and a reference together; `rse.position` of a target between floor and ceiling. A conversation is one
prompt: its last turn is what is answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from distq_tui.events import RSE_SCORED, ResponseClass, RseScored, ScoreEvent
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Probe, Trial
from distq_tui.rse.compare import PairScore, pair_score, row_block
from distq_tui.rse.features import VERSION, Features, features
from distq_tui.rse.length import length, matched
from distq_tui.rse.live import IDENTICAL, Compared, Scope, scopes_of
from distq_tui.rse.verdict_controls import Cast

Cell = tuple[str, int]
"""Prompt id and sample: what two models' answers must share to be compared."""


Known = dict[tuple[int, int], PairScore]
"""Scores that this version gave before, by the ids of two responses, the lower one first."""


@dataclass(slots=True)
class _Answer:
    """An answer that waits for those it is compared with; its features are made when one of them is not known."""

    model: str
    sample: int
    row: int
    cls: ResponseClass
    text: str
    _features: Features | None = None

    @property
    def scored(self) -> bool:
        return self.cls in RSE_SCORED

    @property
    def features(self) -> Features:
        if self._features is None:
            self._features = features(self.text)
        return self._features


class RseScorer:
    """Similarity of every pair of models over the plan's similarity prompts, and where targets stand among them.

    An arrival costs one comparison for each other model, and a reference's one for each other sample of its own. An
    answer's features are kept until all that they are compared with has closed, and no longer. Two models are compared
    sample by sample, over the samples that both were to give.

    Args:
        probes: the plan's probes, in the order that the live interval uses.
        samples: repeats of each prompt, by the title of every model that answers.
        seed: of the bootstrap.
        cast: who is target, reference and control; without it there are pairs of models only.
        known: what need not be compared again; each is taken out when the later of its two answers comes.
    """

    name = "rse-offline"
    version = VERSION

    def __init__(
        self,
        probes: Sequence[Probe],
        samples: Mapping[str, int],
        *,
        seed: int = 0,
        cast: Cast | None = None,
        known: Known | None = None,
    ) -> None:
        cast = cast or Cast()
        self._known = {} if known is None else known
        sets = {probe.prompt_id: probe.set_name for probe in probes if probe.kind == "similarity"}
        self._samples = dict(samples)
        self._repeated = frozenset(title for title in cast.references if self._samples[title] > 1)
        self._open: dict[Cell, dict[str, _Answer]] = {}
        self._own: dict[tuple[str, str], list[_Answer]] = {}
        self._scopes: dict[str, list[Scope]] = {prompt: [] for prompt in sets}
        for suffix, prompts in scopes_of(sets):
            scope = Scope(suffix, prompts, self._samples, cast, seed)
            for prompt in prompts:
                self._scopes[prompt].append(scope)

    def begin(self, trial: Trial) -> None:
        """Nothing is marked in a streaming answer."""
        del trial

    def score(self, result: TrialResult) -> Sequence[ScoreEvent]:
        """Similarities to the answers that were there before, and every score that they change."""
        trial = result.trial
        model, prompt = trial.model.title, trial.probe.prompt_id
        if prompt not in self._scopes or trial.sample >= self._samples.get(model, 0):
            return ()
        mine = _Answer(model, trial.sample, result.row, result.response.cls, result.response.text)
        return [*self._meet_others(prompt, mine), *self._meet_itself(prompt, mine)]

    def _meet_others(self, prompt: str, mine: _Answer) -> Iterator[ScoreEvent]:
        cell = (prompt, mine.sample)
        others = self._open.setdefault(cell, {})
        yield from self._compare(prompt, mine, list(others.values()))
        others[mine.model] = mine
        if len(others) == sum(samples > mine.sample for samples in self._samples.values()):
            del self._open[cell]

    def _meet_itself(self, prompt: str, mine: _Answer) -> Iterator[ScoreEvent]:
        if mine.model not in self._repeated:
            return
        own = self._own.setdefault((mine.model, prompt), [])
        yield from self._compare(prompt, mine, own)
        own.append(mine)
        if len(own) == self._samples[mine.model]:
            del self._own[mine.model, prompt]

    def _compare(self, prompt: str, mine: _Answer, others: Sequence[_Answer]) -> Iterator[ScoreEvent]:
        for theirs, score in zip(others, self._scores(mine, others), strict=True):
            a, b = sorted((mine, theirs), key=lambda answer: (answer.model, answer.sample))
            excluded: tuple[str, ...] = tuple(answer.cls for answer in (a, b) if not answer.scored)
            value = None if score is None else score.rse
            if score is not None:
                yield RseScored(a.row, b.row, a.model, b.model, prompt, score.content, score.structure, score.style)
                if a.model == b.model and a.text.strip() == b.text.strip():
                    value, excluded = None, (IDENTICAL,)
            compared = Compared(
                a.model,
                b.model,
                prompt,
                (a.sample, b.sample),
                value,
                matched(length(a.text), length(b.text)),
                excluded,
            )
            for scope in self._scopes[prompt]:
                yield from scope.close(compared)

    def _scores(self, mine: _Answer, others: Sequence[_Answer]) -> list[PairScore | None]:
        """The score against each of the others, None where one of the two is no answer to compare."""
        if not mine.scored:
            return [None] * len(others)
        known = [self._known.pop((min(mine.row, one.row), max(mine.row, one.row)), None) for one in others]
        scores = [score if one.scored else None for one, score in zip(others, known, strict=True)]
        missing = [at for at, one in enumerate(others) if one.scored and scores[at] is None]
        if missing:
            block = row_block(mine.features, [others[at].features for at in missing])
            for column, at in enumerate(missing):
                scores[at] = pair_score(block[:, column])
        return scores
