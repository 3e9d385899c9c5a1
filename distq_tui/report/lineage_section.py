"""The section on the tree of models."""

from __future__ import annotations

from collections.abc import Iterator

from distq_tui.report.layout import Cell, Names, Section, Table
from distq_tui.report.model import LineagePart
from distq_tui.report.text import decimal
from distq_tui.rse.lineage import FAMILY_LEVEL, FAMILY_SUPPORT
from distq_tui.rse.lineage_text import STEM, TreeLine

_TREE = (
    "Average linkage: a branch's figure is the mean similarity between the models of its two parts. Support is the"
    " share of bootstrap draws over the prompts whose tree holds the same models as a branch.",
    "The tree describes. Unrelated models stand side by side in it too, and a branch says neither who taught whom nor"
    " that anybody did.",
)
_SCALES = {
    "pool z": "Similarity is the mean of the three aspects' pool z: standard deviations above what either has with the"
    f" others. Families are branches at {FAMILY_LEVEL} or more that are in at least {FAMILY_SUPPORT:.0%} of the draws.",
    "RSE": "Similarity is RSE: pool z takes eight models, and four of other families for each. No families are cut.",
}
_DRIVERS = "Excess: the pair's RSE less the mean of all other pairs on that prompt, in their standard deviations."
_SHARED = (
    "Words that both models use and at most a tenth of the other models' answers have; for an opening the count is of"
    " answers, for a phrase of prompts on which both have it and which do not say it themselves."
)


def lineage_section(part: LineagePart, name: Names) -> Section:
    """The tree, its families, and why pairs are alike."""
    head = ("tree", f"similarity ({part.scale})", "support")
    tables = [Table("Tree", head, tuple(_line(line, name) for line in part.lines), _SCALES[part.scale])]
    if part.families:
        rows = tuple(
            (
                ", ".join(name.one(model) for model in family.models),
                decimal(family.similarity, 2),
                _percent(family.support),
            )
            for family in part.families
        )
        tables.append(Table("Families", ("models", f"similarity ({part.scale})", "support"), rows))
    drivers = tuple(
        (name.pair(why.models), _prompt(one.prompt, part), decimal(one.rse), decimal(one.usual), f"{one.excess:+.1f}")
        for why in part.why
        for one in why.drivers
    )
    if drivers:
        columns = ("pair", "prompt", "RSE", "other pairs", "excess")
        tables.append(Table("Prompts that drive it", columns, drivers, _DRIVERS, grouped=True))
    shared = tuple(_shared(part, name))
    if shared:
        columns = ("pair", "what", "words", "count", "share of others")
        tables.append(Table("Words in common", columns, shared, _SHARED, grouped=True))
    text = (*_TREE, f"Over {part.prompts} prompts, {part.draws} draws.")
    return Section("lineage", "Who stands near whom", text, tuple(tables))


def _line(line: TreeLine, name: Names) -> tuple[Cell, ...]:
    # a dot a level: cells fold white space, and in a proportional font drawn lines would not meet
    indent = "· " * (len(line.stem) // len(STEM))
    if line.model is not None:
        return indent + name.one(line.model), "", ""
    return f"{indent}┐", decimal(line.similarity, 2), _percent(line.support)


def _prompt(ident: str, part: LineagePart) -> str:
    text = part.prompt_texts.get(ident, "")
    return f"{ident}: {text}" if text and text != ident else ident


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _shared(part: LineagePart, name: Names) -> Iterator[tuple[Cell, ...]]:
    for why in part.why:
        for what, items in (("opening", why.openings), ("phrase", why.phrases)):
            for item in items:
                yield name.pair(why.models), what, item.text, item.prompts, f"{item.others:.1%}"
