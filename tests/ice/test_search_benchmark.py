"""The simulation of the rules of selection runs, and shows what the docs say of the paper's setting."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "search.py"


def run():
    done = subprocess.run([sys.executable, str(SCRIPT), "--repeats", "3"], capture_output=True, text=True, check=True)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines()]


def test_a_quick_run_prints_one_row_a_cell():
    head, _, *rows = run()
    assert head[3].endswith("mcts-explore / ucb / random")
    assert len(rows) == 5 * 4
    paper = [row for row in rows if row[1:3] == ["76", "20"]]
    assert len(paper) == 5
    assert all(row[5].startswith("0% /") for row in paper), "no seed is revisited"
    adapting = [row for row in rows if row[1:3] == ["76", "200"]]
    assert not any(row[5].startswith("0% /") for row in adapting)
    assert rows == run()[2:]
