"""The trial key: changes with everything that changes an answer, and with nothing else."""

from dataclasses import replace

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.plan.run_plan import Adaptive, Budget, Limits, RunPlan
from distq_tui.plan.tokens import estimate_tokens
from distq_tui.plan.trial import Params, Probe, Request, Trial, canonical_json, content_hash
from distq_tui.prompts import Message

REQUEST = Request(
    provider="openai",
    endpoint="https://api.example.com/v1",
    model="m-1",
    messages=(Message("system", "Sei kurz."), Message("user", "Wer bist du? 你是谁?")),
    params=Params(temperature=0.7, max_tokens=512),
    sample=1,
    prompt_id="id-01",
)


def test_the_key_of_one_request_is_what_it_always_was():
    """A change here makes every stored answer of every user foreign: raise KEY_SCHEMA and know why."""
    assert REQUEST.key() == "b2:ac268061002a3259735c98a32990c2c9089d19f8"


@pytest.mark.parametrize(
    "change",
    [
        {"provider": "anthropic"},
        {"endpoint": "https://api.example.org/v1"},
        {"endpoint": "https://api.example.com/v2"},
        {"model": "m-2"},
        {"messages": (Message("user", "Wer bist du? 你是谁?"),)},
        {"messages": (Message("system", ""), Message("user", "Wer bist du? 你是谁?"))},
        {"messages": (Message("user", "Sei kurz."), Message("user", "Wer bist du? 你是谁?"))},
        {"messages": (Message("user", "Wer bist du? 你是谁?"), Message("system", "Sei kurz."))},
        {"params": Params(temperature=0.7)},
        {"params": Params(max_tokens=512)},
        {"params": Params(temperature=0.0, max_tokens=512)},
        {"params": Params(temperature=0.7, max_tokens=513)},
        {"params": Params(temperature=0.7, max_tokens=512, top_p=1.0)},
        {"sample": 0},
    ],
)
def test_everything_that_changes_the_answer_changes_the_key(change):
    assert replace(REQUEST, **change).key() != REQUEST.key()


def test_absent_is_neither_null_nor_zero():
    absent, zero = Params().sent(), Params(temperature=0).sent()
    assert absent == {}
    assert zero == {"temperature": 0.0}
    keys = {replace(REQUEST, params=params).key() for params in (Params(), Params(temperature=0), Params(top_p=0.5))}
    assert len(keys) == 3


def test_one_and_one_point_zero_are_one_temperature():
    whole, real = Params(temperature=1, top_p=1), Params(temperature=1.0, top_p=1.0)
    assert whole == real
    assert canonical_json(whole.sent()) == canonical_json(real.sent()) == '{"temperature":1.0,"top_p":1.0}'
    assert canonical_json(Params(temperature=-0.0).sent()) == '{"temperature":0.0}'
    assert canonical_json(Params(max_tokens=5).sent()) == '{"max_tokens":5}'


def test_the_prompt_s_name_is_not_in_the_key():
    assert replace(REQUEST, prompt_id="other").key() == REQUEST.key()


def test_order_in_a_table_is_nothing():
    assert content_hash({"a": 1, "b": [1, 2]}) == content_hash({"b": [1, 2], "a": 1})
    assert content_hash([1, 2]) != content_hash([2, 1])
    assert content_hash("x").startswith("b2:")


PROBE = Probe("p", "similarity", "en", (Message("user", "Hi"),))
MODEL = ModelSpec("m", "openai", base_url="https://e/v1")


def key(model=MODEL, probe=PROBE, **kwargs):
    return Trial.make(model, probe, endpoint="https://e/v1", params=Params(), **kwargs).key


@pytest.mark.parametrize(
    "change",
    [
        {"label": "L"},
        {"role": "control"},
        {"family": "qwen"},
        {"fact": "I am M."},
        {"served": ("m-1",)},
        {"key": "env:K"},
        {"samples": 9},
    ],
)
def test_how_the_user_calls_and_uses_a_model_is_not_in_the_key(change):
    assert key(replace(MODEL, **change)) == key()


def test_a_model_s_system_prompt_goes_first_and_is_in_the_key():
    trial = Trial.make(replace(MODEL, system="Be brief."), PROBE, endpoint="e", params=Params())
    assert trial.request.messages == (Message("system", "Be brief."), Message("user", "Hi"))
    assert key(replace(MODEL, system="Be brief.")) != key()


def test_what_a_probe_is_for_is_not_in_the_key():
    assert key(probe=replace(PROBE, prompt_id="q", kind="identity", aspect="team", tags=("x",), set_name="s")) == key()


def plan(**kwargs):
    base = {"name": "p", "seed": 1, "samples": 2, "params": Params(), "models": (MODEL,), "probes": (PROBE,)}
    return RunPlan(**{**base, **kwargs})


def test_limits_and_budget_are_in_neither_key_nor_digest():
    other = plan(limits=Limits(concurrency=3, first_token=1.0), budget=Budget(max_requests=5, max_cost=1.0))
    assert other.digest() == plan().digest()
    keys = [[trial.key for trial in each.trials(lambda model: "e")] for each in (plan(), other)]
    assert keys[0] == keys[1]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "q"},
        {"seed": 2},
        {"samples": 3},
        {"params": Params(temperature=0.0)},
        {"models": (replace(MODEL, role="control"),)},
        {"probes": (replace(PROBE, messages=(Message("user", "Ho"),)),)},
        {"prompt_sets": (("s", "1", "d"),)},
    ],
)
def test_what_a_plan_asks_is_in_its_digest(change):
    assert plan(**change).digest() != plan().digest()


def test_a_search_stored_before_its_rule_could_be_chosen_goes_on():
    """The digest of a plan of one plain model and probe, as it was then; another rule is another plan."""
    stored = {
        "models": (ModelSpec("m", "openai"),),
        "probes": (Probe("p1", "similarity", "en", (Message("user", "Hi"),)),),
        "adaptive": Adaptive("m"),
    }
    assert plan(**stored).digest() == "b2:46dde8bb816bd6034b52ff800ba05c6136be237d"
    changed = plan(**{**stored, "adaptive": Adaptive("m", selection="ucb")})
    assert changed.digest() != plan(**stored).digest()
    assert RunPlan.from_json(changed.to_json()).digest() == changed.digest()


def test_trials_go_probe_by_probe_and_each_model_has_its_samples():
    models = (MODEL, replace(MODEL, label="twice", samples=1), replace(MODEL, label="J", role="judge"))
    probes = (PROBE, replace(PROBE, prompt_id="q"))
    order = [
        (trial.probe.prompt_id, trial.model.title, trial.sample)
        for trial in plan(models=models, probes=probes).trials(lambda model: "e")
    ]
    cells = [("m", 0), ("m", 1), ("twice", 0)]
    assert order == [(probe, *cell) for probe in ("p", "q") for cell in cells]


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("a", 1), ("word " * 100, 125), ("你好世界你好世界你好", 8), ("    ", 1)]
)
def test_tokens_are_counted_roughly(text, count):
    assert estimate_tokens(text) == count
