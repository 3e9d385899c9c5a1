"""CPU time of `distq-tui score ice FILE` against a plain search for every maker's name in the same file.

    python benchmarks/ice_speed.py FILE [BASELINE_SECONDS]

FILE: JSONL, gzipped or not, with the fields that `score ice` reads. The baseline is one case-insensitive pattern of a
vendor and a product of each shipped family, run over the parsed answers (median of three passes); a number given as
BASELINE_SECONDS replaces it. The command is a fresh process: interpreter, imports, reading and writing included.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from pathlib import Path

from distq_tui.formats.rows import read_rows
from distq_tui.ice.facts import load_facts


def baseline(path: Path) -> float:
    """CPU seconds of one search pass over the answers."""
    names = {name for family in load_facts().families.values() for name in (family.name, family.products[0])}
    pattern = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))), re.IGNORECASE)
    texts = [row.get("response") or "" for _, row in read_rows(path)]
    passes = []
    for _ in range(3):
        start = time.process_time()
        for text in texts:
            pattern.findall(text)
        passes.append(time.process_time() - start)
    return sorted(passes)[1]


def command(path: Path) -> float:
    """CPU seconds of the whole command, the least of three."""
    best = float("inf")
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        arguments = [sys.executable, "-m", "distq_tui", "score", "ice", str(path)]
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


def main() -> int:
    path = Path(sys.argv[1])
    plain = float(sys.argv[2]) if len(sys.argv) > 2 else baseline(path)
    ours = command(path)
    print(f"plain search {plain:.3f} s, score ice {ours:.3f} s, ratio {ours / plain:.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
