"""From choices to a plan: sets, the ICE design, names that differ, and what is refused."""

import json
from collections import Counter

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.errors import InputError
from distq_tui.plan.build import build_plan
from distq_tui.plan.choices import Choices, IceChoice, SetChoice

MODEL = ModelSpec("m", "demo")


@pytest.fixture
def sets(tmp_path):
    """Writes a prompt set of texts by id into the folder, and gives the folder."""

    def write(name, **texts):
        kind = texts.pop("kind", "similarity")
        rows = [{"id": id_, "kind": kind, "language": "en", "text": text} for id_, text in texts.items()]
        file = tmp_path / f"{name}.jsonl"
        file.parent.mkdir(exist_ok=True)
        file.write_text("\n".join(map(json.dumps, rows)))
        return tmp_path

    return write


def build(*names, base=None, models=(MODEL,), **kwargs):
    chosen = tuple(name if isinstance(name, SetChoice) else SetChoice(name) for name in names)
    return build_plan(Choices("p", tuple(models), chosen, base=base, **kwargs))


def refusal(*args, **kwargs):
    with pytest.raises(InputError) as caught:
        build(*args, **kwargs)
    return str(caught.value)


def test_all_models_get_the_same_prompts_in_an_order_that_the_seed_draws(sets):
    base = sets("s", **{f"p{n:02}": f"text {n}" for n in range(20)})
    one, two = build("s.jsonl", base=base, seed=1), build("s.jsonl", base=base, seed=2)
    ids = [[probe.prompt_id for probe in plan.probes] for plan in (one, two)]
    assert sorted(ids[0]) == sorted(ids[1]) == [f"p{n:02}" for n in range(20)]
    assert ids[0] != ids[1]
    assert ids[0] != sorted(ids[0])
    assert build("s.jsonl", base=base, seed=1) == one


def test_a_limit_takes_the_first_prompts(sets):
    base = sets("s", **{f"p{n}": f"text {n}" for n in range(9)})
    plan = build(SetChoice("s.jsonl", 3), base=base)
    assert sorted(probe.prompt_id for probe in plan.probes) == ["p0", "p1", "p2"]
    assert len(build(SetChoice("s.jsonl", 99), base=base).probes) == 9


def test_the_plan_names_every_set_with_its_digest(sets):
    plan = build("similarity", base=sets("s", a="x"), ice=IceChoice())
    names = [name for name, _, _ in plan.prompt_sets]
    assert names == ["similarity", "clean", "identity-en", "identity-zh"]
    assert all(digest for _, _, digest in plan.prompt_sets)


def test_one_text_in_two_sets_under_one_id_is_asked_once(sets):
    sets("a", p="same")
    base = sets("b", p="same")
    assert len(build("a.jsonl", "b.jsonl", base=base).probes) == 1


def test_different_texts_under_one_id_are_all_asked(sets, tmp_path):
    sets("a", p="one")
    sets("x/s", p="two")
    (tmp_path / "y").mkdir()
    base = sets("y/s", p="three")
    plan = build("a.jsonl", "x/s.jsonl", "y/s.jsonl", base=base)
    ids = [probe.prompt_id for probe in plan.probes]
    assert len(set(ids)) == 3
    assert {probe.text for probe in plan.probes} == {"one", "two", "three"}


def test_the_default_design_has_six_questions_a_template_three_in_each_language():
    plan = build(ice=IceChoice())
    templates = {probe.template for probe in plan.probes}
    assert len(plan.probes) == 6 * len(templates)
    assert Counter(probe.language for probe in plan.probes) == {"en": len(plan.probes) / 2, "zh": len(plan.probes) / 2}


def test_a_question_set_named_twice_is_one(sets):
    """Asking for all its questions would otherwise never end: the deck holds each card twice."""
    once = build(ice=IceChoice(count=2, questions_per_template=25, questions=("identity-en",)))
    twice = build(ice=IceChoice(count=2, questions_per_template=25, questions=("identity-en", "identity-en")))
    assert once.probes == twice.probes
    line = refusal(ice=IceChoice(questions_per_template=26, questions=("identity-en", "identity-en")))
    assert line == "ice.questions_per_template: there are 25 questions to draw from, not 26"


def test_without_a_count_at_most_a_hundred_templates_are_taken(tmp_path):
    rows = [{"id": f"t{n:03}", "language": "en", "text": f"{n}: {{query}}"} for n in range(101)]
    (tmp_path / "many.jsonl").write_text("\n".join(map(json.dumps, rows)))
    many = {"templates": "many.jsonl", "questions_per_template": 1}
    taken = {probe.template for probe in build(ice=IceChoice(**many), base=tmp_path).probes}
    assert taken == {f"t{n:03}" for n in range(100)}
    assert len(build(ice=IceChoice(**many, count=101), base=tmp_path).probes) == 101


def test_only_plain_identity_questions_go_under_templates(tmp_path):
    turns = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hi"},
        {"role": "user", "content": "Who?"},
    ]
    common = {"language": "en", "kind": "identity"}
    rows = [{"id": "a", **common, "text": "Who are you?"}, {"id": "b", **common, "messages": turns}]
    rows.append({"id": "c", **common, "kind": "similarity", "text": "Count to ten."})
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, rows)))
    plan = build(ice=IceChoice(count=2, questions_per_template=1, questions=("q.jsonl",)), base=tmp_path)
    assert {probe.question for probe in plan.probes} == {"a"}


def test_a_count_larger_than_the_set_is_refused_where_it_is_explicit():
    from distq_tui.prompts import load_template_set

    available = len(load_template_set("clean").templates)
    assert len({probe.template for probe in build(ice=IceChoice(count=available)).probes}) == available
    expected = f"ice.count: `clean` has {available} templates, not {available + 1}"
    assert refusal(ice=IceChoice(count=available + 1)) == expected


def test_only_a_target_a_reference_or_a_control_answers():
    roles = ("target", "reference", "control", "judge", "helper")
    models = [ModelSpec(role, "demo", role=role) for role in roles]
    assert [model.role for model in build("similarity", models=models).answering] == list(roles[:3])
    line = "models: must name at least one model that is a target, reference or control"
    assert refusal("similarity", models=models[3:]) == line


def test_titles_must_differ_and_a_label_makes_them():
    line = "models[2].name: `m` is named 2 times; give one of them a `label` of its own"
    assert refusal("similarity", models=(MODEL, ModelSpec("n", "demo"), MODEL)) == line
    assert refusal("similarity", models=(MODEL, ModelSpec("n", "demo"), ModelSpec("x", "demo", label="m"))) == line
    assert refusal("similarity", models=(MODEL, MODEL)) == line.replace("[2]", "[1]")
    build("similarity", models=(MODEL, ModelSpec("m", "demo", label="again")))


def test_a_vendor_s_key_is_taken_at_its_own_endpoint_only():
    models = [
        ModelSpec("a", "openai"),
        ModelSpec("b", "anthropic"),
        ModelSpec("c", "openai", base_url="https://x.example/v1"),
        ModelSpec("d", "openai", key="env:MINE"),
        ModelSpec("e", "demo"),
    ]
    keys = [model.key for model in build("similarity", models=models).models]
    assert keys == ["env:OPENAI_API_KEY", "env:ANTHROPIC_API_KEY", None, "env:MINE", None]


def test_no_prompts_and_unknown_sets_blame_their_key(tmp_path):
    assert refusal() == "prompts: must name at least one prompt set"
    assert refusal("similarity", "similarty").startswith("prompts[1].set: unknown prompt set 'similarty'; ")
    assert refusal(ice=IceChoice(templates="claen")).startswith("ice.templates: unknown template set 'claen'; ")
    assert refusal(ice=IceChoice(questions=("idntity",))).startswith("ice.questions: unknown prompt set 'idntity'; ")
    assert refusal("none.jsonl", base=tmp_path) == f"{tmp_path}/none.jsonl: No such file or directory"
