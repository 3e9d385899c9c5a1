"""What may be said of a stored session's models: the report's own conclusions and tables, read for the window."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from distq_tui.plan.run_plan import RunPlan
from distq_tui.report.answers import collect_answers, read_answers
from distq_tui.report.build import ICE_SCORER
from distq_tui.report.claimed import claims
from distq_tui.report.comparisons import rate_differences
from distq_tui.report.conclusion import conclusions
from distq_tui.report.rse import RSE_SCORER, pair_scores
from distq_tui.report.sameness import same_answers
from distq_tui.rse.verdict import Conclusion
from distq_tui.store import AnswerRow, Override, Store
from distq_tui.tui.house.overriding import LABELS
from distq_tui.tui.house.stored import ROWS_A_READ, Read
from distq_tui.tui.records import Identities


def stored_conclusions(store: Store, session: str) -> tuple[Conclusion, ...]:
    """One conclusion for each target and similarity set, where there is a reference; in the store's thread.

    Raises:
        InputError: there is no such session.
    """
    row = store.find_session(session)
    plan = store.plan_of(row.id)
    answers = read_answers(store, row, plan, ICE_SCORER)
    return conclusions(answers, pair_scores(plan, store.session_pairs(row.id, scorer=RSE_SCORER)))


async def identities(read: Read, session: str) -> Identities:
    """How the models differ in their rates, whom they said they are, and which gave the same answers.

    Answers are read in parts, so that others get at the store in between, and the tests, which permute, are computed in
    a thread of their own.

    Args:
        read: does a job in the thread that owns the store.
        session: as `Store.find_session` takes it.

    Raises:
        InputError: there is no such session.
    """
    found, plan, overrides = await read(partial(_begin, session))
    rows: list[AnswerRow] = []
    while part := await read(partial(_rows, found, rows[-1].id if rows else 0)):
        rows += part
    return await asyncio.to_thread(_identities, rows, plan, overrides)


def _begin(session: str, store: Store) -> tuple[str, RunPlan, Sequence[Override]]:
    row = store.find_session(session)
    return row.id, store.plan_of(row.id), store.overrides(row.id)


def _rows(session: str, after: int, store: Store) -> list[AnswerRow]:
    return list(store.session_rows(session, scorer=ICE_SCORER, after=after, limit=ROWS_A_READ))


def _identities(rows: Sequence[AnswerRow], plan: RunPlan, overrides: Sequence[Override]) -> Identities:
    answers = collect_answers(rows, plan, overrides)
    overridden = {one.response_id for one in overrides if one.label in LABELS}
    same = tuple(same_answers(answers))
    return Identities(tuple(rate_differences(answers)), tuple(claims(answers)), len(overridden), same)
