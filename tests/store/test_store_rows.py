"""What a session reads back as: views to the letter of the contract, whole rows, pages."""

from __future__ import annotations

import pytest

from distq_tui.prompts import Message

V_RESPONSES = """
session, trial_key, model, served_model, role, prompt_id, language, sample, class, cached, text, reasoning,
input_tokens, output_tokens, first_token_ms, total_ms, created_at
"""


def test_v_responses_has_the_columns_of_the_contract_in_order(store):
    assert [column.name for column in store.db["v_responses"].columns] == V_RESPONSES.replace(",", "").split()


@pytest.mark.parametrize("view", ["v_ice", "v_rse"])
def test_the_score_views_say_whose_and_by_what(store, view):
    columns = {column.name for column in store.db[view].columns}
    assert {"session", "prompt_id", "language", "scorer", "version", "options"} <= columns


def test_v_responses_has_one_row_per_session_and_trial_failures_included(store, session, trials, answer, plan):
    row = store.add_response(session, trials[0], answer(), None)
    store.add_response(session, trials[1], answer("error", "", usage=None, served_model=None), None)
    store.create_session(plan, session_id="s-2", at="2026-03-02T00:00:00Z", versions={})
    store.link_hit("s-2", trials[0], row)
    rows = list(store.db["v_responses"].rows)
    assert [(row["session"], row["model"], row["class"], row["cached"]) for row in rows] == [
        ("s-1", "target-1", "ok", 0),
        ("s-1", "large", "error", 0),
        ("s-2", "target-1", "ok", 1),
    ]
    assert rows[0] == {
        "session": "s-1",
        "trial_key": trials[0].key,
        "model": "target-1",
        "served_model": "small-0301",
        "role": "target",
        "prompt_id": "t/q0",
        "language": "en",
        "sample": 0,
        "class": "ok",
        "cached": 0,
        "text": "I am small.",
        "reasoning": "",
        "input_tokens": 11,
        "output_tokens": 5,
        "first_token_ms": 120,
        "total_ms": 900,
        "created_at": "2026-03-01T10:00:00Z",
    }
    assert (rows[1]["served_model"], rows[1]["input_tokens"]) == (None, None)


def test_a_whole_row_has_what_a_report_needs(store, session, trials, answer):
    given = answer(refused=("top_p",), retries=1)
    row_id = store.add_response(session, trials[0], given, 0.5)
    (row,) = store.session_rows(session)
    assert row.response == given
    assert row.cost == 0.5
    assert row.response_id == row_id
    assert (row.model, row.requested_model, row.provider, row.endpoint) == ("target-1", "small", "demo", "demo:1")
    assert (row.role, row.purpose, row.kind, row.language) == ("target", "plan", "identity", "en")
    assert (row.prompt_id, row.template, row.question, row.aspect) == ("t/q0", "t", "q0", "team")
    assert (row.tags, row.prompt_set, row.sample, row.cached) == (("a", "b"), "identity-en", 0, False)
    assert row.messages == (Message("user", "question 0"),)
    assert row.params == {"max_tokens": 64}
    assert row.trial_key == trials[0].key


def test_one_row_is_found_by_its_id_in_its_session_only(store, session, trials, answer):
    for trial in trials[:3]:
        store.add_response(session, trial, answer(), None)
    second = list(store.session_rows(session))[1]
    assert store.session_row(session, second.id) == second
    assert store.session_row("other", second.id) is None


def test_pages_follow_each_other_both_ways(store, session, trials, answer):
    for trial in trials:
        store.add_response(session, trial, answer(text="x" * 1000), None)
    first = store.page(session, limit=4)
    second = store.page(session, after=first[-1].id, limit=4)
    assert [(row.prompt_id, row.model) for row in first + second] == [
        (trial.probe.prompt_id, trial.model.title) for trial in trials
    ]
    assert store.page(session, before=second[0].id, limit=4) == first
    assert store.page(session, before=second[0].id, limit=2) == first[2:]
    assert store.page(session, after=second[-1].id) == []
    assert len(first[0].preview) == 200


def test_a_page_may_be_filtered(store, session, trials, answer):
    for trial in trials:
        store.add_response(session, trial, answer("error" if trial.model.title == "large" else "ok"), None)
    assert {row.model for row in store.page(session, cls="error")} == {"large"}
    assert len(store.page(session, model="target-1")) == 3
    assert len(store.page(session, prompt_id="t/q1")) == 2
    assert store.page(session, model="large", cls="ok") == []


def test_a_page_is_read_from_the_index_without_sorting(store):
    seen = []
    store._conn.set_trace_callback(seen.append)
    store.page("s", after=3, limit=5)
    store._conn.set_trace_callback(None)
    (statement,) = seen
    plan = [row["detail"] for row in store.db.query(f"EXPLAIN QUERY PLAN {statement}")]
    assert any("session_trials_by_session (session=? AND rowid>?)" in step for step in plan), plan
    assert not any("TEMP B-TREE" in step for step in plan)


def test_a_views_rows_of_one_session_for_an_export(store, session, trials, answer, plan):
    row = store.add_response(session, trials[0], answer(), None)
    store.create_session(plan, session_id="s-2", at="2026-03-02T00:00:00Z", versions={})
    store.link_hit("s-2", trials[0], row)
    columns, rows = store.view_rows("v_responses", "s-2")
    (found,) = (dict(zip(columns, row, strict=True)) for row in rows)
    assert (found["session"], found["cached"], found["text"]) == ("s-2", 1, "I am small.")
    assert list(store.view_rows("v_ice", "s-2")[1]) == []


def test_whole_rows_come_in_parts_too(store, session, trials, answer):
    for trial in trials[:3]:
        store.add_response(session, trial, answer(), None)
    rows = list(store.session_rows(session))
    first = list(store.session_rows(session, limit=2))
    assert first == rows[:2]
    assert list(store.session_rows(session, after=first[-1].id, limit=2)) == rows[2:]
    assert store.session_row(session, rows[1].id) == rows[1]
