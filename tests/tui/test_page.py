"""A page that grows: what it tells to have changed is all that did, and pieces make what the whole makes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from distq_tui.events import Mark
from distq_tui.tui.text.page import ASIDE, LEAD_BAR, Page

TEXTS = st.text("ab \n，中\u200b\x1b[m-", max_size=60)
STEPS = st.lists(st.tuples(TEXTS, st.none() | TEXTS, st.none() | TEXTS, st.integers(0, 30)), max_size=6)


def shown(page: Page) -> list[list[tuple[str, str]]]:
    return [page.spans(row) for row in range(page.height)]


def marks_up_to(length: int, size: int) -> tuple[Mark, ...]:
    return (Mark(0, min(size, length), "conflict"), Mark(min(size, length), length, "own")) if length else ()


@given(STEPS, st.integers(2, 20))
def test_no_row_before_the_one_that_is_told_looks_different(steps, width):
    page = Page()
    page.rewrap(width)
    given_so_far = ""
    for text, note, lead, size in steps:
        before = shown(page)
        given_so_far += text
        first = page.grow(text, marks_up_to(len(given_so_far), size), note, lead)
        assert shown(page)[:first] == before[:first]
        assert first <= len(before)


@given(STEPS, st.integers(2, 20))
def test_pieces_make_what_the_whole_makes(steps, width):
    grown, whole = Page(), Page()
    for page in (grown, whole):
        page.rewrap(width)
    text = "".join(step[0] for step in steps)
    for piece, note, lead, _ in steps:
        grown.grow(piece, None, note, lead)
    last = {at: next((step[at] for step in reversed(steps) if step[at] is not None), "") for at in (1, 2)}
    marks = marks_up_to(len(text), 7)
    grown.grow("", marks, None, None)
    whole.grow(text, marks, last[1], last[2])
    assert shown(grown) == shown(whole)
    assert "".join(part for row in shown(whole) for part, role in row if role != ASIDE) == "".join(
        whole.plain()[whole.text_top :]
    )


def test_rows_of_a_lead_bear_its_bar_and_the_text_follows():
    page = Page()
    page.rewrap(10)
    assert page.grow("I am Foo", (Mark(5, 8, "conflict"),), "a note", "thought") == 0
    assert shown(page) == [
        [(f"{LEAD_BAR}thought", ASIDE)],
        [("I am ", ""), ("Foo", "conflict")],
        [("a note", ASIDE)],
    ]
    assert (page.row_of(0), page.offset_of(0), page.offset_of(1)) == (1, None, 0)
