"""Lines of spans that are wrapped: none is wider than its room, and those after the first hang."""

from __future__ import annotations

import pytest

from distq_tui.tui.text.flow import hanging
from distq_tui.tui.text.spans import width_of

QUOTE = [("      ", "dim"), ("I am 通义千问, a model of Alibaba Cloud, and I said so twice", ""), ("  id-zh-1", "key")]


@pytest.mark.parametrize("width", range(12, 90, 7))
def test_what_has_no_room_hangs_under_its_line(width):
    rows = hanging(QUOTE, width)
    assert all(width_of(row) <= width for row in rows)
    texts = ["".join(text for text, _ in row) for row in rows]
    assert texts[0].startswith("      I am")
    assert all(text.startswith("        ") for text in texts[1:])
    assert "".join(texts).replace(" ", "") == "".join(text for text, _ in QUOTE).replace(" ", "")


def test_a_line_with_room_stays_as_it_is():
    assert hanging(QUOTE, 200) == [QUOTE]
    assert hanging([], 10) == [[]]
