"""The store: the parts put together over one opened file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from distq_tui.store.opening import connect
from distq_tui.store.overrides import OverrideTable
from distq_tui.store.responses import ResponseTable
from distq_tui.store.rows import SessionRows
from distq_tui.store.scores import ScoreTables
from distq_tui.store.search import TextSearch
from distq_tui.store.semantic import SemanticTables
from distq_tui.store.sessions import SessionTable
from distq_tui.store.steps import StepTable

if TYPE_CHECKING:
    from sqlite_utils import Database


class Store(
    SessionTable, ResponseTable, ScoreTables, SemanticTables, OverrideTable, StepTable, SessionRows, TextSearch
):
    """One SQLite file, owned by the thread that opened it.

    Every method that writes is a transaction of its own, or a part of the caller's `atomic()`, which must then let an
    error of that method out, to be undone with it. Several processes may have the same file open.

    Args:
        path: the file; its folder is made where it is missing and `create` is on.
        create: make the file where it is missing.
        readonly: open for reading only, which works in a read-only folder too; nothing is created, and only an older
            file is written to, once, to migrate it.

    Raises:
        InputError: it can't be opened so; see `opening.connect`.
    """

    def __init__(self, path: Path, *, create: bool = True, readonly: bool = False) -> None:
        self.path = path
        super().__init__(connect(path, create=create, readonly=readonly))

    @property
    def files(self) -> tuple[Path, ...]:
        """The file and those that SQLite keeps beside it while it is open."""
        return (self.path, *(self.path.with_name(self.path.name + end) for end in ("-wal", "-shm", "-journal")))

    @property
    def db(self) -> Database:
        """The file as a sqlite-utils database, for those who want whole tables; importing that costs 0.2 s of CPU."""
        from sqlite_utils import Database

        return Database(self._conn, recursive_triggers=False, execute_plugins=False)

    def close(self) -> None:
        """Close the file; what was not committed is dropped."""
        self._conn.close()
