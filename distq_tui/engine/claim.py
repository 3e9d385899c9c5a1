"""One process at a time runs a session: two would ask, and pay for, everything twice."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from distq_tui.errors import InputError


class Claim:
    """A session's lock on this machine, which the system itself takes back from a process that was killed.

    Where no lock file can be written there is none, and the session is run all the same.

    Args:
        folder: where lock files lie; made if it is not there.
        database: the file that holds the session: a copy of it is another one.
        session: the session's id.

    Raises:
        InputError: another run has it.
    """

    def __init__(self, folder: Path, database: Path, session: str) -> None:
        name = hashlib.blake2b(f"{database.resolve()} {session}".encode(), digest_size=16).hexdigest()
        self._path = folder / f"{name}.lock"
        # no file in place of a lock where a file system has none: it would outlive a process that was killed
        self._lock = FileLock(self._path, blocking=False, thread_local=False, fallback_to_soft=False)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise InputError(
                f"session {session} of this plan is being run already: wait for that run, or stop it"
            ) from None
        except (OSError, NotImplementedError):  # the latter: a file system without locks
            return

    def release(self) -> None:
        """Let others run the session; a second call does nothing."""
        if self._lock.is_locked:
            with suppress(OSError):  # some systems remove no open file: an empty one stays
                self._path.unlink()
            self._lock.release()
