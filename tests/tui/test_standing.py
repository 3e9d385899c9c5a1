"""The line of a pane's lower border: what it tells, and that it is never cut inside a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from distq_tui.events import Response, Usage
from distq_tui.state import Cell
from distq_tui.tui.lines.standing import Pace, pace_of, reasoning_lead, standing

FOLLOW = ("FOLLOW", "key")


def running(**more) -> Cell:
    return Cell("m", "p", 0, "running", "text", **more)


def finished(source="reported", first=200, total=2200, cost=0.0012) -> Cell:
    usage = Usage(12, 82, source)
    response = Response("ok", "text", usage=usage, first_token_ms=first, total_ms=total, finish_reason="stop")
    return Cell("m", "p", 0, "done", "text", response=response, cost=cost)


def told(cell: Cell, width: int = 200, **more) -> str:
    return "".join(text for text, _ in standing(cell, width, **more))


def test_all_of_a_running_answer():
    line = told(running(cost=0.0012), tokens=127.6, seconds=4.0, pace=41.2, mark=FOLLOW)
    assert line == "~128 tok · ~41/s · 4.0s · $0.0012 · ▶ running · FOLLOW"


def test_all_of_a_finished_answer_as_the_server_counted_it():
    assert told(finished()) == "82 tok · 41/s · 2.2s · $0.0012 · ✓ done"


def test_what_is_estimated_stays_marked():
    assert told(finished("estimated")).startswith("~82 tok · ~41/s · ")


@pytest.mark.parametrize(("first", "total"), [(None, 2200), (2150, 2200), (200, None)])
def test_an_answer_that_came_at_once_has_no_rate(first, total):
    response = finished(first=first, total=total).response
    assert response is not None
    assert pace_of(response) is None


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (53, "~128 tok · ~41/s · 4.0s · $0.0012 · ▶ FOLLOW"),
        (43, "~128 tok · ~41/s · 4.0s · ▶ FOLLOW"),
        (33, "~128 tok · ~41/s · ▶ FOLLOW"),
        (26, "~128 tok · ▶ FOLLOW"),
        (10, "▶ FOLLOW"),
    ],
)
def test_the_least_important_goes_first(width, line):
    assert told(running(cost=0.0012), width, tokens=128, seconds=4.0, pace=41.2, mark=FOLLOW) == line


def test_from_the_cache_is_said_shortly_where_there_is_little_room():
    cell = finished()
    cell.cached = True
    assert told(cell) == "82 tok · 41/s · 2.2s · $0.0012 · ✓ done · cached"
    assert told(cell, 30) == "82 tok · 41/s · ✓ cached"


def test_a_servers_long_words_end_after_a_word():
    cell = Cell("m", "p", 0, "retrying", note="retry in 2.5 s: 429 too many requests, slow down")
    assert told(cell, 26) == "↻ retry in 2.5 s: 429 too…"


def test_reasoning_is_counted_until_there_is_text():
    assert told(Cell("m", "p", 0, "running", reasoning="x" * 1234)) == "thinking 1 234 chars · ▶ running"


def test_folded_reasoning_is_one_line_in_the_fullest_form_that_fits():
    cell = Cell("m", "p", 0, reasoning="x" * 1234)
    for width, line in (
        (39, "reasoning, 1 234 characters; u shows it"),
        (38, "reasoning 1 234 chars; u shows"),
        (29, "reasoning 1 234; u"),
        (10, "1 234; u"),
    ):
        assert reasoning_lead(cell, width, unfolded=False) == line
    assert reasoning_lead(cell, 20, unfolded=True) == "reasoning; u folds it\n" + "x" * 1234
    assert reasoning_lead(Cell("m", "p", 0), 20, unfolded=True) == ""


@given(st.integers(8, 80), st.floats(0, 99_999), st.floats(0, 9e4), st.none() | st.floats(0, 5000), st.booleans())
def test_it_fits_and_every_word_of_it_is_whole(width, tokens, seconds, pace, follows):
    mark = FOLLOW if follows else ("PAUSED +12345", "warn")
    cell = running(cost=0.01)
    line = told(cell, width, tokens=tokens, seconds=seconds, pace=pace, mark=mark)
    every = told(cell, 500, tokens=tokens, seconds=seconds, pace=pace, mark=mark).split()
    assert cell_len(line) <= max(width, 9)
    assert all(word.rstrip("…") in every for word in line.split())
    assert "▶" in line


def test_the_pace_is_that_of_what_was_watched():
    pace = Pace()
    pace.saw(5.0, 0)  # waiting for the first token is no part of it
    pace.saw(9.0, 100)
    assert pace.value is None
    pace.saw(9.5, 150)
    assert pace.value is None, "too short"
    pace.saw(11.0, 180)
    assert pace.value == pytest.approx(40)
