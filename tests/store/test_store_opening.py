"""What opens, what does not, and what the user is told."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from distq_tui.errors import InputError, one_line
from distq_tui.store import Store, migrations, opening


def refuse(path: Path, **options: bool) -> str:
    with pytest.raises(InputError) as caught:
        Store(path, **options)
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith(f"{one_line(caught.value.file)}: ")
    return line


def pragma(path: Path, name: str) -> object:
    conn = sqlite3.connect(path)
    value = conn.execute(f"PRAGMA {name}").fetchone()[0]
    conn.close()
    return value


def test_a_new_file_is_marked_as_ours(path):
    Store(path).close()
    assert pragma(path, "application_id") == 0x64717475
    assert pragma(path, "user_version") == len(migrations.STEPS)
    assert pragma(path, "journal_mode") == "wal"
    assert pragma(path, "page_size") == 8192


def test_the_folder_of_a_new_file_is_made(tmp_path):
    Store(tmp_path / "deep" / "er" / "x.db").close()
    assert (tmp_path / "deep" / "er" / "x.db").exists()


def test_a_file_name_with_uri_characters_is_that_file(tmp_path):
    path = tmp_path / "a?mode=ro#b %41.db"
    Store(path).close()
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_an_empty_file_becomes_a_database(path):
    path.touch()
    Store(path).close()
    assert pragma(path, "application_id") == migrations.APPLICATION_ID


def test_text_is_no_database(path):
    path.write_text("these are notes, not a database\n" * 100)
    assert "is not a SQLite database" in refuse(path)
    assert path.read_text().startswith("these are notes")


def test_another_programs_database_is_left_alone(path):
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE bookmarks (url)")
    conn.commit()
    conn.close()
    before = path.read_bytes()
    assert "another program" in refuse(path)
    assert path.read_bytes() == before


def test_another_programs_empty_database_is_left_alone(path):
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA application_id = 99")
    conn.close()
    assert "another program" in refuse(path)


@pytest.mark.parametrize(
    "change",
    [
        "PRAGMA user_version = 99",
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('distq-tui', 'm999_future', 'later')",
    ],
)
def test_a_newer_schema_is_refused(path, change):
    Store(path).close()
    conn = sqlite3.connect(path)
    conn.execute(change)
    conn.commit()
    conn.close()
    assert "newer distq-tui" in refuse(path)
    assert "newer distq-tui" in refuse(path, readonly=True)


def test_another_tools_migrations_in_the_same_table_do_no_harm(path):
    Store(path).close()
    conn = sqlite3.connect(path)
    conn.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('notes', 'm1', 'now')")
    conn.commit()
    conn.close()
    Store(path).close()


def test_a_folder_is_refused(tmp_path):
    assert "is a folder" in refuse(tmp_path)


def test_a_missing_file_is_refused_where_it_must_not_be_made(path):
    assert "no such database" in refuse(path, create=False)
    assert "no such database" in refuse(path, readonly=True)
    assert not path.exists()


def test_a_path_through_a_file_is_refused(tmp_path):
    (tmp_path / "file").touch()
    assert "can't be opened" in refuse(tmp_path / "file" / "x.db")


def test_an_impossible_name_is_refused(tmp_path):
    assert "can't be opened" in refuse(tmp_path / "nul\0.db")


def test_a_damaged_file_is_refused(path):
    Store(path).close()
    content = bytearray(path.read_bytes())
    content[100:8192] = b"\xff" * 8092
    path.write_bytes(content)
    assert "can't be used" in refuse(path)


def test_a_locked_file_is_refused_after_a_while(path, monkeypatch):
    Store(path).close()
    monkeypatch.setattr(opening, "BUSY_S", 0.0)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "locked by another program" in refuse(path)
    other.execute("ROLLBACK")
    other.close()
    Store(path).close()


@pytest.mark.parametrize("readonly", [False, True])
def test_a_file_of_the_first_schema_is_migrated_with_its_rows(path, readonly):
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("BEGIN")
    migrations.migrate(conn, migrations.STEPS[:1])
    conn.execute(
        "INSERT INTO sessions VALUES ('old', 'n', 'd', '{}', 1, 0, 'done', 1, '{}', '2026-01-01T00:00:00Z', NULL)"
    )
    conn.execute("INSERT INTO requests VALUES (1, 'k', 'demo', 'demo:1', 'm', '[]', '{}', 0)")
    conn.execute(
        "INSERT INTO responses (trial_key, class, sent, refused, queued_at, retries, session, created_at, text,"
        " reasoning) VALUES ('k', 'ok', '{}', '[]', '', 0, 'old', '', 'an old answer', '')"
    )
    conn.execute(
        "INSERT INTO session_trials (session, trial_key, response, class, cached, model, role, purpose, prompt_id,"
        " kind, language, tags, prompt_set, sample, facts)"
        " VALUES ('old', 'k', 1, 'ok', 0, 'm', 'target', 'plan', 'p', 'identity', 'en', '[]', '', 0, '{}')"
    )
    conn.execute("COMMIT")
    assert not conn.execute("SELECT 1 FROM sqlite_master WHERE type = 'view'").fetchall()
    conn.close()

    store = Store(path, create=False, readonly=readonly)
    assert [row["text"] for row in store.db.query("SELECT text FROM v_responses")] == ["an old answer"]
    assert [row.response.text for row in store.session_rows("old")] == ["an old answer"]
    assert [tuple(row.values()) for row in store.db.query("SELECT session, plan FROM plans")] == [("old", "{}")]
    assert store.find_session("old").state == "done"
    store.close()
    assert pragma(path, "user_version") == len(migrations.STEPS)


def older_file(path):
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("BEGIN")
    migrations.migrate(conn, migrations.STEPS[:-1])
    conn.execute("COMMIT")
    conn.close()


def test_a_reader_that_migrated_the_file_writes_no_more(path):
    older_file(path)
    reader = Store(path, readonly=True)
    assert reader.sessions() == []
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.set_override(1, "loose", "0", at="")
    reader.close()
    assert [left.name for left in path.parent.iterdir()] == [path.name]


def test_an_older_file_that_another_process_writes_is_locked_for_a_reader_too(path, monkeypatch):
    older_file(path)
    monkeypatch.setattr(opening, "BUSY_S", 0.0)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "locked by another program" in refuse(path, readonly=True)
    other.execute("ROLLBACK")
    other.close()


def test_a_plan_stored_as_one_text_comes_apart_into_its_prompts(path, plan):
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("BEGIN")
    migrations.migrate(conn, migrations.STEPS[:5])
    for name, text in (("old", json.dumps(plan.to_json(), ensure_ascii=False)), ("none", '{"name": "none"}')):
        conn.execute("INSERT INTO sessions VALUES (?, 'n', 'd', 1, 0, 'done', 1, '{}', '', NULL)", (name,))
        conn.execute("INSERT INTO plans VALUES (?, ?)", (name, text))
    conn.execute("COMMIT")
    conn.close()

    store = Store(path)
    assert store.plan_of("old") == plan
    assert store.probe_count("none") == 0
    places = "SELECT place, prompt_id FROM plan_probes WHERE session = 'old'"
    assert [tuple(row.values()) for row in store.db.query(places)] == [
        (place, probe.prompt_id) for place, probe in enumerate(plan.probes)
    ]
    store.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(path, monkeypatch):
    def m004_broken(db):
        db["extra"].insert({"a": 1})
        raise sqlite3.OperationalError("no space left")

    Store(path).close()
    monkeypatch.setattr(opening, "STEPS", (*migrations.STEPS, m004_broken))
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, m004_broken))
    monkeypatch.setattr(opening, "migrate", lambda conn: migrations.migrate(conn, migrations.STEPS))
    assert "no space left" in refuse(path)
    monkeypatch.undo()
    store = Store(path)
    assert "extra" not in store.db.table_names()
    store.close()


def test_reading_only_writes_nothing(path):
    Store(path).close()
    reader = Store(path, readonly=True)
    assert reader.sessions() == []
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.set_override(1, "loose", "0", at="")
    reader.close()


@pytest.mark.parametrize("readonly", [False, True])
def test_the_last_to_close_leaves_the_file_alone(path, plan, readonly):
    store = Store(path)
    store.create_session(plan, session_id="s", at="", versions={})
    last = Store(path, readonly=readonly)
    assert [row.id for row in last.sessions()] == ["s"]
    store.close()
    last.close()
    assert [left.name for left in path.parent.iterdir()] == [path.name]


def test_reading_only_needs_something_to_read(path):
    path.touch()
    assert "no sessions yet" in refuse(path, readonly=True)


def test_reading_only_sees_what_a_running_writer_committed(store, path, plan):
    reader = Store(path, readonly=True)
    store.create_session(plan, session_id="s", at="", versions={})
    assert [row.id for row in reader.sessions()] == ["s"]
    reader.close()


AS_NOBODY = """
import os, sys
import sqlite_utils  # what migrates: not to be looked for by somebody who may not read where Python is installed
from pathlib import Path
from distq_tui.errors import InputError
from distq_tui.store import Store
if os.geteuid() == 0:
    os.seteuid(65534)
path = Path(sys.argv[1])
for file, readonly in ((path, True), (path, False), (path.with_name("new.db"), False)):
    try:
        print(len(Store(file, readonly=readonly).sessions()))
    except InputError as error:
        print(error.message)
"""


@pytest.fixture
def shelf():
    """A folder that other users can read: pytest's own folders are closed to them."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)
        Path(name).chmod(0o755)


def open_in_read_only_folder(folder: Path) -> list[str]:
    """What opening `x.db` for reading, for writing, and making another file says to a user who is not root."""
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)
    return open_as_nobody(folder / "x.db")


def open_as_nobody(path: Path) -> list[str]:
    command = [sys.executable, "-c", AS_NOBODY, str(path)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()


def test_a_read_only_folder_can_be_read_and_not_written(shelf, plan):
    store = Store(shelf / "x.db")
    store.create_session(plan, session_id="s", at="", versions={})
    store.close()
    reading, writing, making = open_in_read_only_folder(shelf)
    assert reading == "1"
    assert "can't be" in writing
    assert "can't be opened" in making


@pytest.mark.parametrize("folder_too", [True, False])
def test_an_older_file_that_cannot_be_written_is_refused_for_reading(shelf, folder_too):
    older_file(shelf / "x.db")
    if folder_too:
        reading, *_ = open_in_read_only_folder(shelf)
    else:
        (shelf / "x.db").chmod(0o444)
        shelf.chmod(0o777)
        reading, *_ = open_as_nobody(shelf / "x.db")
    assert "older schema" in reading


def test_rows_still_in_the_log_are_not_hidden_in_a_read_only_folder(shelf, store, path, plan):
    store.create_session(plan, session_id="s", at="", versions={})
    shutil.copy(path, shelf / "x.db")
    shutil.copy(f"{path}-wal", shelf / "x.db-wal")
    reading, *_ = open_in_read_only_folder(shelf)
    assert "can't be" in reading


def test_several_processes_may_make_the_file_at_once(path):
    code = "import sys; from pathlib import Path; from distq_tui.store import Store; Store(Path(sys.argv[1])).close()"
    started = [subprocess.Popen([sys.executable, "-c", code, str(path)], stderr=subprocess.PIPE) for _ in range(4)]
    errors = [process.communicate()[1].decode() for process in started]
    assert errors == [""] * 4
    assert pragma(path, "user_version") == len(migrations.STEPS)


def test_opening_a_current_file_imports_no_sqlite_utils(path):
    Store(path).close()
    code = (
        "import sys; from pathlib import Path; from distq_tui.store import Store; Store(Path(sys.argv[1])).close();"
        "print('sqlite_utils' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_store_makes_no_file_beside_the_database_that_stays(path):
    Store(path).close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_file_that_another_process_is_making_is_waited_for(path, monkeypatch):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    conn = sqlite3.connect(path, timeout=0, isolation_level=None)
    waits = []

    def release(seconds):
        waits.append(seconds)
        if len(waits) == 3:
            other.execute("ROLLBACK")

    monkeypatch.setattr(opening.time, "sleep", release)
    opening._use_wal(conn)
    assert len(waits) == 3
    assert conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    conn.close()
    other.close()
