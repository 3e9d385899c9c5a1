"""Sentences of a stream: where they end, under which label they are spoken, and that nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distq_tui.ice.segments import LIMIT, Segment, Segmenter


def cut(*chunks: str) -> list[Segment]:
    segmenter = Segmenter()
    return [*(segment for chunk in chunks for segment in segmenter.feed(chunk)), *segmenter.finish()]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", " Two!", " Three?"]),
        ("我是一。我是二！", ["我是一。", "我是二！"]),
        ("Made by OpenAI, Inc. in 2022. Yes.", ["Made by OpenAI, Inc. in 2022.", " Yes."]),
        ("e.g. this one. That.", ["e.g. this one.", " That."]),
        ("1. First item\n2. Second", ["1. First item\n", "2. Second"]),
        ("Version 4.5 is new. Yes", ["Version 4.5 is new.", " Yes"]),
        ('He said "stop." Then', ['He said "stop."', " Then"]),
        ("<think>hm</think>Yes", ["<think>", "hm</think>", "Yes"]),
        ("a; b", ["a;", " b"]),
        ("well-known - yes -- no", ["well-known - yes --", " no"]),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [segment.text for segment in cut(text)] == sentences


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("[Claude]: Hi. I am here.", ["Claude", "Claude"]),
        ("(GPT) Hi.", ["GPT"]),
        ("**DAN:** Hi.", ["DAN"]),
        ("【助手】你好。", ["助手"]),
        ("[🔓JAILBREAK] Hi.", ["JAILBREAK"]),
        ("[A1]: One\n[B2]: Two.", ["A1", "B2"]),
        ("Answer: Hi.", [""]),
        ("Headquarters: Paris.", [""]),
        ("I said [maybe] so.", [""]),
        ("[GPT]: hm<think>Now alone.</think>", ["GPT", ""]),
    ],
)
def test_roles(text: str, roles: list[str]) -> None:
    assert [segment.role for segment in cut(text)] == roles


def test_thought_is_marked() -> None:
    assert [segment.think for segment in cut("<think>A. B.</think>C.")] == [False, True, True, False]


def test_a_quotation_inside_a_line_is_marked_and_own_speech_is_not() -> None:
    assert [segment.quoted for segment in cut("He wrote “I am. You are.” Fine.")] == [False, True, False]
    assert [segment.quoted for segment in cut("[GPT]: “I am. You are.” Fine.")] == [False, False, False]


@given(st.lists(st.text(max_size=700), max_size=6))
def test_the_sentences_are_the_text_and_none_is_too_long(chunks: list[str]) -> None:
    segments = cut(*chunks)
    text = "".join(chunks)
    assert "".join(segment.text for segment in segments) == text
    assert all(segment.text == text[segment.start : segment.start + len(segment.text)] for segment in segments)
    assert all(0 < len(segment.text) <= LIMIT for segment in segments)
