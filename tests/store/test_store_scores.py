"""Scores and overrides, keyed apart from the responses."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

import pytest

from distq_tui.events import IceJudged, IceScored, Mark, RseScored

FACTS = {"family": None, "fact": None}
"""What the plan's models are measured against."""
MARK = Mark(0, 4, "conflict", "made-by", "OpenAI", role_play=True)


def verdict(row, *, loose=True, primed=False):
    return IceScored(row, "target-1", "t/q0", 0, loose, loose, False, primed, (MARK,), ("OpenAI",))


def pair(row_a, row_b, content=0.5):
    return RseScored(row_a, row_b, "x", "y", "t/q0", content, 0.25, 0.75)


@pytest.fixture
def rows(store, session, trials, answer):
    return [
        store.add_response(session, trial, answer(text=f"answer {number}"), None) for number, trial in enumerate(trials)
    ]


def test_a_verdict_comes_back_with_the_row(store, session, rows):
    store.add_ice([verdict(rows[0])], scorer="ice", version="1", options=FACTS)
    first, second, *_ = store.session_rows(session)
    assert second.verdict is None
    stored = first.verdict
    assert (stored.scorer, stored.version) == ("ice", "1")
    assert json.loads(stored.options) == FACTS
    assert (stored.loose, stored.strict, stored.paper_strict, stored.primed) == (True, True, False, False)
    assert stored.claimed == ("OpenAI",)
    assert stored.marks == (MARK,)


def test_similarities_are_told_with_the_part_of_the_session_that_has_their_lower_answer(store, session, rows, plan):
    store.add_rse([pair(rows[2], rows[0]), pair(rows[1], rows[2], 0.6)], scorer="rse", version="1")
    store.add_rse([pair(rows[0], rows[1])], scorer="rse", version="0")
    store.add_rse([pair(rows[0], rows[3])], scorer="rse", version="1", options={"other": 1})
    first, *_, last = (row.id for row in store.session_rows(session))

    def told(after, last, session=session):
        return store.stored_similarities(session, after=after, last=last, scorer="rse", version="1")

    assert told(0, first) == {(rows[0], rows[2]): (0.5, 0.25, 0.75)}
    assert told(first, last) == {(rows[1], rows[2]): (0.6, 0.25, 0.75)}
    store.create_session(plan, session_id="other", at="", versions={})
    assert told(0, last + 9, "other") == {}


def test_a_pair_with_another_sessions_answer_is_not_told(store, session, rows, trials, plan):
    store.create_session(plan, session_id="other", at="", versions={})
    store.link_hit("other", trials[0], rows[0])
    store.add_rse([pair(rows[0], rows[2])], scorer="rse", version="1")
    assert store.stored_similarities("other", after=0, last=99, scorer="rse", version="1") == {}


def test_scoring_again_replaces_and_another_version_stands_beside(store, session, rows):
    store.add_ice([verdict(rows[0])], scorer="ice", version="1", options=FACTS)
    store.add_ice([verdict(rows[0], loose=False)], scorer="ice", version="1", options=FACTS)
    assert store.db["ice_scores"].count == 1
    assert next(store.session_rows(session)).verdict.loose is False
    store.add_ice([verdict(rows[0])], scorer="ice", version="2", options=FACTS)
    assert store.db["ice_scores"].count == 2
    assert next(store.session_rows(session)).verdict.version == "2"
    assert [row["version"] for row in store.db["v_ice"].rows] == ["2"]


def test_a_verdict_by_other_facts_is_another_sessions(store, session, rows, trials, plan):
    other = replace(trials[0], model=replace(trials[0].model, family="meta"))
    store.create_session(plan, session_id="other", at="", versions={})
    store.link_hit("other", other, rows[0])
    store.add_ice([verdict(rows[0])], scorer="ice", version="1", options=FACTS)
    store.add_ice([verdict(rows[0], loose=False)], scorer="ice", version="1", options=other.measured_against)
    verdicts = {name: next(store.session_rows(name)).verdict.loose for name in (session, "other")}
    assert verdicts == {session: True, "other": False}
    assert {row["session"]: row["loose"] for row in store.db["v_ice"].rows} == {session: 1, "other": 0}


def test_scorers_stand_side_by_side(store, session, rows):
    store.add_ice([verdict(rows[0])], scorer="ice", version="1", options=FACTS)
    store.add_ice([verdict(rows[0], loose=False)], scorer="judge:x", version="1", options=FACTS)
    assert [(row["scorer"], row["loose"]) for row in store.db["v_ice"].rows_where(order_by="scorer")] == [
        ("ice", 1),
        ("judge:x", 0),
    ]
    assert next(store.session_rows(session, scorer="ice")).verdict.loose is True
    assert next(store.session_rows(session, scorer="judge:x")).verdict.loose is False
    assert next(store.session_rows(session, scorer="none")).verdict is None


def test_a_judge_s_verdict_never_takes_the_detector_s_place_unasked(store, session, rows):
    store.add_ice([verdict(rows[0])], scorer="ice", version="1", options=FACTS)
    judged = IceJudged(rows[0], "target-1", "t/q0", 0, "x", "hash", loose=False, strict=False, facts=FACTS)
    store.add_ice_judged(judged)
    store.add_ice_judged(replace(judged, row=rows[1], loose=None, strict=None))
    first, second, *_ = store.session_rows(session)
    assert (first.verdict.scorer, first.verdict.loose) == ("ice", True)
    assert second.verdict is None
    assert store.session_row(session, first.id).verdict.scorer == "ice"
    first, second, *_ = store.session_rows(session, scorer="judge:x")
    assert (first.verdict.version, first.verdict.loose) == ("hash", False)
    assert (second.verdict.loose, second.verdict.strict) == (None, None)


def test_what_a_judge_said_does_not_give_way_to_what_the_gate_took_for_granted(store, session, rows):
    judged = IceJudged(rows[0], "target-1", "t/q0", 0, "x", "1 hash", loose=True, strict=True, facts=FACTS)
    gated = replace(judged, version="1 hash gated by detector 1 at 2", loose=False, strict=False, gated=True)

    def held(row):
        return next(each.verdict for each in store.session_rows(session, scorer="judge:x") if each.response_id == row)

    store.add_ice_judged(judged)
    store.add_ice_judged(gated)
    assert held(rows[0]).loose is True
    store.add_ice_judged(replace(gated, row=rows[1]))
    store.add_ice_judged(replace(gated, row=rows[1], version="1 hash gated by detector 2 at 2"))
    assert (held(rows[1]).loose, held(rows[1]).version[-14:]) == (False, "detector 2 at 2"[-14:])
    store.add_ice_judged(replace(judged, row=rows[1]))
    assert held(rows[1]).loose is True
    store.add_ice_judged(replace(judged, row=rows[2], loose=None, strict=None))
    store.add_ice_judged(replace(gated, row=rows[2]))
    assert held(rows[2]).loose is False, "an unscored verdict says nothing"


def test_a_score_of_an_unknown_response_stores_nothing(store, session, rows):

    with pytest.raises(sqlite3.IntegrityError):
        store.add_ice([verdict(rows[0]), verdict(999)], scorer="ice", version="1", options=FACTS)
    assert store.db["ice_scores"].count == 0


def test_v_ice_says_hard_only_of_clean_probes(store, session, rows):
    store.add_ice([verdict(rows[0]), verdict(rows[1], primed=True)], scorer="ice", version="1", options=FACTS)
    assert [(row["strict"], row["hard"]) for row in store.db["v_ice"].rows] == [(1, 1), (1, None)]


def test_a_pair_is_the_same_in_either_order(store, session, rows):
    store.add_rse([pair(rows[0], rows[1])], scorer="rse", version="1")
    store.add_rse([pair(rows[1], rows[0], content=0.125)], scorer="rse", version="1")
    (found,) = store.session_pairs(session)
    assert found.content == 0.125
    assert (found.model_a, found.response_a) == ("large", rows[1])
    assert (found.model_b, found.response_b) == ("target-1", rows[0])


def test_pairs_are_grouped_whatever_arrived_first(store, session, trials, answer):
    for first, second in ((0, 1), (3, 2)):
        ids = [store.add_response(session, trials[number], answer(), None) for number in (first, second)]
        store.add_rse([pair(*ids)], scorer="rse", version="1")
    rows = store.db.query("SELECT model_a, model_b, count(*) AS n FROM v_rse GROUP BY model_a, model_b")
    assert list(rows) == [{"model_a": "large", "model_b": "target-1", "n": 2}]


def test_v_rse_shows_the_newest_version_and_the_mean(store, session, rows):
    store.add_rse([pair(rows[0], rows[1])], scorer="rse", version="1")
    store.add_rse([pair(rows[0], rows[1], content=0.75)], scorer="rse", version="2")
    (row,) = store.db["v_rse"].rows
    assert row["version"] == "2"
    assert row["similarity"] == pytest.approx((0.75 + 0.25 + 0.75) / 3)
    assert (row["role_a"], row["role_b"]) == ("reference", "target")


def test_a_shared_answer_makes_one_pair_and_not_a_pair_with_itself(store, session, trials, rows):
    store.link_hit(session, trials[1], rows[0])
    store.add_rse([pair(rows[0], rows[0])], scorer="rse", version="1")
    assert [(found.model_a, found.model_b) for found in store.session_pairs(session)] == [("large", "target-1")]


def test_pairs_belong_to_the_sessions_that_hold_both(store, session, trials, rows, plan):
    store.add_rse([pair(rows[0], rows[1])], scorer="rse", version="1")
    store.create_session(plan, session_id="half", at="", versions={})
    store.link_hit("half", trials[0], rows[0])
    assert list(store.session_pairs("half")) == []
    store.link_hit("half", trials[1], rows[1])
    assert len(list(store.session_pairs("half"))) == 1


def test_the_newest_override_holds_and_none_takes_it_back(store, session, rows):
    store.set_override(rows[0], "loose", "1", at="2026-03-01T00:00:01Z")
    store.set_override(rows[0], "loose", "0", at="2026-03-01T00:00:02Z")
    store.set_override(rows[1], "strict", "1", at="2026-03-01T00:00:03Z")
    found = store.overrides(session)
    assert [(o.response_id, o.label, o.value, o.at[-3:-1]) for o in found] == [
        (rows[0], "loose", "0", "02"),
        (rows[1], "strict", "1", "03"),
    ]
    store.set_override(rows[0], "loose", None, at="2026-03-01T00:00:04Z")
    assert [o.response_id for o in store.overrides(session)] == [rows[1]]
    assert store.db["overrides"].count == 4
