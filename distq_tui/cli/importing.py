"""Answers of another tool into the database: a session that can be reported, compared and played back.

A row is what `score` and `replay` read: `model`, `response` and one or more of `messages`, `prompt`, `query` and
`prompt_id`. It may say more: `family`, `fact`, `role`, `kind`, `language`, `aspect`, `template`, `question`,
`prompt_set`, `params`, `sent`, `refused`, `created_at` and `source`, as exported rows do. Files of other tools are
turned into such rows by `formats.responses`; the labels in the paper's files are stored as the verdicts of a judge,
beside the detector's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from distq_tui.cli.import_fields import params_of, refused_of, same, text_of, time_of
from distq_tui.cli.import_files import rows_of_files
from distq_tui.config.models import ANSWERING_ROLES, SIMULATED, ModelSpec, Role
from distq_tui.engine.clock import Clock
from distq_tui.engine.parts import scorers_of
from distq_tui.engine.session import versions
from distq_tui.errors import InputError
from distq_tui.events import COMPLETE, IceJudged, IceScored, Response, ResponseClass, RseScored
from distq_tui.formats.paper_run import LABELS, Labels
from distq_tui.ice.refusal import is_refusal
from distq_tui.plan.design import BARE
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Params, Probe, Trial
from distq_tui.prompts import Message
from distq_tui.providers.endpoints import endpoint_of
from distq_tui.providers.replay.recording import Entry
from distq_tui.providers.replay.rows import entries
from distq_tui.scoring import Scorer
from distq_tui.store import Store

Kind = Literal["identity", "similarity"]
_MODEL_FIELDS = ("family", "fact", "role")

_NOT_PLANNED = ("adaptive", "judge")
"""Purposes of exported rows that are left out: what a search chose because it hits would count as planned answers."""

PAPER_JUDGE = "paper"
"""The judge under which the released labels are stored; its scorer is `judge:paper`."""

PAPER_VERSION = "arXiv:2501.12619"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a file and the answer in it."""

    path: Path
    line: int
    row: Mapping[str, Any]
    entry: Entry


@dataclass(frozen=True, slots=True)
class _Answer(_Row):
    """A row with the probe it answers, which repeat it is, and the parameters that were asked for."""

    probe: Probe
    sample: int
    params: Params


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
        _Row(path, line, row, entry)
        for (path, line, row), entry in entries(rows_of_files(paths, warn, model=model, family=family))
        if row.get("purpose") not in _NOT_PLANNED
    ]
    if not rows:
        raise InputError("holds no answers; each row needs model, response and prompt or prompt_id", file=paths[0])
    systems = _systems(rows)
    answers = list(_answers(rows, systems))
    plan = _plan(paths[0].stem, answers, systems, roles or {})
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


def _systems(rows: Sequence[_Row]) -> dict[str, str | None]:
    """The system prompt of each model that has the same one in all its rows: it is the model's, not the prompt's."""
    found: dict[str, set[str | None]] = {}
    for row in rows:
        first = row.entry.messages[0] if row.entry.messages else None
        found.setdefault(row.entry.model, set()).add(first.content if first and first.role == "system" else None)
    return {model: texts.pop() if len(texts) == 1 else None for model, texts in found.items()}


def _answers(rows: Sequence[_Row], systems: Mapping[str, str | None]) -> Iterator[_Answer]:
    probes: dict[str, Probe] = {}
    seen: Counter[tuple[str, str]] = Counter()
    taken: set[tuple[str, str, int]] = set()
    for item in rows:
        path, line, row, entry = item.path, item.line, item.row, item.entry
        probe = _probe(item, has_system=systems[entry.model] is not None)
        known = probes.setdefault(probe.prompt_id, probe)
        if known.messages != probe.messages:
            raise InputError(
                f"{probe.prompt_id!r} stands for another prompt further up", file=path, line=line, field="prompt_id"
            )
        sample = seen[entry.model, probe.prompt_id] if entry.sample is None else entry.sample
        seen[entry.model, probe.prompt_id] += 1
        if (entry.model, probe.prompt_id, sample) in taken:
            raise InputError(
                f"sample {sample} of {entry.model} stands further up too", file=path, line=line, field="sample"
            )
        taken.add((entry.model, probe.prompt_id, sample))
        yield _Answer(path, line, row, entry, known, sample, params_of(row, path, line))


def _probe(item: _Row, *, has_system: bool) -> Probe:
    path, line, row, entry = item.path, item.line, item.row, item.entry
    text = {
        name: text_of(row, name, path, line)
        for name in ("kind", "language", "aspect", "template", "question", "query", "prompt_set")
    }
    messages = entry.messages or (Message("user", entry.prompt or f"[{entry.prompt_id}]"),)
    if has_system:
        messages = messages[1:] or messages
    kind = text["kind"] or ("identity" if text["query"] else "similarity")
    if kind not in get_args(Kind):
        raise InputError("must be identity or similarity", file=path, line=line, field="kind")
    prompt_id = entry.prompt_id or messages[-1].content
    identity = kind == "identity"
    return Probe(
        prompt_id=prompt_id,
        kind=cast(Kind, kind),
        language=text["language"] or _language(messages[-1].content),
        messages=messages,
        aspect=text["aspect"],
        template=(text["template"] or BARE) if identity else None,
        question=(text["question"] or prompt_id) if identity else None,
        query=(text["query"] or messages[-1].content) if identity else None,
        set_name=text["prompt_set"] or path.name,
    )


def _plan(
    name: str, answers: Sequence[_Answer], systems: Mapping[str, str | None], roles: Mapping[str, Role]
) -> RunPlan:
    samples: dict[str, int] = {}
    stated: dict[str, dict[str, str]] = {}
    files: dict[str, Path] = {}
    scripted = _scripted(answers)
    for answer in answers:
        model, path, line = answer.entry.model, answer.path, answer.line
        files.setdefault(model, path)
        samples[model] = max(samples.get(model, 1), answer.sample + 1)
        said = stated.setdefault(model, {})
        for field in _MODEL_FIELDS:
            value = text_of(answer.row, field, path, line)
            if value is not None and not same(field, said.setdefault(field, value), value):
                raise InputError(
                    f"of {model} is {said[field]!r} further up and {value!r} here; a session knows one {field} a model",
                    file=path,
                    line=line,
                    field=field,
                )
            if field == "role" and value is not None and value not in ANSWERING_ROLES:
                raise InputError("must be target, reference or control", file=path, line=line, field=field)
    unknown = [model for model in roles if model not in stated]
    if unknown:
        raise InputError(
            f"no model is called {unknown[0]!r}; these files have {', '.join(stated)}", field=f"--{roles[unknown[0]]}"
        )
    asked = {answer.params for answer in answers}
    return RunPlan(
        name=name,
        seed=0,
        samples=1,
        params=asked.pop() if len(asked) == 1 else Params(),
        models=tuple(
            ModelSpec(
                model,
                "replay",
                base_url=(SIMULATED if model in scripted else "") + str(files[model].absolute()),
                family=said.get("family"),
                fact=said.get("fact"),
                role=roles.get(model) or cast(Role, said.get("role", "target")),
                samples=samples[model],
                system=systems[model],
            )
            for model, said in stated.items()
        ),
        probes=tuple({answer.probe.prompt_id: answer.probe for answer in answers}.values()),
    )


def _scripted(answers: Sequence[_Answer]) -> set[str]:
    """The models whose answers this program scripted.

    Raises:
        InputError: only some of a model's are: neither label would be true of it.
    """
    found: dict[str, bool] = {}
    for answer in answers:
        model, scripted = answer.entry.model, answer.entry.simulated
        if found.setdefault(model, scripted) != scripted:
            raise InputError(
                f"answers of {model} further up are {'' if found[model] else 'not '}simulated, unlike this one;"
                " import them apart",
                file=answer.path,
                line=answer.line,
                field="source",
            )
    return {model for model, scripted in found.items() if scripted}


def _response(answer: _Answer, at: str) -> Response:
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


def _keep_labels(store: Store, answer: _Answer, trial: Trial, row: int) -> None:
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


def _language(text: str) -> str:
    """`zh` for a text with Chinese characters, else `en`: what a file without `language` leaves to guess."""
    return "zh" if any("\u4e00" <= char <= "\u9fff" for char in text) else "en"
