"""The estimate before a run: calls, hits, tokens and money."""

from dataclasses import replace

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.config.prices import OwnPrice, Price, Prices
from distq_tui.plan.estimate import ASSUMED_OUTPUT_TOKENS, assumed_usage, estimate
from distq_tui.plan.trial import Params, Probe, Trial
from distq_tui.prompts import Message

PAID = ModelSpec("paid", "openai", base_url="http://127.0.0.1:1/v1")
FREE = ModelSpec("free", "demo")
PRICES = Prices(own=[OwnPrice("paid", Price(0.01, 0.1))])


def trial(model=PAID, text="x" * 40, params=None, sample=0):
    probe = Probe(text, "similarity", "en", (Message("user", text),))
    return Trial.make(model, probe, endpoint=model.provider, params=params or Params(), sample=sample)


def test_calls_tokens_and_cost():
    found = estimate([trial(), trial(sample=1), trial(FREE)], PRICES, set())
    assert (found.trials, found.hits, found.calls) == (3, 0, 3)
    assert (found.input_tokens, found.output_tokens) == (30, 3 * ASSUMED_OUTPUT_TOKENS)
    assert found.cost == pytest.approx(2 * (10 * 0.01 + ASSUMED_OUTPUT_TOKENS * 0.1))
    assert found.unpriced == ()


def test_what_is_stored_costs_nothing():
    one, two = trial(), trial(sample=1)
    found = estimate([one, two], PRICES, {one.key})
    assert (found.trials, found.hits, found.calls, found.input_tokens) == (2, 1, 1, 10)
    assert estimate([one, two], PRICES, {one.key, two.key}).cost == 0.0


def test_the_same_request_under_two_names_is_one_call():
    found = estimate([trial(), trial(replace(PAID, label="again"))], PRICES, set())
    assert (found.trials, found.hits, found.calls) == (2, 1, 1)


def test_an_unknown_price_makes_the_cost_unknown_and_is_named_once():
    unknown = replace(PAID, name="u", label="U")
    found = estimate([trial(unknown), trial(unknown, sample=1), trial()], PRICES, set())
    assert found.cost is None
    assert found.unpriced == ("U",)
    stored = {trial(unknown).key}
    assert estimate([trial(unknown), trial()], PRICES, stored).cost is not None, "a hit needs no price"


@pytest.mark.parametrize(("limit", "tokens"), [(None, ASSUMED_OUTPUT_TOKENS), (5, 5), (99_999, ASSUMED_OUTPUT_TOKENS)])
def test_an_answer_is_as_long_as_usual_or_as_its_limit(limit, tokens):
    usage = assumed_usage(trial(params=Params(max_tokens=limit)).request)
    assert (usage.output_tokens, usage.source) == (tokens, "estimated")


def test_an_empty_plan():
    found = estimate([], PRICES, set())
    assert (found.trials, found.calls, found.cost) == (0, 0, 0)
