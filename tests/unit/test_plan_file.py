"""The plan file: every key of the contract is read, and nothing else is taken."""

import pytest

from distq_tui.errors import InputError
from distq_tui.plan.file import blaming, load_plan
from distq_tui.plan.run_plan import Budget, Embeddings, Limits, RunPlan
from distq_tui.plan.trial import Params

WHOLE = """\
name = "gpt-like?"
seed = 7
samples = 2
[params]
temperature = 1
max_tokens = 512
top_p = 0.9
[[models]]
name = "deepseek-chat"
provider = "openai"
base_url = "https://api.deepseek.com/v1/"
key = "env:DEEPSEEK_API_KEY"
family = "deepseek"
served = ["deepseek-v3"]
samples = 3
system = "Be brief."
role = "target"
[[models]]
name = "persona-unrelated"
provider = "demo"
role = "control"
fact = "I am a persona."
label = "control 1"
[[prompts]]
set = "identity-en"
limit = 25
[[prompts]]
set = "own.jsonl"
[ice]
templates = "clean"
twins = true
count = 5
questions_per_template = 4
questions = ["identity-en"]
[limits]
concurrency = 20
first_token = 30
between_tokens = 10.5
attempts = 2
[budget]
max_requests = 2000
max_cost = 1.50
"""
SMALL = '[[models]]\nname = "m"\nprovider = "demo"\n[[prompts]]\nset = "similarity"\n'


@pytest.fixture
def write(tmp_path):
    def file(content, name="my-plan.toml"):
        path = tmp_path / name
        path.write_text(content)
        (tmp_path / "own.jsonl").write_text('{"id": "o1", "kind": "similarity", "language": "en", "text": "Hello"}\n')
        return path

    return file


def test_every_key_of_the_contract(write):
    plan = load_plan(write(WHOLE))
    assert (plan.name, plan.seed, plan.samples) == ("gpt-like?", 7, 2)
    assert plan.params == Params(1.0, 512, 0.9)
    target, control = plan.models
    assert (target.base_url, target.key, target.family) == (
        "https://api.deepseek.com/v1",
        "env:DEEPSEEK_API_KEY",
        "deepseek",
    )
    assert (target.served, target.samples, target.system, target.role) == (("deepseek-v3",), 3, "Be brief.", "target")
    assert (control.title, control.role, control.fact) == ("control 1", "control", "I am a persona.")
    assert plan.limits == Limits(20, 30.0, 10.5, 2)
    assert plan.budget == Budget(2000, 1.5)
    templated = [probe for probe in plan.probes if "/" in probe.prompt_id]
    assert len(plan.probes) == 25 + 1 + len(templated)
    assert {probe.language for probe in templated} == {"en"}
    assert len({probe.template for probe in templated if "+twin" not in probe.template}) == 5


def test_a_name_a_provider_and_a_set_are_enough(write):
    plan = load_plan(write(SMALL))
    assert (plan.name, plan.seed, plan.samples, plan.params) == ("my-plan", 0, 1, Params())
    assert (plan.limits, plan.budget) == (Limits(), Budget())
    assert plan.models[0].role == "target"


def test_the_bare_ice_table_takes_its_defaults(write):
    plan = load_plan(write('ice = {}\n[[models]]\nname = "m"\nprovider = "demo"\n'))
    assert {probe.kind for probe in plan.probes} == {"identity"}


def test_another_seed_replaces_the_file_s(write):
    path = write(SMALL)
    assert load_plan(path, seed=9).seed == 9
    assert load_plan(path, seed=0).digest() == load_plan(path).digest() != load_plan(path, seed=9).digest()


def test_sets_are_relative_to_the_plan_wherever_one_stands(write, tmp_path, monkeypatch):
    path = write(SMALL.replace("similarity", "./own.jsonl"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert [probe.text for probe in load_plan(path).probes] == ["Hello"]


def test_a_recording_is_relative_to_the_plan_too(write, tmp_path, monkeypatch):
    path = write(
        '[[models]]\nname = "m"\nprovider = "replay"\nbase_url = "rec/r.jsonl"\n'
        '[[models]]\nname = "n"\nprovider = "replay"\nbase_url = "session:latest"\n[[prompts]]\nset = "own.jsonl"\n'
    )
    monkeypatch.chdir(tmp_path)
    near = load_plan(path.relative_to(tmp_path))
    assert [model.base_url for model in near.models] == [str(tmp_path / "rec" / "r.jsonl"), "session:latest"]
    monkeypatch.chdir("/")
    assert load_plan(path).digest() == near.digest(), "the same session goes on, wherever one stands"


def test_weights_are_relative_to_the_plan_and_keep_the_name_they_were_given(write, tmp_path, monkeypatch):
    path = write(
        '[[models]]\nname = "w/own.gguf"\nprovider = "local"\n'
        f'[[models]]\nname = "m"\nprovider = "replay"\nbase_url = "simulated:{tmp_path}/r.jsonl"\n'
        '[[prompts]]\nset = "own.jsonl"\n'
    )
    monkeypatch.chdir("/")
    weights, recording = load_plan(path).models
    assert (weights.name, weights.title) == (str(tmp_path / "w" / "own.gguf"), "w/own.gguf")
    assert recording.base_url == f"simulated:{tmp_path}/r.jsonl"


def test_embeddings_are_a_part_of_the_plan_and_of_its_digest(write):
    table = '[embeddings]\nbase_url = "http://127.0.0.1:9/v1/"\nmodel = "e"\nkey = "env:K"\n'
    plain, embedded = load_plan(write(SMALL)), load_plan(write(SMALL + table))
    assert embedded.embeddings == Embeddings("http://127.0.0.1:9/v1", "e", "env:K")
    assert RunPlan.from_json(embedded.to_json()) == embedded
    assert plain.digest() != embedded.digest()
    assert "embeddings" in plain.to_json()
    old = {name: value for name, value in plain.to_json().items() if name != "embeddings"}
    assert RunPlan.from_json(old).digest() == plain.digest(), "a session stored before goes on"


def test_what_is_found_later_is_told_with_the_plan_s_line(write):
    path = write(SMALL)
    with pytest.raises(InputError) as caught, blaming(path):
        raise InputError("is not set", field="models[0].name")
    assert str(caught.value) == f"{path}:2: models[0].name: is not set"
    with pytest.raises(InputError) as caught, blaming(path):
        raise InputError("is a folder", file="x.db")
    assert str(caught.value) == "x.db: is a folder"
    with pytest.raises(InputError) as caught, blaming(path):
        raise InputError("no field")
    assert str(caught.value) == f"{path}: no field"
