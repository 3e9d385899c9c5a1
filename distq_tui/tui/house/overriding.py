"""A user's own verdicts on a session's answers, over the store. Everything here runs in the thread that owns it."""

from __future__ import annotations

from collections.abc import Mapping

from distq_tui.engine.clock import Clock
from distq_tui.store import Store
from distq_tui.tui.records import OwnVerdict

LABELS = ("loose", "strict")


def own_verdicts(store: Store, session: str) -> Mapping[int, OwnVerdict]:
    """The verdicts that hold, by response."""
    found: dict[int, dict[str, bool]] = {}
    for override in store.overrides(session):
        if override.label in LABELS:
            found.setdefault(override.response_id, {})[override.label] = override.value == "1"
    return {row: OwnVerdict(labels.get("loose", False), labels.get("strict", False)) for row, labels in found.items()}


def override(store: Store, response: int, verdict: OwnVerdict | None, *, kind: str = "") -> None:
    """Set both labels of a response, or take them back with None; the time is kept with them.

    `kind` begins the labels' names: with none they override the detector.
    """
    at = Clock().now()
    for label in LABELS:
        value = None if verdict is None else str(int(getattr(verdict, label)))
        store.set_override(response, f"{kind}{label}", value, at=at)
