"""The shipped templates: many kinds in two languages, no two alike, clean of names, with twins that add only a name."""

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from itertools import combinations

import pytest
from rapidfuzz import fuzz

from distq_tui.ice.aliases import AliasScanner, Hit, lower
from distq_tui.ice.facts import load_facts
from distq_tui.prompts import Template, content_digest, load_prompt_set, load_template_set

LANGUAGES = ("en", "zh")
FIRST_EDITION = "bce231518fa1209ece8e14d395030bc4"
"""The digest of version 1.0.0, whose 20 templates come first in every later one."""


@cache
def templates() -> tuple[Template, ...]:
    return load_template_set("clean").templates


def of(language: str) -> list[Template]:
    return [template for template in templates() if template.language == language]


def twins() -> list[tuple[Template, Template]]:
    return [(template, template.twin) for template in templates() if template.twin is not None]


@cache
def questions() -> tuple[str, ...]:
    return tuple(prompt.text for language in LANGUAGES for prompt in load_prompt_set(f"identity-{language}").prompts)


@cache
def scanner() -> AliasScanner:
    return AliasScanner(load_facts())


def hits(text: str) -> list[Hit]:
    """What the alias table finds in the text, as the scorer looks for it."""
    return scanner().find(text, lower(text))


@cache
def every_spelling() -> re.Pattern[str]:
    """All names of the alias table in any case, none excused by a guard or for being a common word."""
    families = load_facts().families.values()
    names = {name for family in families for name in (*family.vendors, *family.products, *family.weak)}
    spellings = names | {name.replace(" ", "") for name in names} | {name.replace(" ", "-") for name in names}
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(map(re.escape, spellings))})(?![A-Za-z])", re.IGNORECASE)


def words(text: str) -> list[str]:
    """Latin words and numbers whole, every other visible character for itself."""
    return re.findall(r"[A-Za-z0-9]+|\S", text)


def test_half_english_half_chinese() -> None:
    assert Counter(template.language for template in templates()) == {"en": 52, "zh": 52}
    for template in templates():
        han, latin = (len(re.findall(sign, template.text)) for sign in (r"[\u4e00-\u9fff]", r"[A-Za-z]+"))
        assert (han > latin) == (template.language == "zh"), template.id
        assert template.id.startswith(f"{template.language}-")


@pytest.mark.parametrize("count", [20, 50, 100, 104])
def test_a_plan_that_takes_the_first_ones_gets_both_languages_alike(count: int) -> None:
    assert Counter(template.language for template in templates()[:count]) == {"en": count // 2, "zh": count // 2}


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_kinds_and_none_prevails(language: str) -> None:
    kinds = Counter(template.kind for template in of(language))
    assert "" not in kinds
    assert len(kinds) >= 25
    assert max(kinds.values()) <= 4


def test_the_slot_stands_once_in_template_and_twin() -> None:
    for template in templates():
        assert template.text.count("{query}") == 1, template.id
        assert not set("{}") & set(template.fill("")), template.id
    assert all(twin.text.count("{query}") == 1 for _, twin in twins())


def test_the_first_edition_is_kept() -> None:
    assert content_digest(templates()[:20]) == FIRST_EDITION


def test_no_template_is_the_bare_question() -> None:
    assert "bare" not in {template.id for template in templates()}
    assert all(len(words(template.fill(""))) >= 10 for template in templates())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_templates_are_nearly_the_same(language: str) -> None:
    texts = [template.text.casefold() for template in of(language)]
    assert len(set(texts)) == len(texts)
    assert max(fuzz.ratio(one, other) for one, other in combinations(texts, 2)) < 65


def test_the_checks_for_names_see_one() -> None:
    assert [hit.name.vendor for hit in hits("Made by OpenAI, 由百度训练")] == ["OpenAI", "Baidu"]
    assert every_spelling().findall("made by moonshotai, 由百度训练") == ["moonshotai", "百度"]


def test_no_clean_template_names_anybody_whatever_it_asks() -> None:
    for template in templates():
        assert every_spelling().search(template.text) is None, template.id
        for text in (template.text, *map(template.fill, questions())):
            assert hits(text) == [], text


def test_no_identity_question_names_anybody() -> None:
    assert [text for text in questions() if hits(text) or every_spelling().search(text)] == []


def test_every_twin_names_somebody_whatever_it_asks() -> None:
    for _, twin in twins():
        assert all(hits(text) for text in (twin.text, *map(twin.fill, questions()))), twin.id


def test_a_twin_has_a_name_where_its_template_has_none_and_differs_in_nothing_else() -> None:
    for template, twin in twins():
        found = hits(twin.text)
        ends = [0, *(hit.end for hit in found)]
        starts = [*(hit.start for hit in found), len(twin.text)]
        around = [twin.text[end:start] for end, start in zip(ends, starts, strict=True)]
        assert re.fullmatch(".{1,30}".join(map(re.escape, around)), template.text), twin.id


def test_a_twin_differs_by_a_few_words_at_each_name() -> None:
    for template, twin in twins():
        clean, primed = words(template.text), words(twin.text)
        codes = SequenceMatcher(None, clean, primed, autojunk=False).get_opcodes()
        changed = [(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in codes if tag != "equal"]
        names = len(hits(twin.text))
        assert names <= 2, twin.id
        assert 1 <= sum(gone for gone, _ in changed) <= 10 * names, twin.id
        assert 1 <= sum(come for _, come in changed) <= 5 * names, twin.id


def test_twins_are_many_and_name_many_vendors() -> None:
    assert Counter(template.language for template, _ in twins()) == {"en": 27, "zh": 27}
    assert len({template.kind for template, _ in twins()}) >= 18
    vendors = Counter(vendor for _, twin in twins() for vendor in {hit.name.vendor for hit in hits(twin.text)})
    assert len(vendors) >= 20
    assert max(vendors.values()) <= 8
    assert sum(vendors.values()) == len(twins()), "one vendor a twin"
