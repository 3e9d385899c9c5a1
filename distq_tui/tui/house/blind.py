"""Blind labels over the store: the answers to label with what is true of their speakers, the labels, what they say.

Everything here runs in the thread that owns the store.
"""

from __future__ import annotations

from distq_tui.ice.yardstick import Yardstick
from distq_tui.report.calibration import BLIND, Calibration, blind_queue, calibrate
from distq_tui.store import Store
from distq_tui.tui.house.overriding import override
from distq_tui.tui.records import BlindAnswer, OwnVerdict


def answers(store: Store, session: str) -> list[BlindAnswer]:
    """The answers to label, in the queue's order.

    Raises:
        InputError: there is no such session.
    """
    plan = store.plan_of(store.find_session(session).id)
    rows = {row.response_id: row for row in store.session_rows(session)}
    yardstick = Yardstick(plan.probes, {})
    facts = {model.title: yardstick.statement(model) for model in plan.answering}
    queue = (rows[response] for response in blind_queue(store, session, plan))
    return [
        BlindAnswer(row.response_id, row.messages[-1].content, facts[row.model], row.response.text) for row in queue
    ]


def label(store: Store, response: int, said: OwnVerdict | None) -> None:
    """Set both labels of a response, or take them back with None."""
    override(store, response, said, kind=BLIND)


def calibration(store: Store, session: str) -> tuple[Calibration, ...]:
    """What the labels say.

    Raises:
        InputError: there is no such session.
    """
    return calibrate(store, session, store.plan_of(store.find_session(session).id))
