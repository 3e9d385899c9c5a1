"""The coverage simulation runs, follows its seed, and plants what it says."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "coverage.py"


def run(*arguments: str) -> list[str]:
    done = subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if line.startswith("|")]


def test_a_quick_run_prints_one_row_a_cell_and_follows_the_seed() -> None:
    rows = run("--repeats", "5", "--part", "rates")
    assert len(rows) == 2 + 4 * (4 + 3 * 6)  # .007 cannot have the two largest pairs of ICCs
    assert all(0.0 <= float(cell) <= 100.0 for row in rows[2:] for cell in row.split("|")[5:8])
    assert rows == run("--repeats", "5", "--part", "rates")
    assert rows != run("--repeats", "5", "--part", "rates", "--seed", "8")
