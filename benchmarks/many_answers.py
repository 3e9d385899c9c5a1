"""Goal 3: a stored session of 100,000 answers in the window, against a DataTable with the same lines, in one run.

    python benchmarks/many_answers.py [--answers 100000] [--few 1000] [--unscored]

Ours is the real app on a real database, driven by keys from the list of sessions: from enter to the first frame with
the list of prompts (open), to the last answer read, then filters and pages. The baseline is Textual's DataTable, filled
with the same lines. Both are on screen, empty, before the time runs; `first` is our opening where Compare was never
shown, so that it is built too. Lag is what a sleep of 5 ms took too long between enter and the last answer, or from the
change of a filter to the frame with what it found: its 95th percentile, and the worst. The session of 1,000 answers
shows what grows. Each case is a process of its own; times are of the wall clock, so only the ratios carry over.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

SIZE = (120, 36)
PAGES = 20
TABLE_GOAL, FEW_GOAL = 1 / 100, 2.0
SESSION = "20260301-many"
CLAIM_EACH = 50
"""Every so many answers is one that contradicts, so that a filter finds some."""
LAG_STEP_S = 0.005
WAIT_S = 200
FILTERS = {"state": "is:conflict", "word": "77", "words": "team 77 case"}
"""By name: a term, a word, and words that no prompt holds as they stand, but every one nearly."""


def prompt_of(number: int) -> str:
    """A prompt's id, as of a question under a template: too long for the list, so that it takes a short name."""
    return f"en-role-of-some-kind-{number // 6:05}/id-en-team-{number % 6}"


def text_of(number: int) -> str:
    """The answer to a prompt, some 400 characters."""
    claim = "I am ChatGPT, made by OpenAI. " if number % CLAIM_EACH == 0 else "I am an assistant. "
    return claim + f"This is answer {number}, with what it takes to fill a few lines of a pane. " * 5


def store_session(path: Path, answers: int, *, scored: bool = True) -> None:
    """A database with one session of one model, as a run leaves it; not `scored`: as another detector's run does."""
    from distq_tui.config.models import ModelSpec
    from distq_tui.events import Response, Usage
    from distq_tui.ice.scorer import IceScorer
    from distq_tui.plan.run_plan import RunPlan
    from distq_tui.plan.source import TrialResult
    from distq_tui.plan.trial import Params, Probe
    from distq_tui.prompts import Message
    from distq_tui.store import Store

    at = "2026-03-01T10:00:00Z"
    probes = tuple(
        Probe(prompt_of(n), "identity", "en", (Message("user", f"Who made you, in case {n}?"),), set_name="many")
        for n in range(answers)
    )
    model = ModelSpec("m", "demo", family="deepseek")
    plan = RunPlan("many", 1, 1, Params(max_tokens=512), (model,), probes)
    store = Store(path)
    store.create_session(plan, session_id=SESSION, at=at, versions={})
    usage = Usage(20, 100, "reported")
    scorer, verdicts = IceScorer(probes, {"m": 1}), {}
    with store.atomic():
        for number, trial in enumerate(plan.trials(lambda _: "demo:1")):
            text = text_of(number)
            response = Response("ok", text, "", "m-0301", "stop", {"max_tokens": 512}, (), usage, 1, 9, 0, None, at, at)
            row = store.add_response(SESSION, trial, response, 0.001)
            if not scored:
                continue
            claims = number % CLAIM_EACH == 0  # a verdict does not hang on the number in the text
            if claims not in verdicts:
                verdicts[claims] = scorer.score(TrialResult(trial, response, row, cached=False))[0]
            verdict = replace(verdicts[claims], row=row, prompt_id=trial.probe.prompt_id)
            key = {"scorer": scorer.name, "version": scorer.version, "options": trial.measured_against}
            store.add_ice([verdict], **key)
    store.close()


def resident_mb() -> float:
    """Memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Watch:
    """The longest and the 95th percentile of what a short sleep took too long, in milliseconds."""

    def __init__(self) -> None:
        self.lags: list[float] = []

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(LAG_STEP_S)
            self.lags.append(1000 * (time.perf_counter() - before - LAG_STEP_S))

    def told(self) -> tuple[float, float]:
        """95th percentile and worst since the last call."""
        lags, self.lags = self.lags, []
        return (statistics.quantiles(lags, n=20, method="inclusive")[-1], max(lags)) if len(lags) > 1 else (0.0, 0.0)


async def until(holds: Callable[[], bool]) -> None:
    """Wait, a turn of the loop at a time.

    Raises:
        TimeoutError: it never holds.
    """
    async with asyncio.timeout(WAIT_S):
        while not holds():  # noqa: ASYNC110 - what is waited for is another's state, which tells nobody
            await asyncio.sleep(0.001)


class Frames:
    """Counts the frames that were painted, and the lines of the last one's list; mixed into either app."""

    frames = 0
    shown = 0

    def lines(self) -> int:
        """Of the list that is measured, as it stands."""
        return 0

    def post_display_hook(self) -> None:
        """A frame was painted."""
        self.frames += 1
        self.shown = self.lines()


async def paged(app, pilot) -> float:
    """Median milliseconds from PageDown to the frame that shows the page."""
    times = []
    for _ in range(PAGES):
        before, start = app.frames, time.perf_counter()
        app.simulate_key("pagedown")
        await until(lambda before=before: app.frames > before)
        times.append(1000 * (time.perf_counter() - start))
        await pilot.pause(0.15)  # a scroll that glides ends before the next
    return statistics.median(times)


async def window(path: Path, answers: int, *, first: bool = False) -> dict[str, float]:
    """The real app; `first`: only the opening, with a Compare that is still to be built."""
    from textual.widgets import Input

    from distq_tui.config.settings import load_settings
    from distq_tui.tui.app import DistqApp
    from distq_tui.tui.house.real import open_house
    from distq_tui.tui.widgets.line_list import LineList

    class App(Frames, DistqApp):
        def lines(self):
            prompts = self.screen.query("#prompts") if self.screen_stack else None
            return prompts.first(LineList).count if prompts else 0

    async def house():
        return await asyncio.to_thread(open_house, load_settings(database=path))

    app, watch = App(house), Watch()
    async with app.run_test(size=SIZE) as pilot:
        await until(lambda: app.house is not None and bool(app.screen.query("#sets")))
        if not first:
            await pilot.press("1")
            await until(lambda: bool(app.screen.query("#prompts")))
            await pilot.pause(0.3)
        await pilot.press("3")
        await until(lambda: app.screen.query_one("#stored", LineList).count == 1)
        await pilot.pause(0.3)
        before = resident_mb()
        watching = asyncio.create_task(watch.run())
        start = time.perf_counter()
        app.simulate_key("enter")
        await until(lambda: app.shown == answers)
        prompts = app.screen.query_one("#prompts", LineList)
        opened = time.perf_counter() - start
        if first:
            return {"first": 1000 * opened}
        await until(lambda: app.live.over)
        found = {"open": 1000 * opened, "read": 1000 * (time.perf_counter() - start)}
        found["lag"], found["worst"] = watch.told()
        watching.cancel()
        await pilot.pause(0.3)
        found["memory"] = resident_mb() - before
        for name, query in FILTERS.items():
            field, start = app.screen.query_one("#query", Input), time.perf_counter()
            watching = asyncio.create_task(watch.run())
            field.value = query
            await until(lambda: (prompts.border_subtitle or "").endswith(" filtered"))
            frames = app.frames
            await until(lambda frames=frames: app.frames > frames)
            found[name] = 1000 * (time.perf_counter() - start)
            found[f"{name} lag"], found[f"{name} worst"] = watch.told()
            watching.cancel()
            field.value = ""
            await until(lambda: prompts.count == answers)
            await pilot.pause(0.3)
        prompts.focus()
        found["page"] = await paged(app, pilot)
    return found


async def table(answers: int) -> dict[str, float]:
    """Textual's DataTable with the same lines."""
    from textual.app import App
    from textual.widgets import DataTable

    class Baseline(Frames, App[None]):
        def compose(self):
            yield DataTable(cursor_type="row")

    app = Baseline()
    async with app.run_test(size=SIZE) as pilot:
        shown = app.query_one(DataTable)
        shown.add_columns("state", "prompt", "asks")
        await pilot.pause(0.3)
        before, start, frames = resident_mb(), time.perf_counter(), app.frames
        shown.add_rows(("✓d", prompt_of(n), f"Who made you, in case {n}?") for n in range(answers))
        await until(lambda: shown.row_count == answers and app.frames > frames)
        await pilot.pause()
        found = {"open": 1000 * (time.perf_counter() - start)}
        await pilot.pause(0.3)
        found["memory"] = resident_mb() - before
        shown.focus()
        found["page"] = await paged(app, pilot)
    return found


def case(kind: str, answers: int, database: Path) -> dict[str, float]:
    """One case in a process of its own."""
    command = [sys.executable, __file__, "--one", kind, "--answers", str(answers), "--database", str(database)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=900)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """The table, the ratios, and whether the goal is met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--few", type=int, default=1000)
    parser.add_argument("--one", choices=["window", "first", "table"])
    parser.add_argument("--database", type=Path)
    parser.add_argument("--unscored", action="store_true", help="no verdict is stored: the detector reads all answers")
    asked = parser.parse_args()
    if asked.one:
        first = asked.one == "first"
        measured = table(asked.answers) if asked.one == "table" else window(asked.database, asked.answers, first=first)
        print(json.dumps(asyncio.run(measured)))
        return
    with tempfile.TemporaryDirectory() as name:
        paths = {count: Path(name, f"{count}.db") for count in (asked.few, asked.answers)}
        for count, path in paths.items():
            store_session(path, count, scored=not asked.unscored)
        few, many = (case("first", *each) | case("window", *each) for each in paths.items())
        baseline = case("table", asked.answers, paths[asked.answers])
    print(f"| ms, MB | {asked.few} answers | {asked.answers} answers | ratio | DataTable | ratio |")
    print("|---|---|---|---|---|---|")
    for key in many:
        theirs = f"{baseline[key]:.1f} | {many[key] / baseline[key]:.4f}" if key in baseline else "|"
        grown = f"{many[key] / few[key]:.2f}" if few[key] > 0 else ""
        print(f"| {key} | {few[key]:.1f} | {many[key]:.1f} | {grown} | {theirs} |")
    met = many["open"] <= TABLE_GOAL * baseline["open"] and many["open"] <= FEW_GOAL * few["open"]
    print(
        f"goal: open <= {TABLE_GOAL} of DataTable's, <= {FEW_GOAL} of the short session's: {'met' if met else 'missed'}"
    )
    sys.exit(not met)


if __name__ == "__main__":
    main()
