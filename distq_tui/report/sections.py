"""What stands where in a report: the sections in the order in which one reads them."""

from __future__ import annotations

from collections.abc import Iterator

from distq_tui.report import words
from distq_tui.report.calibration_section import calibration_section
from distq_tui.report.grades_section import grades_section
from distq_tui.report.judges_section import judges_section
from distq_tui.report.layout import SCALE, Cell, Names, Section, Table, served_as
from distq_tui.report.lineage_section import lineage_section
from distq_tui.report.model import ModelPart, Report
from distq_tui.report.paper_section import paper_section
from distq_tui.report.score_tables import identity, reach, similarity
from distq_tui.report.search import exploration
from distq_tui.report.sources import total_cost
from distq_tui.report.text import counts, decimal, dollars, moment, p_value
from distq_tui.rse.verdict import Conclusion, ControlTest
from distq_tui.state import shortfall


def sections(report: Report) -> tuple[Section, ...]:
    """The whole report, section by section; a measure that was not asked has none."""
    name = Names(report)
    parts = [_asked(report, name)]
    if report.ice:
        parts.append(identity(report, name))
    if report.calibrations:
        parts.append(calibration_section(report.calibrations, name))
    if report.paper:
        parts.append(paper_section(report.paper, name))
    if report.rse:
        parts.append(similarity(report, name))
        if report.grades is not None:
            parts.append(grades_section(report, name))
        parts.append(_conclusions(report, name))
    if report.lineage is not None:
        parts.append(lineage_section(report.lineage, name))
    if report.ice:
        parts.append(_flagged(report))
    if report.searched:
        parts.append(exploration(report, name))
    if report.judges:
        parts.append(judges_section(report, name))
    return (*parts, _exclusions(report, name), _reading(), _manifest(report))


def summary(report: Report) -> tuple[Table, ...]:
    """What one looks for first: what may be concluded, then the targets' rates, and each target beside the references.

    Where no model is a reference, the targets stand beside each other.
    """
    name = Names(report)
    roles = {model.title: model.role for model in report.models}
    references = "reference" in roles.values()
    rows: list[tuple[Cell, ...]] = []
    for figure in report.ice:
        if (
            figure.measure in {"loose", "strict", "hard"}
            and figure.scope == "all"
            and roles[figure.models[0]] == "target"
        ):
            rows.append((f"ICE {figure.measure}", name.one(figure.models[0]), *reach(figure)))
    for figure in report.rse:
        if [roles[model] for model in figure.models] in ([["target", "reference"]] if references else [["target"] * 2]):
            where = f"RSE on {figure.part}" if figure.scope == "set" else "RSE over all sets"
            rows.append((where, name.pair(figure.models), *reach(figure)))
    head = ("measure", "of", "value", SCALE, "95 % interval", "n", "clusters")
    notes = [note for figures, note in ((report.ice, words.GLANCE_ICE), (report.rse, words.GLANCE_RSE)) if figures]
    tables = (_verdicts(report, name), Table("", head, tuple(rows), " ".join(notes)))
    return tuple(table for table in tables if table.rows)


def _asked(report: Report, name: Names) -> Section:
    session = report.session
    asked = (
        f"Answers from {moment(session.asked_from)} to {moment(session.asked_to)}"
        if session.asked_from
        else "No answer was stored"
    )
    hits = f"{session.hits} of {session.closed} closed trials were served from earlier answers"
    head = ("model", "role", "provider", "endpoint", "requested as", "served as", "parameters", "samples", "requests")
    rows = [
        (
            name.one(model.title),
            model.role,
            model.provider,
            model.endpoint,
            model.requested,
            served_as(model),
            _params(model),
            model.samples,
            model.calls,
        )
        for model in report.models
    ]
    tables = [Table("Models", head, tuple(rows)), _held_against(report, name)]
    systems = [(name.one(model.title), model.system) for model in report.models if model.system is not None]
    if systems:
        tables.append(Table("System prompts", ("model", "system prompt"), tuple(systems)))
    prompts = [
        (part.prompt_set, part.kind, part.language, part.prompts, part.templates or "", part.questions or "")
        for part in report.prompts
    ]
    tables.append(Table("Prompts", ("set", "kind", "language", "prompts", "templates", "questions"), tuple(prompts)))
    return Section("asked", "What was asked, of whom and when", (f"{asked}; {hits}.",), tuple(tables))


def _held_against(report: Report, name: Names) -> Table:
    """What each model's identity answers are measured by."""
    rows = [
        (name.one(model.title), _family(model), model.fact or "nothing: no identity is scored")
        for model in report.models
    ]
    return Table("What each model truly is, as the plan has it", ("model", "family", "held against"), tuple(rows))


def _family(model: ModelPart) -> str:
    """The family; one that says no more than the name is worth no more than the name."""
    if model.family is None:
        return "own fact" if model.fact else "not told"
    return f"{model.family} (as its name says)" if model.named else model.family


def _params(model: ModelPart) -> str:
    asked = ", ".join(f"{key}={value}" for key, value in model.asked.items()) or "none sent: the server's defaults"
    refused = "; ".join(f"{key} refused, sent: default" for key in model.refused)
    return f"{asked}; {refused}" if refused else asked


def _conclusions(report: Report, name: Names) -> Section:
    if not report.conclusions:
        return Section("conclusion", "What may be concluded", (words.NO_PAIR,))
    tables = [_verdicts(report, name)]
    head = (
        "target",
        "set",
        "reference",
        "RSE",
        "floor",
        "sd of controls",
        "p",
        "p from the reference's side",
        "p by rank",
        "controls",
    )
    evidence = [
        (
            name.one(c.target),
            c.prompt_set,
            name.one(candidate.reference),
            decimal(candidate.rse),
            decimal(candidate.floor),
            decimal(candidate.spread),
            p_value(candidate.p),
            p_value(candidate.p_reference),
            p_value(candidate.p_rank),
            ", ".join(name.one(title) for title in c.controls) or "none",
        )
        for c in report.conclusions
        for candidate in c.candidates
    ]
    tables.append(Table("Beside the controls", head, tuple(evidence), words.CONTROLS))
    tests = [
        (name.one(c.target), c.prompt_set, name.one(t.reference), name.one(t.control), t.kind, p_value(t.p), _passed(t))
        for c in report.conclusions
        for t in c.tests
    ]
    if tests:
        columns = ("target", "set", "reference", "control", "kind", "p", "passed")
        tables.append(Table("The controls put to the test", columns, tuple(tests), words.TESTS, folded=True))
    return Section("conclusion", "What may be concluded", words.CONCLUSION, tuple(tables))


def _verdicts(report: Report, name: Names) -> Table:
    """The word on each target and set, and what it rests on."""
    rows = [(name.one(c.target), c.prompt_set, _word(c, name), c.reason, p_value(c.p)) for c in report.conclusions]
    return Table("", ("target", "set", "conclusion", "why", "p (step 1, Holm)"), tuple(rows))


def _passed(test: ControlTest) -> str:
    return "yes" if test.passed else "NO"


def _word(conclusion: Conclusion, name: Names) -> str:
    if conclusion.references:
        return f"{conclusion.word} {', '.join(name.one(title) for title in conclusion.references)}"
    if conclusion.word == "inconclusive" and conclusion.reason.startswith("too few controls"):
        return "inconclusive: too few controls"
    return conclusion.word


def _flagged(report: Report) -> Section:
    found = len(report.flagged)
    text = words.FLAGGED if found else "No answer conflicts with the facts given."
    return Section("flagged", f"Flagged answers ({found})", (text,), flagged=True)


def _exclusions(report: Report, name: Names) -> Section:
    rows = [
        (name.one(e.model), e.measure, e.planned, e.scored, e.truncated, counts(e.left_out)) for e in report.exclusions
    ]
    head = ("model", "for", "planned", "scored", "of these truncated", "not scored, by class")
    tables = [Table("", head, tuple(rows))]
    failed = [(name.one(f.model), f.cls, f.error or "no reason was kept", f.answers) for f in report.failures]
    if failed:
        tables.append(Table("Failures", ("model", "class", "why", "answers"), tuple(failed)))
    return Section("exclusions", "What was not scored", words.EXCLUSIONS, tuple(tables))


def _reading() -> Section:
    return Section("reading", "Before you conclude anything", words.CONFOUNDS_INTRO, items=words.CONFOUNDS)


def _of_judges(report: Report) -> Iterator[tuple[Cell, ...]]:
    """What the judges took, beside what the models did."""
    if report.judges:
        models = [judge.model for judge in report.judges]
        calls, retries, cached = (sum(getattr(m, name) for m in models) for name in ("calls", "retries", "cached"))
        yield "requests to judges", f"{calls}, {retries} of them retries; {cached} replies from the cache"
        yield "cost of judges", dollars(total_cost(model.cost for model in models))


def _manifest(report: Report) -> Section:
    manifest, session = report.manifest, report.session
    rows: list[tuple[Cell, ...]] = [
        ("session", f"{session.id} ({session.name})"),
        (
            "state",
            f"{session.state}; {session.closed} of {session.planned} planned trials closed,"
            f" {', '.join(shortfall(session.failed, session.cancelled))}",
        ),
        ("created", session.created_at),
        ("finished", session.finished_at or "not yet"),
        ("plan digest", manifest.plan_digest),
        ("seed", str(manifest.seed)),
        ("samples", str(manifest.samples)),
        ("parameters", ", ".join(f"{k}={v}" for k, v in manifest.params.items()) or "none sent"),
        ("requests", f"{manifest.calls}, {manifest.retries} of them retries; {manifest.cached} answers from the cache"),
        ("cost", dollars(manifest.cost)),
        *_of_judges(report),
        ("verdicts overridden", str(manifest.overrides)),
        *((f"version: {key}", value) for key, value in manifest.versions.items()),
        *((f"scored by {key}", f"{value} results") for key, value in manifest.scorers.items()),
    ]
    sets = Table("Prompt and template sets", ("set", "version", "digest"), manifest.prompt_sets)
    sent = [
        (name, value, count)
        for model in report.models
        for name, value, count in ((Names(report).one(model.title), sent, n) for sent, n in model.sent.items())
    ]
    really = Table(
        "Parameters really sent",
        ("model", "parameters", "answers"),
        tuple(sent),
        words.SENT if any(model.varying for model in report.models) else "",
    )
    return Section("manifest", "Manifest", (words.MANIFEST,), (Table("", ("what", "value"), tuple(rows)), sets, really))
