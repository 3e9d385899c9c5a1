"""Whom the judges are not asked about: by what the detector says now, or by what it said when a stored session ran."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from distq_tui.ice.detector import VERSION, Verdict

MARGIN = 2.0
"""How sure of a negative the detector must be, in logits, for the gate to ask no judge.

On the development data (7,000 answers) this asks about 53 % of the answers and keeps 93 % of those labelled loose and
99.6 % of those labelled strict; see docs/judges.md.
"""


class Gate(Protocol):
    """Decides answer by answer, for each judge."""

    def spares(self, judge: str, question: str, row: int, verdict: Verdict) -> str | None:
        """What the detector's negative rests on, where it is taken for the judge's; None = the judge is asked.

        Args:
            judge: its title.
            question: the id of what it would be asked, in the session.
            row: the answer's.
            verdict: the detector's.
        """
        ...


class DetectorGate:
    """Asks only where the detector is positive, or not sure of its negative."""

    def spares(self, judge: str, question: str, row: int, verdict: Verdict) -> str | None:
        """The detector's version and the margin."""
        del judge, question, row
        sure = not verdict.loose and verdict.score < -MARGIN
        return f"gated by detector {VERSION} at {MARGIN:g}" if sure else None


@dataclass(frozen=True, slots=True)
class StoredGate:
    """Tells what a session's own gate decided, whatever the detector has become since.

    Attributes:
        asked: judge and question's id of everything that was asked in the session.
        judged: the stored verdict's version by judge and answer's row. One that was settled though the judge was not
            asked here was taken from the detector; without any, the run ended before.
    """

    asked: Collection[tuple[str, str]]
    judged: Mapping[tuple[str, int], str]

    def spares(self, judge: str, question: str, row: int, verdict: Verdict) -> str | None:
        """What the stored verdict names."""
        del verdict
        if (judge, question) in self.asked:
            return None
        version = self.judged.get((judge, row))
        if version is None:
            return None
        # the version begins with that of the judge's prompts; without a gate in it another session asked the judge
        return version[version.index("gated ") :] if "gated " in version else "gated"
