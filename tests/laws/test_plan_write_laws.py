"""A plan file that the app wrote gives the plan that was chosen, to the digest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import load_settings
from distq_tui.plan.build import build_plan
from distq_tui.plan.choices import AdaptiveChoice, Choices, IceChoice, SetChoice
from distq_tui.plan.file import load_plan
from distq_tui.plan.run_plan import Budget, Embeddings, Judges, Limits
from distq_tui.plan.trial import Params
from distq_tui.plan.write import plan_text
from distq_tui.providers.embedded import known_models

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
TARGET = st.builds(
    ModelSpec,
    WORDS,
    st.sampled_from(["openai", "anthropic", "local", "demo"]),
    base_url=st.sampled_from([None, "http://127.0.0.1:9/v1", "https://例子.example/v1"]),
    key=st.sampled_from([None, "env:A_KEY", "keyring:b.key"]),
    family=st.none() | WORDS,
    fact=st.none() | WORDS,
    served=st.lists(WORDS, max_size=2).map(tuple),
    samples=st.none() | st.integers(1, 9),
    system=st.none() | WORDS,
    label=st.just("") | WORDS,
)
HELPERS = (
    ModelSpec("j", "demo", role="judge", label="judge of the test"),
    ModelSpec("h", "demo", role="helper", label="helper of the test"),
)
CHOICES = st.builds(
    Choices,
    name=WORDS,
    models=TARGET.map(lambda target: (target, *HELPERS)),
    sets=st.just((SetChoice("identity-en", 2),)) | st.just((SetChoice("similarity"), SetChoice("identity-zh", 1))),
    ice=st.none() | st.builds(IceChoice, twins=st.booleans(), count=st.none() | st.integers(1, 5)),
    adaptive=st.none() | st.builds(AdaptiveChoice, st.just("helper of the test"), iterations=st.integers(1, 300)),
    embeddings=st.none() | st.just(Embeddings("http://127.0.0.1:9/v1", "e", "env:A_KEY")),
    judges=st.just(Judges()) | st.just(Judges(("judge of the test",), ("judge of the test",), "unsure")),
    seed=st.integers(0, 2**63 - 1),
    samples=st.integers(1, 9),
    params=st.builds(Params, st.none() | st.floats(0, 2), st.none() | st.integers(1, 9999)),
    limits=st.builds(Limits, st.none() | st.integers(1, 99)),
    budget=st.builds(Budget, st.none() | st.integers(0, 9999), st.none() | st.floats(0, 1e6)),
)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("plans") / "plan.toml"


@settings(max_examples=60)
@given(choices=CHOICES)
def test_written_and_read_it_is_the_same_plan(file, choices):
    file.write_text(plan_text(choices), "utf-8")
    read, chosen = load_plan(file), build_plan(choices)
    assert read == chosen
    assert read.digest() == chosen.digest()


def test_every_model_that_the_picker_offers_can_be_saved(file):
    for model in known_models(load_settings()):
        choices = Choices("x", (replace(model, role="target"),), (SetChoice("identity-en", 1),))
        file.write_text(plan_text(choices), "utf-8")
        assert load_plan(file).digest() == build_plan(choices).digest(), model


def test_paths_of_sets_hold_wherever_the_file_is_put(file, tmp_path):
    (tmp_path / "own.jsonl").write_text('{"id": "a", "kind": "similarity", "language": "en", "text": "Say it."}\n')
    choices = Choices("x", (ModelSpec("m", "demo"),), (SetChoice("own.jsonl"),), base=tmp_path)
    file.write_text(plan_text(choices), "utf-8")
    assert load_plan(file).digest() == build_plan(choices).digest()


def test_a_text_that_no_file_can_hold_is_refused():
    with pytest.raises(UnicodeEncodeError):
        plan_text(Choices("\ud800", (ModelSpec("m", "demo"),), (SetChoice("identity-en"),)))
