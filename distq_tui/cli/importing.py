"""Answers of another tool into the database: a session that can be reported, compared and played back.

A row is what `score` and `replay` read: `model`, `response` and one or more of `messages`, `prompt`, `query` and
`prompt_id`. It may say more: `family`, `fact`, `role`, `kind`, `language`, `aspect`, `template`, `question`,
`prompt_set`, `params`, `sent`, `refused`, `created_at` and `source`, as exported rows do. Files of other tools are
turned into such rows by `formats.responses`; the labels in the paper's files are stored as the verdicts of a judge,
beside the detector's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from distq_tui.cli.import_fields import refused_of, text_of, time_of
from distq_tui.cli.import_files import rows_of_files
from distq_tui.cli.import_plan import plan_of
from distq_tui.cli.import_rows import Answer, AnswerRow, answers_of, systems_of
from distq_tui.config.models import Role
from distq_tui.engine.clock import Clock
from distq_tui.engine.parts import scorers_of
from distq_tui.engine.session import versions
from distq_tui.errors import InputError
from distq_tui.events import COMPLETE, IceJudged, IceScored, Response, ResponseClass, RseScored
from distq_tui.formats.paper_run import LABELS, Labels
from distq_tui.formats.repeats import Samples
from distq_tui.ice.refusal import is_refusal
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Trial
from distq_tui.providers.endpoints import endpoint_of
from distq_tui.providers.replay.rows import entries
from distq_tui.scoring import Scorer
from distq_tui.store import Store

_NOT_PLANNED = ("adaptive", "judge")
"""Purposes of exported rows that are left out: what a search chose because it hits would count as planned answers."""

PAPER_JUDGE = "paper"
"""The judge under which the released labels are stored; its scorer is `judge:paper`."""

PAPER_VERSION = "arXiv:2501.12619"


def import_answers(
    store: Store,
    paths: Sequence[Path],
    *,
    session: str,
    model: str | None = None,
    family: str | None = None,
    roles: Mapping[str, Role] | None = None,
    warn: Callable[[str], None] = lambda _: None,
    clock: Clock | None = None,
) -> Counter[ResponseClass]:
    """Store the files' answers as the session `session`, scored like those of a run; returns how many of each class.

    The files stay what the models are: they are of the provider `replay`, and labelled as recorded; those that this
    program had scripted before an export are labelled as simulated.

    Args:
        store: where to.
        paths: one or more files, of any form that `formats.responses` knows; all of the paper's, or none.
        session: the new session's id.
        model: whose answers the paper's files hold; None = as their names say.
        family: the family of the models whose rows name neither family nor fact; of the paper's files, which name none,
            it is the family that the model's name tells, where this is None.
        roles: by model, instead of what rows say.
        warn: told in one line of every thing that a user may not expect.
        clock: time.

    Raises:
        InputError: a file can't be read or holds no answer, a row is wrong, or rows contradict each other.
    """
    now = (clock or Clock()).now
    rows = [
        AnswerRow(path, line, row, entry)
        for (path, line, row), entry in entries(rows_of_files(paths, warn, model=model, family=family))
        if row.get("purpose") not in _NOT_PLANNED
    ]
    if not rows:
        raise InputError("holds no answers; each row needs model, response and prompt or prompt_id", file=paths[0])
    systems = systems_of(rows)
    samples = Samples()
    answers = list(answers_of(rows, systems, samples))
    if told := samples.told():
        warn(told)
    plan = plan_of(paths[0].stem, answers, systems, roles or {})
    specs = {spec.name: spec for spec in plan.models}
    endpoints = {spec.name: endpoint_of(spec) for spec in plan.models}
    scorers, classes = scorers_of(plan), Counter[ResponseClass]()
    with store.atomic():
        store.create_session(plan, session_id=session, at=now(), versions=versions())
        store.set_total(session, len(answers))
        for answer in answers:
            name = answer.entry.model
            trial = Trial.make(
                specs[name], answer.probe, endpoint=endpoints[name], params=answer.params, sample=answer.sample
            )
            response = _response(answer, now())
            classes[response.cls] += 1
            row = store.add_response(session, trial, response, None)
            for scorer in scorers:
                _score(store, scorer, TrialResult(trial, response, row, cached=False))
            _keep_labels(store, answer, trial, row)
        store.finish_session(session, "done" if COMPLETE.issuperset(classes) else "failed", now())
    return classes


def _response(answer: Answer, at: str) -> Response:
    entry = answer.entry
    place = (answer.path, answer.line)
    # in a line of events the answer's own fields lie one level down
    row = cast(Mapping[str, Any], answer.row["response"] if "event" in answer.row else answer.row)
    unsaid = not answer.row.get("class")
    return Response(
        cls="refusal" if unsaid and entry.cls == "ok" and is_refusal(entry.text) else entry.cls,
        text=entry.text,
        reasoning=entry.reasoning,
        served_model=text_of(row, "served_model", *place) or entry.model,
        finish_reason=entry.finish,
        sent=dict(entry.sent),
        refused=refused_of(row, *place),
        usage=entry.usage,
        first_token_ms=entry.first_token_ms,
        total_ms=entry.total_ms,
        created_at=time_of(row, *place) or at,
    )


def _score(store: Store, scorer: Scorer, result: TrialResult) -> None:
    events = scorer.score(result)
    verdicts = [event for event in events if isinstance(event, IceScored)]
    pairs = [event for event in events if isinstance(event, RseScored)]
    if verdicts:
        facts = result.trial.measured_against
        store.add_ice(verdicts, scorer=scorer.name, version=scorer.version, options=facts)
    if pairs:
        store.add_rse(pairs, scorer=scorer.name, version=scorer.version)


def _keep_labels(store: Store, answer: Answer, trial: Trial, row: int) -> None:
    """Store what the released data's judges said of the answer, beside the detector's verdict."""
    labels = answer.row.get(LABELS)
    if not isinstance(labels, Labels) or labels == Labels():
        return
    store.add_ice_judged(
        IceJudged(
            row=row,
            model=answer.entry.model,
            prompt_id=answer.probe.prompt_id,
            sample=answer.sample,
            judge=PAPER_JUDGE,
            version=PAPER_VERSION,
            loose=labels.loose,
            strict=labels.strict,
            facts=trial.measured_against,
        )
    )
