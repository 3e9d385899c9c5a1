"""Outside text made harmless, whatever it holds."""

from __future__ import annotations

import html
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distq_tui.events import Mark
from distq_tui.formats.csv_cells import csv_cell, csv_text
from distq_tui.report.plain_json import stable_json
from distq_tui.report.spans import CONTEXT, pieces, quotes
from distq_tui.report.text import breakable, html_text, md_fence, md_text, visible

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"]),
        st.sampled_from("\x00\x07\x1b\r\n\t\x7f\x9b\u200b\u202e\u2066\u2028\ufeff\ud800<>&\"'`|*_[]()!#\\$~"),
    )
)
MARKS = st.lists(
    st.builds(
        Mark, st.integers(-3, 40), st.integers(-3, 40), st.sampled_from(["conflict", "own", "other"]), st.just("rule")
    ),
    max_size=6,
)


def harmless(text: str) -> bool:
    return not any(
        unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c not in "\n\t\u200c\u200d" for c in text
    )


@given(HOSTILE)
def test_nothing_that_acts_or_hides_is_left(text):
    assert harmless(visible(text))
    assert harmless(md_fence(text))


def test_what_was_hidden_can_be_read():
    assert visible("a\x1b[31mb\u202ec\x9bd") == "a␛[31mb⟨U+202E⟩c⟨U+009B⟩d"


def test_what_shapes_letters_and_ends_lines_stays():
    text = "می\u200cخواهم 👩\u200d💻\n\t中文。"
    assert visible(text) == text


@given(HOSTILE)
def test_html_has_no_markup_of_the_text(text):
    for shown in (html_text(text), breakable(text).replace("<wbr>", "")):
        assert not set(shown) & set("<>\"'")
        assert html.unescape(shown) == visible(text)


def test_only_long_runs_are_breakable():
    assert breakable("a short text") == "a short text"
    assert breakable("x" * 45) == f"{'x' * 20}<wbr>{'x' * 25}"


@given(HOSTILE)
def test_markdown_stays_on_its_line(text):
    assert "\n" not in md_text(text)
    assert "||" not in md_text(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[x](http://evil.example)", r"\[x\](http\://evil.example)"),
        ("www.evil.example", r"www\.evil.example"),
        ("a|b", r"a\|b"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("===", r"\==="),
        ("-0.5", "-0.5"),
        ("0.5 and -1", "0.5 and -1"),
        ("<img src=x>", r"\<img src=x\>"),
        ("# head\n* item", r"\# head \* item"),
        ("a@b.example", r"a\@b.example"),
        ("`code` **bold** ~~no~~", r"\`code\` \*\*bold\*\* \~\~no\~\~"),
        ("c:\\dir", r"c:\\dir"),
    ],
)
def test_markdown_markup_is_taken_apart(text, shown):
    assert md_text(text) == shown


@given(st.text("`ab\n"))
def test_a_fence_is_longer_than_any_in_the_text(text):
    lines = md_fence(text).split("\n")
    fence = lines[-1]
    assert lines[0] == fence + "text"
    assert not any(line.startswith(fence) for line in lines[1:-1])


@given(HOSTILE, MARKS)
def test_pieces_are_the_text_whatever_the_marks(text, marks):
    cut = list(pieces(text, marks))
    assert "".join(piece for piece, _ in cut) == text
    assert all(piece for piece, _ in cut)


def test_a_conflict_wins_over_what_it_overlaps():
    marks = (Mark(0, 9, "own", "a"), Mark(5, 12, "conflict", "b"), Mark(15, 16, "other", "c"))
    cut = [(piece, mark and mark.kind) for piece, mark in pieces("abcd fghijkl n op qr", marks)]
    assert cut == [("abcd ", None), ("fghijkl", "conflict"), (" n ", None), ("op", "other"), (" qr", None)]


def test_offsets_are_code_points():
    assert list(quotes("我是😀ChatGPT。", (Mark(3, 10, "conflict", "r"),))) == [("我是😀", "ChatGPT", "。")]


def quoted(text: str, piece: str) -> tuple[str, str, str]:
    start = text.index(piece)
    (found,) = quotes(text, (Mark(start, start + len(piece), "conflict", "r"),))
    return found


@pytest.mark.parametrize(
    ("text", "piece", "shown"),
    [
        ("Hello. I was made by OpenAI, yes! And so on.", "by Open", ("I was made ", "by OpenAI", ", yes!")),
        ("I'm ChatGPT.\nReally.", "ChatGPT", ("I'm ", "ChatGPT", ".")),
        ("Sure. I am Claude. Ask me.", "I am Claude.", ("", "I am Claude.", "")),
        ("你好。我是ChatGPT模型。再见。", "Chat", ("我是", "ChatGPT", "模型。")),
        ("Version 3.5 of GPT", "GPT", ("Version 3.5 of ", "GPT", "")),
        ("one " * 60 + "GPT" + " two" * 60, "GPT", ("…" + "one " * 39, "GPT", " two" * 39 + "…")),
    ],
)
def test_evidence_is_quoted_in_whole_words_with_its_sentence(text, piece, shown):
    assert quoted(text, piece) == shown


def test_what_has_no_words_is_cut_and_says_so():
    before, piece, after = quoted("一" * 500 + "X" + "二" * 500, "X")
    assert (before, piece, after) == ("…" + "一" * CONTEXT, "X", "二" * CONTEXT + "…")
    before, piece, after = quoted("a" * 500 + "X" + "b" * 500, "X")
    assert (before, piece, after) == ("…" + "a" * CONTEXT, "X", "b" * CONTEXT + "…")


@given(HOSTILE, MARKS)
def test_quotes_are_of_the_text(text, marks):
    for before, piece, after in quotes(text, marks):
        assert before.removeprefix("…") + piece + after.removesuffix("…") in text


@pytest.mark.parametrize("start", "=+-@\t\r")
def test_a_formula_gets_an_apostrophe(start):
    assert csv_cell(f"{start}1+1") == f"'{start}1+1"


def test_numbers_are_no_formulas():
    assert [csv_cell(value) for value in (-1, -0.5, None, True, "a=b")] == [-1, -0.5, "", 1, "a=b"]


def test_csv_is_rfc_4180():
    assert csv_text(("a", "b"), [("x,y", 'say "hi"\nthere')]) == 'a,b\r\n"x,y","say ""hi""\nthere"\r\n'


@given(HOSTILE)
def test_json_is_the_same_value_and_harmless(text):
    shown = stable_json({"b": text, "a": 1}, indent=None)
    assert json.loads(shown) == {"a": 1, "b": text}
    assert harmless(shown)


def test_json_keeps_other_scripts_readable():
    assert stable_json("中文") == '"中文"\n'


def test_json_has_no_nan():
    with pytest.raises(ValueError, match="JSON"):
        stable_json(float("nan"))
