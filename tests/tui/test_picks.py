"""Setup's choices: roles, finding, free text, and what they make."""

from __future__ import annotations

from dataclasses import replace

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.tui.lines.setup_lines import picked_spans
from distq_tui.tui.records import ModelLine, SetLine
from distq_tui.tui.setup.choose import choices_of
from distq_tui.tui.setup.picks import OPTIONS, Picks, number, typed_model


def picks_of(*names: str) -> Picks:
    picks = Picks()
    picks.add([ModelLine(ModelSpec(name, "openai"), "none", "config") for name in names])
    picks.sets = [SetLine("identity-en", "identity", 25, ("en",)), SetLine("clean", "templates", 20, ("en",))]
    return picks


def words(picks: Picks) -> str:
    return "".join(text for text, _ in picked_spans(picks.picked_lines()))


def test_the_same_role_again_takes_it_away():
    picks = picks_of("a")
    picks.toggle(picks.lines[0], "target")
    assert [model.role for model in picks.picked()] == ["target"]
    picks.toggle(picks.lines[0], "control")
    assert [model.role for model in picks.picked()] == ["control"]
    picks.toggle(picks.lines[0], "control")
    assert picks.picked() == []


def test_picked_models_come_by_role():
    picks = picks_of("c", "r", "t")
    for line, role in zip(picks.lines, ("control", "reference", "target"), strict=True):
        picks.toggle(line, role)
    assert [model.name for model in picks.picked()] == ["t", "r", "c"]


def test_what_the_user_says_of_a_family_is_no_guess_and_keeps_the_role():
    picks = picks_of("a")
    picks.add([ModelLine(ModelSpec("gpt-x", "openai", family="openai"), "none", "typed", guessed=True)])
    line = picks.lines[1]
    picks.toggle(line, "target")
    assert words(picks) == "picked: T gpt-x openai?  f: whose it is"
    said = picks.say_family(line, "deepseek")
    assert words(picks) == "picked: T gpt-x deepseek"
    picks.say_family(said, "")
    assert words(picks) == "picked: T gpt-x no family  f: whose it is"
    assert [(spec.name, spec.family) for spec in picks.picked()] == [("gpt-x", None)]


def test_a_model_that_is_put_replaces_its_older_line_and_keeps_the_role():
    picks = picks_of("a", "b")
    picks.toggle(picks.lines[0], "control")
    kept = ModelSpec("a", "openai", key="env:A"), ModelSpec("c", "openai")
    picks.put([ModelLine(spec, "set", "config") for spec in kept])
    assert [(line.spec.name, line.spec.key) for line in picks.lines] == [("a", "env:A"), ("b", None), ("c", None)]
    assert [(model.key, model.role) for model in picks.picked()] == [("env:A", "control")]


def test_a_judge_needs_no_family_and_a_fact_of_ones_own_stands_for_one():
    picks = picks_of("a")
    picks.add([ModelLine(ModelSpec("b", "openai", fact="I am b."), "none", "config")])
    for line, role in zip(picks.lines, ("judge", "target"), strict=True):
        picks.toggle(line, role)
    assert words(picks) == "picked: T b own fact, J a"


def test_a_model_is_found_by_a_piece_of_its_name_and_nearly():
    picks = picks_of("deepseek-chat", "glm-4-plus", "qwen-max")
    assert [line.spec.name for line in picks.matching("seek")] == ["deepseek-chat"]
    assert picks.matching("deepsek chat")[0].spec.name == "deepseek-chat"
    assert picks.matching("nothing like it") == []
    keyed = picks.lines[0]
    picks.lines[0] = replace(keyed, spec=replace(keyed.spec, key="env:MY_KEY"))
    assert [line.spec.name for line in picks.matching("my_key")] == [keyed.spec.name]
    assert len(picks.matching(" ")) == 3


@pytest.mark.parametrize(
    "text", ["openai:smollm2", "smollm2@http://127.0.0.1:9/v1", "smollm2#env:MY_KEY", "openai:smollm2@http://h/v1"]
)
def test_a_text_that_says_where_its_model_is_finds_no_other(text):
    picks = picks_of("smollm2", "@cf/tiny", "qwen:7b")
    assert picks.matching(text) == []
    assert [line.spec.name for line in picks.matching("@cf/t")] == ["@cf/tiny"], "its own name"
    assert [line.spec.name for line in picks.matching("qwen:7b it")] == ["qwen:7b"], "qwen is no kind of server"


def test_picked_ones_come_first_where_nothing_is_searched():
    picks = picks_of("a", "b")
    picks.toggle(picks.lines[1], "target")
    assert picks.matching("")[0].spec.name == "b"


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("gpt-4o", ModelSpec("gpt-4o", "openai")),
        ("anthropic:claude-x", ModelSpec("claude-x", "anthropic")),
        (
            "llama3@http://localhost:8080/v1#env:LLAMA_KEY",
            ModelSpec("llama3", "openai", base_url="http://localhost:8080/v1", key="env:LLAMA_KEY"),
        ),
        ("org/model-7b", ModelSpec("org/model-7b", "openai")),
    ],
)
def test_typed_models(text, spec):
    assert typed_model(text) == spec


@pytest.mark.parametrize("text", ["", "two words", "nowhere:x", "x@ftp://h", "x#sk-secret"])
def test_what_is_no_model_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        typed_model(text)


def test_a_refused_key_is_not_repeated():
    with pytest.raises(ValueError, match="reference") as caught:
        typed_model("x#sk-very-secret")
    assert "secret" not in str(caught.value)


def test_choices_need_a_model_and_a_set():
    picks = picks_of("a")
    with pytest.raises(ValueError, match="pick a model"):
        choices_of(picks)
    picks.toggle(picks.lines[0], "target")
    with pytest.raises(ValueError, match="prompt set"):
        choices_of(picks)


def test_choices_carry_options_and_templates():
    picks = picks_of("a")
    picks.toggle(picks.lines[0], "target")
    picks.toggle_set("identity-en")
    picks.toggle_set("clean")
    picks.values |= {"samples": "2", "limit": "", "temperature": "0", "max_cost": "1.5", "max_requests": "9"}
    choices = choices_of(picks)
    assert [choice.name for choice in choices.sets] == ["identity-en"]
    assert choices.sets[0].limit is None
    assert choices.ice is not None
    assert choices.ice.templates == "clean"
    assert (choices.samples, choices.params.temperature, choices.params.max_tokens) == (2, 0.0, 512)
    assert (choices.budget.max_requests, choices.budget.max_cost) == (9, 1.5)


@pytest.mark.parametrize("value", ["x", "1.5", "0", "-3"])
def test_a_count_is_a_whole_number_from_one(value):
    with pytest.raises(ValueError, match="samples"):
        number(OPTIONS[0], value)
