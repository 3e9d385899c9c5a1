"""Search: finds what is there, in any script, and takes no character as an operator."""

from __future__ import annotations

import pytest

from distq_tui.errors import InputError
from distq_tui.store import Store
from distq_tui.store import search as search_module

TEXTS = [
    "I am ChatGPT, a model made by OpenAI.",
    "我是由阿里云开发的通义千问，不是微软的产品。",
    "100% sure: the answer is a_b, not axb.",
    'She said "hello" AND left (NEAR the door) OR not.',
    "Nothing to see; chat about open things.",
]


@pytest.fixture
def filled(store, session, trials, answer):
    for trial, text in zip(trials, TEXTS, strict=False):
        store.add_response(session, trial, answer(text=text), None)
    return store


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("chatgpt", [0]),
        ("ChatGPT openai", [0]),
        ("atgp", []),
        ("CHÂT", [0, 4]),
        ("chatgpt.", [0]),
        ("chat.", [4]),
        ("问", [1]),
        ("千问通", []),
        ("chat", [0, 4]),
        ("chat see", [4]),
        ("通义千问", [1]),
        ("微软", [1]),
        ("微软 阿里云", [1]),
        ("100%", [2]),
        ("a_b", [2]),
        ("a_ by", [0]),
        ("?", []),
        ("% sure", [2]),
        ('"hello"', [3]),
        ('"', [3]),
        ("(NEAR", [3]),
        ("AND OR", [3]),
        ("chatgpt AND", []),
        ("text:chat", []),
        ("cha*", []),
        ("%", [2]),
        ("_", [2]),
        ("-chat", [0, 4]),
        ("^chat", [0, 4]),
        ("zzz", []),
        ("", []),
        ("   ", []),
        ("\0", []),
        ("chat\0open", [0, 4]),
        ("\ud800", []),
    ],
)
def test_every_term_must_be_there_and_no_character_is_an_operator(filled, query, found):
    texts = [next(row.response.text for row in filled.session_rows("s-1") if row.response_id == hit.response_id)
             for hit in filled.search(query)]  # fmt: skip
    assert sorted(TEXTS.index(text) for text in texts) == found


def test_a_hit_says_where_it_stands_and_what_matched(filled):
    (hit,) = filled.search("openai")
    assert (hit.session, hit.model, hit.prompt_id, hit.sample) == ("s-1", "target-1", "t/q0", 0)
    assert [hit.snippet[start:end] for start, end in hit.spans] == ["OpenAI"]


def test_a_snippet_of_a_long_answer_is_short_and_holds_the_term(store, session, trials, answer):
    store.add_response(session, trials[0], answer(text="a " * 5000 + "needle" + " b" * 5000), None)
    (hit,) = store.search("needle")
    assert len(hit.snippet) < 200
    assert hit.spans == ((60, 66),)


def test_answers_stored_after_the_first_search_are_found_too(filled, trials, answer):
    assert filled.search("later") == []
    filled.add_response("s-1", trials[5], answer(text="a later answer"), None)
    assert len(filled.search("later")) == 1


def test_the_index_is_filled_in_steps(filled):
    assert [filled.fill_index(2) for _ in range(4)] == [2, 2, 1, 0]


def test_writers_pay_nothing_and_an_unsearched_file_has_no_index(filled):
    assert "responses_text" not in filled.db.table_names()
    assert not filled.db.triggers


def test_search_within_one_session(filled, trials, plan):
    filled.create_session(plan, session_id="s-2", at="", versions={})
    filled.link_hit("s-2", trials[0], 1)
    assert [hit.session for hit in filled.search("chat", session="s-2")] == ["s-2"]
    assert {hit.session for hit in filled.search("chat")} == {"s-1", "s-2"}
    assert len(filled.search("微软", session="s-1")) == 1
    assert filled.search("微软", session="s-2") == []


def test_an_answer_of_a_deleted_session_is_found_without_a_place(filled):
    filled.delete_session("s-1")
    (hit,) = filled.search("chatgpt")
    assert (hit.session, hit.model, hit.sample) == (None, None, None)


def test_the_limit_holds_and_the_better_match_comes_first(store, session, trials, answer):
    for trial, text in zip(trials, ["needle " + "hay " * 200, "needle needle", "needle hay"], strict=False):
        store.add_response(session, trial, answer(text=text), None)
    hits = store.search("needle")
    assert hits[-1].response_id == 1
    assert [hit.response_id for hit in store.search("needle", limit=1)] == [hits[0].response_id]


def test_only_the_newest_matches_are_ranked(store, session, trials, answer, monkeypatch):
    monkeypatch.setattr(search_module, "_RANKED", 2)
    for trial in trials:
        store.add_response(session, trial, answer(text="needle"), None)
    assert [hit.response_id for hit in store.search("needle")] == [6, 5]


def test_reading_only_can_search_what_is_indexed(filled, path, trials, answer):
    reader = Store(path, readonly=True)
    with pytest.raises(InputError, match="reading only"):
        reader.search("chat")
    filled.search("chat")
    assert len(reader.search("chat")) == 2
    filled.add_response("s-1", trials[5], answer(text="chat"), None)
    with pytest.raises(InputError, match="reading only"):
        reader.search("chat")
    reader.close()
