"""The facts: the shipped families, lookup by any name, and a user's own file over them."""

from pathlib import Path

import pytest

from distq_tui.errors import InputError
from distq_tui.ice.detector import Detector
from distq_tui.ice.facts import Facts, load_facts


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts()


def test_the_usual_families_are_shipped_whole(facts: Facts) -> None:
    wanted = {
        *("openai", "anthropic", "google", "meta", "qwen", "deepseek", "glm", "doubao", "kimi", "ernie", "hunyuan"),
        *("mistral", "phi", "xai", "cohere", "yi", "minimax", "baichuan", "internlm", "nvidia", "ibm", "smollm"),
    }
    assert wanted <= set(facts.families)
    for family in facts.families.values():
        assert family.vendors, family.key
        assert family.products, family.key
        assert family.country in facts.places, family.key
        assert family.places, family.key
        assert all(fact.endswith(".") for fact in family.facts), family.key
        assert family.facts, family.key
    assert facts.licence == "Apache-2.0"
    assert facts.version


@pytest.mark.parametrize("key", sorted(load_facts().families))
def test_a_model_that_tells_its_own_facts_is_in_no_conflict(facts: Facts, key: str) -> None:
    family = facts.families[key]
    for fact in family.facts:
        verdict = Detector(facts).detect(fact, family=family, query="Which company developed you?")
        assert not verdict.loose
        assert not verdict.paper_strict


@pytest.mark.parametrize("key", sorted(load_facts().families))
def test_a_model_that_tells_the_facts_of_another_family_is_in_conflict(facts: Facts, key: str) -> None:
    other = facts.families["google" if key != "google" else "glm"]
    verdict = Detector(facts).detect(facts.families[key].facts[0], family=other, query="Which company developed you?")
    assert verdict.strict
    assert verdict.paper_strict == (key in {"openai", "anthropic"})
    assert facts.families[key].name in {claim.vendor for claim in verdict.claims if claim.conflict}


def test_no_name_means_two_families(facts: Facts) -> None:
    seen: dict[str, str] = {}
    for family in facts.families.values():
        for name in (*family.vendors, *family.products, *family.weak):
            assert seen.setdefault(name.lower(), family.key) == family.key, name


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("openai", "openai"),
        ("OPENAI", "openai"),
        ("ChatGPT", "openai"),
        ("gpt-4o", "openai"),
        ("gpt-4o-0806", "openai"),
        ("claude", "anthropic"),
        ("Claude-3-5-Sonnet", "anthropic"),
        ("gemini", "google"),
        ("llama", "meta"),
        ("Llama-3.1-70B-Instruct", "meta"),
        ("Qwen2.5-72B-Instruct", "qwen"),
        ("阿里云", "qwen"),
        ("智谱AI", "glm"),
        ("智谱 AI", "glm"),
        ("Zhipu AI", "glm"),
        ("phi", "phi"),
        ("Microsoft", "phi"),
        ("豆包", "doubao"),
        ("SmolLM2", "smollm"),
        (" deepseek ", "deepseek"),
    ],
)
def test_lookup_by_any_name(facts: Facts, name: str, key: str) -> None:
    family = facts.lookup(name)
    assert family is not None
    assert family.key == key


@pytest.mark.parametrize(
    ("model", "key"),
    [
        ("gpt-4o", "openai"),
        ("meta-llama/Llama-3.1-8B-Instruct", "meta"),
        ("deepseek/deepseek-r1:free", "deepseek"),
        ("acme/roadrunner-7b", None),
    ],
)
def test_a_models_name_tells_its_family_with_or_without_a_publisher(facts: Facts, model: str, key: str | None) -> None:
    family = facts.of_model(model)
    assert (family and family.key) == key


@pytest.mark.parametrize("name", ["", "   ", "acme", "x", "the"])
def test_an_unknown_name_has_no_family(facts: Facts, name: str) -> None:
    assert facts.lookup(name) is None


def own_facts(tmp_path: Path, text: str) -> Facts:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return load_facts(path)


def test_a_users_family_is_known_beside_the_shipped_ones(tmp_path: Path) -> None:
    facts = own_facts(tmp_path, '[families.acme]\nname = "Acme"\nvendors = ["Acme Labs"]\nproducts = ["Roadrunner"]\n')
    acme = facts.lookup("roadrunner")
    assert acme is not None
    assert facts.lookup("openai") is not None
    verdict = Detector(facts).detect("I am Roadrunner, made by Acme Labs.", family=facts.lookup("glm"))
    assert {claim.vendor for claim in verdict.claims} == {"Acme"}
    assert verdict.loose
    assert verdict.strict
    assert not Detector(facts).detect("I am Roadrunner, made by Acme Labs.", family=acme).loose


def test_a_users_family_replaces_the_shipped_one_of_the_same_key(tmp_path: Path) -> None:
    facts = own_facts(tmp_path, '[families.glm]\nname = "Zai"\nvendors = ["Zai"]\n')
    assert facts.families["glm"].name == "Zai"
    assert facts.lookup("智谱") is None
    assert "+" in facts.version


@pytest.mark.parametrize(
    ("text", "field", "word"),
    [
        ("[families.acme", None, "TOML"),
        ("", "families", "no family"),
        ("families = 3", "families", "table"),
        ("[families]\nacme = 1", "families.acme", "table"),
        ("[families.acme]\nname = 'x'", "families.acme", "vendors"),
        ("[families.acme]\nvendors = 'Acme'", "families.acme.vendors", "list"),
        ("[families.acme]\nvendors = ['']", "families.acme.vendors", "non-empty"),
        ("[families.acme]\nvendors = ['A']\nname = 1", "families.acme.name", "string"),
        ("[families.acme]\nvendors = ['A']\nwrong = 1", "families.acme.wrong", "unknown"),
        ("[guards]\nA = 1\n[families.acme]\nvendors = ['A']", "guards.A", "list"),
    ],
)
def test_a_bad_facts_file_is_told_with_its_field(tmp_path: Path, text: str, field: str | None, word: str) -> None:
    with pytest.raises(InputError) as caught:
        own_facts(tmp_path, text)
    assert caught.value.field == field
    assert word in str(caught.value)
    assert "own.toml" in str(caught.value)


def test_a_missing_or_binary_facts_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml"):
        load_facts(tmp_path / "nowhere.toml")
    (tmp_path / "own.toml").write_bytes(b"\xff\xfe\x00x")
    with pytest.raises(InputError, match="UTF-8"):
        load_facts(tmp_path / "own.toml")
