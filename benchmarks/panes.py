"""Live panes against Textual's own widgets, in one run: CPU share, lag of the event loop, key to screen, memory.

    python benchmarks/panes.py [--seconds 5] [--panes 4 8]

Ours is the real app with its Compare screen, fed by a scripted run; the baselines are `Markdown` streams written per
chunk and a bare `Log` painted ten times a second. Every case is a process of its own on the virtual clock of `vclock`,
so that nothing else on the machine counts. Goals: docs/speed.md, 1 and 2.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

CHUNKS_A_SECOND = 20
SIZE = (200, 60)
WARM_UP_S = 1.0
SENTENCE = "I was made by a small team, **and** I like `code`, lists and plain words; "
PARAGRAPH = SENTENCE * 3 + "\n\n- one thing\n- another thing\n\n"


def text_of(tokens: int, start: int) -> str:
    """About that many tokens (4 characters each) of Markdown-like text, from a place in an endless one."""
    size = tokens * 4
    at = (start * 4) % len(PARAGRAPH)
    doubled = PARAGRAPH * (2 + size // len(PARAGRAPH))
    return doubled[at : at + size]


class Meter:
    """Lag, key-to-screen time and frames, from when it is started."""

    def __init__(self) -> None:
        self.lags: list[float] = []
        self.keys: list[float] = []
        self.frames = 0
        self.pressed: float | None = None
        self.cpu: list[tuple[float, float]] = []
        self.on = False

    def frame(self) -> None:
        """A frame was painted."""
        if not self.on:
            return
        self.frames += 1
        if self.pressed is not None:
            self.keys.append(time.perf_counter() - self.pressed)
            self.pressed = None

    async def watch_lag(self) -> None:
        """Sleep short, note how much longer it took."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            if self.on:
                self.lags.append(time.perf_counter() - before - 0.01)

    async def press(self, app) -> None:
        """A key every 170 ms, whose effect is a repaint of the focused widget."""
        from textual import events

        while True:
            await asyncio.sleep(0.17)
            if self.on and self.pressed is None:
                self.pressed = time.perf_counter()
                app.post_message(events.Key("f2", None))


def p95(values: list[float]) -> float:
    """The 95th percentile in milliseconds."""
    return 1000 * statistics.quantiles(values, n=20)[-1] if len(values) > 1 else float("nan")


async def measure(app, meter: Meter, seconds: float, feed: Callable[[float], object]) -> dict:
    """Feed the app and watch it; `feed(now)` is called 20 times a second."""
    import vclock

    async with app.run_test(size=SIZE, headless=True) as pilot:
        await pilot.pause(0.5)
        tasks = [asyncio.create_task(meter.watch_lag()), asyncio.create_task(meter.press(app))]
        start = time.perf_counter()
        shares: list[float] = []
        mark = (0.0, 0.0)
        step = 0
        while (now := time.perf_counter() - start) < WARM_UP_S + seconds:
            if now >= WARM_UP_S and not meter.on:
                meter.on = True
                mark = begin = (time.perf_counter(), vclock.idle())
            if meter.on and time.perf_counter() - mark[0] >= 1:
                here = (time.perf_counter(), vclock.idle())
                shares.append(1 - (here[1] - mark[1]) / (here[0] - mark[0]))
                mark = here
            outcome = feed(now)
            if asyncio.iscoroutine(outcome):
                await outcome
            step += 1
            behind = time.perf_counter() - start - step / CHUNKS_A_SECOND
            await asyncio.sleep(max(0.0, -behind))
        elapsed, idle = time.perf_counter() - begin[0], vclock.idle() - begin[1]
        meter.on = False
        for task in tasks:
            task.cancel()
    return {
        "cpu": 100 * (1 - idle / elapsed),
        "lag": p95(meter.lags),
        "key": p95(meter.keys),
        "frames": meter.frames / elapsed,
        "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "late_over_early": statistics.fmean(shares[-2:]) / statistics.fmean(shares[:2]) if len(shares) > 3 else None,
    }


def ours(panes: int, rate: float, seconds: float) -> dict:
    """The real app."""
    from textual.binding import Binding

    from distq_tui import events as ev
    from distq_tui.config.models import ModelSpec
    from distq_tui.plan.run_plan import RunPlan
    from distq_tui.plan.trial import Params, Probe
    from distq_tui.prompts import Message
    from distq_tui.tui.app import DistqApp
    from distq_tui.tui.screens.compare import CompareScreen

    meter = Meter()
    titles = [f"model-{at}" for at in range(panes)]
    probes = tuple(Probe(f"p{at}", "identity", "en", (Message("user", "?"),)) for at in range(50))
    plan = RunPlan("bench", 1, 1, Params(), tuple(ModelSpec(title, "demo") for title in titles), probes)
    queue: asyncio.Queue[ev.Event] = asyncio.Queue()

    class Scripted:
        stored = False
        tags: dict[str, str] = {}  # noqa: RUF012

        def __init__(self) -> None:
            self.plan = plan
            self.prompts = len(plan.probes)

        async def events(self) -> AsyncIterator[ev.Event]:
            while True:
                yield await queue.get()

        def pause(self) -> None: ...

        resume = stop = pause

    class House:
        async def demo(self) -> Scripted:
            return Scripted()

        async def models(self) -> list:
            return []

        sets = sessions = estimate = models

    async def house() -> House:
        return House()

    class App(DistqApp):
        BINDINGS = [Binding("f2", "poke", "poke")]  # noqa: RUF012
        said = 0

        def action_poke(self) -> None:
            from distq_tui.tui.widgets.title_bar import TitleBar

            self.said += 1
            self.screen.query_one(TitleBar).tell([(str(self.said), "strong")])

        def post_display_hook(self) -> None:
            meter.frame()

    app = App(house, start="demo")
    queue.put_nowait(ev.RunStarted("s", "bench", panes * 50, tuple(titles), ""))
    for title in titles:
        for probe in probes[:3]:
            queue.put_nowait(ev.TrialStarted(title + probe.prompt_id, title, probe.prompt_id, 0))
    told = [0] * panes
    marks: list[tuple[ev.Mark, ...]] = [()] * panes

    def feed(now: float) -> None:
        if not isinstance(app.screen, CompareScreen):
            return
        for at, title in enumerate(titles):
            due = int(rate * now)
            if due <= told[at]:
                continue
            text = text_of(due - told[at], told[at])
            if told[at] // 200 != due // 200:
                start = told[at] * 4
                marks[at] = (*marks[at], ev.Mark(start, start + 20, "conflict", "bench"))
            told[at] = due
            for probe in probes[:3]:
                queue.put_nowait(ev.TrialDelta(title + probe.prompt_id, title, probe.prompt_id, 0, text, "", marks[at]))

    return asyncio.run(measure(app, meter, seconds, feed))


def textual_widget(kind: str, panes: int, rate: float, seconds: float) -> dict:
    """A baseline: `markdown` (MarkdownStream, written per chunk) or `log` (Log, painted at 10 Hz)."""
    from textual.app import App
    from textual.binding import Binding
    from textual.containers import Grid, VerticalScroll
    from textual.widgets import Log, Markdown, Static

    meter = Meter()

    class Baseline(App[None]):
        CSS = "Grid { grid-size: 4; } VerticalScroll, Log { border: round $border; height: 1fr; } #said { height: 1; }"
        BINDINGS = [Binding("f2", "poke", "poke")]  # noqa: RUF012
        said = 0

        def compose(self):
            yield Static("0", id="said")
            with Grid():
                for at in range(panes):
                    if kind == "log":
                        yield Log(id=f"p{at}")
                    else:
                        with VerticalScroll(id=f"p{at}"):
                            yield Markdown()

        def on_mount(self) -> None:
            if kind == "markdown":
                for scroll in self.query(VerticalScroll):
                    scroll.anchor()
                self.streams = [Markdown.get_stream(widget) for widget in self.query(Markdown)]
            else:
                self.logs = list(self.query(Log))
                self.buffers = [""] * panes
                self.set_interval(0.1, self.flush)
            gc.collect()
            gc.freeze()
            gc.set_threshold(5000, 50, 1000)

        def flush(self) -> None:
            for log, text in zip(self.logs, self.buffers, strict=True):
                log.write(text)
            self.buffers = [""] * panes

        def action_poke(self) -> None:
            self.said += 1
            self.query_one("#said", Static).update(str(self.said))

        def post_display_hook(self) -> None:
            meter.frame()

    app = Baseline()
    told = [0] * panes

    async def feed(now: float) -> None:
        for at in range(panes):
            due = int(rate * now)
            text = text_of(due - told[at], told[at]) if due > told[at] else ""
            told[at] = max(due, told[at])
            if kind == "log":
                app.buffers[at] += text
            elif text:
                await app.streams[at].write(text)

    return asyncio.run(measure(app, meter, seconds, feed))


def case(kind: str, panes: int, rate: float, seconds: float) -> dict:
    """Run one case in a process of its own."""
    command = [sys.executable, __file__, "--one", kind, "--panes", str(panes), "--rate", str(rate)]
    done = subprocess.run(
        [*command, "--seconds", str(seconds)], capture_output=True, text=True, check=True, timeout=600
    )
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """The table and the goals."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--panes", type=int, nargs="+", default=[4, 8])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--one", choices=["ours", "markdown", "log"])
    arguments = parser.parse_args()
    if arguments.one:
        sys.path.insert(0, str(Path(__file__).parent))
        import vclock

        vclock.install()
        run = ours if arguments.one == "ours" else lambda *args: textual_widget(arguments.one, *args)
        print(json.dumps(run(arguments.panes[0], arguments.rate, arguments.seconds)))
        return
    print("| case | CPU % | lag p95 ms | key p95 ms | frames/s | MB |\n|---|---|---|---|---|---|")
    for panes in arguments.panes:
        found = {}
        for kind in ("markdown", "log", "ours"):
            row = found[kind] = case(kind, panes, arguments.rate, arguments.seconds)
            print(f"| {panes} x {arguments.rate:g} {kind} | " + " | ".join(
                f"{row[name]:.1f}" for name in ("cpu", "lag", "key", "frames", "rss")) + " |", flush=True)  # fmt: skip
        ratios = {name: found["ours"][name] / found["markdown"][name] for name in ("cpu", "lag", "key")}
        print(f"| {panes} panes: ours / MarkdownStream | " + " | ".join(f"{r:.2f}" for r in ratios.values()) + " | | |")
    long = case("ours", 4, 600, 10)
    print(f"\n4 x 600 tokens/s for 10 s (to 6,600 tokens a pane): CPU late/early = {long['late_over_early']:.2f}"
          f" (goal 2: <= 1.2), lag p95 {long['lag']:.1f} ms")  # fmt: skip
    fast = case("ours", 8, 625, arguments.seconds)
    print(f"8 panes, 5,000 tokens/s in all: lag p95 {fast['lag']:.1f} ms (goal 1: <= 100), CPU {fast['cpu']:.0f} %")


if __name__ == "__main__":
    main()
