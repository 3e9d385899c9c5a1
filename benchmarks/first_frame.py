"""Time to the first frame, beside a bare Textual app's, in one run (docs/speed.md, goal 4: at most 1.35x).

    python benchmarks/first_frame.py [--times 7]

Each start is a process of its own, the two kinds in turn; what counts is the CPU of that process from its start to its
first painted frame, so that what else runs on the machine does not. Our side is the whole app as `distq-tui` opens it,
with a new database.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile

BARE = """
import time
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("hello")
    def post_display_hook(self):
        print(time.process_time(), flush=True)
        import os; os._exit(0)

Bare().run(headless=True, size=(120, 36))
"""
OURS = """
import sys, time
from distq_tui.config.settings import load_settings
from distq_tui.tui import app as window

def painted(self):
    heavy = [name for name in ("numpy", "httpx", "openai", "anthropic") if name in sys.modules]
    print(time.process_time(), len(heavy), flush=True)
    import os; os._exit(0)

window.DistqApp.post_display_hook = painted
window.DistqApp.run = (lambda run: lambda self: run(self, headless=True, size=(120, 36)))(window.DistqApp.run)
window.run_app(load_settings())
"""


def first_frame(code: str) -> tuple[float, int]:
    """CPU seconds to the first frame, and heavy packages imported by then."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "DISTQ_TUI_DATA_DIR": home, "XDG_CONFIG_HOME": home}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    seconds, *heavy = done.stdout.split()
    return float(seconds), int(heavy[0]) if heavy else 0


def main() -> None:
    """The ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=7)
    bare, ours, heavy = [], [], 0
    for _ in range(parser.parse_args().times):
        bare.append(first_frame(BARE)[0])
        seconds, found = first_frame(OURS)
        ours.append(seconds)
        heavy = max(heavy, found)
    low, high = statistics.median(bare), statistics.median(ours)
    print(f"bare Textual app {1000 * low:.0f} ms, distq-tui {1000 * high:.0f} ms of CPU to the first frame: "
          f"{high / low:.2f}x (goal: <= 1.35); heavy packages imported before it: {heavy}")  # fmt: skip


if __name__ == "__main__":
    main()
