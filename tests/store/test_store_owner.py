"""The owner thread: order, groups, and acknowledgement after the commit."""

from __future__ import annotations

import asyncio
import pickle
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import CancelledError
from dataclasses import replace

import pytest

from distq_tui.errors import DiskError, InputError
from distq_tui.store import Store, StoreThread


@pytest.fixture
def owner(path):
    owner = StoreThread(path)
    yield owner
    owner.close()


@pytest.fixture
def session(owner, plan):
    owner.submit(lambda store: store.create_session(plan, session_id="s-1", at="", versions={})).result()
    return "s-1"


@pytest.fixture
def held(owner):
    """Keeps the thread busy until told, so that what is submitted meanwhile waits together."""
    release, begun = threading.Event(), threading.Event()

    def hold(store):
        begun.set()
        release.wait()

    owner.submit(hold, group=False)
    begun.wait()
    yield release
    release.set()


def set_total(store, number):
    store.set_total("s-1", number)
    return number


def committed(path):
    reader = Store(path, readonly=True)
    total = reader.find_session("s-1").total
    reader.close()
    return total


def test_an_error_of_opening_is_raised_where_the_thread_is_made(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        StoreThread(tmp_path)
    with pytest.raises(InputError, match="no such database"):
        StoreThread(tmp_path / "x.db", readonly=True)


def test_a_result_is_acknowledged_only_after_its_commit(owner, path, session):
    seen = []
    for number in range(100, 120):
        future = owner.submit(lambda store, number=number: set_total(store, number))
        future.add_done_callback(lambda done: seen.append(committed(path) >= done.result()))
    future.result()
    owner.close()
    assert seen == [True] * 20


def test_jobs_that_wait_together_are_one_transaction_in_order(owner, path, session, held):
    sizes = []
    futures = [
        owner.submit(lambda store, number=number: (sizes.append(committed(path)), set_total(store, number))[1])
        for number in range(30)
    ]
    held.set()
    assert [future.result() for future in futures] == list(range(30))
    assert set(sizes) == {6}  # nothing of the group was visible to others while it ran
    assert committed(path) == 29


def test_a_group_has_a_bound(owner, path, session, held):
    seen = []
    futures = [
        owner.submit(lambda store, number=number: (seen.append(committed(path)), set_total(store, number)))
        for number in range(250)
    ]
    held.set()
    futures[-1].result()
    assert sorted(set(seen)) == [6, 99, 199]


def test_a_job_that_fails_is_undone_alone(owner, path, session, held):
    def fail(store):
        store.set_total("s-1", 666)
        raise ZeroDivisionError

    before = owner.submit(lambda store: set_total(store, 41))
    failed = owner.submit(fail)
    after = owner.submit(lambda store: store.find_session("s-1").total)
    held.set()
    assert before.result() == 41
    assert after.result() == 41
    with pytest.raises(ZeroDivisionError):
        failed.result()
    assert committed(path) == 41


def test_where_the_commit_fails_nothing_is_acknowledged(owner, path, session, held):
    def spoil(store):
        # A foreign key that is checked only at the commit.
        store._conn.execute("PRAGMA defer_foreign_keys = ON")
        store._conn.execute("INSERT INTO overrides (response, label, at) VALUES (999, 'x', '')")

    futures = [owner.submit(lambda store: set_total(store, 41)), owner.submit(spoil)]
    held.set()
    for future in futures:
        with pytest.raises(sqlite3.IntegrityError):
            future.result()
    assert committed(path) == 6
    assert owner.submit(lambda store: set_total(store, 42)).result() == 42


def test_a_job_outside_the_group_sees_what_was_committed_and_holds_no_lock(owner, path, session, held):
    def write_from_elsewhere(store):
        other = Store(path)
        other.set_total("s-1", 50)
        other.close()
        return store.find_session("s-1").total

    first = owner.submit(lambda store: set_total(store, 49))
    alone = owner.submit(write_from_elsewhere, group=False)
    last = owner.submit(lambda store: set_total(store, store.find_session("s-1").total + 1))
    held.set()
    assert (first.result(), alone.result(), last.result()) == (49, 50, 51)


def test_a_cancelled_job_is_not_done(owner, path, session, held):
    cancelled = owner.submit(lambda store: set_total(store, 666))
    assert cancelled.cancel()
    after = owner.submit(lambda store: store.find_session("s-1").total)
    held.set()
    assert after.result() == 6
    with pytest.raises(CancelledError):
        cancelled.result()


async def test_a_coroutine_gets_results_and_errors(owner, session):
    assert await asyncio.gather(*(owner.call(lambda store, n=n: set_total(store, n)) for n in range(5))) == [
        0,
        1,
        2,
        3,
        4,
    ]
    with pytest.raises(InputError):
        await owner.call(lambda store: store.find_session("nowhere"), group=False)


def test_closing_does_what_is_queued_and_refuses_the_rest(owner, path, session, held):
    futures = [owner.submit(lambda store, n=n: set_total(store, n)) for n in range(5)]
    held.set()
    owner.close()
    owner.close()
    assert [future.result() for future in futures] == [0, 1, 2, 3, 4]
    assert committed(path) == 4
    with pytest.raises(RuntimeError, match="closed"):
        owner.submit(lambda store: None)


def test_two_threads_on_one_file_wait_for_each_other(owner, path, session, trials, answer):
    other = StoreThread(path)
    futures = [
        thread.submit(lambda store, n=n, i=i: store.add_response("s-1", trials[n % 6], answer(text=f"{i}-{n}"), None))
        for n in range(100)
        for i, thread in enumerate((owner, other))
    ]
    ids = {future.result() for future in futures}
    other.close()
    assert len(ids) == 200
    assert owner.submit(lambda store: store.db["responses"].count).result() == 200


WRITE = """
import pickle, sys
from pathlib import Path
from distq_tui.events import Response
from distq_tui.store import StoreThread

trials = pickle.load(sys.stdin.buffer)
owner = StoreThread(Path(sys.argv[1]), create=False)
for number in range(100):
    response = Response("ok", text=sys.argv[2])
    owner.submit(lambda store, t=trials[number % 6]: store.add_response("s-1", t, response, None)).result()
owner.close()
"""


def test_two_processes_on_one_file_wait_for_each_other(owner, path, session, trials):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE, str(path), name], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for name in "ab"
    ]
    for writer in writers:  # both have started before the first is told what to write
        writer.stdin.write(pickle.dumps(trials))
        writer.stdin.close()
    assert [writer.stderr.read() for writer in writers] == [b"", b""]
    for writer in writers:
        writer.stderr.close()
        writer.wait()
    counts = owner.submit(lambda store: list(store.db.query("SELECT text, count(*) AS n FROM responses GROUP BY 1")))
    assert counts.result() == [{"text": "a", "n": 100}, {"text": "b", "n": 100}]


def test_a_full_disk_is_told_in_one_line_and_keeps_what_was_stored(owner, session, trials, answer, path):
    def fill(store):
        (pages,) = store._conn.execute("PRAGMA page_count").fetchone()
        store._conn.execute(f"PRAGMA max_page_count = {pages}")

    owner.submit(fill, group=False).result()
    response = replace(answer("ok"), text="x" * 100_000)
    with pytest.raises(DiskError, match=r"answers\.db: the disk is full; what was stored before is kept"):
        owner.submit(lambda store: store.add_response(session, trials[0], response, None)).result()
    assert [row.id for row in owner.submit(lambda store: store.sessions()).result()] == [session]
