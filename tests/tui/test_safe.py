"""Cleaning: what a terminal could act on is made visible or dropped, the same for any cutting of the text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from distq_tui.tui.text.safe import Cleaner, clean, clean_line, label

HOSTILE = st.text(
    alphabet=st.sampled_from(list("ab的\n\t\r\x1b\x07\x9b\u202e\u200d\u200b\u0301\ufe0f\ud800\u2028 [/]"))
)


@given(st.lists(HOSTILE, max_size=5))
def test_pieces_clean_like_the_whole(parts):
    cleaner = Cleaner()
    assert "".join(cleaner.feed(part) for part in parts) == clean("".join(parts))


@given(st.text(max_size=80))
def test_nothing_is_left_that_a_terminal_acts_on(text):
    left = {unicodedata.category(char) for char in clean(text).replace("\n", "")}
    assert not left & {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"}


@given(HOSTILE, st.data())
def test_an_offset_of_the_original_leads_to_the_same_character(text, data):
    cleaner = Cleaner()
    cleaned = cleaner.feed(text)
    plain = [at for at, char in enumerate(text) if char in "ab的"]
    for at in plain:
        assert cleaned[cleaner.offset(at)] == text[at]


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("bell\x07", "bell␇"),
        ("\x9b2J", "\ufffd2J"),
        ("a\u202eb", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("a\tb", "a    b"),
        ("warn\ufe0f", "warn"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_examples(given_text, shown):
    assert clean(given_text) == shown


def test_a_flood_of_marks_and_of_invisibles_is_cut():
    assert clean("e" + "\u0301" * 5000) == "e" + "\u0301" * 3
    assert clean("a" + "\u200b" * 5000 + "b") == "ab"


def test_a_mark_without_a_base_is_dropped():
    assert clean("\u0301a") == "a"


@given(st.text(max_size=2000))
def test_a_line_is_one_line_of_limited_length(text):
    line = clean_line(text, 40)
    assert "\n" not in line
    assert len(line) <= 40
    assert cell_len(line) <= 80


def test_a_label_reads_no_markup():
    assert label("[@click=app.quit]x[/] [bold]").plain == "[@click=app.quit]x[/] [bold]"
    assert not label("[red]x").spans
