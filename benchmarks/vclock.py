"""A clock that nothing else on the machine disturbs: time = CPU time of this thread + idle time that was skipped.

Import and `install()` BEFORE textual. All that the app can see (loop.time, time.monotonic, time.perf_counter) is then
virtual: other load changes neither lag nor CPU share, and an idle wait costs nothing. Work handed to an executor runs
inline, since pure Python holds the GIL anyway; so this measures a single-threaded app. `idle()` is the skipped part:
CPU share = 1 - idle / elapsed.
"""

import asyncio
import selectors
import time

REAL_MONOTONIC, REAL_PERF_COUNTER = time.monotonic, time.perf_counter
_skipped = 0.0


def now() -> float:
    """Virtual seconds since the thread began."""
    return time.thread_time() + _skipped


def idle() -> float:
    """Seconds of idle time skipped so far."""
    return _skipped


class _Selector(selectors.DefaultSelector):
    """Polls, and where nothing is ready skips the wait instead of sleeping."""

    def select(self, timeout=None):
        global _skipped  # noqa: PLW0603 - the clock is one for the process
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            return super().select(None)
        _skipped += max(0.0, timeout)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on the virtual clock."""

    def __init__(self):
        super().__init__(_Selector())

    def time(self) -> float:
        return now()

    def run_in_executor(self, executor, func, *args):  # noqa: ARG002 - the loop's signature
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except BaseException as error:
            future.set_exception(error)
        return future


class _Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        return VirtualLoop()


def install() -> None:
    """Put this process on the virtual clock."""
    time.monotonic = now
    time.perf_counter = now
    asyncio.set_event_loop_policy(_Policy())
