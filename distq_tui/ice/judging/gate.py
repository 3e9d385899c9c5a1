"""Whom the judges are not asked about: by what the detector says now, or by what it said when a stored session ran."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from distq_tui.ice.detector import VERSION, Verdict

MARGIN = 2.0
"""How sure of a negative the detector must be, in logits, for the gate to ask no judge.

On the development data (7,000 answers) this asks about 49 % of the answers and keeps 94 % of those labelled loose and
99.6 % of those labelled strict; see docs/judges.md.
"""
GATED = " gated"
"""In the version of a verdict that is the detector's, taken for a judge's; what it rests on follows."""


class Gate(Protocol):
    """Decides answer by answer, for each judge."""

    def spares(self, judge: str, question: str, row: int, detect: Callable[[], Verdict]) -> str | None:
        """What the detector's negative rests on, where it is taken for the judge's; None = the judge is asked.

        Args:
            judge: its title.
            question: the id of what it would be asked, in the session.
            row: the answer's.
            detect: gives the detector's verdict; a decision that is stored needs none.
        """
        ...


class DetectorGate:
    """Asks only where the detector is positive, or not sure of its negative."""

    def spares(self, judge: str, question: str, row: int, detect: Callable[[], Verdict]) -> str | None:
        """The detector's version and the margin."""
        del judge, question, row
        verdict = detect()
        sure = not verdict.loose and verdict.score < -MARGIN
        return f"gated by detector {VERSION} at {MARGIN:g}" if sure else None


@dataclass(frozen=True, slots=True)
class StoredGate:
    """Tells what a session's own gate decided, whatever the detector has become since.

    Attributes:
        asked: judge and question's id of everything that was asked in the session.
        judged: the stored verdict's version by judge and answer's row; it may be another session's on the same answer.
            Without any, nothing was decided: the run ended before.
        ended: the run came to an end of its own: whatever was not asked by then, the gate spared.
        undecided: decides where the session did not come to it; None = nothing does, the answer stays open. A session
            that goes on under another detector so keeps what it decided, and decides the rest by the new one.
    """

    asked: Collection[tuple[str, str]]
    judged: Mapping[tuple[str, int], str]
    ended: bool
    undecided: Gate | None = None

    def spares(self, judge: str, question: str, row: int, detect: Callable[[], Verdict]) -> str | None:
        """What the stored verdict names; where it is a judge's own, from another session, what a gate decides."""
        if (judge, question) in self.asked:
            return None
        version = self.judged.get((judge, row))
        if version is not None and GATED in version:  # it begins with the version of the judge's prompts
            return version[version.index(GATED) + 1 :]
        if version is not None and self.ended:
            return "gated"  # asked in another session, and not in this one, whose end came after its gate decided
        undecided = self.undecided if version is None else self.undecided or DetectorGate()
        return None if undecided is None else undecided.spares(judge, question, row, detect)
