"""The difference of two answers: nothing is lost, and what is common is told from what is not in any language."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from distq_tui.tui.text import differ
from distq_tui.tui.text.differ import Piece, compare, inline, side_by_side
from distq_tui.tui.text.safe import clean

TEXT = st.text(alphabet="ab 的国。\n\x1b\u0301", max_size=60)


def plain(line) -> str:
    return "".join(text for text, _ in line)


@given(TEXT, TEXT)
def test_each_text_is_its_pieces_put_together(before, after):
    pieces = compare(before, after)
    assert "".join(piece.before for piece in pieces) == clean(before) or not clean(before).split()
    assert "".join(piece.after for piece in pieces) == clean(after) or not clean(after).split()
    for piece in pieces:
        if piece.same:
            assert re.sub(" ", "", piece.before) == re.sub(" ", "", piece.after)


@given(TEXT, TEXT, st.integers(12, 60))
def test_no_line_is_wider_than_the_room(before, after, width):
    pieces = compare(before, after)
    for lines in (inline(pieces, width), side_by_side(pieces, width)):
        assert all(cell_len(plain(line)) <= width for line in lines)


def test_words_are_marked_whole_and_by_text():
    lines = inline(compare("I was made by OpenAI.", "I was made by DeepSeek."), 80)
    assert plain(lines[0]) == "I was made by [−OpenAI−]{+DeepSeek+}."
    assert [role for _, role in lines[0] if role] == ["removed", "added"]


def test_chinese_characters_are_not_one_long_word():
    pieces = compare("我是由深度求索公司开发的助手。", "我是由智谱公司开发的助手。")
    assert [piece for piece in pieces if not piece.same] == [Piece(False, "深度求索", "智谱")]


def test_common_line_ends_stand_side_by_side():
    lines = side_by_side(compare("one two three four five six\nend", "uno\nend"), 30)
    assert any(re.fullmatch(r"end +│ end", plain(line)) for line in lines)


def test_long_texts_are_compared_in_stretches(monkeypatch):
    monkeypatch.setattr(differ, "STRETCH", 8)
    before = " ".join(f"w{n}" for n in range(50))
    pieces = compare(before, before.replace("w31", "other"))
    assert [piece for piece in pieces if not piece.same] == [Piece(False, "w31 ", "other ")]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [("", "", "both are empty"), ("a b", "a b", "the same words"), ("a b c", "a b d", "67 % in common")],
)
def test_how_much_is_common(before, after, said):
    assert differ.told(compare(before, after)).startswith(said)
