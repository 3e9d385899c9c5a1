"""What may be said of a stored session's models: the report's own conclusions and tables, read for the window."""

from __future__ import annotations

from distq_tui.report.answers import Answers, read_answers
from distq_tui.report.build import ICE_SCORER
from distq_tui.report.claimed import claims
from distq_tui.report.comparisons import rate_differences
from distq_tui.report.conclusion import conclusions
from distq_tui.report.rse import RSE_SCORER, pair_scores
from distq_tui.rse.verdict import Conclusion
from distq_tui.store import Store
from distq_tui.tui.services import Identities


def stored_answers(store: Store, session: str) -> Answers:
    """The session's answers with the verdicts that hold, to be read in the thread that owns the store.

    Raises:
        InputError: there is no such session.
    """
    row = store.find_session(session)
    return read_answers(store, row, store.plan_of(row.id), ICE_SCORER)


def stored_conclusions(store: Store, session: str) -> tuple[Conclusion, ...]:
    """One conclusion for each target and similarity set, where there is a reference; in the store's thread too.

    Raises:
        InputError: there is no such session.
    """
    answers = stored_answers(store, session)
    pairs = store.session_pairs(store.find_session(session).id, scorer=RSE_SCORER)
    return conclusions(answers, pair_scores(answers.plan, pairs))


def identities(answers: Answers) -> Identities:
    """How the models differ in their rates, and whom they said they are."""
    return Identities(tuple(rate_differences(answers)), tuple(claims(answers)))
