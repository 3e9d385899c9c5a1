"""Models that need nothing: which are offered, and who takes part in the demonstration."""

from dataclasses import replace

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import load_settings
from distq_tui.engine.demo import demo_plan
from distq_tui.ice.facts import load_facts
from distq_tui.providers import embedded
from distq_tui.providers.local.models import MODELS, SHIPPED_MODEL, SIBLING_MODEL


@pytest.fixture
def extra(monkeypatch):
    def installed(yes):
        monkeypatch.setattr(embedded, "why_unavailable", lambda: None if yes else "not here")

    return installed


def test_local_models_are_offered_where_the_extra_is_installed(extra):
    extra(True)
    with_extra = [model.name for model in embedded.embedded_models()]
    assert with_extra[: len(MODELS)] == list(MODELS)
    extra(False)
    assert [model.name for model in embedded.embedded_models()] == with_extra[len(MODELS) :]


def test_the_user_s_models_come_first_and_hide_those_of_their_name(extra):
    extra(False)
    mine = ModelSpec("mine", "openai", label="persona-unrelated")
    known = embedded.known_models(replace(load_settings(env={}), models=(mine,)))
    assert known[0] is mine
    assert [model.title for model in known].count("persona-unrelated") == 1


def test_a_recording_of_scripted_answers_is_offered_as_such(extra, tmp_path):
    extra(False)
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"model": "a", "prompt_id": "1", "response": "x", "source": "simulated"}\n'
        '{"model": "b", "prompt_id": "1", "response": "x"}\n'
    )
    sources = {"a": str(path), "b": str(path), "c": str(tmp_path / "gone.jsonl")}
    mine = tuple(ModelSpec(name, "replay", base_url=source) for name, source in sources.items())
    known = embedded.known_models(replace(load_settings(env={}), models=mine))
    assert [model.simulated for model in known[:3]] == [True, False, False]


def test_personas_are_controls_with_a_fact_of_their_own(extra):
    extra(False)
    for model in embedded.embedded_models():
        assert (model.provider, model.role, model.family) == ("demo", "control", None)
        assert model.fact


def test_the_demonstration_is_two_real_models_and_two_controls(extra):
    extra(True)
    models = embedded.demo_models()
    assert [(model.name, model.provider, model.role) for model in models] == [
        (SHIPPED_MODEL, "local", "target"),
        (SIBLING_MODEL, "local", "reference"),
        ("persona-claims-other", "demo", "control"),
        ("persona-unrelated", "demo", "control"),
    ]
    assert load_facts().lookup(models[0].family) is not None


def test_without_the_extra_a_recording_of_the_same_models_stands_in(extra):
    extra(False)
    target, reference, *_ = embedded.demo_models()
    assert [(m.name, m.provider, m.role) for m in (target, reference)] == [
        (SHIPPED_MODEL, "replay", "target"),
        (SIBLING_MODEL, "replay", "reference"),
    ]
    assert target.base_url == reference.base_url
    assert target.base_url.endswith("recorded-session.jsonl")


@pytest.mark.parametrize("yes", [True, False])
def test_its_plan_asks_both_kinds_of_prompts(extra, yes):
    extra(yes)
    plan = demo_plan()
    assert {probe.kind for probe in plan.probes} == {"identity", "similarity"}
    assert len(plan.answering) == 4
    assert plan == demo_plan()
