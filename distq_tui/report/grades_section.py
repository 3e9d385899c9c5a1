"""The section on judges' grades of similarity."""

from __future__ import annotations

from distq_tui.report import words
from distq_tui.report.grades_model import Grade, GradesPart
from distq_tui.report.layout import Cell, Names, Section, Table
from distq_tui.report.model import Report
from distq_tui.report.rse import ASPECTS
from distq_tui.report.text import counts, decimal, interval

_MUST = {"identical": "an answer beside itself: 5", "shuffled": "answers to different prompts: about 1"}
_COEFFICIENTS = {"alpha": "Krippendorff's alpha", "kappa": "weighted kappa"}


def grades_section(report: Report, name: Names) -> Section:
    """Grades beside the offline similarity of the same pairs, then what says how far a judge may be trusted."""
    part = report.grades
    assert part is not None  # asked for only where there are judges
    checks = tuple(
        (check.judge, _MUST[check.kind], decimal(check.overall), check.items, check.unscored, _passed(check.passed))
        for check in part.checks
    )
    agreement = tuple(
        (_COEFFICIENTS[each.coefficient], ", ".join(each.judges), decimal(each.value), each.items, each.method)
        for each in part.agreement
    )
    return Section(
        "grades",
        "Judges' grades of similarity",
        (*words.GRADES, *_left(part)),
        (
            _grades(part, name),
            _aspects(report, part, name),
            Table("Self-checks", ("judge", "item", "mean grade", "graded", "unscored", "passed"), checks, words.CHECKS),
            Table("Agreement of the judges", ("coefficient", "judges", "value", "replies", "method"), agreement),
        ),
    )


def _grades(part: GradesPart, name: Names) -> Table:
    """What each judge graded, and what not."""
    head = (
        "judge",
        "of",
        "set",
        "grade (1 to 5)",
        "95 % interval",
        "order effect",
        "its interval",
        "n",
        "prompts",
        "unscored",
        "not asked",
        "not judged, by class",
    )
    rows: list[tuple[Cell, ...]] = [
        (
            *_of(grade, name),
            decimal(grade.overall),
            interval(grade.low, grade.high),
            "" if grade.order is None else f"{grade.order:+.3f}",
            interval(grade.order_low, grade.order_high),
            grade.n,
            grade.prompts,
            grade.unscored,
            _not_asked(grade),
            counts(grade.left_out),
        )
        for grade in part.grades
    ]
    return Table("Grades", head, tuple(rows), words.ORDER, grouped=True)


def _aspects(report: Report, part: GradesPart, name: Names) -> Table:
    """What stands beside the grades: aspects, and the offline similarity of the same pair."""
    offline = {
        (frozenset(figure.models), figure.part if figure.scope == "set" else ""): figure.value for figure in report.rse
    }
    sets = {prompt_set for _, prompt_set in offline}
    if len(sets) == 1:  # one set is all there is, and its figure stands under its name
        offline |= {(models, ""): value for (models, _), value in offline.items()}
    head = ("judge", "of", "set", *(f"{aspect} (0 to 2)" for aspect in ASPECTS), "offline RSE (0 to 1)", "method")
    rows = [
        (
            *_of(grade, name),
            *(decimal(grade.aspects.get(aspect)) for aspect in ASPECTS),
            decimal(offline.get((frozenset(grade.models), grade.prompt_set))) if len(grade.models) > 1 else "",
            grade.method,
        )
        for grade in part.grades
    ]
    return Table("Beside the grades", head, tuple(rows), grouped=True)


def _of(grade: Grade, name: Names) -> tuple[Cell, ...]:
    return grade.judge, _models(grade, name), grade.prompt_set or "all"


def _models(grade: Grade, name: Names) -> str:
    if len(grade.models) == 1:
        return f"{name.one(grade.models[0])}, two samples (ceiling)"
    return name.pair(grade.models)


def _not_asked(grade: Grade) -> str:
    return f"{grade.not_asked} of {grade.planned}" if grade.not_asked else "none"


def _left(part: GradesPart) -> tuple[str, ...]:
    """One paragraph on the comparisons that judges were not asked about, where there are any."""
    whole = [grade for grade in part.grades if not grade.prompt_set]
    missing, planned = sum(grade.not_asked for grade in whole), sum(grade.planned for grade in whole)
    return (f"Not asked: {missing} of {planned} comparisons, {part.why_not_asked}.",) if missing else ()


def _passed(passed: bool | None) -> str:
    return "n/a" if passed is None else "yes" if passed else "NO"
