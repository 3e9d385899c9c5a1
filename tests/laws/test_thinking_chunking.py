"""Any chunking of an answer gives the same reasoning and the same answer as the whole."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from distq_tui.providers.thinking import ThinkSplitter

PARTS = st.sampled_from(["<think>", "</think>", "<", "</", "think>", "<thin", "`", '"', "\n", " ", "why", "模型", ">"])
TEXTS = st.lists(PARTS, max_size=12).map("".join)


def outcome(parts: list[str]) -> tuple[str, str]:
    splitter = ThinkSplitter()
    reasoning = answer = ""
    for piece in [piece for part in parts for piece in splitter.feed(part)] + list(splitter.flush()):
        if piece.void:
            reasoning, answer = reasoning + answer, ""
        reasoning, answer = reasoning + piece.reasoning, answer + piece.text
    return reasoning, answer


@given(TEXTS, st.lists(st.integers(0, 60), max_size=8))
def test_any_chunking_gives_the_same_split(text: str, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    parts = [text[start:end] for start, end in itertools.pairwise(edges)]
    assert outcome(parts) == outcome([text])


@given(TEXTS)
def test_at_most_one_tag_of_each_kind_and_blanks_are_lost(text: str) -> None:
    opened = text.lstrip().removeprefix("<think>")
    possible = {text, text.replace("</think>", "", 1), opened, opened.replace("</think>", "", 1)}
    assert "".join("".join(outcome([text])).split()) in {"".join(one.split()) for one in possible}


@given(TEXTS.filter(lambda text: "</think>" not in text and not text.lstrip().startswith("<think>")))
def test_a_text_without_tags_is_the_answer_as_it_is(text: str) -> None:
    assert outcome([text]) == ("", text)
