"""Templates x questions: balanced, equal between languages, seeded, the same for every model."""

import itertools
from collections import Counter, defaultdict

import pytest

from distq_tui.plan.design import BARE, bare_probe, crossed_probes
from distq_tui.prompts import Message, Prompt, Template


def questions(language, count):
    return [
        Prompt(f"{language}-{n}", "identity", language, (Message("user", f"Q {language} {n}"),), aspect="team")
        for n in range(count)
    ]


def templates(count, primed=True):
    return [
        Template(f"t{n}", "en", f"Play {n}: {{query}}", "role", primed=f"Play GPT {n}: {{query}}" if primed else None)
        for n in range(count)
    ]


BOTH = questions("en", 25) + questions("zh", 25)


def cells(probes):
    by_template = defaultdict(list)
    for probe in probes:
        by_template[probe.template].append(probe.question)
    return dict(by_template)


def design(count=100, asked=BOTH, per=6, seed=1, twins=False):
    return crossed_probes(templates(count), asked, questions_per_template=per, twins=twins, seed=seed, set_name="clean")


@pytest.mark.parametrize("seed", range(5))
def test_every_template_gets_half_its_questions_in_each_language_and_none_twice(seed):
    for chosen in cells(design(seed=seed)).values():
        assert len(set(chosen)) == 6
        assert Counter(question[:2] for question in chosen) == {"en": 3, "zh": 3}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("count", [100, 20, 7])
def test_every_question_comes_up_equally_often_within_one(seed, count):
    used = Counter(probe.question for probe in design(count, seed=seed))
    uses = [used[question.id] for question in BOTH]
    assert max(uses) - min(uses) <= 1
    assert sum(uses) == 6 * count


def test_an_odd_number_shares_its_remainder_between_the_languages():
    used = Counter(probe.language for probe in design(10, per=5))
    assert used == {"en": 25, "zh": 25}


def test_a_language_with_few_questions_gives_what_it_has():
    few = questions("en", 25) + questions("zh", 2)
    for chosen in cells(design(10, asked=few, per=10)).values():
        assert Counter(question[:2] for question in chosen) == {"en": 8, "zh": 2}


def test_all_questions_under_every_template():
    for chosen in cells(design(3, per=50)).values():
        assert sorted(chosen) == sorted(question.id for question in BOTH)


def test_the_seed_fixes_cells_and_order():
    assert design(seed=3) == design(seed=3)
    one, two = design(seed=3), design(seed=4)
    assert list(cells(one)) != list(cells(two)), "the order of templates is the live interval's and is drawn"
    assert cells(one) != cells(two)


def test_templates_stay_together():
    seen = [probe.template for probe in design(20)]
    assert len([1 for a, b in itertools.pairwise(seen) if a != b]) == 19


def test_a_twin_gets_its_template_s_very_cells():
    probes = design(20, twins=True)
    by_template = cells(probes)
    assert len(by_template) == 40
    for number in range(20):
        assert by_template[f"t{number}"] == by_template[f"t{number}+twin"]
    twin = next(probe for probe in probes if probe.template.endswith("+twin"))
    assert "GPT" in twin.text
    assert twin.tags == ("role", "twin")
    assert cells(design(20)) == {name: chosen for name, chosen in by_template.items() if "+" not in name}


def test_a_template_without_a_primed_text_has_no_twin():
    probes = crossed_probes(
        templates(3, primed=False), BOTH, questions_per_template=2, twins=True, seed=1, set_name="clean"
    )
    assert len(probes) == 6


def test_a_cell_is_asked_as_one_user_message_and_keeps_the_bare_question():
    probe = design(1)[0]
    assert probe.prompt_id == f"t0/{probe.question}"
    assert probe.messages == (Message("user", f"Play 0: {probe.query}"),)
    assert (probe.kind, probe.aspect, probe.set_name, probe.tags) == ("identity", "team", "clean", ("role",))


def test_a_bare_question_is_a_cell_of_template_zero_and_a_task_of_none():
    question = questions("en", 1)[0]
    probe = bare_probe(question, "identity-en", "x")
    assert (probe.prompt_id, probe.template, probe.question, probe.query) == ("x", BARE, "en-0", "Q en 0")
    task = bare_probe(Prompt("s", "similarity", "en", (Message("user", "Sum"),), tags=("math",)), "sim", "s")
    assert (task.template, task.question, task.query, task.tags) == (None, None, None, ("math",))
