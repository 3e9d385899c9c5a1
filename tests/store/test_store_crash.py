"""`kill -9` at any moment: the file opens clean and holds every acknowledged answer."""

from __future__ import annotations

import os
import pickle
import random
import signal
import subprocess
import sys

import pytest

from distq_tui.store import Store

WRITER = """
import os, pickle, sys
from pathlib import Path
from distq_tui.events import Response
from distq_tui.store import StoreThread

owner = StoreThread(Path(sys.argv[1]))
trial = pickle.load(sys.stdin.buffer)

def acknowledge(number):
    return lambda done: os.write(1, f"{number} {done.result()}\\n".encode())

for number in range(100_000):
    response = Response("ok", text=f"answer {number} " + "x" * 1500)
    future = owner.submit(lambda store, r=response: store.add_response("s-1", trial, r, None))
    future.add_done_callback(acknowledge(number))
    if number % 7 == 6:
        future.result()
"""


@pytest.mark.parametrize("seed", range(4))
def test_no_acknowledged_answer_is_lost(store, path, session, trials, seed):
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    writer.stdin.write(pickle.dumps(trials[0]))
    writer.stdin.close()
    acknowledged = [writer.stdout.readline() for _ in range(random.Random(seed).randrange(1, 400))]
    os.kill(writer.pid, signal.SIGKILL)
    # What it said before it died counts too; a last line without its end was not said.
    acknowledged += [line for line in writer.stdout if line.endswith(b"\n")]
    writer.stdout.close()
    assert writer.wait() == -signal.SIGKILL

    reopened = Store(path)
    assert list(reopened.db.query("PRAGMA integrity_check")) == [{"integrity_check": "ok"}]
    assert list(reopened.db.query("PRAGMA foreign_key_check")) == []
    stored = {row["id"]: row["text"].split()[1] for row in reopened.db.query("SELECT id, text FROM responses")}
    for line in acknowledged:
        number, row_id = line.split()
        assert stored[int(row_id)] == number.decode()
    assert reopened.hits([trials[0].key])[trials[0].key].id == max(stored)
    reopened.close()


def test_a_writer_killed_inside_a_transaction_leaves_nothing_of_it(store, path, session, trials):
    code = WRITER.split("owner =", maxsplit=1)[0] + (
        "from distq_tui.store import Store\n"
        "store, trial = Store(Path(sys.argv[1])), pickle.load(sys.stdin.buffer)\n"
        "with store.atomic():\n"
        "    for number in range(200):\n"
        "        store.add_response('s-1', trial, Response('ok', text='x' * 20_000), None)\n"
        "    os.write(1, b'inside')\n"
        "    sys.stdin.read() or os.kill(os.getpid(), 9)\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    writer.stdin.write(pickle.dumps(trials[0]))
    writer.stdin.close()
    assert writer.stdout.read() == b"inside"
    writer.stdout.close()
    assert writer.wait() == -signal.SIGKILL
    assert store.hits([trials[0].key]) == {}
    row = store.find_session(session)
    assert (row.state, row.done) == ("unfinished", 0)
