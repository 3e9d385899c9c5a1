"""The cache: what is served, what is asked again, and which session got what."""

from __future__ import annotations

import sqlite3

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.events import COMPLETE, Usage
from distq_tui.plan.trial import Params, Probe, Trial
from distq_tui.prompts import Message

ALL_CLASSES = (
    "ok", "refusal", "truncated", "no_answer", "incomplete", "filtered", "error", "cancelled", "model_mismatch",
)  # fmt: skip


@pytest.mark.parametrize("cls", ALL_CLASSES)
def test_only_complete_answers_are_hits(store, session, trials, answer, cls):
    row = store.add_response(session, trials[0], answer(cls), None)
    found = store.hits([trials[0].key])
    assert [stored.id for stored in found.values()] == ([row] if cls in COMPLETE else [])
    served = {key: stored.response.served_model for key, stored in found.items()}
    assert store.stored_keys([trials[0].key, "b2:none"]) == served


def test_a_hit_is_the_response_that_was_stored(store, session, trials, answer):
    given = answer(
        "truncated",
        "text",
        reasoning="first I think",
        sent={"temperature": 0.5, "max_tokens": 64},
        refused=("top_p", "temperature"),
        usage=Usage(0, 7, "estimated"),
        retries=2,
        error="one line",
    )
    row = store.add_response(session, trials[0], given, 0.25)
    found = store.hits([trials[0].key])[trials[0].key]
    assert (found.id, found.response, found.cost) == (row, given, 0.25)


def test_the_newest_complete_answer_is_served(store, session, trials, answer):
    store.add_response(session, trials[0], answer(text="old"), None)
    newer = store.add_response(session, trials[0], answer(text="new"), None)
    store.add_response(session, trials[0], answer("error", ""), None)
    assert store.hits([trials[0].key])[trials[0].key].id == newer


def test_thousands_of_keys_in_one_call(store, session, trials, answer):
    store.add_response(session, trials[0], answer(), None)
    store.add_response(session, trials[5], answer(), None)
    unknown = [f"b2:{number:040x}" for number in range(3000)]
    found = store.hits([trials[0].key, *unknown, trials[5].key, trials[5].key])
    assert set(found) == {trials[0].key, trials[5].key}
    assert store.hits([]) == {}


def test_the_hits_query_uses_the_index(store):
    from distq_tui.store.responses import _HIT

    plan = " ".join(row["detail"] for row in store.db.query(f"EXPLAIN QUERY PLAN {_HIT}", ["b2:0"]))
    assert "responses_complete" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


def test_a_request_is_stored_once(store, session, trials, answer):
    store.add_response(session, trials[0], answer(), None)
    store.add_response(session, trials[0], answer(), None)
    (request,) = store.db["requests"].rows
    assert request["trial_key"] == trials[0].key
    assert request["messages"] == '[{"role": "user", "content": "question 0"}]'
    assert request["params"] == '{"max_tokens": 64}'


def test_asking_again_in_a_session_shows_the_newest_attempt_and_keeps_the_older(store, session, trials, answer):
    store.add_response(session, trials[0], answer("incomplete", "half"), None)
    store.add_response(session, trials[0], answer("ok", "whole"), None)
    assert [(row["class"], row["text"]) for row in store.db["v_responses"].rows] == [("ok", "whole")]
    assert [row["text"] for row in store.db["responses"].rows] == ["half", "whole"]


def test_a_resumed_session_still_owns_the_answers_it_paid_for(store, session, trials, answer):
    row = store.add_response(session, trials[0], answer(), None)
    store.link_hit(session, trials[0], row)
    assert store.find_session(session).hits == 0


def test_a_hit_that_replaces_a_failure_counts_as_a_hit(store, session, trials, answer, plan):
    store.add_response(session, trials[0], answer("error", ""), None)
    store.create_session(plan, session_id="other", at="", versions={})
    row = store.add_response("other", trials[0], answer(), None)
    store.link_hit(session, trials[0], row)
    found = store.find_session(session)
    assert (found.done, found.failed, found.hits) == (1, 0, 1)


def test_two_models_of_one_plan_may_share_a_request(store, session, answer):
    probe = Probe("p", "similarity", "en", (Message("user", "hello"),))
    one, two = (
        Trial.make(ModelSpec("m", "demo", label=label), probe, endpoint="demo:1", params=Params()) for label in "ab"
    )
    assert one.key == two.key
    row = store.add_response(session, one, answer(), None)
    store.link_hit(session, two, row)
    assert [(row.model, row.cached) for row in store.session_rows(session)] == [("a", False), ("b", True)]


def test_text_that_utf8_cannot_hold_is_stored_with_marks_in_place(store, session, trials, answer):
    given = answer(text="a\ud800b\udfffc\0d", reasoning="\udc80", error="\ud83d", served_model="m\udcff")
    store.add_response(session, trials[0], given, None)
    found = store.hits([trials[0].key])[trials[0].key].response
    assert found.text == "a�b�c\0d"
    assert (found.reasoning, found.error, found.served_model) == ("�", "�", "m�")


def test_absurd_token_counts_are_cut_to_what_the_file_can_hold(store, session, trials, answer):
    store.add_response(session, trials[0], answer(usage=Usage(10**30, -(10**30), "reported")), None)
    found = store.hits([trials[0].key])[trials[0].key].response
    assert found.usage == Usage(2**63 - 1, -(2**63) + 1, "reported")


def test_an_answer_to_an_unknown_session_is_no_half_row(store, trials, answer):

    with pytest.raises(sqlite3.IntegrityError):
        store.add_response("nowhere", trials[0], answer(), None)
    assert store.db["responses"].count == 0
    assert store.db["requests"].count == 0


def test_what_a_caller_does_to_a_hit_does_not_reach_the_next(store, session, trials, answer):
    store.add_response(session, trials[0], answer(), None)
    store.hits([trials[0].key])[trials[0].key].response.sent["max_tokens"] = 1
    assert store.hits([trials[0].key])[trials[0].key].response.sent == {"max_tokens": 64}


def test_inside_a_transaction_a_failing_write_is_undone_with_it(store, session, trials, answer):
    def add_both():
        with store.atomic():
            store.add_response(session, trials[0], answer(), None)
            store.add_response("nowhere", trials[1], answer(), None)

    with pytest.raises(sqlite3.IntegrityError):
        add_both()
    assert store.db["responses"].count == 0
    with store.atomic():
        with pytest.raises(sqlite3.IntegrityError), store.atomic():
            store.add_response("nowhere", trials[1], answer(), None)
        store.add_response(session, trials[0], answer(), None)
    assert [row["session"] for row in store.db["responses"].rows] == [session]


def test_a_transaction_takes_the_write_lock_at_its_start(store, path):
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    with store.atomic(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()
