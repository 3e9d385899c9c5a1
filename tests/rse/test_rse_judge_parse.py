"""A judge's reply is read however it is wrapped, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distq_tui.rse.judging.parse import Grades, parse_grades

GOOD = Grades(2, 1, 0, 4)


@pytest.mark.parametrize(
    "reply",
    [
        '{"content": 2, "structure": 1, "style": 0, "overall": 4}',
        'They agree.\n```json\n{"content": 2, "structure": 1, "style": 0, "overall": 4}\n```\nDone.',
        '{"Content": "2", "STRUCTURE": 1.0, "style": 0, "overall": 4, "why": "same points"}',
        '{"grades": {"content": 2, "structure": 1, "style": 0, "overall": 4}}',
        '{"content": 0, "structure": 0, "style": 0, "overall": 1} no, rather '
        '{"content": 2, "structure": 1, "style": 0, "overall": 4}',
        '{"content": 2, "structure": 1, "style": 0, "overall": 4} {"note": 1}',
        "content: 2\nstructure: 1\nstyle: 0\noverall: 4",
        "**Content**: 2/2\n**Structure**: 1/2\n**Style**: 0/2\n**Overall**: 4/5",
        "- Content similarity (0-2) = 2\n- Structure (0-2) = 1\n- Style (0-2) = 0\n- Overall grade (1-5) = 4",
        "<content>2</content><structure>1</structure><style>0</style><overall>4</overall>",
        "{'content': 2, 'structure': 1, 'style': 0, 'overall': 4}",
        "<think>content: 0 or 9?</think>content 2, structure 1, style 0, overall 4",
        "maybe 0s?</think>\ncontent 2, structure 1, style 0, overall 4",
        "Content — 2\nStructure — 1\nStyle — 0\nOverall — 4 out of 5",
    ],
)
def test_read(reply):
    assert parse_grades(reply) == GOOD


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "They are very similar.",
        '{"content": 2, "structure": 1, "style": 0}',
        '{"content": 3, "structure": 1, "style": 0, "overall": 4}',
        '{"content": 2, "structure": 1, "style": 0, "overall": 0}',
        '{"content": 2, "structure": 1, "style": 0, "overall": 6}',
        '{"content": 1.5, "structure": 1, "style": 0, "overall": 4}',
        '{"content": true, "structure": 1, "style": 0, "overall": 4}',
        '{"content": -1, "structure": 1, "style": 0, "overall": 4}',
        '{"content": NaN, "structure": 1, "style": 0, "overall": Infinity}',
        "content: 2\nstructure: 1\nstyle: 0\noverall: 4.5",
        "content: 2\nstructure: 1\nstyle: 0\noverall: 45",
        "content:\n2\nstructure: 1\nstyle: 0\noverall: 4",
        "<think>content 2, structure 1, style 0, overall 4</think>",
        "<think>content 2, structure 1, style 0, overall 4",
    ],
)
def test_not_guessed(reply):
    assert parse_grades(reply) is None


@pytest.mark.parametrize("bracket", ["[", "{", "(", "content: ("])
def test_a_reply_of_nothing_but_brackets_is_read_quickly(bracket):
    assert parse_grades(bracket * 20_000) is None


@given(st.text())
def test_any_text_is_read_or_not_but_never_breaks(text):
    found = parse_grades(text)
    assert found is None or 1 <= found.overall <= 5


@given(st.integers(-2, 4), st.integers(-2, 4), st.integers(-2, 4), st.integers(-2, 8))
def test_out_of_range_is_no_grade(content, structure, style, overall):
    reply = f'{{"content": {content}, "structure": {structure}, "style": {style}, "overall": {overall}}}'
    valid = content in range(3) and structure in range(3) and style in range(3) and overall in range(1, 6)
    found = parse_grades(reply)
    assert found == (Grades(content, structure, style, overall) if valid else None)
