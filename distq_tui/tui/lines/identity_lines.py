"""How models differ in their rates, as lines of spans in the report's words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from distq_tui.report.text import interval, p_value
from distq_tui.report.words import DIFFERENCES
from distq_tui.tui.text.spans import Span

if TYPE_CHECKING:
    from distq_tui.ice.compare import RateDifference


def difference_rows(differences: Sequence[RateDifference], tags: Mapping[str, str]) -> Iterator[list[Span]]:
    """Each pair of models with a line for every measure; `tags` by model title."""
    pairs: dict[tuple[str, str], list[RateDifference]] = {}
    for found in differences:
        pairs.setdefault((found.a, found.b), []).append(found)
    if pairs:
        yield [("Differences between models, A - B", "key")]
    for (a, b), measures in pairs.items():
        yield [*_named(a, tags), (" - ", "dim"), *_named(b, tags)]
        for found in measures:
            yield [(f"  {found.measure:<8} ", "dim"), *_figures(found)]
    if any(found.value is not None for found in differences):
        yield [(DIFFERENCES, "dim")]


def _named(title: str, tags: Mapping[str, str]) -> list[Span]:
    tag = tags.get(title)
    return [(title, "strong"), *([(f" {tag}", "warn")] if tag else [])]


def _figures(found: RateDifference) -> list[Span]:
    if found.value is None:
        return [("n/a  ", ""), (found.method, "warn")]
    tests = {"Holm p": found.p_holm, "p": found.p, "p, this list": found.p_list}
    return [
        (f"{found.value:+.3f} {interval(found.low, found.high)}", "strong"),
        ("  " + " · ".join(f"{name} {p_value(p)}" for name, p in tests.items()), ""),
        (f" · n {found.n} · {found.method}", "dim"),
    ]
