"""Markdown on the screen: blocks as lines, and nothing a terminal or Textual acts on."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from distq_tui.tui.text.markdown import LIMIT, markdown_lines

PIECES = ["# h\n", "**b**", "*i*", "`c`", "[x](http://e)", "```\ncode\n```\n", "> ", "- a\n", "1. ", "|a|b|\n|-|-|\n"]
PIECES += ["&#27;]8;;x", "\x1b[2J", "&#x9b;", "&#8238;", "&#7;", "<b>", "的", "\n\n", "\ud800", "[@click=app.quit]x[/]"]
PIECES += ["  ", "---\n", "![i](u)", "    indented\n"]
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=14).map("".join)


def plain(lines) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


@settings(deadline=None)
@given(TEXT, st.integers(10, 60))
def test_any_text_is_harmless_lines_of_the_width(text, width):
    for line in markdown_lines(text, width):
        shown = "".join(part for part, _ in line)
        assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs"}
        assert cell_len(shown) <= width


@pytest.mark.parametrize(
    ("text", "word", "role"),
    [("# Title", "Title", "key"), ("a **bold** word", "bold", "strong"), ("an *em* word", "em", "em")],
)
def test_weight_is_kept_as_a_role(text, word, role):
    assert (word, role) in [(part.strip(), role) for line in markdown_lines(text, 40) for part, role in line]


def test_a_link_is_text_with_its_address():
    assert "here (http://e)" in plain(markdown_lines("[here](http://e)", 40))


def test_a_text_that_was_cut_says_so():
    assert "7 more characters" in plain(markdown_lines("a\n" * (LIMIT // 2) + "b" * 7, 40)[-3:])
