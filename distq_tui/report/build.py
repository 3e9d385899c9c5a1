"""From a stored session to a Report: everything is read and computed here, and nothing is written."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator

from distq_tui import __version__
from distq_tui.plan.run_plan import RunPlan
from distq_tui.report.answers import Answer, Answers, read_answers
from distq_tui.report.beside import beside_rse
from distq_tui.report.calibration import calibrate
from distq_tui.report.claimed import claims
from distq_tui.report.comparisons import rate_differences
from distq_tui.report.conclusion import conclusions
from distq_tui.report.flagged_model import Flagged
from distq_tui.report.gap import induction_gaps
from distq_tui.report.grades import grades_part, read_judged
from distq_tui.report.ice import ice_exclusions, ice_figures
from distq_tui.report.judge_rates import judge_exclusions, judge_figures, rater_agreements
from distq_tui.report.judged import read_judged_identity
from distq_tui.report.lineage import lineage_part
from distq_tui.report.model import Manifest, ModelPart, Report, SessionPart
from distq_tui.report.overridden import detectors_figures, overridden_verdicts
from distq_tui.report.paper import paper_figures
from distq_tui.report.placement import placements
from distq_tui.report.retold import judge_replies
from distq_tui.report.rse import own_scores, pair_scores, read_pairs, rse_exclusions, rse_figures, semantic_figures
from distq_tui.report.sameness import same_answers
from distq_tui.report.search import searched_templates
from distq_tui.report.sources import failures, judge_parts, model_parts, prompt_parts, total_cost
from distq_tui.report.words import BROKEN_OFF
from distq_tui.rse.semantic import SemanticScorer, semantic_version
from distq_tui.store import SessionRow, Store

ICE_SCORER = "ice-offline"


def build_report(store: Store, session: SessionRow) -> Report:
    """The report of a session: a pure function of what is stored.

    Args:
        store: may be open for reading only.
        session: as `Store.find_session` gives it.
    """
    plan = store.plan_of(session.id)
    answers = read_answers(store, session, plan, ICE_SCORER)
    replies = judge_replies(store, session.id)
    judged = read_judged_identity(store, session.id, answers, replies)
    graded = read_judged(store, session.id, answers, replies)
    stored_pairs = read_pairs(store, session.id, plan)
    pairs = pair_scores(plan, stored_pairs)
    models = model_parts(answers)
    scorers = Counter(f"{row.scorer} {row.version}" for row in stored_pairs)
    if plan.embeddings is not None:
        embedded = sum(row.semantic is not None for row in stored_pairs)
        scorers[f"{SemanticScorer.name} {semantic_version(plan.embeddings)}"] = embedded
    for rated in (answers, *judged.answers.values()):
        scorers.update(f"{a.verdict.scorer} {a.verdict.version}" for a in rated.all() if a.verdict is not None)
    grades = grades_part(answers, graded, session.state)
    scorers.update({} if grades is None else grades.versions)
    return Report(
        session=_session(session, answers),
        models=models,
        prompts=prompt_parts(plan),
        ice=(*ice_figures(answers), *detectors_figures(answers), *judge_figures(answers, judged.answers)),
        gaps=tuple(induction_gaps(answers)),
        differences=tuple(rate_differences(answers)),
        claimed=tuple(claims(answers)),
        rse=tuple(rse_figures(answers, pairs)),
        semantic=tuple(semantic_figures(answers, pairs)),
        beside=tuple(beside_rse(answers, pairs)),
        placements=tuple(placements(answers, pairs, own_scores(answers, stored_pairs))),
        conclusions=conclusions(answers, pairs),
        flagged=tuple(sorted(_flagged(answers), key=lambda answer: not answer.strict)),  # stable: else as asked
        searched=tuple(searched_templates(answers)),
        lineage=lineage_part(answers, pairs),
        grades=grades,
        overridden=tuple(overridden_verdicts(answers, store.overrides(session.id))),
        agreement=tuple(rater_agreements(answers, judged.answers)) if judged.answers else (),
        judges=judge_parts(plan, replies, (*judged.stands, *graded.stands), judged.gates),
        calibrations=calibrate(store, session.id, plan),
        paper=paper_figures(store, session.id, answers),
        exclusions=(*ice_exclusions(answers), *judge_exclusions(judged.answers), *rse_exclusions(answers)),
        failures=failures([*(answer.row for answer in answers.all()), *replies]),
        notes=tuple(_notes(session, answers, models)),
        manifest=_manifest(session, plan, answers, models, dict(sorted(scorers.items()))),
    )


def _session(session: SessionRow, answers: Answers) -> SessionPart:
    times = sorted(answer.row.response.created_at for answer in answers.all() if answer.row.response.created_at)
    return SessionPart(
        id=session.id,
        name=session.name,
        state=session.state,
        created_at=session.created_at,
        finished_at=session.finished_at,
        as_of=session.finished_at or max([session.created_at, *times]),
        planned=session.total,
        closed=session.done,
        failed=session.failed,
        cancelled=session.cancelled,
        hits=session.hits,
        complete=all(answers.complete(model) for model in answers.by_model),
        asked_from=times[0] if times else "",
        asked_to=times[-1] if times else "",
    )


def _flagged(answers: Answers) -> Iterator[Flagged]:
    for answer in answers.all():
        verdict, row = answer.verdict, answer.row
        if answer.ice_class is None and verdict is not None and verdict.loose:
            yield Flagged(
                response=row.response_id,
                model=row.model,
                prompt_id=row.prompt_id,
                sample=row.sample,
                language=row.language,
                aspect=row.aspect,
                cls=row.response.cls,
                question=row.messages[-1].content,
                text=row.response.text,
                loose=True,
                strict=bool(verdict.strict),
                paper_strict=bool(verdict.paper_strict),
                primed=verdict.primed,
                overridden=answer.overridden,
                cached=row.cached,
                claimed=verdict.claimed,
                marks=verdict.marks,
            )


def _notes(session: SessionRow, answers: Answers, models: tuple[ModelPart, ...]) -> Iterator[str]:
    """What a reader must know of this very session, each in one sentence."""
    simulated = [model.title for model in models if model.source == "simulated"]
    recorded = [model.title for model in models if model.source == "recorded"]
    if simulated:
        yield f"SIMULATED: {', '.join(simulated)}: scripted by distq-tui; no language model is behind these answers."
    if recorded:
        yield f"RECORDED: {', '.join(recorded)}: played back from a recording, not asked in this session."
    why = BROKEN_OFF.get(session.state)
    if why is not None:
        yield (
            f"Not complete, {why}: where planned answers are still open, intervals are confidence sequences, valid"
            " whenever one stops, and nothing is concluded from them."
        )
    yield from same_answers(answers)
    for model in models:
        names = [name for name in model.served if name]
        if len(names) > 1:
            yield f"{model.title} answered under {len(names)} names ({', '.join(names)}): it may have changed."
        for name, count in model.refused.items():
            yield f"{model.title} refused {name} ({count} answers): sent without it, so the server's default holds."
    estimated = [model.title for model in models if model.usage_estimated]
    if estimated:
        yield f"Token counts of {', '.join(estimated)} are estimated, at least in part: the server gave none."
    searched = sum(answer.row.kind == "identity" for answer in answers.searched)
    if searched:
        helped = len(answers.searched) - searched
        yield (
            f"{searched} answers come from an adaptive search (exploration), {helped} more from its helper; they are in"
            " no rate, and their requests are not counted among the models' requests."
        )
    overridden = sum(answer.overridden for answer in answers.all())
    if overridden:
        yield (
            f"{overridden} verdicts were overridden by the user; the figures hold the user's, those marked @detector"
            " have the detector's alone."
        )


def _manifest(
    session: SessionRow, plan: RunPlan, answers: Answers, models: tuple[ModelPart, ...], scorers: dict[str, int]
) -> Manifest:
    rows: list[Answer] = list(answers.all())
    return Manifest(
        plan_digest=session.plan_digest,
        seed=session.seed,
        samples=plan.samples,
        params=plan.params.sent(),
        prompt_sets=tuple(dict.fromkeys(plan.prompt_sets)),
        versions={**dict(sorted(session.versions.items())), **_written_by()},
        scorers=scorers,
        calls=sum(model.calls for model in models),
        cached=sum(model.cached for model in models),
        retries=sum(model.retries for model in models),
        cost=total_cost(model.cost for model in models),
        overrides=sum(answer.overridden for answer in rows),
    )


def _written_by() -> dict[str, str]:
    return {"report by distq-tui": __version__, "report by python": platform.python_version()}
