"""The prompt list's names: short, and never two alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distq_tui.tui import rows
from distq_tui.tui.live import LiveRun

IDS = st.text("ab-/", min_size=1, max_size=30)


@given(st.lists(IDS, unique=True, max_size=40), st.integers(rows.LEAST, 20))
def test_names_fit_and_no_two_are_alike(ids, width):
    names = rows.short_names(ids, width)
    assert list(names) == ids
    assert len(set(names.values())) == len(ids)
    assert all(len(name) <= width for name in names.values())


def test_a_name_that_fits_stays_and_a_longer_one_is_cut_in_the_middle():
    names = rows.short_names(["id-01", "id-en-cooperation-1", "id-en-cooperation-2"], 15)
    assert list(names.values()) == ["id-01", "id-en-c…ation-1", "id-en-c…ation-2"]


def test_templates_of_one_question_lose_what_they_share():
    ids = [f"en-role-{who}/id-en-cooperation-1" for who in ("librarian", "receptionist")]
    assert list(rows.short_names(ids, 15).values()) == ["…librar…ation-1", "…recept…ation-1"]


def test_what_differs_only_inside_is_numbered():
    ids = [f"template-{inside}{'y' * 40}/id-en-cooperation-1" for inside in ("z" * 20, "x" * 20 + "1", "x" * 20 + "2")]
    assert list(rows.short_names(ids, 12).values()) == ["…zzzzz…ion-1", "…xxxxx…ion-1", "templ…on-1~2"]


@pytest.mark.parametrize("sample", [0, 1])
def test_the_samples_of_a_prompt_share_its_name(scripted, plan_of, sample):
    live = LiveRun(scripted(plan_of(prompts=1)), lambda: 0.0)
    live._summarise("id-01", 1)
    spans = rows.RowNames().spans(live, ("id-01", sample), 20)
    assert "".join(text for text, _ in spans) == ["·w id-01", "·w id-01 #2"][sample]


def test_what_is_asked_is_one_line_with_the_whole_id(scripted, plan_of):
    live = LiveRun(scripted(plan_of(prompts=1, texts=["Who\n\n made  you?"])), lambda: 0.0)
    assert "".join(text for text, _ in rows.asked_spans(live, ("id-01", 0))) == "Who made you?  id-01"
