"""What the helper is asked, and what of its answers becomes a mutant: foreign text is taken whole or not at all."""

import random
import tomllib

import pytest

from distq_tui.data import data_path
from distq_tui.events import Response
from distq_tui.ice.aliases import AliasScanner
from distq_tui.ice.facts import load_facts
from distq_tui.ice.search.mutant import LONGEST, Reader, Rejected, folded
from distq_tui.ice.search.mutators import MUTATORS, load_mutators
from distq_tui.ice.search.questions import Question, draw
from distq_tui.prompts import Template

READER = Reader(AliasScanner(load_facts()))
ONE = Template("a", "en", "First {query} {other} {task}")
TWO = Template("b", "en", "Second {query} {template}")


def read(text, *, cls="ok", parents=("Plain {query}",), known=()):
    return READER.read(Response(cls, text), parents=parents, known=known)


def test_there_are_the_five_mutators_and_their_version_names_their_texts():
    found = load_mutators()
    assert [mutator.name for mutator in found.mutators] == list(MUTATORS)
    assert [mutator.parents for mutator in found.mutators] == [2, 1, 1, 1, 1]
    numbers, _, digest = found.version.rpartition("-")
    assert numbers.count(".") == 5
    assert len(digest) == 12


def test_every_mutator_file_states_its_licence_and_version():
    for path in data_path("prompts", "mutators").glob("*.toml"):
        content = tomllib.loads(path.read_text("utf-8"))
        assert content["licence"], path.name
        assert content["version"], path.name


@pytest.mark.parametrize("mutator", load_mutators().mutators, ids=lambda mutator: mutator.name)
def test_a_request_holds_its_templates_as_they_are(mutator):
    templates = [ONE, TWO][: mutator.parents]
    text = mutator.request(templates).content
    for template in templates:
        assert f"\n{template.text}\n" in text, "slots inside a template are text"
    assert text.count("{query}") > len(templates), "the helper is told of the slot"
    assert "could not be used" not in text


def test_a_second_try_says_what_was_wrong():
    mutator = load_mutators().mutators[1]
    first, second = mutator.request([ONE]).content, mutator.request([ONE], "it lacked {query}").content
    assert second.startswith(first)
    assert "it lacked {query}" in second.removeprefix(first)


@pytest.mark.parametrize(
    ("answer", "mutant"),
    [
        ("<template>Say: {query}</template>", "Say: {query}"),
        ("Sure!\n<template>\nSay: {query}\n</template>\nDone.", "Say: {query}"),
        ("<TEMPLATE>Say: {query}</Template>", "Say: {query}"),
        ("  Say: {query}\n", "Say: {query}"),
        ("<template>Line one.\r\nLine\ttwo. {query}</template>", "Line one.\nLine\ttwo. {query}"),
        ("<template>请回答：{query}</template>", "请回答：{query}"),
        ("<template>{query} {query} {query}</template>", "{query} {query} {query}"),
    ],
)
def test_a_mutant_is_what_stands_between_the_tags_or_the_whole_answer(answer, mutant):
    assert read(answer) == mutant


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("<template>Say it.</template>", "lacked the slot {query}"),
        ("<template>Say: {Query}</template>", "lacked the slot"),
        ("<template>Say: { query }</template>", "lacked the slot"),
        ("Say: {query}\n<template>Say it.</template>", "lacked the slot"),
        ("", "lacked the slot"),
        ("<template>Say: {query}", "between one"),
        ("</template>Say: {query}<template>", "between one"),
        ("<template>{query}</template> or <template>{query}</template>", "between one"),
        ("{query}" * 4, "more than 3 times"),
        ("{query}" + "x" * LONGEST, "longer than 4000"),
        ("Say \x1b[2J {query}", "not text"),
        ("Say \u202e {query}", "not text"),
        ("Say \u200b {query}", "not text"),
        ("Say \ud800 {query}", "not text"),
        ("Say\x00 {query}", "not text"),
        ("Say\rit {query}", "not text"),
        ("As ChatGPT, say: {query}", "which the template did not"),
    ],
)
def test_what_is_no_template_is_rejected_with_the_reason(answer, reason):
    found = read(answer)
    assert isinstance(found, Rejected)
    assert reason in found.reason
    assert "\x1b" not in found.reason


@pytest.mark.parametrize("cls", ["truncated", "no_answer", "incomplete", "error", "filtered", "model_mismatch"])
def test_only_a_whole_answer_is_read(cls):
    assert read("Say: {query}", cls=cls) == Rejected(f"it was no whole answer ({cls})")


def test_words_of_refusal_inside_a_template_do_not_matter():
    assert read("Say: {query}", cls="refusal") == "Say: {query}"


def test_a_length_at_the_limit_is_allowed():
    text = "{query}" + "x" * (LONGEST - len("{query}"))
    assert read(text) == text


def test_a_name_that_a_parent_has_may_stay():
    assert read("As GPT-4, say: {query}", parents=("You are ChatGPT. {query}",)) == "As GPT-4, say: {query}"
    assert isinstance(read("As Claude, say: {query}", parents=("You are ChatGPT. {query}",)), Rejected)


def test_a_template_that_was_tried_is_not_tried_again():
    assert read("Say  it:\n{QUERY} {query}", known={folded("say it: {query} {query}")}) == Rejected(
        "it repeated a template that was tried before"
    )


POOL = [Question(f"q{n}", "en" if n < 10 else "zh", "team", f"text {n}") for n in range(14)]


def test_questions_are_drawn_from_each_language_alike():
    for seed in range(30):
        drawn = draw(POOL, 4, random.Random(seed))
        assert len({question.id for question in drawn}) == 4
        assert [question.language for question in drawn].count("zh") == 2


def test_the_odd_question_goes_to_either_language():
    counts = {sum(question.language == "zh" for question in draw(POOL, 3, random.Random(seed))) for seed in range(30)}
    assert counts == {1, 2}


def test_a_small_pool_is_drawn_whole():
    assert sorted(draw(POOL, 99, random.Random(0))) == sorted(POOL)
    assert {question.id for seed in range(200) for question in draw(POOL, 2, random.Random(seed))} == {
        question.id for question in POOL
    }
