"""An exported session with an adaptive search, imported again: the searched answers stay out of the rates."""

import json

import pytest

from distq_tui.cli.importing import import_answers
from distq_tui.errors import InputError
from distq_tui.store import Store

PLANNED = {"model": "m", "family": "qwen", "prompt_id": "t/q", "query": "Who made you?", "response": "Alibaba Cloud."}
SEARCHED = {**PLANNED, "prompt_id": "search-0001/q", "purpose": "adaptive", "response": "I am Claude by Anthropic."}
HELPED = {"model": "w", "prompt": "Rewrite.", "response": "R {query}", "kind": "mutation", "purpose": "adaptive"}


def imported(tmp_path, *rows):
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    store = Store(tmp_path / "t.db")
    try:
        counts = import_answers(store, [path], session="s")
        return counts, [row.prompt_id for row in store.session_rows("s")]
    finally:
        store.close()


def test_searched_answers_and_the_helper_s_are_left_out(tmp_path):
    planned = {**PLANNED, "purpose": "plan"}
    assert imported(tmp_path, HELPED, planned, SEARCHED) == ({"ok": 1}, ["t/q"])


def test_another_tool_s_own_purpose_says_nothing(tmp_path):
    odd = [{**PLANNED, "prompt_id": f"t/{n}", "purpose": value} for n, value in enumerate(["a study", ["x"], None])]
    assert imported(tmp_path, *odd) == ({"ok": 3}, ["t/0", "t/1", "t/2"])


def test_a_file_of_searched_answers_alone_holds_none_to_import(tmp_path):
    with pytest.raises(InputError, match="no answers"):
        imported(tmp_path, SEARCHED)
