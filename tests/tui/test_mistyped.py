"""What a filter without a hit says: a term that can match nothing is told with what is near it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distq_tui.tui.lines.mistyped import unmatched
from distq_tui.tui.live import LiveRun


@pytest.fixture
def live(scripted) -> LiveRun:
    return LiveRun(scripted(), lambda: 0.0)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("is:faild", "is:faild matches nothing (is:failed?)"),
        ("is:Failed lang:ne", "lang:ne matches nothing (lang:en?)"),
        ("is:contradict", "is:contradict matches nothing (is:contradiction or is:conflict?)"),
        ("who model:alfa-chat", "model:alfa-chat matches nothing (model:alpha-chat?)"),
        ("modle:alpha", "modle:alpha matches nothing (model:alpha?)"),
        ("score=0.6", "score=0.6 matches nothing (score>0.6 or score<=.5?)"),
        ("set:xyz", "set:xyz matches nothing (set:identity-en?)"),
    ],
)
def test_a_typo_is_told_with_what_is_near(live, query, told):
    assert unmatched(live, query) == told


@pytest.mark.parametrize("query", ["zebra", "is:conflict model:alpha", "is:", "Q: who", "score>0.6", "lang:EN is:part"])
def test_terms_that_could_match_are_not_called_typos(live, query):
    assert unmatched(live, query) == f"no prompt matches {query!r}"


def test_of_what_a_run_has_none_nothing_is_offered(live):
    live.probes.clear()
    assert unmatched(live, "lang:en") == "lang:en matches nothing"


@given(st.text(max_size=30))
def test_it_says_something_of_any_query(query):
    class Nothing:
        titles: tuple[str, ...] = ()
        probes: dict[str, object] = {}  # noqa: RUF012

    assert unmatched(Nothing(), query)
