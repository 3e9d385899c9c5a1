"""Laws of the store: what goes in comes out, pages are the whole, a search is what a plain scan would find."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from distq_tui.config.models import ModelSpec
from distq_tui.events import COMPLETE, Response, Usage
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.trial import Params, Probe, Trial
from distq_tui.prompts import Message
from distq_tui.store import Store

few = settings(max_examples=30, deadline=None)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
tokens = st.integers(0, 2**40)
milliseconds = st.none() | st.integers(0, 2**40)
classes = st.sampled_from(
    ["ok", "refusal", "truncated", "no_answer", "incomplete", "filtered", "error", "cancelled", "model_mismatch"]
)
responses = st.builds(
    Response,
    cls=classes,
    text=text,
    reasoning=text,
    served_model=st.none() | text,
    finish_reason=st.none() | text,
    sent=st.dictionaries(text, st.integers(-(2**60), 2**60) | st.floats(allow_nan=False), max_size=3),
    refused=st.lists(text, max_size=3).map(tuple),
    usage=st.none() | st.builds(Usage, tokens, tokens, st.sampled_from(["reported", "estimated"])),
    first_token_ms=milliseconds,
    total_ms=milliseconds,
    retries=st.integers(0, 9),
    error=st.none() | text,
    queued_at=text,
    created_at=text,
)


@contextmanager
def filled(answers: list[Response]) -> Iterator[tuple[Store, list[Trial], list[int]]]:
    """A store whose session `s` has one prompt for each answer."""
    model = ModelSpec("m", "demo")
    probes = tuple(Probe(f"p{n}", "similarity", "en", (Message("user", f"{n}"),)) for n in range(len(answers)))
    plan = RunPlan("plan", 1, 1, Params(), (model,), probes)
    trials = list(plan.trials(lambda spec: "demo:1"))
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "x.db")
        try:
            store.create_session(plan, session_id="s", at="", versions={})
            with store.atomic():
                ids = [store.add_response("s", *pair, None) for pair in zip(trials, answers, strict=True)]
            yield store, trials, ids
        finally:
            store.close()


@few
@given(st.lists(responses, min_size=1, max_size=8))
def test_responses_come_back_as_they_were_given(answers):
    with filled(answers) as (store, trials, ids):
        assert [row.response for row in store.session_rows("s")] == answers
        hits = store.hits([trial.key for trial in trials])
        complete = {
            trial.key: (row, answer)
            for trial, row, answer in zip(trials, ids, answers, strict=True)
            if answer.cls in COMPLETE
        }
        assert {key: (hit.id, hit.response) for key, hit in hits.items()} == complete
        row = store.find_session("s")
        assert (row.done, row.failed) == (len(answers), len(answers) - len(complete))


@few
@given(st.integers(1, 12), st.integers(1, 5))
def test_pages_one_after_another_are_the_whole(count, limit):
    with filled([Response("ok", text=str(n)) for n in range(count)]) as (store, _, _):
        whole = store.page("s")
        forward, after = [], None
        while page := store.page("s", after=after, limit=limit):
            forward += page
            after = page[-1].id
        backward, before = [], whole[-1].id + 1
        while page := store.page("s", before=before, limit=limit):
            backward = page + backward
            before = page[0].id
        assert forward == backward == whole
        assert [row.preview for row in whole] == [str(n) for n in range(count)]


# A small alphabet, so that queries match; every character that FTS5's or LIKE's syntax knows is in it.
pieces = st.text("abAB中文 \"*^:()+-%_\\'.", max_size=12)


def words(text: str) -> list[str]:
    return re.findall("[ab]+|[中文]", text)


def holds(text: str, term: str) -> bool:
    """What a search promises of one term, by looking at every word of the text."""
    wanted, given = words(term), words(text)
    if not wanted:
        return term in text
    *whole, last = wanted
    runs = (given[start : start + len(wanted)] for start in range(len(given) - len(whole)))
    may_go_on = term[-1] in "ab"
    return any(run[:-1] == whole and (run[-1] == last or (may_go_on and run[-1].startswith(last))) for run in runs)


@few
@given(st.lists(pieces, min_size=1, max_size=6), st.lists(pieces, min_size=1, max_size=6))
def test_a_search_finds_what_a_scan_finds(texts, queries):
    with filled([Response("ok", text=piece) for piece in texts]) as (store, _, ids):
        for query in queries:
            expected = {
                row
                for row, piece in zip(ids, texts, strict=True)
                if query.split() and all(holds(piece.lower(), term) for term in query.lower().split())
            }
            assert {hit.response_id for hit in store.search(query)} == expected


@few
@given(st.text(st.characters(), max_size=200))
def test_no_query_is_a_syntax_error(query):
    with filled([Response("ok", text="I am a model.")]) as (store, _, _):
        for hit in store.search(query):
            assert all(0 <= start < end <= len(hit.snippet) for start, end in hit.spans)
