"""Opening the file: every reason not to is one line for the user, found before anything is asked."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from distq_tui.errors import InputError
from distq_tui.store.migrations import APPLICATION_ID, STEPS, is_newer, migrate

PAGE_SIZE = 8192
"""Bytes; measured best for rows of 1-2 kB."""

CACHE_KIB = 4096
"""Page cache of a connection: twice SQLite's own, enough for random keys, and a bound on a long run's memory."""

BUSY_S = 5.0
"""How long a statement waits for another process's transaction."""

_UNWRITABLE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
"""What SQLite says where the file can't be written, or the shared-memory file beside it can't be made."""


class NothingStoredError(InputError):
    """There is nothing to read: the file is empty, as if it had just been made."""


def connect(path: Path, *, create: bool, readonly: bool) -> sqlite3.Connection:
    """Open, check and migrate the file.

    The connection is in autocommit mode: a transaction is whatever stands between our own BEGIN and COMMIT. A reader
    writes once at most: an older file is migrated for it too.

    Raises:
        InputError: the file is missing (and `create` is off), is no SQLite file or somebody else's, has a newer schema,
            or can't be written (read, where `readonly`; written, where it is older too).
    """
    _check_path(path, create=create and not readonly)
    conn = None
    try:
        conn = _open_readonly(path) if readonly else _open(path, create=create)
        older = _check_ours(conn, path, readonly=readonly)
        if not readonly:
            _prepare(conn)
        elif older:
            _upgrade(conn, path)
        conn.execute("PRAGMA foreign_keys = ON")
        conn.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        conn.execute("PRAGMA temp_store = MEMORY")  # savepoints then keep their undo pages in memory
    except sqlite3.Error as error:
        if conn is not None:
            conn.close()
        raise InputError(_reason(error), file=path) from error
    except BaseException:
        if conn is not None:
            conn.close()
        raise
    return conn


def _check_path(path: Path, *, create: bool) -> None:
    if "\0" in str(path):  # SQLite would open what stands before it
        raise InputError("the database can't be opened: the name holds a NUL", file=path)
    try:
        if path.is_dir():
            raise InputError("is a folder; name a database file", file=path)
        if path.exists():
            return
        if not create:
            raise InputError("no such database; `distq-tui run` makes it", file=path)
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"the database can't be opened: {error.strerror}", file=path) from error


def _open(path: Path, *, create: bool) -> sqlite3.Connection:
    return _connect(path, "mode=rwc" if create else "mode=rw")


def _open_readonly(path: Path) -> sqlite3.Connection:
    """For reading only, in a read-only folder too: there SQLite can't make its shared-memory file beside the database.

    Where it can, the connection could write and is told not to: one that can't write would leave the log and the
    shared-memory file behind, the last to close as it may be. `immutable` is sound only while nobody writes; with a
    write-ahead log present it would hide rows, so it is not used.
    """
    conn = _connect(path, "mode=rw")
    try:
        conn.execute("PRAGMA query_only = ON")
        conn.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError as error:
        conn.close()
        log = path.with_name(path.name + "-wal")
        if error.sqlite_errorcode & 0xFF not in _UNWRITABLE or (log.exists() and log.stat().st_size):
            raise
        return _connect(path, "immutable=1")
    return conn


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None, timeout=BUSY_S)


def _check_ours(conn: sqlite3.Connection, path: Path, *, readonly: bool) -> bool:
    """Refuse what is not ours, newer, or has nothing to read; gives whether the file lacks steps of the schema."""
    conn.execute("BEGIN")  # one snapshot: another process may be making the file at this moment
    application_id = conn.execute("PRAGMA application_id").fetchone()[0]
    empty = conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    version = conn.execute("PRAGMA user_version").fetchone()[0]
    newer = is_newer(conn)
    conn.execute("COMMIT")
    if application_id != APPLICATION_ID and not (empty and application_id == 0):
        raise InputError("is a SQLite file of another program; name another file", file=path)
    if newer:
        raise InputError("was written by a newer distq-tui; update, or name another file", file=path)
    if readonly and empty:
        raise NothingStoredError("holds no sessions yet", file=path)
    return bool(version < len(STEPS))


def _prepare(conn: sqlite3.Connection) -> None:
    """Settings of the file and the connection; migrates, and fails here where the file can't be written."""
    conn.execute(f"PRAGMA page_size = {PAGE_SIZE}")  # only an empty file takes it
    _use_wal(conn)
    conn.execute("PRAGMA synchronous = NORMAL")  # with WAL: a killed process loses nothing that was committed
    conn.execute("BEGIN IMMEDIATE")
    try:
        if conn.execute("PRAGMA user_version").fetchone()[0] < len(STEPS):
            migrate(conn)
        conn.execute("COMMIT")
    finally:
        if conn.in_transaction:
            conn.execute("ROLLBACK")


def _upgrade(conn: sqlite3.Connection, path: Path) -> None:
    """Migrate for a reader: whoever only reads after an update must not be sent to run something first."""
    conn.execute("PRAGMA query_only = OFF")
    try:
        _prepare(conn)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _UNWRITABLE:
            raise
        raise InputError("has an older schema; open it once where it can be written", file=path) from error
    conn.execute("PRAGMA query_only = ON")


def _use_wal(conn: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; where two processes make the file at once, SQLite fails without waiting."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            conn.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _reason(error: sqlite3.Error) -> str:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:  # the low byte is the primary code
        case sqlite3.SQLITE_NOTADB:
            return "is not a SQLite database; name another file"
        case sqlite3.SQLITE_READONLY:
            return "can't be written: the file or its folder is read-only"
        case sqlite3.SQLITE_CANTOPEN:
            return "the database can't be opened: check that the file and its folder can be written"
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "is locked by another program; try again when that has ended"
        case _:
            return f"the database can't be used: {error}"
