"""The tables of figures: rates of identity, means of similarity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from distq_tui.report import words
from distq_tui.report.ice import UNKNOWN
from distq_tui.report.layout import SCALE, Bar, Cell, Names, Quote, Section, Table
from distq_tui.report.model import ClaimEvidence, Figure, Report
from distq_tui.report.paper import PaperFigure
from distq_tui.report.rate_cells import SPLIT
from distq_tui.report.rse import ASPECTS
from distq_tui.report.text import decimal, interval, moment, p_value


def identity(report: Report, name: Names) -> Section:
    """Every rate, split and claim of the identity probes."""
    main = [figure for figure in report.ice if figure.scope in {"all", "probe"}]
    judges = {f"{measure}@{judge.model.title}" for judge in report.judges for measure in SPLIT}
    tables = [_rates("Rates", [figure for figure in main if figure.measure not in judges], name, domain=False)]
    if report.agreement:
        by_judges = [figure for figure in main if figure.measure in judges]
        tables += [_rates("Rates by the judges", by_judges, name, domain=False), _agreement(report, name)]
    for scope in ("language", "aspect"):
        inside = [figure for figure in report.ice if figure.scope == scope]
        if inside:
            tables.append(_rates(f"By {scope}", inside, name, domain=True))
    if report.gaps:
        gaps = [
            (name.one(g.model), f"{g.value:+.3f}", interval(g.low, g.high), p_value(g.p), g.n, g.method)
            for g in report.gaps
        ]
        tables.append(
            Table("Induction gap", ("model", "gap", "95 % interval", "p", "n", "method"), tuple(gaps), words.GAP)
        )
    if report.differences:
        tables.append(_differences(report, name))
    if report.claimed:
        tables.append(_claimed(report, name))
    if report.overridden:
        tables.append(_overridden(report, name))
    return Section("ice", "Identity consistency (ICE)", words.ICE, tuple(tables))


def _differences(report: Report, name: Names) -> Table:
    """Each pair of models in each measure."""
    head = ("model A", "model B", "measure", "A - B", "95 % interval", "Holm p", "p", "p, this list", "n", "method")
    rows: list[tuple[Cell, ...]] = [
        (
            name.one(pair.a),
            name.one(pair.b),
            pair.measure,
            "n/a" if pair.value is None else f"{pair.value:+.3f}",
            interval(pair.low, pair.high),
            *(p_value(p) for p in (pair.p_holm, pair.p, pair.p_list)),
            pair.n,
            pair.method,
        )
        for pair in report.differences
    ]
    return Table("Differences between models", head, tuple(rows), words.DIFFERENCES)


def _claimed(report: Report, name: Names) -> Table:
    """Whom each model says it is, with the words of it."""
    flagged = {answer.response for answer in report.flagged}

    def quoted(found: ClaimEvidence) -> Quote:
        where = f"{found.prompt_id}, sample {found.sample}"
        where += ", primed probe" if found.primed else ""
        where += ", in a marked role" if found.role_play else ""
        answer = found.response if found.response in flagged else None
        return Quote(found.before, found.said, found.after, found.kind, where, answer)

    head = ("model", "says it is, or is made by", "answers", "of scored", "evidence")
    rows: list[tuple[Cell, ...]] = [
        (name.one(each.model), each.name, each.answers, each.scored, tuple(quoted(found) for found in each.evidence))
        for each in report.claimed
    ]
    return Table("Claimed identities", head, tuple(rows), words.CLAIMED, grouped=True)


def _agreement(report: Report, name: Names) -> Table:
    """How far the detector and the judges agree; without the models of which nobody found anything."""
    head = ("raters", "measure", "over", "n", "both", "first alone", "second alone", "neither", "Cohen's kappa")
    rows: list[tuple[Cell, ...]] = [
        (
            " and ".join(name.one(rater) for rater in each.raters),
            each.measure,
            name.one(each.model) if each.model else "all models",
            each.n,
            each.both,
            each.first_alone,
            each.second_alone,
            each.neither,
            decimal(each.kappa),
        )
        for each in report.agreement
        if not each.model or each.neither < each.n
    ]
    return Table("Agreement of the detector and the judges", head, tuple(rows), words.AGREEMENT, grouped=True)


def _overridden(report: Report, name: Names) -> Table:
    """Each verdict that a user set beside the detector's."""
    head = ("model", "prompt", "sample", "detector", "user", "when")
    rows: list[tuple[Cell, ...]] = [
        (
            name.one(each.model),
            each.prompt_id,
            each.sample,
            _verdict(each.detector_loose, each.detector_strict),
            _verdict(each.loose, each.strict),
            moment(each.at),
        )
        for each in report.overridden
    ]
    return Table("Verdicts overridden by the user", head, tuple(rows), words.OVERRIDDEN, grouped=True)


def _verdict(loose: bool | None, strict: bool | None) -> str:
    if loose is None:
        return "unscored"
    return "strict" if strict else "loose" if loose else "no conflict"


def _rates(title: str, figures: Iterable[Figure], name: Names, *, domain: bool) -> Table:
    head = ("measure", "value", SCALE, "95 % interval", "n", "G", "Q", "deff", "n_eff", "method")
    rows = []
    for figure in figures:
        if figure.method == UNKNOWN and figure.measure != "loose":
            continue  # once says it
        measure = f"{figure.measure} ({figure.part} probes)" if figure.scope == "probe" else figure.measure
        rows.append(
            (
                name.one(figure.models[0]),
                *((figure.part,) if domain else ()),
                "every measure" if figure.method == UNKNOWN else measure,
                *reach(figure)[:4],
                figure.clusters,
                "" if figure.questions is None else figure.questions,
                "" if figure.deff is None else decimal(figure.deff, 1),
                "" if figure.n_eff is None else decimal(figure.n_eff, 0),
                _method(figure),
            )
        )
    first = ("model", "part") if domain else ("model",)
    return Table(title, (*first, *head), tuple(rows), "" if domain else words.RATES, folded=domain, grouped=True)


def _method(figure: Figure) -> str:
    if figure.one_sided is None:
        return figure.method
    side = "at most" if figure.value == 0.0 else "at least"
    return f"{figure.method}; one-sided {side} {figure.one_sided:.3f}"


def similarity(report: Report, name: Names) -> Section:
    """Every pair on every set."""
    tables = [_means("Pairs", "RSE", report.rse, name, aspects=ASPECTS)]
    if report.semantic:
        tables.append(_means("Semantic aspect", "semantic", report.semantic, name, note=words.SEMANTIC))
    if report.beside:
        tables.append(_beside(report, name))
    if report.placements:
        tables.append(_placements(report, name))
    return Section("rse", "Response similarity (RSE)", words.RSE, tuple(tables))


def _means(
    title: str, measure: str, figures: Iterable[Figure], name: Names, *, aspects: Sequence[str] = (), note: str = ""
) -> Table:
    head = ("pair", "set", measure, SCALE, "95 % interval", *aspects, "n", "prompts", "method")
    rows = [
        (
            name.pair(figure.models),
            figure.part if figure.scope == "set" else "all sets",
            *reach(figure)[:3],
            *(decimal(figure.aspects.get(aspect)) for aspect in aspects),
            figure.n,
            figure.clusters,
            figure.method,
        )
        for figure in figures
    ]
    return Table(title, head, tuple(rows), note, grouped=True)


def _beside(report: Report, name: Names) -> Table:
    """What explains a part of each pair's RSE; without a pool there is no column for it."""
    pool = any(one.pool_z is not None for one in report.beside)
    head = ("pair", "set", "length-matched RSE", "of n", "excess", "prompts", *(("pool z",) if pool else ()))
    rows = [
        (
            name.pair(one.models),
            one.prompt_set,
            decimal(one.matched),
            one.matched_n,
            decimal(one.excess),
            one.excess_n,
            *((decimal(one.pool_z),) if pool else ()),
        )
        for one in report.beside
    ]
    return Table("Beside RSE", head, tuple(rows), words.BESIDE, grouped=True)


def _placements(report: Report, name: Names) -> Table:
    """Each target between floor and ceiling; floors, ceiling and position of one row share their prompts."""
    head = (
        "target ↔ reference",
        "set",
        "RSE",
        "floor",
        "ceiling",
        "position",
        "95 % interval",
        "prompts",
        "method",
        "given the controls",
        "target's floor",
        "reference's floor",
    )
    rows = [
        (
            name.pair((p.target, p.reference)),
            p.prompt_set,
            decimal(p.position.rse),
            decimal(p.position.floor),
            decimal(p.position.ceiling),
            decimal(p.position.value),
            interval(p.position.low, p.position.high),
            p.position.n,
            p.position.method,
            ", ".join(name.one(title) for title in p.position.controls) or "none",
            decimal(p.floor_target),
            decimal(p.floor_reference),
        )
        for p in report.placements
    ]
    return Table("Between floor and ceiling", head, tuple(rows), words.POSITION, grouped=True)


def reach(figure: Figure | PaperFigure) -> tuple[Cell, ...]:
    """Value, bar, interval, n and clusters of a figure."""
    return (
        decimal(figure.value),
        Bar(figure.value, figure.low, figure.high),
        interval(figure.low, figure.high),
        figure.n,
        figure.clusters,
    )
