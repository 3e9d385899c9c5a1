"""Inline reasoning: which texts hold any, and what the splitter says of them."""

import pytest

from distq_tui.providers.thinking import ThinkSplitter


def split(*parts: str) -> tuple[str, str]:
    """Reasoning and answer, as the engine keeps them."""
    splitter = ThinkSplitter()
    reasoning = answer = ""
    for piece in [piece for part in parts for piece in splitter.feed(part)] + list(splitter.flush()):
        if piece.void:
            reasoning, answer = reasoning + answer, ""
        reasoning, answer = reasoning + piece.reasoning, answer + piece.text
    return reasoning, answer


@pytest.mark.parametrize(
    ("text", "reasoning", "answer"),
    [
        ("plain", "", "plain"),
        ("", "", ""),
        ("  \n indented", "", "  \n indented"),
        ("<think>why</think>\n\nbecause", "why", "because"),
        ("\n<think>\nwhy\n</think>because ", "\nwhy\n", "because "),
        ("<think></think>yes", "", "yes"),
        ("<think>never closed", "never closed", ""),
        ("why\n</think>\n\nbecause", "why\n", "because"),
        ("</think>\nyes", "", "yes"),
        ("say <think>no</think>", "say <think>no", ""),
        ("write `</think>` at the end</think>", "", "write `</think>` at the end</think>"),
        ("<think>a</think>b <think>c</think>", "a", "b <think>c</think>"),
        ("<thinking>is another tag", "", "<thinking>is another tag"),
        ("a < b and b <", "", "a < b and b <"),
        ("<thi", "", "<thi"),
        ("<think>a</thin", "a</thin", ""),
    ],
)
def test_reasoning_and_answer(text: str, reasoning: str, answer: str) -> None:
    assert split(text) == (reasoning, answer)
    assert split(*text) == (reasoning, answer)


def test_text_is_given_as_soon_as_no_tag_can_be_under_way() -> None:
    splitter = ThinkSplitter()
    assert [piece.text for piece in splitter.feed("Hello <")] == ["Hello "]
    assert [piece.text for piece in splitter.feed("3")] == ["<3"]


def test_reasoning_is_given_while_it_streams() -> None:
    splitter = ThinkSplitter()
    assert [piece.reasoning for piece in splitter.feed("<think>let me")] == ["let me"]
