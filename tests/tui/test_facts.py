"""What Detail says of an answer: where it was had from, and how old it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from distq_tui.events import Response
from distq_tui.state import Cell
from distq_tui.tui.lines.facts import answer_rows
from distq_tui.tui.text import words

NOW = datetime(2026, 3, 4, 12, 0, 0, tzinfo=UTC)


def told_from(**values) -> str:
    queued = values.pop("queued_at", "2026-03-01T10:00:00.250Z")
    cell = Cell("m", "p", 0, state="done", response=Response("ok", "text", queued_at=queued), **values)
    return next("".join(text for text, _ in row) for row in answer_rows(cell, NOW) if row[0][0].startswith("from "))


def test_an_answer_from_the_cache_has_its_age():
    assert told_from(cached=True) == "from         the cache, asked 3 days ago, at 2026-03-01 10:00:00 UTC"


def test_one_of_this_run_and_one_from_before_it_was_resumed_differ():
    assert told_from(queued_at="2026-03-04T11:59:58Z").endswith("this run, asked just now, at 2026-03-04 11:59:58 UTC")
    assert "this session, before it was resumed, asked 3 days ago" in told_from(cached=True, resumed=True)


def test_without_a_time_there_is_no_age():
    assert told_from(queued_at="").endswith("this run")


@pytest.mark.parametrize(
    ("then", "age"),
    [
        ("2026-03-04T12:00:00Z", "just now"),
        ("2026-03-04T12:00:30Z", "just now"),  # another machine's clock
        ("2026-03-04T11:59:00Z", "1 minute ago"),
        ("2026-03-04T10:01:00Z", "1 hour ago"),
        ("2026-03-04T13:30:00+08:00", "6 hours ago"),
        ("2025-03-04T12:00:00Z", "365 days ago"),
    ],
)
def test_an_age_is_in_its_greatest_unit(then, age):
    assert words.ago(then, NOW).startswith(f"{age}, at 20")


@pytest.mark.parametrize("then", ["", "yesterday", "0001-01-01T00:00:00+14:00", "\x1b[2J"])
def test_what_is_no_time_has_no_age(then):
    assert words.ago(then, NOW) == ""
