"""The one line that bad input gives, and what of outside text may reach a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distq_tui.errors import InputError, one_line, visible


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ({}, "is wrong"),
        ({"file": "p.toml"}, "p.toml: is wrong"),
        ({"file": "p.toml", "line": 3}, "p.toml:3: is wrong"),
        ({"file": "p.toml", "line": 3, "field": "models[0].name"}, "p.toml:3: models[0].name: is wrong"),
        ({"field": "seed"}, "seed: is wrong"),
        ({"line": 3}, "is wrong"),
    ],
)
def test_the_line_names_file_line_and_field_where_they_are_known(where, line):
    assert str(InputError("is wrong", **where)) == line


def test_the_line_is_one_line_without_escapes():
    told = str(InputError("a\nb \x1b[31mred\x1b[0m \u202eevil\u2028x", file="\x07.toml"))
    assert told == "\ufffd.toml: a b \ufffd[31mred\ufffd[0m \ufffdevil x"


@given(st.text())
def test_nothing_acts_on_a_terminal(text):
    for told in (visible(text), one_line(text)):
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in told)
        assert not set(told) & set(
            "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufeff"
        )
        assert len(told.splitlines()) <= 1
    assert len(visible(text)) == len(text), "offsets stay what they were"


@pytest.mark.parametrize("text", ["plain", "Chinese 你好", "accents é ü", "emoji 🙂", "", "two  spaces"])
def test_harmless_text_is_left_alone(text):
    assert visible(text) == text
