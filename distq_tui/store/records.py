"""What the store hands out: frozen rows, no SQL and no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from distq_tui.events import Mark, Response, ResponseClass
from distq_tui.prompts import Message

SessionState = Literal["unfinished", "done", "stopped", "budget", "failed"]
"""How a session ended. `unfinished`: it told no end; whether it runs elsewhere or was killed no file can know."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session and its counts.

    Attributes:
        plan_digest: `RunPlan.digest()` of the plan that was run.
        created_at, finished_at: ISO-8601 UTC; `finished_at` is None while it runs, and after a crash.
        total: trials planned so far.
        done: trials closed, whatever their class.
        failed: closed trials whose class is not complete; `cancelled` of them were stopped, or never asked because
            their model was given up.
        hits: closed trials served from the cache.
        fresh: it asked again for what was stored, and is served its own answers only.
        versions: what ran it (`distq-tui`, `python`, scorers), by name.
    """

    id: str
    name: str
    plan_digest: str
    created_at: str
    finished_at: str | None
    state: SessionState
    total: int
    done: int
    failed: int
    hits: int
    seed: int
    fresh: bool
    versions: Mapping[str, str]
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response as it was stored; `cost` in US dollars, None where no price is known."""

    id: int
    response: Response
    cost: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A scorer's stored verdict on one response; None = unscored (a judge's reply that did not parse)."""

    scorer: str
    version: str
    options: str
    loose: bool | None
    strict: bool | None
    paper_strict: bool | None
    primed: bool | None
    claimed: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One trial of a session with everything a report needs.

    Attributes:
        id: the trial's place in the session (grows with arrival); `response_id` names the stored response.
        model: the model's title in the plan; `requested_model` is the name that was sent, `response.served_model` the
            name the server gave.
        messages: the conversation as asked, the system prompt too.
        params: the sampling parameters asked for; `response.sent` and `response.refused` say what became of them.
        verdict: the newest stored verdict, None where none is stored.
    """

    id: int
    trial_key: str
    response_id: int
    model: str
    requested_model: str
    provider: str
    endpoint: str
    role: str
    purpose: str
    prompt_id: str
    kind: str
    language: str
    aspect: str | None
    template: str | None
    question: str | None
    prompt_set: str
    sample: int
    tags: tuple[str, ...]
    cached: bool
    messages: tuple[Message, ...]
    params: Mapping[str, float | int]
    response: Response
    cost: float | None
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class PairRow:
    """Similarity of two answers to one prompt, each aspect in [0, 1]; `model_a` <= `model_b` by code points.

    `semantic` stands beside the others; None where no vectors of the wanted version were made.
    """

    prompt_id: str
    language: str
    kind: str
    prompt_set: str
    model_a: str
    sample_a: int
    response_a: int
    model_b: str
    sample_b: int
    response_b: int
    content: float
    structure: float
    style: float
    scorer: str
    version: str
    semantic: float | None = None


@dataclass(frozen=True, slots=True)
class PageRow:
    """A line of an answer list; `preview` holds the first code points of the answer. `id` is the paging key."""

    id: int
    response_id: int
    model: str
    prompt_id: str
    sample: int
    cls: ResponseClass
    preview: str
    output_tokens: int | None
    total_ms: int | None
    cached: bool


@dataclass(frozen=True, slots=True)
class Override:
    """What a user set a label of one response to, and when; `value` None = the override was taken back."""

    response_id: int
    label: str
    value: str | None
    at: str


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An answer that holds every term of a search.

    Attributes:
        session, model, prompt_id, sample: of the newest trial that has this answer; None where every session that had
            it was deleted.
        snippet: a piece of the answer around the first term; `spans` are the terms' places in it, as code points.
    """

    response_id: int
    session: str | None
    model: str | None
    prompt_id: str | None
    sample: int | None
    snippet: str
    spans: tuple[tuple[int, int], ...]
