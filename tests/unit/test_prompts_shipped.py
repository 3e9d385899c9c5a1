"""The shipped sets: balanced, and never changed without a new version. The templates have a file of their own."""

import re
import subprocess
import sys
from collections import Counter

import pytest

from distq_tui.data import data_path
from distq_tui.prompts import Prompt, list_shipped, load_any_set, load_prompt_set

ASPECTS = ("team", "cooperation", "industry", "technology", "geography")
TOPICS = ("open-chat", "instruction", "math", "code", "multi-turn")

CONTENT = {
    ("identity-en", "1.0.0"): "b7528cc35f0660a1a2de75bce98cf1a5",
    ("identity-zh", "1.0.0"): "de35c535e68e96de208651377fc64c65",
    ("similarity", "1.0.0"): "9deab34572c84cafe5992cebad85b448",
    ("clean", "1.1.0"): "562ad4e2d2dc14df0ef7fbafee5af305",
}


def chinese(text: str) -> bool:
    """Whether the text has more Han characters than Latin words."""
    return len(re.findall(r"[\u4e00-\u9fff]", text)) > len(re.findall(r"[A-Za-z]+", text))


def similarity() -> tuple[Prompt, ...]:
    return load_prompt_set("similarity").prompts


def test_a_change_of_content_needs_a_new_version() -> None:
    assert {(found.name, found.version): found.digest for found in list_shipped()} == CONTENT


def test_the_list_says_kind_count_and_languages() -> None:
    assert [(found.name, found.kind, found.count, found.languages) for found in list_shipped()] == [
        ("identity-en", "identity", 25, ("en",)),
        ("identity-zh", "identity", 25, ("zh",)),
        ("similarity", "similarity", 67, ("en", "zh")),
        ("clean", "templates", 104, ("en", "zh")),
    ]
    assert {found.licence for found in list_shipped()} == {"CC-BY-4.0"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_five_identity_questions_an_aspect(language: str) -> None:
    prompts = load_prompt_set(f"identity-{language}").prompts
    assert [prompt.id for prompt in prompts] == [f"id-{language}-{a}-{n}" for a in ASPECTS for n in range(1, 6)]
    assert [prompt.aspect for prompt in prompts] == [aspect for aspect in ASPECTS for _ in range(5)]
    assert all(prompt.is_plain and prompt.kind == "identity" and prompt.language == language for prompt in prompts)
    assert all(chinese(prompt.text) == (language == "zh") for prompt in prompts)
    assert len({prompt.text for prompt in prompts}) == 25


def test_similarity_prompts_cover_five_topics_in_two_languages() -> None:
    topics = Counter(prompt.tags[0] for prompt in similarity())
    assert set(topics) == set(TOPICS)
    assert min(topics.values()) >= 12
    assert sum(topics.values()) >= 60
    in_chinese = Counter(prompt.tags[0] for prompt in similarity() if prompt.language == "zh")
    assert min(in_chinese[topic] for topic in TOPICS) >= 2
    assert all(chinese(prompt.text) == (prompt.language == "zh") for prompt in similarity())


def test_only_multi_turn_prompts_have_turns() -> None:
    for prompt in similarity():
        roles = [message.role for message in prompt.messages]
        assert roles == (["user", "assistant", "user"] if "multi-turn" in prompt.tags else ["user"])


def test_the_example_is_a_prompt_set() -> None:
    example = load_any_set(data_path("examples", "prompts_example.jsonl"))
    assert example.name == "my-prompts"


def test_prompts_need_no_yaml() -> None:
    """A run of shipped prompts, and every import of a record, goes without the YAML parser."""
    code = (
        "import sys; from distq_tui.prompts import load_prompt_set; load_prompt_set('identity-en');"
        "print('yaml' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
