"""`kill -9` at any moment: nothing finished is lost or asked again, and the file opens clean. The server counts."""

import json
import random
import sqlite3
import subprocess
import sys

import httpx
import pytest

from distq_tui.store import Store

PLAN = """
name = "kill"
[[models]]
name = "mock"
provider = "openai"
base_url = "{root}/v1"
family = "meta"
[[prompts]]
set = "prompts.jsonl"
[limits]
concurrency = 8
"""
FIXTURES = [
    {"match": {}, "response": {"content": "An answer of the mock server, long enough to come in several pieces."}}
]


def write_plan(folder, root, count):
    rows = [{"id": f"p{n}", "kind": "identity", "language": "en", "text": f"Question {n}: who?"} for n in range(count)]
    (folder / "prompts.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "plan.toml").write_text(PLAN.format(root=root))


def run_until(folder, finished):
    """Run the plan and kill it when so many trials were told as finished; the prompts told, and whether it ended."""
    command = [
        sys.executable,
        "-m",
        "distq_tui",
        "--db",
        str(folder / "k.db"),
        "run",
        str(folder / "plan.toml"),
        "--events",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = set()
    live = 0
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "trial_finished":
            told.add(event["prompt_id"])
            live += not event["cached"]
            if live >= finished:
                process.kill()
                break
    process.stdout.close()
    return told, process.wait() == 0


def asked(root):
    """How often the server was asked each question, by prompt id."""
    counts = {}
    journal = httpx.get(f"{root}/__aimock/journal", params={"limit": 100000}, trust_env=False).json()
    for entry in journal if isinstance(journal, list) else journal["entries"]:
        text = entry["body"]["messages"][-1]["content"] if "messages" in (entry.get("body") or {}) else ""
        if text.startswith("Question "):
            prompt = "p" + text.split(":")[0].removeprefix("Question ")
            counts[prompt] = counts.get(prompt, 0) + 1
    return counts


@pytest.mark.parametrize(
    ("kills", "trials"), [(3, 60), pytest.param(20, 300, marks=pytest.mark.slow)], ids=["short", "twenty kills"]
)
def test_kill_nine(tmp_path, run_aimock, kills, trials):
    rng = random.Random(9)
    with run_aimock(FIXTURES, "--chaos-latency", "20") as root:
        write_plan(tmp_path, root, trials)
        acknowledged, ended = set(), False
        for _ in range(kills):
            before = asked(root)
            told, ended = run_until(tmp_path, rng.randint(1, 2 * trials // (3 * kills)))
            again = [prompt for prompt in acknowledged if asked(root).get(prompt, 0) > before.get(prompt, 0)]
            assert not again, "a finished answer was asked for again"
            acknowledged |= told
            connection = sqlite3.connect(tmp_path / "k.db")
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            stored = {row[0] for row in connection.execute("SELECT prompt_id FROM v_responses WHERE class = 'ok'")}
            connection.close()
            assert acknowledged <= stored, "a finished answer was lost"
        assert not ended, "the kills came before the end"
        told, ended = run_until(tmp_path, trials + 1)
        assert ended
        assert len(told) == trials
        counts = asked(root)
    assert set(counts) == told
    assert sum(counts.values()) <= trials + 8 * kills, "at most what streamed at a kill was asked twice"
    store = Store(tmp_path / "k.db", create=False)
    sessions = store.sessions()
    store.close()
    assert [(row.state, row.done, row.total) for row in sessions] == [("done", trials, trials)], "one session, resumed"
