"""What happens in a run, as frozen records in one Union; no behaviour.

The engine yields these, the state folds them, `--events` writes them one a line and `replay` reads them back. A cache
hit emits the same records as a live call, with `cached=True`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ResponseClass = Literal[
    "ok", "refusal", "truncated", "no_answer", "incomplete", "filtered", "error", "cancelled", "model_mismatch"
]
COMPLETE: frozenset[ResponseClass] = frozenset({"ok", "refusal", "truncated", "no_answer"})
"""Classes that are served from the cache; every other class is kept, and asked again."""

ICE_SCORED: frozenset[ResponseClass] = frozenset({"ok", "refusal", "truncated"})
RSE_SCORED: frozenset[ResponseClass] = frozenset({"ok", "truncated"})

StopReason = Literal["done", "stopped", "budget_requests", "budget_cost", "no_model_answered"]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call; `source` says whether the server reported them or we estimated them from the text."""

    input_tokens: int
    output_tokens: int
    source: Literal["reported", "estimated"]


@dataclass(frozen=True, slots=True)
class Response:
    """How one trial ended.

    Attributes:
        cls: the response class (docs/terms.md) (column `class` in the store).
        text: the answer, without reasoning.
        reasoning: the reasoning text that the server showed, kept apart.
        served_model: the model's name as the server gave it; None where it gave none.
        finish_reason: the server's own word for why it stopped; None where the stream was cut.
        sent: the sampling parameters really sent, by name; a refused one is absent ("sent: default").
        refused: parameters that the model refused and that were therefore left out.
        usage: tokens; None where nothing came back.
        first_token_ms, total_ms: milliseconds from the sending of the last attempt.
        retries: attempts beyond the first.
        error: one line, sanitised, for classes that are no answer.
        created_at: ISO-8601 UTC time at which the answer ended.
    """

    cls: ResponseClass
    text: str = ""
    reasoning: str = ""
    served_model: str | None = None
    finish_reason: str | None = None
    sent: dict[str, float | int] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    usage: Usage | None = None
    first_token_ms: int | None = None
    total_ms: int | None = None
    retries: int = 0
    error: str | None = None
    queued_at: str = ""
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A claim's place in a response: code points `start` to `end`, and how it stands to the facts.

    `kind`: `conflict` contradicts the fact, `own` agrees with it, `other` names somebody without a claim about "I".
    `vendor` is the maker that the claim names, "" for none; `role_play`: it is spoken under a marked role.
    """

    start: int
    end: int
    kind: Literal["conflict", "own", "other"]
    rule: str = ""
    vendor: str = ""
    role_play: bool = False


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A session began or went on; `total` trials are planned so far, of models of which this program scripts some."""

    session: str
    name: str
    total: int
    models: tuple[str, ...]
    at: str
    simulated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialsAdded:
    """A source handed out more trials while the run went on (judges, adaptive search)."""

    total: int


@dataclass(frozen=True, slots=True)
class TrialStarted:
    """A request is about to be sent (`attempt` from 1), or a stored answer is about to be served."""

    key: str
    model: str
    prompt_id: str
    sample: int
    attempt: int = 1
    cached: bool = False


@dataclass(frozen=True, slots=True)
class TrialDelta:
    """Text that arrived since the last delta; at most 20 a second for one trial. `marks` replaces the earlier ones."""

    key: str
    model: str
    prompt_id: str
    sample: int
    text: str = ""
    reasoning: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialRetry:
    """An attempt failed and another follows after `wait_s` seconds; text shown so far is void."""

    key: str
    model: str
    prompt_id: str
    sample: int
    attempt: int
    wait_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class TrialFinished:
    """A trial is closed and its row is committed (`row` is the response's id in the store).

    `cached` says that no call was made for it; `resumed` too, that this very session had asked for it before it was
    broken off.
    """

    key: str
    model: str
    prompt_id: str
    sample: int
    response: Response
    cached: bool
    row: int
    cost: float | None = None
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class IceScored:
    """The offline detector's verdict on one response; `primed` is computed from the probe's text."""

    row: int
    model: str
    prompt_id: str
    sample: int
    loose: bool
    strict: bool
    paper_strict: bool
    primed: bool
    marks: tuple[Mark, ...]
    claimed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RseScored:
    """Similarity of two models' responses to one prompt, each aspect in [0, 1]."""

    row_a: int
    row_b: int
    model_a: str
    model_b: str
    prompt_id: str
    content: float
    structure: float
    style: float


@dataclass(frozen=True, slots=True)
class IceJudged:
    """An LLM judge's verdict on one response, beside the detector's; None = unscored, never 0.

    `row` is the judged response, `model`, `prompt_id` and `sample` its place; `judge_rows` the judge's own replies.
    `version` names the judge prompts by their hash, `facts` what the model was measured against. `gated`: no judge was
    asked, the detector found nothing and was sure of it; such a verdict is negative and has a version of its own.
    `failed`: class of a call that brought no reply: what is None is not unscored then, a later run asks again.
    """

    row: int
    model: str
    prompt_id: str
    sample: int
    judge: str
    version: str
    loose: bool | None
    strict: bool | None
    facts: dict[str, str | None]
    judge_rows: tuple[int, ...] = ()
    gated: bool = False
    failed: str = ""


@dataclass(frozen=True, slots=True)
class RseJudged:
    """An LLM judge's similarity of two responses to one prompt, averaged over both role orders; None = unscored.

    Attributes:
        content, structure, style: 0 dissimilar, 1 neutral, 2 similar.
        overall: 1 to 5.
        order_effect: overall with `model_a` first minus overall with `model_b` first.
        failed: as in `IceJudged`.
    """

    row_a: int
    row_b: int
    model_a: str
    model_b: str
    prompt_id: str
    sample: int
    judge: str
    version: str
    content: float | None
    structure: float | None
    style: float | None
    overall: float | None
    order_effect: float | None
    judge_rows: tuple[int, ...] = ()
    failed: str = ""


@dataclass(frozen=True, slots=True)
class SemanticScored:
    """Semantic similarity of two models' responses to one prompt, in [0, 1]; `version` names endpoint and model."""

    row_a: int
    row_b: int
    model_a: str
    model_b: str
    prompt_id: str
    semantic: float
    version: str


@dataclass(frozen=True, slots=True)
class SearchStep:
    """One step of the adaptive search: which template was picked, how it was changed, and what that brought.

    Attributes:
        step: from 1.
        template: the mutant's id; `parent` the id of the template it was made of.
        mutator: crossover, expand, generate-similar, shorten or rephrase.
        text: the mutant, with its `{query}` slot; empty where the helper lost the slot and the step was given up.
        reward: strict rate of the target over the step's questions, in [0, 1]; None where nothing was scored.
    """

    step: int
    template: str
    parent: str
    mutator: str
    text: str
    reward: float | None
    visits: int
    level: int


@dataclass(frozen=True, slots=True)
class ScoreUpdated:
    """A score and its interval as they stand now.

    Attributes:
        measure: `ice.loose`, `ice.strict`, `ice.hard`, `rse`, ...
        models: one title for a rate, two for a similarity.
        value, low, high: the estimate and its 95 % interval; None where nothing was scored yet.
        n: scored responses (or prompts); `clusters` the independent units behind the interval.
        excluded: responses counted beside n and not scored, by class.
        method: what kind of interval it is, in the field's words.
    """

    measure: str
    models: tuple[str, ...]
    value: float | None
    low: float | None
    high: float | None
    n: int
    clusters: int
    method: str
    excluded: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JudgeUpdated:
    """What became of a judge's questions of one kind: `loose`, `strict`; `pair`, `ceiling`, `identical`, `shuffled`.

    Each counts once, however often it was asked. `scored`: with a verdict; `unscored`: no reply in three samples could
    be read; `failed`: the call brought no reply, by class, and `error` is the first reason given. `spared` counts
    answers that a gate kept from the judge; they are none of its questions.
    """

    judge: str
    kind: str
    questions: int
    scored: int
    unscored: int
    failed: dict[str, int] = field(default_factory=dict)
    error: str = ""
    spared: int = 0

    @property
    def waiting(self) -> int:
        """Questions not asked, or broken off: the run ended before, or the judge was given up."""
        return self.questions - self.scored - self.unscored - sum(self.failed.values())


@dataclass(frozen=True, slots=True)
class ModelAbandoned:
    """A model's first trial failed for good: it is not asked further."""

    model: str
    reason: str


@dataclass(frozen=True, slots=True)
class TextsEmbedded:
    """Answers became vectors: by one request to the embeddings endpoint, or from stored vectors (`cached`).

    A request that failed has 0 texts; a notice says why.
    """

    model: str
    texts: int
    cached: bool
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should know and that is no failure (a parameter refused, usage estimated)."""

    text: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class RunPaused:
    """No new request is sent until `resume()`; those under way go on."""


@dataclass(frozen=True, slots=True)
class RunResumed:
    """Requests are sent again."""


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last event of a run.

    `failed` counts trials whose class is not complete, `calls` requests really sent, `hits` trials served without one;
    `resumed` of those were asked for by this very session, before it was broken off.
    """

    reason: StopReason
    total: int
    done: int
    failed: int
    hits: int
    calls: int
    retries: int
    cost: float | None
    at: str
    resumed: int = 0


ScoreEvent = IceScored | RseScored | IceJudged | RseJudged | SemanticScored | SearchStep | ScoreUpdated | JudgeUpdated
Event = (
    RunStarted
    | TrialsAdded
    | TrialStarted
    | TrialDelta
    | TrialRetry
    | TrialFinished
    | ScoreEvent
    | ModelAbandoned
    | TextsEmbedded
    | Notice
    | RunPaused
    | RunResumed
    | RunFinished
)
