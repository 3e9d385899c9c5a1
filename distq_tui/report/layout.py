"""What a report for people is made of: sections of paragraphs and tables, the same for HTML and Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from distq_tui.report.model import ModelPart, Report
from distq_tui.report.text import counts

LABELS = {"simulated": " [SIMULATED]", "recorded": " [RECORDED]"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure between 0 and 1 with its interval; None where nothing was scored."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an answer with what stands around them.

    `kind` is that of their mark; `where` says which answer it is, and `answer` is its number where this report holds
    the whole of it.
    """

    before: str
    said: str
    after: str
    kind: str
    where: str
    answer: int | None = None


SCALE = "0 to 1"
"""Heads a column of bars: from no to every answer, or from nothing alike to the same."""

Cell = str | int | Bar | tuple[Quote, ...]
"""Text is outside text to every writer, whoever wrote it; numbers are aligned to the right."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings.

    `folded`: split results, which a reader may fold away. `grouped`: rows with the same first cell stand together.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    folded: bool = False
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs (our own words), tables, and whether the flagged answers follow."""

    id: str
    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    items: tuple[str, ...] = ()
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """Titles with the label of where the answers came from, wherever a model is named."""

    report: Report

    def one(self, title: str) -> str:
        """A model's title with its label."""
        return title + LABELS.get(self.report.source_of(title), "")

    def pair(self, models: Sequence[str]) -> str:
        """Two models as `a ↔ b`: similarity has no direction."""
        return " ↔ ".join(self.one(model) for model in models)


def served_as(model: ModelPart) -> str:
    """The names that answered, with counts where it is not always the one requested."""
    return model.requested if list(model.served) == [model.requested] else counts(model.served)
