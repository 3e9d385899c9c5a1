"""One trial from its first attempt to its end: pauses, limits, retries and budget, each visible as an event."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from distq_tui.config.models import ModelSpec
from distq_tui.engine.budget import Spending
from distq_tui.engine.classify import classify
from distq_tui.engine.clock import Clock
from distq_tui.engine.lane import Lane
from distq_tui.engine.retry import wait_before
from distq_tui.engine.stream import Attempt, read_stream
from distq_tui.errors import InputError, one_line
from distq_tui.events import Event, Notice, Response, ResponseClass, TrialRetry, TrialStarted, Usage
from distq_tui.plan.estimate import assumed_usage
from distq_tui.plan.run_plan import Limits
from distq_tui.plan.tokens import estimate_tokens
from distq_tui.plan.trial import Trial
from distq_tui.providers.base import ProviderError
from distq_tui.providers.registry import Providers
from distq_tui.scoring import LiveText, Scorer

_RETRIED: frozenset[ResponseClass] = frozenset({"incomplete"})
"""Classes without an error that another attempt may mend: a stream that was cut."""
_MOST_REFUSALS = 5
"""Refusals in a row: temperature, top_p, stream_options, max_tokens, and max_tokens under its newer name."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a trial ended: `for_good` says that asking this model again would end the same way."""

    response: Response
    cost: float | None
    for_good: bool


@dataclass(slots=True)
class Asker:
    """Asks trials. One for a run; every trial of the run goes through it."""

    providers: Providers
    limits: Limits
    spending: Spending
    clock: Clock
    rng: random.Random
    emit: Callable[[Event], None]
    scorers: Sequence[Scorer]
    retries: int = 0
    stopping: bool = False
    _noted: set[tuple[str, str]] = field(default_factory=set)

    async def ask(self, trial: Trial, lane: Lane) -> Outcome | None:
        """Ask until it is answered, given up or cancelled; None where the budget did not allow a single attempt."""
        queued_at = self.clock.now()
        attempt_number, refusals, waited = 1, 0, 0.0
        attempt, outcome = Attempt(trial, self.clock), None
        try:
            while True:
                await lane.clear()
                reserved = await self.spending.reserve(trial.model, assumed_usage(trial.request))
                if reserved is None:
                    return outcome
                attempt = Attempt(trial, self.clock)
                try:
                    error = await self._attempt(trial, attempt, attempt_number)
                finally:
                    cost = self.spending.settle(trial.model, _usage(attempt), reserved)
                outcome = self._outcome(attempt, error, queued_at, attempt_number, cost)
                if error is not None and error.kind == "param_refused" and refusals < _MOST_REFUSALS:
                    refusals += 1
                    self._retry(trial, attempt_number, 0.0, error.message)
                elif self._worth_another(outcome, error, attempt_number):
                    reason = error or ProviderError("cut", "the stream ended before its end")
                    wait = wait_before(attempt_number, reason, self.rng, waited)
                    lane.hold(reason.retry_after)
                    self._retry(trial, attempt_number, wait, reason.message)
                    waited = await lane.wait(wait)
                    attempt_number += 1
                else:
                    return outcome
        except asyncio.CancelledError:
            if not self.stopping:
                raise
            return self._cancelled(attempt, queued_at, attempt_number)

    async def _attempt(self, trial: Trial, attempt: Attempt, number: int) -> ProviderError | None:
        where = (trial.key, trial.model.title, trial.probe.prompt_id, trial.sample)
        self.emit(TrialStarted(*where, attempt=number))
        try:
            provider = await self.providers.get(trial.model)
            await read_stream(provider, attempt, emit=self.emit, live=self._live(trial))
        except ProviderError as error:
            return error
        except InputError as error:
            return ProviderError("config", str(error))
        finally:
            self._note_refused(trial.model, attempt)
        return None

    def _live(self, trial: Trial) -> LiveText | None:
        return next(filter(None, (scorer.begin(trial) for scorer in self.scorers)), None)

    def _note_refused(self, model: ModelSpec, attempt: Attempt) -> None:
        for name in attempt.refused:
            if (model.title, name) not in self._noted:
                self._noted.add((model.title, name))
                self.emit(Notice(f"refuses `{name}`; sent: default", model.title))

    def _retry(self, trial: Trial, attempt: int, wait: float, reason: str) -> None:
        self.retries += 1
        self.emit(TrialRetry(trial.key, trial.model.title, trial.probe.prompt_id, trial.sample, attempt, wait, reason))

    def _worth_another(self, outcome: Outcome, error: ProviderError | None, attempt: int) -> bool:
        retryable = error.retryable if error is not None else outcome.response.cls in _RETRIED
        return retryable and attempt < self.limits.attempts

    def _outcome(
        self, attempt: Attempt, error: ProviderError | None, queued_at: str, number: int, cost: float | None
    ) -> Outcome:
        model = attempt.trial.model
        cls: ResponseClass
        if error is None:
            cls = classify(model, text=attempt.text, finish=attempt.finish, served=attempt.served)
        elif error.kind == "filtered":
            cls = "filtered"
        else:
            cls = "incomplete" if attempt.text or attempt.reasoning else "error"
        message = error.message if error is not None else _explain(cls, model, attempt)
        response = self._response(attempt, cls, message, queued_at, number)
        return Outcome(response, cost, for_good=cls in {"error", "incomplete", "model_mismatch"})

    def _cancelled(self, attempt: Attempt, queued_at: str, number: int) -> Outcome:
        response = self._response(attempt, "cancelled", "stopped by the user", queued_at, number)
        return Outcome(response, None, for_good=False)

    def _response(
        self, attempt: Attempt, cls: ResponseClass, error: str | None, queued_at: str, number: int
    ) -> Response:
        ended = self.clock.monotonic()
        first = attempt.first_token
        return Response(
            cls=cls,
            text=attempt.text,
            reasoning=attempt.reasoning,
            served_model=attempt.served,
            finish_reason=attempt.finish,
            sent=attempt.sent,
            refused=attempt.refused,
            usage=_usage(attempt),
            first_token_ms=None if first is None else round(1000 * (first - attempt.began)),
            total_ms=round(1000 * (ended - attempt.began)) if attempt.began else None,
            retries=number - 1,
            error=None if error is None else one_line(error),
            queued_at=queued_at,
            created_at=self.clock.now(),
        )


def _explain(cls: ResponseClass, model: ModelSpec, attempt: Attempt) -> str | None:
    """The line that a response of this class shows, where it is no answer."""
    if cls == "model_mismatch":
        return f"asked for {model.name}, served by {attempt.served}; `served` in the plan can allow that name"
    if cls == "incomplete":
        return "the stream ended without a finish reason"
    if cls == "filtered":
        return f"the server's filter ended the answer ({attempt.finish})"
    if cls == "no_answer":
        return f"no text came back (finish reason {attempt.finish})"
    return None


def _usage(attempt: Attempt) -> Usage | None:
    """What the server reported, else an estimate of what came and what was asked; None where nothing came back."""
    if attempt.usage is not None:
        return attempt.usage
    if not attempt.text and not attempt.reasoning:
        return None
    asked = sum(estimate_tokens(message.content) for message in attempt.trial.request.messages)
    return Usage(asked, estimate_tokens(attempt.text) + estimate_tokens(attempt.reasoning), "estimated")
