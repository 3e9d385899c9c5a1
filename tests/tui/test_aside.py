"""What stands above or below a text: growing at its end is the same as being said anew."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from distq_tui.tui.text.aside import Aside


def said(*texts: str) -> Aside:
    aside = Aside()
    aside.rewrap(12)
    for text in texts:
        aside.say(text)
    return aside


@given(st.lists(st.text(max_size=30), max_size=5))
def test_what_was_said_before_makes_no_difference(texts):
    grown = ["".join(texts[: at + 1]) for at in range(len(texts))]
    for spoken in (texts, grown):
        assert said(*spoken).rows == said(*spoken[-1:]).rows


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_row_above_the_first_that_changed_is_another(one, other):
    aside = said(one)
    before = list(aside.rows)
    first = aside.say(other)
    assert (first is None) == (one == other)
    assert aside.rows[:first] == before[:first]


def test_nothing_said_has_no_rows():
    assert said("one").rows == ["one"]
    assert said("one", "").rows == []
