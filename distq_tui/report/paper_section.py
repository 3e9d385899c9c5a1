"""The section on the identity study's published figures."""

from __future__ import annotations

from collections.abc import Sequence

from distq_tui.report.layout import SCALE, Cell, Names, Section, Table
from distq_tui.report.paper import PaperFigure, published_rse
from distq_tui.report.score_tables import reach
from distq_tui.report.text import decimal

_ABOUT = (
    "This session holds released answers of arXiv:2501.12619. Beside each published rate stand the rate of the released"
    " labels with the interval that was not published (templates and questions are crossed clusters), and the rate of"
    " this program's offline detector on the same answers.",
    "Here strict counts claims to be, or to be made by, OpenAI or Anthropic alone; hard is strict on probes that name"
    " neither OpenAI nor ChatGPT nor GPT, over all probes. The templates of those runs were found by a search for hits,"
    " another list for each model: the rates describe that search and don't compare models.",
)
_RSE = "Graded from 1 to 5 by a judge, against GPT-4o-0806; not comparable with the RSE of this program."
_SOURCES = {"labels": "released labels", "detector": "offline detector"}


def paper_section(figures: Sequence[PaperFigure], name: Names) -> Section:
    """Published and recomputed, a row for each model, measure and rater."""
    head = ("model", "measure", "by", "published", "value", SCALE, "95 % interval", "n", "G", "Q", "deff", "method")
    rows: list[tuple[Cell, ...]] = [
        (
            name.one(figure.model),
            figure.measure,
            _SOURCES[figure.source],
            decimal(figure.published),
            *reach(figure),
            figure.questions,
            decimal(figure.deff, 1),
            figure.method,
        )
        for figure in figures
    ]
    tables = [Table("Published and recomputed", head, tuple(rows), grouped=True)]
    known = {model: values for figure in figures if (values := published_rse(model := figure.model))}
    if known:
        sets = ("arena_hard", "numina", "sharegpt", "mean")
        graded = tuple(
            (name.one(model), *(decimal(values.get(key)) for key in sets)) for model, values in known.items()
        )
        tables.append(Table("Published similarity", ("model", "ArenaHard", "Numina", "ShareGPT", "mean"), graded, _RSE))
    return Section("paper", "Published figures of the identity study", _ABOUT, tuple(tables))
