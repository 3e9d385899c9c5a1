"""The prompt list's filter: what its terms say of a row, in slices of any size."""

from __future__ import annotations

import pytest
from filtering import matching

from distq_tui import events as ev
from distq_tui.tui.lines.filters import parse
from distq_tui.tui.live import LiveRun


@pytest.fixture
def live(scripted) -> LiveRun:
    return LiveRun(scripted(), lambda: 0.0)


def test_filter_terms(live):
    query = parse("is:contradiction lang:zh set:ident who made")
    assert (query.states, query.languages, query.sets, query.text) == (("conflict",), ("zh",), ("ident",), "who made")


def test_score_terms_choose_by_the_similarity_of_target_and_reference(live):
    for prompt, value in (("id-01", 0.7), ("id-02", 0.5)):
        live.apply(ev.RseScored(1, 2, "beta-large", "alpha-chat", prompt, value, value, value))
    live.apply(ev.RseScored(1, 3, "alpha-chat", "gamma-7b", "id-03", 0.9, 0.9, 0.9))
    assert matching(live, "score>0.6") == [("id-01", 0)]
    assert matching(live, "score<=.5") == [("id-02", 0)]
    assert matching(live, "score>0.3 score<0.6") == [("id-02", 0)]
    assert matching(live, "score>=0") == [("id-01", 0), ("id-02", 0)], "a control is no reference"


def test_a_state_with_a_model_is_that_of_its_own_answer(live):
    for model, cls in (("alpha-chat", "error"), ("beta-large", "ok")):
        for prompt in ("id-01", "id-02"):
            response = ev.Response("ok" if prompt == "id-02" else cls, "x")
            live.apply(ev.TrialFinished("k", model, prompt, 0, response, False, 1))
    assert matching(live, "is:failed model:alpha") == [("id-01", 0)]
    assert matching(live, "is:failed model:beta") == []
    assert matching(live, "is:done model:beta") == [("id-01", 0), ("id-02", 0)]
    assert matching(live, "is:failed is:done model:alpha") == [("id-01", 0), ("id-02", 0)]
    assert matching(live, "is:failed model:alpha lang:zh") == []
    assert len(matching(live, "is:waiting model:gamma")) == 4


def test_contradiction_is_another_word_for_conflict(live):
    live.apply(ev.IceScored(1, "alpha-chat", "id-03", 0, True, True, False, False, (), ()))
    assert matching(live, "is:contradiction") == matching(live, "is:conflict") == [("id-03", 0)]


def test_filters_choose_rows(live):
    live.apply(ev.TrialStarted("k", "alpha-chat", "id-02", 0))
    live.apply(ev.IceScored(1, "alpha-chat", "id-03", 0, True, True, False, False, (), ()))
    assert matching(live, "is:running") == [("id-02", 0)]
    assert matching(live, "is:conflict model:alpha") == [("id-03", 0)]
    assert matching(live, "model:beta") == []
    assert matching(live, "Question 4")[0] == ("id-04", 0)
    assert matching(live, "id-01") == [("id-01", 0)]
    assert len(matching(live, "lang:en")) == 4
    assert matching(live, "lang:zh") == []
    assert matching(live, "is:nonsense") == []


@pytest.mark.parametrize("prompts", [0, 1, 14])
@pytest.mark.parametrize(
    "query", ["", "who made", "question 3", "made 2 who", "qestion 4", "id-1", "zebra", "lang:en 1", "is:waiting who"]
)
def test_slices_of_any_size_find_the_same(scripted, plan_of, query, prompts):
    live = LiveRun(scripted(plan_of(prompts=prompts)), lambda: 0.0)
    whole = matching(live, query, 100)
    assert all(matching(live, query, size) == whole for size in range(1, 16))


def test_words_that_a_row_holds_come_before_those_that_are_nearly_so(scripted, plan_of):
    texts = ("whom made you", "who made you", "who made yo", "a duck")
    live = LiveRun(scripted(plan_of(texts=texts)), lambda: 0.0)
    assert [prompt for prompt, _ in matching(live, "who made you", 1)] == ["id-02", "id-01", "id-03"]
