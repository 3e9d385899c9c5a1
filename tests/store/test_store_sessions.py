"""Sessions: made, found, ended, deleted."""

from __future__ import annotations

import dataclasses
import json

import pytest

from distq_tui.errors import InputError
from distq_tui.plan.run_plan import Budget


def test_a_session_gives_its_plan_back(store, session, plan):
    assert store.plan_of(session) == plan
    assert store.plan_of(session).digest() == plan.digest()


def test_an_unknown_session_has_no_plan(store):
    with pytest.raises(KeyError):
        store.plan_of("nowhere")


def test_a_plan_is_read_in_parts(store, session, plan, make_plan):
    store.create_session(make_plan(2, name="other"), session_id="s-2", at="", versions={})
    assert store.plan_head(session) == dataclasses.replace(plan, probes=())
    assert (store.probe_count(session), store.probe_count("s-2"), store.probe_count("nowhere")) == (3, 2, 0)
    assert store.probes(session, limit=2) == list(plan.probes[:2])
    assert store.probes(session, first=2, limit=2) == list(plan.probes[2:])
    assert store.probes(session, first=3) == []


@pytest.fixture
def whole(store, session, plan):
    """The session as a program leaves it that was open when the file was migrated: its plan as one text."""
    store.db.execute("DELETE FROM plan_probes")
    store.db.execute("UPDATE plans SET plan = ?", (json.dumps(plan.to_json()),))
    return session


def test_a_plan_that_an_older_program_wrote_has_its_prompts(store, whole, plan):
    assert store.plan_of(whole) == plan
    assert store.probe_count(whole) == 3
    assert store.probes(whole, first=1, limit=1) == [plan.probes[1]]
    assert store.plan_head(whole).probes == ()


def test_a_plan_that_an_older_program_wrote_keeps_its_prompts_when_it_goes_on(store, whole, plan):
    store.resume_session(whole, plan)
    assert "probes" not in json.loads(next(store.db.query("SELECT plan FROM plans"))["plan"])
    assert store.plan_of(whole) == plan


def test_prompts_leave_with_their_session(store, session):
    store.delete_session(session)
    assert list(store.db.query("SELECT * FROM plan_probes")) == []


def test_counts_follow_the_trials(store, session, trials, answer):
    store.add_response(session, trials[0], answer("ok"), None)
    row = store.add_response(session, trials[1], answer("refusal"), None)
    store.add_response(session, trials[2], answer("error", ""), None)
    store.add_response(session, trials[3], answer("model_mismatch"), None)
    store.add_response(session, trials[5], answer("cancelled", ""), None)
    store.link_hit(session, trials[4], row)
    found = store.find_session(session)
    assert (found.total, found.done, found.failed, found.cancelled, found.hits) == (6, 6, 3, 1, 1)


def test_a_sessions_row_says_what_it_was(store, session, plan):
    (row,) = store.sessions()
    assert (row.id, row.name, row.seed, row.state) == ("s-1", "plan", 7, "unfinished")
    assert row.plan_digest == plan.digest()
    assert row.versions == {"distq-tui": "0.1"}
    assert row.finished_at is None


def test_finish_and_resume(store, session, plan):
    store.finish_session(session, "stopped", "2026-03-01T11:00:00Z")
    row = store.find_session(session)
    assert (row.state, row.finished_at) == ("stopped", "2026-03-01T11:00:00Z")
    raised = dataclasses.replace(plan, budget=Budget(max_requests=5))
    store.resume_session(session, raised)
    store.set_total(session, 40)
    row = store.find_session(session)
    assert (row.state, row.finished_at, row.total) == ("unfinished", None, 40)
    assert store.plan_of(session) == raised


@pytest.fixture
def three(store, plan):
    for number, (session_id, name) in enumerate([("ab-1", "first"), ("ab-2", "again"), ("cd-3", "again")]):
        store.create_session(
            dataclasses.replace(plan, name=name),
            session_id=session_id,
            at=f"2026-03-0{number + 1}T00:00:00Z",
            versions={},
        )
    return store


@pytest.mark.parametrize(
    ("ref", "found"),
    [("latest", "cd-3"), ("ab-1", "ab-1"), ("cd", "cd-3"), ("again", "cd-3"), ("first", "ab-1"), ("ab-2", "ab-2")],
)
def test_a_session_is_found_by_id_prefix_name_and_latest(three, ref, found):
    assert three.find_session(ref).id == three.session_id(ref) == found


@pytest.mark.parametrize(
    ("ref", "found"),
    [("d8ea5e4b", "20261124-d8ea5e4b"), ("d8", "20261124-d8ea5e4b"), ("2026112", "20261124-d8ea5e4b"), ("cd", "cd-3")],
)
def test_a_session_is_found_by_what_stands_behind_the_day(three, plan, ref, found):
    for session_id in ("20261124-d8ea5e4b", "20261204-cd000001"):  # the second is hidden by an id that begins so
        three.create_session(plan, session_id=session_id, at="2026-11-24T00:00:00Z", versions={})
    assert three.find_session(ref).id == three.session_id(ref) == found


def test_a_beginning_that_two_share_behind_the_day_is_refused(three, plan):
    for session_id in ("20261124-d8ea5e4b", "20261204-d8000001"):
        three.create_session(plan, session_id=session_id, at="2026-11-24T00:00:00Z", versions={})
    with pytest.raises(InputError, match="2 sessions begin with 'd8'"):
        three.find_session("d8")


@pytest.mark.parametrize("ref", ["ab", "zz", "", "a%", "_b-1", "'; DROP TABLE sessions", "AB-1", "a\0", "\udcff"])
def test_a_reference_that_names_no_one_session_is_refused(three, ref):
    with pytest.raises(InputError) as caught:
        three.find_session(ref)
    assert "\n" not in str(caught.value)


def test_latest_of_none_is_refused(store):
    with pytest.raises(InputError, match="no session yet"):
        store.find_session("latest")


def test_sessions_come_newest_first(three):
    assert [row.id for row in three.sessions()] == ["cd-3", "ab-2", "ab-1"]


def test_an_unfinished_session_is_gone_on_with(store, session, plan):
    assert store.unfinished(plan.digest()).id == session
    raised = dataclasses.replace(plan, budget=Budget(max_requests=5))
    assert store.unfinished(raised.digest()).id == session
    store.finish_session(session, "budget", "2026-03-01T11:00:00Z")
    assert store.unfinished(plan.digest()).id == session
    store.finish_session(session, "done", "2026-03-01T11:00:00Z")
    assert store.unfinished(plan.digest()) is None


def test_a_finished_session_hides_an_older_unfinished_one(store, session, plan):
    store.create_session(plan, session_id="later", at="2026-03-02T00:00:00Z", versions={})
    store.finish_session("later", "done", "2026-03-02T01:00:00Z")
    assert store.unfinished(plan.digest()) is None


def test_another_plan_has_no_unfinished_session(store, session, make_plan):
    assert store.unfinished(make_plan(seed=8).digest()) is None


def test_deleting_a_session_keeps_its_answers_as_cache(store, session, trials, answer):
    row = store.add_response(session, trials[0], answer(), None)
    store.delete_session(session)
    assert store.sessions() == []
    assert list(store.session_rows(session)) == []
    assert store.hits([trials[0].key])[trials[0].key].id == row


def test_no_key_is_stored_but_its_reference(store, session, path, monkeypatch):
    monkeypatch.setenv("SMALL_KEY", "sk-very-secret")
    store.close()
    content = path.read_bytes()
    assert b"env:SMALL_KEY" in content
    assert b"sk-very-secret" not in content
