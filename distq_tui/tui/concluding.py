"""What may be said of a stored session's targets: the report's own conclusions, read for the window.

Everything here runs in the thread that owns the store.
"""

from __future__ import annotations

from distq_tui.report.answers import read_answers
from distq_tui.report.build import ICE_SCORER
from distq_tui.report.conclusion import conclusions
from distq_tui.report.rse import RSE_SCORER, pair_scores
from distq_tui.rse.verdict import Conclusion
from distq_tui.store import Store


def stored_conclusions(store: Store, session: str) -> tuple[Conclusion, ...]:
    """One conclusion for each target and similarity set, where there is a reference.

    Raises:
        InputError: there is no such session.
    """
    row = store.find_session(session)
    plan = store.plan_of(row.id)
    answers = read_answers(store, row, plan, ICE_SCORER)
    return conclusions(answers, pair_scores(plan, store.session_pairs(row.id, scorer=RSE_SCORER)))
