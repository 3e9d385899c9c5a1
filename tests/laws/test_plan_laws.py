"""Laws of plans: their stored form is the plan, and keys depend on what is sent alone."""

import json
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from distq_tui.config.models import PROVIDERS, ROLES, ModelSpec
from distq_tui.plan.design import crossed_probes
from distq_tui.plan.run_plan import Budget, Limits, RunPlan
from distq_tui.plan.trial import Params, Probe, Request
from distq_tui.prompts import Message, Prompt, Template

TEXT = st.text(max_size=12)
MAYBE = st.none() | TEXT
SHARE = st.none() | st.floats(0, 2) | st.integers(0, 2)
PARAMS = st.builds(Params, SHARE, st.none() | st.integers(1, 9999), SHARE)
MESSAGES = st.lists(st.builds(Message, st.sampled_from(("system", "user", "assistant")), TEXT), min_size=1, max_size=3)
MODELS = st.builds(
    ModelSpec,
    name=TEXT,
    provider=st.sampled_from(PROVIDERS),
    base_url=MAYBE,
    key=MAYBE,
    family=MAYBE,
    fact=MAYBE,
    role=st.sampled_from(ROLES),
    served=st.lists(TEXT, max_size=2).map(tuple),
    samples=st.none() | st.integers(1, 3),
    system=MAYBE,
    label=TEXT,
)
PROBES = st.builds(
    Probe,
    prompt_id=TEXT,
    kind=st.sampled_from(("identity", "similarity")),
    language=TEXT,
    messages=MESSAGES.map(tuple),
    aspect=MAYBE,
    template=MAYBE,
    question=MAYBE,
    query=MAYBE,
    tags=st.lists(TEXT, max_size=2).map(tuple),
    set_name=TEXT,
)
LIMITS = st.builds(Limits, st.none() | st.integers(1, 9), st.floats(0.1, 99), st.floats(0.1, 99), st.integers(1, 9))
BUDGETS = st.builds(Budget, st.none() | st.integers(0, 9), st.none() | st.floats(0, 9))
PLANS = st.builds(
    RunPlan,
    name=TEXT,
    seed=st.integers(0, 2**63 - 1),
    samples=st.integers(1, 3),
    params=PARAMS,
    models=st.lists(MODELS, max_size=3).map(tuple),
    probes=st.lists(PROBES, max_size=3).map(tuple),
    limits=LIMITS,
    budget=BUDGETS,
    prompt_sets=st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=2).map(tuple),
)
REQUESTS = st.builds(
    Request,
    provider=st.sampled_from(PROVIDERS),
    endpoint=TEXT,
    model=TEXT,
    messages=MESSAGES.map(tuple),
    params=PARAMS,
    sample=st.integers(0, 3),
    prompt_id=TEXT,
)


@given(PLANS)
def test_a_plan_survives_being_stored(plan):
    again = RunPlan.from_json(json.loads(json.dumps(plan.to_json())))
    assert again == plan
    assert again.digest() == plan.digest()


@given(PLANS, LIMITS, BUDGETS)
def test_limits_and_budget_never_change_a_plan_s_name(plan, limits, budget):
    assert replace(plan, limits=limits, budget=budget).digest() == plan.digest()


@given(REQUESTS, REQUESTS)
def test_two_requests_have_one_key_exactly_where_the_same_is_sent(one, two):
    same = replace(one, prompt_id="") == replace(two, prompt_id="")
    assert (one.key() == two.key()) == same


@given(REQUESTS)
def test_a_key_is_the_same_every_time(request_):
    assert request_.key() == replace(request_).key() == replace(request_, prompt_id="other").key()


@given(
    count=st.integers(1, 12),
    sizes=st.lists(st.integers(1, 8), min_size=1, max_size=3),
    per=st.integers(1, 12),
    seed=st.integers(0, 99),
)
def test_a_design_is_balanced(count, sizes, per, seed):
    languages = ("en", "zh", "fr")[: len(sizes)]
    asked = [
        Prompt(f"{language}{n}", "identity", language, (Message("user", f"{language} {n}"),))
        for language, size in zip(languages, sizes, strict=True)
        for n in range(size)
    ]
    templates = [Template(f"t{n}", "en", f"{n} {{query}}") for n in range(count)]
    probes = crossed_probes(templates, asked, questions_per_template=per, twins=False, seed=seed, set_name="s")
    assert len({probe.prompt_id for probe in probes}) == len(probes), "no cell twice"
    assert set(Counter(probe.template for probe in probes).values()) == {min(per, len(asked))}
    for language in languages:
        uses = Counter(probe.question for probe in probes if probe.language == language)
        counts = [uses[prompt.id] for prompt in asked if prompt.language == language]
        assert max(counts) - min(counts) <= 1
