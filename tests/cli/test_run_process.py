"""The program as a process: signals, pipes, encodings, and what it does not import."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from distq_tui import __version__
from distq_tui.cli import main
from distq_tui.events import Response
from distq_tui.plan.file import load_plan
from distq_tui.providers.registry import endpoint_of
from distq_tui.store import Store

RUN = [sys.executable, "-m", "distq_tui"]
SLOW = """\
[[models]]
name = "persona-unrelated"
provider = "demo"
[[prompts]]
set = "similarity"
limit = 40
[limits]
concurrency = 2
"""


def program(*arguments, **kwargs):
    return subprocess.run([*RUN, *arguments], capture_output=True, text=True, encoding="utf-8", check=False, **kwargs)


def sessions(cli):
    return cli("sessions", "--db", "t.db", "--json").json


def test_python_dash_m_is_the_same_program():
    ended = program("--version")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"distq-tui {__version__}\n", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_with_130_and_the_next_run_goes_on(cli, folder, number):
    (folder / "slow.toml").write_text(SLOW)
    with subprocess.Popen([*RUN, "run", "slow.toml", "--db", "t.db", "--events"], stdout=subprocess.PIPE) as process:
        events = []
        for line in process.stdout:
            events.append(json.loads(line))
            if events[-1]["event"] == "trial_finished":
                process.send_signal(number)
                break
        events += [json.loads(line) for line in process.stdout]
        assert process.wait(timeout=30) == 130
    assert events[-1]["event"] == "run_finished"
    assert events[-1]["reason"] == "stopped"
    (row,) = sessions(cli)
    assert row["state"] == "stopped"
    kept = [event for event in events if event["event"] == "trial_finished" and event["response"]["cls"] == "ok"]
    partial = [event for event in events if event["event"] == "trial_finished" and event not in kept]
    assert partial
    assert all(event["response"]["cls"] == "cancelled" for event in partial)

    again = cli("run", "slow.toml", "--db", "t.db", "--max-requests", "0", "--json")
    assert again.code == 3
    assert (again.json["session"], again.json["hits"]) == (row["id"], len(kept))


def test_a_killed_run_goes_on_in_its_session(cli, folder):
    (folder / "slow.toml").write_text(SLOW)
    with subprocess.Popen([*RUN, "run", "slow.toml", "--db", "t.db", "--events"], stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            if json.loads(line)["event"] == "trial_finished":
                process.kill()
                break
    assert [row["state"] for row in sessions(cli)] == ["unfinished"]
    again = cli("run", "slow.toml", "--db", "t.db", "--max-requests", "0", "--json").json
    assert again["hits"] >= 1
    assert len(sessions(cli)) == 1


def test_a_reader_that_goes_away_ends_the_run_quietly(cli, folder):
    (folder / "slow.toml").write_text(SLOW)
    with subprocess.Popen(
        [*RUN, "run", "slow.toml", "--db", "t.db", "--events"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read()
        assert process.wait(timeout=30) == 1
    assert told == b""
    assert len(sessions(cli)) == 1


def test_a_stdout_that_knows_few_characters_shows_the_others_as_escapes(folder):
    ended = program("run", "plan.toml", "--db", "t.db", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert ended.returncode == 0
    assert "trials 4/4 \\xb7 4 calls" in ended.stdout


IMPORTS = """
import sys
from distq_tui.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as ended:
    code = ended.code
heavy = {"textual", "openai", "anthropic", "httpx2", "httpx", "xllamacpp"} & set(sys.modules)
print("heavy:", *sorted(heavy), file=sys.stderr)
raise SystemExit(code)
"""


@pytest.fixture
def cached(folder, capsys):
    """A database that holds every answer of the plan, and files to score."""
    assert main(["run", "plan.toml", "--db", "t.db"]) == 0
    capsys.readouterr()
    row = {"id": 1, "model": "m", "family": "qwen", "query": "Who are you?", "response": "I am Qwen."}
    (folder / "rows.jsonl").write_text(json.dumps(row))
    (folder / "pairs.jsonl").write_text(
        "".join(json.dumps({"prompt_id": 1, "model": model, "response": "Hello there."}) + "\n" for model in "ab")
    )


@pytest.mark.parametrize(
    "words",
    [
        "--help",
        "run --help",
        "--version",
        "run plan.toml --json",
        "run plan.toml --dry-run",
        "sessions",
        "report latest -o x.html",
        "score ice rows.jsonl",
        "score rse pairs.jsonl",
        "prompts",
        "locate",
    ],
)
def test_neither_an_sdk_nor_the_window_is_imported(cached, words):
    arguments = words.split() + ([] if words.startswith("-") or "--help" in words else ["--db", "t.db"])
    ended = subprocess.run([sys.executable, "-c", IMPORTS, *arguments], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.splitlines()[-1] == "heavy:"


def test_a_run_of_remote_models_whose_answers_are_stored_needs_neither_sdk_nor_key(folder):
    (folder / "remote.toml").write_text(
        '[[models]]\nname = "gpt-4o"\nprovider = "openai"\n[[models]]\nname = "claude"\nprovider = "anthropic"\n'
        '[[prompts]]\nset = "own.jsonl"\n'
    )
    plan = load_plan(folder / "remote.toml")
    store = Store(folder / "t.db")
    store.create_session(plan, session_id="s", at="2026-01-01T00:00:00Z", versions={})
    for trial in plan.trials(endpoint_of):
        store.add_response(
            "s", trial, Response("ok", "Blue.", finish_reason="stop", created_at="2026-01-01T00:00:00Z"), 0.0
        )
    store.close()
    arguments = ["run", "remote.toml", "--db", "t.db", "--json"]
    ended = subprocess.run([sys.executable, "-c", IMPORTS, *arguments], capture_output=True, text=True, check=False)
    assert ended.stderr.splitlines()[-1] == "heavy:"
    assert (ended.returncode, json.loads(ended.stdout)["hits"]) == (0, 4)


def test_help_imports_neither_pydantic_nor_numpy(cached):
    code = IMPORTS.replace('{"textual"', '{"pydantic", "numpy", "scipy", "sqlite_utils", "rich", "textual"')
    ended = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=False)
    assert ended.stderr.splitlines()[-1] == "heavy:"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_stdout_is_one_line():
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run([*RUN, "prompts"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr == "can't write: No space left on device\n"
