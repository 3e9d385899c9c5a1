"""What every part of the store stands on: one connection, transactions, and writes that outside text can't break."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")
_INT64_MAX = 2**63 - 1

Value = str | int | float | None


class Connected:
    """Owns the connection; its parts are mixed into `Store`."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open; a full disk ends one in the middle."""
        return self._conn.in_transaction

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All or nothing: a transaction, or a savepoint inside one.

        It takes the write lock at its start. A transaction that only later turns to writing would fail at once, without
        waiting, where another process wrote in between.
        """
        begin, commit, undo = (
            ("SAVEPOINT step", "RELEASE step", ("ROLLBACK TO step", "RELEASE step"))
            if self._conn.in_transaction
            else ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
        )
        self._conn.execute(begin)
        try:
            yield
            self._conn.execute(commit)
        except BaseException:
            if self._conn.in_transaction:  # a full disk may have rolled all of it back already
                for statement in undo:
                    self._conn.execute(statement)
            raise

    def _transaction(self) -> AbstractContextManager[None]:
        """For a method of several statements: a transaction, or nothing more where the caller is inside one.

        A savepoint there would cost a quarter of a stored row; the caller's `atomic()` undoes all of it as well.
        """
        return nullcontext() if self._conn.in_transaction else self.atomic()

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """Several reads of one state of the file; cheaper too, since each read alone takes and gives back a lock."""
        if self._conn.in_transaction:
            yield
            return
        self._conn.execute("BEGIN")
        try:
            yield
        finally:
            if self._conn.in_transaction:  # as above
                self._conn.execute("COMMIT")

    def _write(self, sql: str, values: Sequence[Value]) -> sqlite3.Cursor:
        """Run one statement, with what SQLite can't hold replaced.

        Lone surrogates become U+FFFD, one for one, so that offsets into the text still hold; integers are cut to 64
        bits. Both come only from hostile or broken servers, so clean text pays nothing.
        """
        try:
            return self._conn.execute(sql, values)
        except (UnicodeEncodeError, OverflowError):
            return self._conn.execute(sql, [storable(value) for value in values])


def storable(value: Value) -> Value:
    """The value as SQLite can hold it."""
    if isinstance(value, str):
        return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, int):
        return max(-_INT64_MAX, min(_INT64_MAX, value))
    return value


_encode = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` makes a new encoder for each call


def to_json(value: Any) -> str:
    """Readable JSON for a text column: no ASCII escapes, keys in the given order."""
    return _encode(value)
