"""`report`, `export` and `import` as a user calls them: exit codes, one line each, nothing heavy imported."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from report_session import Maker

from distq_tui.cli import main
from distq_tui.store import Store


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "answers.db"
    store = Store(path)
    Maker(store).write()
    store.close()
    return path


@pytest.mark.parametrize(
    ("name", "told"), [("x.csv", ": the table `rates`"), ("my.results.jsonl", ": the table `answers`"), ("x.json", "")]
)
def test_export_says_which_table_it_wrote(database, tmp_path, capsys, name, told):
    out = tmp_path / name
    assert main(["--db", str(database), "export", "latest", "-o", str(out)]) == 0
    assert capsys.readouterr().err == f"wrote {out}{told}\n"


@pytest.mark.parametrize("suffix", ["html", "md", "json", "csv"])
def test_report_writes_the_file_and_says_so_on_stderr(database, tmp_path, capsys, suffix):
    out = tmp_path / f"out.{suffix}"
    assert main(["--db", str(database), "report", "latest", "-o", str(out)]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == f"wrote {out}\n"
    assert out.stat().st_size > 1000


@pytest.mark.parametrize("ref", ["latest", "audit", "2026", "20260301-aa"])
def test_a_session_is_named_in_four_ways(database, tmp_path, ref):
    assert main(["report", ref, "-o", str(tmp_path / "out.md"), "--db", str(database)]) == 0


@pytest.mark.parametrize("command", ["report", "export"])
def test_reading_a_session_leaves_the_database_as_it_was(database, tmp_path, command):
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    assert main(["--db", str(database), command, "latest", "-o", str(tmp_path / "out.json")]) == 0
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["report", "latest", "-o", "x.pdf"], "unknown report format"),
        (["report", "nobody", "-o", "x.md"], "no session is called"),
        (["report", "latest", "-o", "missing/x.md"], "does not exist"),
        (["export", "latest", "-o", "x.pdf"], "unknown export format"),
        (["export", "nobody", "-o", "x.csv"], "no session is called"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(database, capsys, arguments, said):
    assert main([*arguments, "--db", str(database)]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_a_missing_database_is_exit_2_and_is_not_made(tmp_path, capsys):
    missing = tmp_path / "none.db"
    assert main(["report", "latest", "-o", str(tmp_path / "x.md"), "--db", str(missing)]) == 2
    assert str(missing) in capsys.readouterr().err
    assert not missing.exists()


LOOK = """
import sys
from distq_tui.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as stop:
    code = stop.code
heavy = {"textual", "openai", "anthropic", "httpx", "httpx2", "sqlite_utils", "rapidfuzz"} & set(sys.modules)
assert not heavy, heavy
raise SystemExit(code)
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["report", "latest", "-o", "out.html"], ["export", "latest", "-o", "x.json"]]
)
def test_neither_textual_nor_an_sdk_is_imported(database, tmp_path, arguments):
    """They cost seconds; a report needs none of them."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK, "--db", str(database), *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", ["report", "export"])
@pytest.mark.parametrize("name", ["answers.json", "soft.json", "hard.csv", "sub/../answers.json"])
def test_the_database_is_never_overwritten(database, tmp_path, capsys, command, name):
    database = database.rename(tmp_path / "answers.json")
    (tmp_path / "soft.json").symlink_to(database)
    (tmp_path / "hard.csv").hardlink_to(database)
    (tmp_path / "sub").mkdir()
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    out = tmp_path / name
    assert main(["--db", str(database), command, "latest", "-o", str(out)]) == 2
    assert capsys.readouterr().err == f"{out}: is the database; name another file to write to\n"
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before


def test_nor_is_the_log_beside_it(database, tmp_path, capsys):
    for end in ("wal", "shm", "journal"):
        (tmp_path / "out.json").unlink(missing_ok=True)
        (tmp_path / "out.json").symlink_to(f"answers.db-{end}")
        assert main(["--db", str(database), "report", "latest", "-o", str(tmp_path / "out.json")]) == 2
        assert "is the database" in capsys.readouterr().err
