"""How close a run comes to the ideal, and what it keeps in memory: goal 7.

    python benchmarks/engine.py [--quick]

Ideal: one latency for the first trial that goes alone, then the others in rounds of 20. The latency is the one that a
bare httpx request to the same server takes in the same run. Memory: the peak of a process that runs 10,000 trials
against that of one that runs 1,000.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parent))
from mockserver import mock_server

from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import load_settings
from distq_tui.engine.session import open_run
from distq_tui.plan.run_plan import Limits, RunPlan
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message
from distq_tui.state import RunState
from distq_tui.store import StoreThread

CONCURRENCY = 20
LATENCY = 0.5


def plan_of(count: int, base_url: str, concurrency: int) -> RunPlan:
    probes = tuple(
        Probe(
            f"p{index}",
            "identity",
            "en",
            (Message("user", f"Question {index}: who made you?"),),
            "team",
            "bare",
            f"q{index}",
        )
        for index in range(count)
    )
    model = ModelSpec("mock-model", "openai", base_url=base_url, family="meta")
    return RunPlan("bench", 1, 1, Params(), (model,), probes, Limits(concurrency=concurrency))


async def run(count: int, base_url: str, concurrency: int, folder: Path) -> float:
    """Seconds from the first request to the last event; the SDK is imported before."""
    import openai  # noqa: F401 - its import is start-up, not the engine's work

    settings = load_settings(database=folder / f"{count}.db")
    store = StoreThread(settings.paths.database)
    plan = plan_of(count, base_url, concurrency)
    one = await open_run(plan, settings=settings, store=store)
    state = RunState(keep_text=False)
    start = None
    async for event in one.events():
        start = start or time.perf_counter()
        state.apply(event)
    elapsed = time.perf_counter() - (start or 0.0)
    store.close()
    assert state.finished is not None
    assert (state.finished.reason, state.finished.failed, state.finished.calls) == ("done", 0, count)
    return elapsed


def bare_latency(base_url: str) -> float:
    """Median seconds of a streamed answer by httpx alone, on an open connection."""
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "hi"}]}
    times = []
    with httpx.Client(headers={"authorization": "Bearer none"}) as client:
        for _ in range(6):
            start = time.perf_counter()
            client.post(f"{base_url}/chat/completions", json=body).raise_for_status()
            times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def peak_mb(count: int, base_url: str, folder: Path) -> float:
    """Peak memory in MB of a process of its own that runs `count` trials."""
    command = [sys.executable, __file__, "--child", str(count), base_url, str(folder)]
    return float(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="3,000 trials for the memory instead of 10,000")
    parser.add_argument("--child", nargs=3, metavar=("COUNT", "URL", "FOLDER"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        count, base_url, folder = arguments.child
        asyncio.run(run(int(count), base_url, 50, Path(folder)))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with mock_server(round(1000 * LATENCY)) as base_url:
            latency = bare_latency(base_url)
            asyncio.run(run(2, base_url, CONCURRENCY, folder))  # imports and lazy parts of the SDK are start-up
            elapsed = asyncio.run(run(300, base_url, CONCURRENCY, folder))
        ideal = latency * (1 + math.ceil(299 / CONCURRENCY))
        print(f"300 requests, c = {CONCURRENCY}: {elapsed:.2f} s, ideal {ideal:.2f} s (latency {latency:.3f} s)")
        print(f"ratio {elapsed / ideal:.3f} (goal <= 1.05)")
        many = 3000 if arguments.quick else 10000
        with mock_server(0) as base_url:
            few_mb, many_mb = peak_mb(1000, base_url, folder), peak_mb(many, base_url, folder)
        print(f"peak memory: 1,000 trials {few_mb:.0f} MB, {many:,} trials {many_mb:.0f} MB")
        print(f"ratio {many_mb / few_mb:.3f} (goal <= 1.2)")


if __name__ == "__main__":
    main()
