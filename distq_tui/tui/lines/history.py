"""How a score's interval narrowed while answers came in: a few points that stay spread over the whole run. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from distq_tui.events import ScoreUpdated

POINTS = 7


@dataclass(slots=True)
class History:
    """The points of one score, oldest first; the last one is how it stands.

    A width falls with the root of the clusters, so what is kept lies evenly on the logarithm of their number: where
    there is one point too many, the one goes whose neighbours are relatively closest. Never the first, never the last.
    """

    points: list[ScoreUpdated] = field(default_factory=list)

    def add(self, score: ScoreUpdated) -> None:
        """Take the latest value; one over the same clusters replaces the one before."""
        points = self.points
        if score.value is None or score.low is None or score.high is None:
            return
        if points and score.clusters < points[-1].clusters:
            points.clear()  # answers became void: what was said about them is no history of these
        elif points and score.clusters == points[-1].clusters:
            points.pop()
        points.append(score)
        if len(points) > POINTS:
            closest = min(range(1, POINTS), key=lambda at: points[at + 1].clusters / max(1, points[at - 1].clusters))
            del points[closest]
