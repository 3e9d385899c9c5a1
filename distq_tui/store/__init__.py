"""The one SQLite file: answers that are never asked for twice, sessions that go on where they were, scores beside them.

The only room that knows SQL. `Store` is plain and synchronous and belongs to the thread that opened it; `StoreThread`
owns one for an asyncio program and commits in groups. The file is a public interface: `docs/database.md`.
"""

from distq_tui.store.opening import NothingStoredError
from distq_tui.store.owner import StoreThread
from distq_tui.store.records import (
    AnswerRow,
    Override,
    PageRow,
    PairRow,
    SearchHit,
    SessionRow,
    SessionState,
    StoredResponse,
    Verdict,
)
from distq_tui.store.store import Store

__all__ = [
    "AnswerRow",
    "NothingStoredError",
    "Override",
    "PageRow",
    "PairRow",
    "SearchHit",
    "SessionRow",
    "SessionState",
    "Store",
    "StoreThread",
    "StoredResponse",
    "Verdict",
]
