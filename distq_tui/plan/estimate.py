"""What a run will cost before it starts: calls, cache hits, tokens and money."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from distq_tui.config.prices import Prices
from distq_tui.events import Usage
from distq_tui.plan.tokens import estimate_tokens
from distq_tui.plan.trial import Params, Request, Trial

ASSUMED_OUTPUT_TOKENS = 350
"""An answer's length where nothing is known: the median of chat answers lies between 200 and 500 tokens."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A run before its start.

    Attributes:
        trials: all trials; `calls` of them are asked, the rest are `hits`: stored, or the same request as another's.
        input_tokens, output_tokens: of the calls, roughly.
        cost: US dollars of the calls; None where a price is not known (`unpriced` names those models).
        follow_up: calls of judges, of the adaptive search and for embeddings that may come on top, at most and without
            retries; what they will ask is not known before the answers are, so tokens and cost don't hold them.
        half_width: of the 95 % intervals of identity rates, expected from what is typical; None where nothing is known.
        goes_on: the id of the unfinished session that the run would go on with; empty where it begins one. Of a session
            that was begun with `--fresh` only its own answers are hits.
    """

    trials: int
    hits: int
    calls: int
    input_tokens: int
    output_tokens: int
    cost: float | None
    unpriced: tuple[str, ...]
    follow_up: int = 0
    half_width: float | None = None
    goes_on: str = ""


def assumed_usage(request: Request) -> Usage:
    """Roughly the tokens that a request will use."""
    return Usage(
        sum(estimate_tokens(message.content) for message in request.messages),
        _output_tokens(request.params),
        "estimated",
    )


def estimate(trials: Iterable[Trial], prices: Prices, stored: Collection[str]) -> Estimate:
    """The estimate for these trials.

    Args:
        trials: the plan's trials.
        prices: the prices of their models.
        stored: the keys that the cache can serve.
    """
    planned = list(trials)
    calls = [trial for key, trial in {trial.key: trial for trial in planned}.items() if key not in stored]
    usages = [(trial.model, assumed_usage(trial.request)) for trial in calls]
    priced = [(model, usage, prices.of(model)) for model, usage in usages]
    unpriced = tuple(dict.fromkeys(model.title for model, _, price in priced if price is None))
    return Estimate(
        trials=len(planned),
        hits=len(planned) - len(calls),
        calls=len(calls),
        input_tokens=sum(usage.input_tokens for _, usage in usages),
        output_tokens=sum(usage.output_tokens for _, usage in usages),
        cost=None if unpriced else sum((price.of(usage) for _, usage, price in priced if price is not None), 0.0),
        unpriced=unpriced,
    )


def _output_tokens(params: Params) -> int:
    return min(ASSUMED_OUTPUT_TOKENS, params.max_tokens or ASSUMED_OUTPUT_TOKENS)
