"""Numbers and states in words."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from distq_tui.events import ScoreUpdated
from distq_tui.tui.text import words


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "n/a"), (0, "$0.00"), (0.0123, "$0.0123"), (1.5, "$1.50"), (1234.0, "$1234.00")]
)
def test_money_unknown_is_never_zero(value, shown):
    assert words.money(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(None, "–"), (0.224, ".22"), (1.0, "1.00"), (0.0, ".00")])
def test_share(value, shown):
    assert words.share(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(2.14, "2.1s"), (65, "1:05"), (7380, "2h 03m")])
def test_seconds(value, shown):
    assert words.seconds(value) == shown


def test_tokens():
    assert words.tokens(412) == "412 tok"
    assert words.tokens(12_345, rough=True) == "~12.3k tok"


def test_interval_without_a_value_is_a_dash():
    score = ScoreUpdated("rse", ("a", "b"), None, None, None, 0, 0, "")
    assert words.interval(score) == "–"
    assert words.interval(ScoreUpdated("rse", ("a", "b"), 0.4, 0.3, 0.5, 9, 9, "")) == ".40 [.30,.50]"


def test_a_bar_shows_ends_and_middle():
    assert words.bar(0.2, 0.5, 0.8, 11) == "··├──●──┤··"
    assert len(words.bar(0, 0, 1, 20)) == 20


def test_every_state_has_a_sign_and_a_letter_of_its_own():
    assert len(set(words.GLYPHS.values())) == len(words.GLYPHS)
    assert len(set(words.LETTERS.values())) == len(words.LETTERS)


def test_a_long_name_is_cut_in_the_middle():
    assert words.middle("id-en-cooperation-1", 12) == "id-en-…ion-1"
    assert words.middle("short", 12) == "short"


@pytest.mark.parametrize("width", range(3, 20))
def test_a_name_of_wide_characters_is_cut_by_columns_and_keeps_both_ends(width):
    cut = words.middle("通义千问-72b-聊天", width)
    assert cell_len(cut) <= width
    assert width < 6 or (cut[0], cut[-1]) == ("通", "天")
    assert words.middle("通义千问", 8) == "通义千问"


def test_a_parameter_keeps_every_digit():
    assert words.parameter(518_804_123) == "518804123"
    assert words.parameter(2**53) == "9007199254740992"
    assert words.parameter(0.7) == "0.7"
    assert words.parameter(1.0) == "1"


def test_one_of_a_kind_has_no_plural():
    assert [words.plural(number, "cluster") for number in (0, 1, 2)] == ["0 clusters", "1 cluster", "2 clusters"]


def test_whole_words_are_kept_and_no_sign_between_them_hangs():
    assert words.whole("n 84 · confidence sequence", 26) == "n 84 · confidence sequence"
    assert words.whole("n 84 · confidence sequence", 25) == "n 84 · confidence…"
    assert words.whole("n 84 · confidence sequence", 12) == "n 84…"
    assert words.whole("confidence sequence", 3) == "confidence…"
