"""Goal 5 of the store: CPU a stored row against sqlite-utils' insert(), CPU a cache hit against its get().

The baseline keeps the same columns of the same answers (1.5 kB) in one table with the trial key as its primary key, one
insert() each, in a file as sqlite-utils makes it. Ours stores the request, the answer and the session's link, with all
indexes, through the owner thread. The last lines show how much of the difference is the file's settings. CPU is that of
the whole process; only the ratios carry over.

Run: python benchmarks/storage.py [ROWS]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import sqlite_utils

from distq_tui.config.models import ModelSpec
from distq_tui.events import Response, Usage
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.trial import Params, Probe, Trial
from distq_tui.prompts import Message
from distq_tui.store import Store, StoreThread

AT = "2026-03-01T10:00:00Z"
INSERT_GOAL, GET_GOAL = 1 / 8, 1 / 5
TOGETHER = 100
"""Keys in one lookup, as a run does it."""


def answers(count: int) -> tuple[RunPlan, list[Trial], list[Response]]:
    """`count` trials of one model and their answers."""
    words = random.Random(1)
    probes = tuple(Probe(f"p{n}", "similarity", "en", (Message("user", f"Question {n}?"),)) for n in range(count))
    plan = RunPlan("bench", 1, 1, Params(max_tokens=512), (ModelSpec("m", "demo"),), probes)
    texts = (" ".join(f"{words.getrandbits(24):06x}" for _ in range(214)) for _ in range(count))
    usage = Usage(20, 400, "reported")
    responses = [
        Response("ok", text, "", "m-0301", "stop", {"max_tokens": 512}, (), usage, 150, 4000, 0, None, AT, AT)
        for text in texts
    ]
    return plan, list(plan.trials(lambda _: "demo:1")), responses


def cpu_us(count: int, work: Callable[[], object]) -> float:
    """Microseconds of CPU for each of `count` pieces of work."""
    start = time.process_time()
    work()
    return (time.process_time() - start) / count * 1e6


def plain_row(trial: Trial, response: Response) -> dict[str, Any]:
    """An answer as a row for insert(): the columns of our table of responses."""
    assert response.usage
    return {
        "trial_key": trial.key,
        "class": response.cls,
        "served_model": response.served_model,
        "finish_reason": response.finish_reason,
        "sent": response.sent,
        "refused": response.refused,
        "input_tokens": response.usage.input_tokens,
        "output_tokens": response.usage.output_tokens,
        "usage_source": response.usage.source,
        "cost": 0.001,
        "queued_at": response.queued_at,
        "first_token_ms": response.first_token_ms,
        "total_ms": response.total_ms,
        "retries": response.retries,
        "error": response.error,
        "session": "s",
        "created_at": response.created_at,
        "text": response.text,
        "reasoning": response.reasoning,
    }


def plain(path: Path, trials: list[Trial], responses: list[Response], *, tuned: bool) -> tuple[float, float]:
    """CPU of an insert() and of a get(), in a file of its own, or one with our settings."""
    database = sqlite_utils.Database(path)
    if tuned:
        database.execute("PRAGMA page_size = 8192")
        database.enable_wal()
        database.execute("PRAGMA synchronous = NORMAL")
    table = database.table("responses", pk="trial_key")
    rows = [plain_row(trial, response) for trial, response in zip(trials, responses, strict=True)]
    insert = cpu_us(len(rows), lambda: [table.insert(row) for row in rows])
    database.close()
    database = sqlite_utils.Database(path)
    get = cpu_us(len(rows), lambda: [database.table("responses").get(trial.key) for trial in trials])
    database.close()
    return insert, get


def ours(path: Path, plan: RunPlan, trials: list[Trial], responses: list[Response]) -> tuple[float, float, float]:
    """CPU of an acknowledged answer, of a hit among those looked up together, and of a hit looked up alone."""
    owner = StoreThread(path)
    owner.submit(lambda store: store.create_session(plan, session_id="s", at=AT, versions={})).result()

    def add() -> None:
        futures = [
            owner.submit(lambda store, t=trial, r=response: store.add_response("s", t, r, 0.001))
            for trial, response in zip(trials, responses, strict=True)
        ]
        for future in futures:
            future.result()

    row = cpu_us(len(trials), add)
    owner.close()
    store = Store(path)
    keys = [trial.key for trial in trials]
    hit = cpu_us(
        len(keys), lambda: [store.hits(keys[first : first + TOGETHER]) for first in range(0, len(keys), TOGETHER)]
    )
    alone = cpu_us(len(keys), lambda: [store.hits([key])[key] for key in keys])
    store.close()
    return row, hit, alone


def main() -> None:
    """Measure all in turn, print the ratios of the medians, and fail where a goal is missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    plan, trials, responses = answers(count)
    rounds = []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            rounds.append(
                ours(folder / "ours.db", plan, trials, responses)
                + plain(folder / "plain.db", trials, responses, tuned=False)
                + plain(folder / "tuned.db", trials, responses, tuned=True)
            )
    row, hit, alone, insert, get, tuned_insert, tuned_get = (median(values) for values in zip(*rounds, strict=True))
    print(f"{count} answers of {len(responses[0].text)} characters, 5 rounds; median microseconds of CPU each")
    print(f"stored row {row:6.1f}   insert() {insert:6.1f}   ratio {row / insert:.3f}, goal {INSERT_GOAL}")
    print(f"cache hit  {hit:6.1f}   get()    {get:6.1f}   ratio {hit / get:.3f}, goal {GET_GOAL}")
    print(f"  looked up alone {alone:.1f}: {alone / get:.3f}")
    print(
        f"  baseline with WAL, 8 kB pages, synchronous=NORMAL: row {row / tuned_insert:.3f}, hit {hit / tuned_get:.3f}"
    )
    sys.exit(row / insert > INSERT_GOAL or hit / get > GET_GOAL)


if __name__ == "__main__":
    main()
