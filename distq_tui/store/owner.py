"""The thread that owns the file: jobs in, futures out, one commit for all that waited together."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from distq_tui.errors import DiskError
from distq_tui.store.store import Store

T = TypeVar("T")

_GROUP = 100
"""Jobs in one transaction; more gain nothing measurable."""


@dataclass(frozen=True, slots=True)
class _Job:
    run: Callable[[Store], Any]
    group: bool
    path: Path
    future: Future[Any] = field(default_factory=Future)


class StoreThread:
    """Opens a Store in a thread of its own and does its jobs in the order in which they came.

    Nothing waits for company: the first job is taken, and whatever else is queued by then joins its transaction. A
    future resolves after the commit, so what was acknowledged survives `kill -9`. A job that raises is undone alone.

    The thread is a daemon: a program that ends without `close()` loses only what was not acknowledged.

    Raises:
        InputError: the file can't be opened; see `opening.connect`.
    """

    def __init__(self, path: Path, *, create: bool = True, readonly: bool = False) -> None:
        self._path = path
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        opened: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._serve, args=(path, create, readonly, opened), name="store", daemon=True
        )
        self._thread.start()
        opened.result()

    def submit(self, fn: Callable[[Store], T], *, group: bool = True) -> Future[T]:
        """Queue a job; its future gets what it returns or raises.

        A future that is cancelled before its job began means that the job is not done.

        Args:
            fn: runs in the store's thread. What it returns must not need the store any more (a list, no iterator).
            group: False runs the job by itself, outside a transaction and without the write lock: for reads, and for
                long work that makes short transactions of its own, such as a search.

        Raises:
            RuntimeError: the store is closed.
        """
        job = _Job(fn, group, self._path)
        with self._closing:  # or a job could be queued behind the end, and its future would never resolve
            if self._closed:
                raise RuntimeError("the store is closed")
            self._jobs.put(job)
        return job.future

    async def call(self, fn: Callable[[Store], T], *, group: bool = True) -> T:
        """`submit` for a coroutine. Cancelling the caller does not undo a job that has begun."""
        return await asyncio.wrap_future(self.submit(fn, group=group))

    def close(self) -> None:
        """Do what is queued, close the file and end the thread; a second call does nothing."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    def _serve(self, path: Path, create: bool, readonly: bool, opened: Future[None]) -> None:
        try:
            store = Store(path, create=create, readonly=readonly)
        except BaseException as error:
            opened.set_exception(error)
            return
        opened.set_result(None)
        try:
            while (jobs := self._take()) is not None:
                _run(store, jobs)
        finally:
            store.close()

    def _take(self) -> list[_Job] | None:
        """The next job and those queued behind it that may share its transaction; None at the end."""
        job = self._jobs.get()
        if job is None:
            return None
        jobs = [job]
        while len(jobs) < _GROUP and not self._jobs.empty():
            following = self._jobs.get()
            if following is None:
                self._jobs.put(None)  # nothing can be queued behind the end: it is seen at the next turn
                break
            jobs.append(following)
        return jobs


def _run(store: Store, jobs: list[_Job]) -> None:
    """Do the jobs in order, each run of grouped ones in one transaction."""
    group: list[_Job] = []
    for job in jobs:
        if not job.future.set_running_or_notify_cancel():
            continue
        if job.group:
            group.append(job)
            continue
        _run_group(store, group)
        group = []
        _resolve(job, *_outcome(store, job))
    _run_group(store, group)


def _run_group(store: Store, jobs: list[_Job]) -> None:
    if not jobs:
        return
    outcomes = []
    try:
        with store.atomic():
            for job in jobs:
                outcomes.append(_outcome(store, job, undo=True))
                error = outcomes[-1][1]
                if error is not None and not store.in_transaction:
                    raise error  # a full disk undid the whole group, not this job alone
    except BaseException as error:  # the transaction could not begin or commit: nothing of it was stored
        outcomes = [(None, error)] * len(jobs)
    for job, outcome in zip(jobs, outcomes, strict=True):
        _resolve(job, *outcome)


def _outcome(store: Store, job: _Job, *, undo: bool = False) -> tuple[Any, BaseException | None]:
    try:
        if not undo:
            return job.run(store), None
        with store.atomic():
            return job.run(store), None
    except BaseException as error:  # it belongs to whoever waits for the job, and must not end this thread
        return None, error


def _resolve(job: _Job, result: Any, error: BaseException | None) -> None:
    if error is None:
        job.future.set_result(result)
    else:
        job.future.set_exception(_told(error, job.path))


def _told(error: BaseException, path: Path) -> BaseException:
    """The error as whoever waits can tell it to a user, where the disk is to blame and no statement."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF if isinstance(error, sqlite3.Error) else 0
    match code:  # the low byte is the primary code
        case sqlite3.SQLITE_FULL:
            told = DiskError("the disk is full; what was stored before is kept", path)
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN:
            told = DiskError(f"{error}; what was stored before is kept", path)
        case _:
            return error
    told.__cause__ = error
    return told
