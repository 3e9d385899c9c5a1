"""The section on blind labels: how right the detector and the judges are, and the rates once their errors are in."""

from __future__ import annotations

from collections.abc import Sequence

from distq_tui.report import words
from distq_tui.report.calibration import Calibration
from distq_tui.report.layout import Cell, Names, Section, Table
from distq_tui.report.text import decimal, interval
from distq_tui.stats.calibration import Share

_TOO_FEW = "the labels do not suffice for a corrected rate"


def calibration_section(calibrations: Sequence[Calibration], name: Names) -> Section:
    """A row for each rater and measure that labels speak of, then one for each of their models."""
    told = [each for each in calibrations if each.accuracy.labelled]
    accuracy: list[tuple[Cell, ...]] = [
        (
            each.rater_name,
            each.measure,
            *_share(each.accuracy.sensitivity),
            *_share(each.accuracy.specificity),
            each.accuracy.labelled,
            each.accuracy.total,
        )
        for each in told
    ]
    head = ("rater", "measure", "sensitivity", "95 % interval", "specificity", "95 % interval", "labelled", "of")
    models = dict.fromkeys(model for each in told for model in each.rates)
    rates = tuple(_rate(each, model, name) for model in models for each in told if model in each.rates)
    columns = ("model", "rater", "measure", "apparent", "corrected", "95 % interval", "n", "labels", "method")
    tables = (
        Table("Sensitivity and specificity", head, tuple(accuracy), words.ACCURACY, grouped=True),
        Table("Corrected rates", columns, rates, words.CORRECTED, grouped=True),
    )
    return Section("labels", "Blind labels", words.LABELS, tables)


def _rate(each: Calibration, model: str, name: Names) -> tuple[Cell, ...]:
    rate = each.rates[model]
    if rate is None:
        return name.one(model), each.rater_name, each.measure, "n/a", "n/a", "", 0, 0, _TOO_FEW
    figures = (decimal(rate.apparent), decimal(rate.value), interval(rate.low, rate.high))
    return name.one(model), each.rater_name, each.measure, *figures, rate.n, rate.labelled, rate.method


def _share(share: Share | None) -> tuple[str, str]:
    return ("n/a", "") if share is None else (decimal(share.value), interval(share.low, share.high))
