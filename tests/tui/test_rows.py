"""The prompt list's names: short, and never two alike."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distq_tui import events as ev
from distq_tui.tui.lines import rows
from distq_tui.tui.live import LiveRun

IDS = st.text("ab-/", min_size=1, max_size=30)
LONG = "similarity-" * 4


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


def test_names_of_many_prompts_are_made_later_and_cut_until_then(scripted, plan_of, monkeypatch):
    monkeypatch.setattr(rows, "NAMED_AT_ONCE", 3)
    plan = plan_of()
    probes = tuple(replace(probe, prompt_id=f"{'x' * 30}-{n}-{'y' * 30}") for n, probe in enumerate(plan.probes))
    live, jobs = LiveRun(scripted(replace(plan, probes=probes)), lambda: 0.0), []
    names = rows.RowNames(jobs.append)

    def told(width):
        return ["".join(text for text, _ in names.spans(live, row, width)).split()[-1] for row in live.rows]

    assert len(set(told(30))) == 1
    assert len(jobs) == 1
    assert len(set(told(24))) == 1
    first, second = jobs
    second()
    assert len(set(told(24))) == 4
    first()  # of a width that is no more
    assert len(set(told(24))) == 4
    assert len(jobs) == 2


def test_what_is_asked_is_one_line_with_the_whole_id(scripted, plan_of):
    live = LiveRun(scripted(plan_of(prompts=1, texts=["Who\n\n made  you?"])), lambda: 0.0)
    assert "".join(text for text, _ in rows.asked_spans(live, ("id-01", 0))) == "Who made you?  id-01"


def alike(live: LiveRun, prompt: str, value: float) -> None:
    live.apply(ev.RseScored(1, 2, "beta-large", "alpha-chat", prompt, value, value, value))


@pytest.mark.parametrize(("width", "told"), [(21, "·w id-01         .41"), (20, "·w id-01")])
def test_a_score_stands_at_the_end_of_its_line_where_names_keep_room(scripted, width, told):
    live = LiveRun(scripted(), lambda: 0.0)
    alike(live, "id-01", 0.414)
    names = rows.RowNames()
    assert "".join(text for text, _ in names.spans(live, ("id-01", 0), width)) == told
    assert "".join(text for text, _ in names.spans(live, ("id-02", 0), width)) == "·w id-02"


@pytest.mark.parametrize("value", [0.0, 0.414, 1.0])
def test_a_line_with_its_score_fits(scripted, plan_of, value):
    plan = plan_of(prompts=1)
    live = LiveRun(scripted(replace(plan, samples=2, probes=(replace(plan.probes[0], prompt_id=LONG),))), lambda: 0.0)
    alike(live, LONG, value)
    for width in range(14, 60):
        for sample in range(2):
            line = "".join(text for text, _ in rows.RowNames().spans(live, (LONG, sample), width))
            assert len(line) <= max(width - rows.CURSOR, rows.LEAST + len("·w  #2"))
