"""Wrapping: a text that came in pieces is wrapped as the whole text is, and no row is wider than the room."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from distq_tui.tui.text.safe import clean
from distq_tui.tui.text.wrap import Wrapped

TEXT = st.text(alphabet="ab -.,。，的国\n e", max_size=80)


@given(st.lists(TEXT, max_size=6), st.integers(2, 20))
def test_pieces_wrap_like_the_whole(parts, width):
    pieces, whole = Wrapped(width), Wrapped(width)
    for part in parts:
        pieces.append(part)
    whole.append("".join(parts))
    assert pieces.rows == whole.rows
    assert pieces.starts == whole.starts
    assert pieces.text == "".join(parts)


@given(TEXT, st.integers(2, 20))
def test_rows_fit_and_are_pieces_of_the_text(text, width):
    wrapped = Wrapped(width)
    wrapped.append(text)
    assert all(cell_len(row) <= width for row in wrapped.rows)
    for row, start in zip(wrapped.rows, wrapped.starts, strict=True):
        assert text[start : start + len(row)] == row


@given(TEXT, st.integers(2, 20), st.integers(2, 20))
def test_another_width_is_as_if_it_had_been_there_from_the_start(text, before, after):
    wrapped, fresh = Wrapped(before), Wrapped(after)
    wrapped.append(text)
    wrapped.rewrap(after)
    fresh.append(text)
    assert wrapped.rows == fresh.rows


@given(st.text(max_size=60), st.integers(2, 20))
def test_any_cleaned_text_fits(text, width):
    wrapped = Wrapped(width)
    wrapped.append(clean(text))
    assert all(cell_len(row) <= width for row in wrapped.rows)


def test_words_stay_whole_and_the_space_goes_with_the_break():
    wrapped = Wrapped(9)
    wrapped.append("one three seven longerthanthat end")
    assert wrapped.rows == ["one three", "seven ", "longertha", "nthat end"]


def test_chinese_breaks_anywhere_but_no_row_begins_with_a_full_stop():
    wrapped = Wrapped(8)
    wrapped.append("我是由公。司")
    assert wrapped.rows == ["我是由", "公。司"]


def test_a_line_of_a_million_characters_is_wrapped_at_once():
    for text in ("x" * 1_000_000, "的" * 300_000):
        wrapped = Wrapped(80)
        before = time.process_time()
        wrapped.append(text)
        assert time.process_time() - before < 3
        assert sum(map(len, wrapped.rows)) == len(text)


def test_an_append_looks_only_at_the_last_row():
    wrapped = Wrapped(80)
    wrapped.append("word " * 20_000)
    last = len(wrapped.rows) - 1
    assert wrapped.append("more") == last
