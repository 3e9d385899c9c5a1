"""Stored answers as the results that scorers and judges took when they arrived."""

from __future__ import annotations

from collections.abc import Mapping

from distq_tui.events import IceScored
from distq_tui.ice.scorer import IceScorer
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Params, Probe, Request, Trial
from distq_tui.store import AnswerRow


def stored_result(row: AnswerRow, plan: RunPlan, probes: Mapping[str, Probe]) -> TrialResult | None:
    """The row as a closed trial of the plan or of its judges; None for what an adaptive search asked.

    A stored verdict goes with it where today's detector gave it; another version's is no verdict of this one.

    Args:
        row: of a session of the plan.
        plan: names the models.
        probes: the plan's probes by prompt id. A judge's question is none of them: the row itself tells it.
    """
    model = next((model for model in plan.models if model.title == row.model), None)
    judged = row.purpose == "judge"
    probe = Probe(row.prompt_id, "judge", row.language, row.messages) if judged else probes.get(row.prompt_id)
    if model is None or probe is None or row.purpose not in {"plan", "judge"}:
        return None  # a searched probe is no cell of the plan
    params = Params(**{name: value for name, value in row.params.items() if name in Params.__slots__})  # type: ignore[arg-type]
    request = Request(row.provider, row.endpoint, row.requested_model, row.messages, params, row.sample)
    trial = Trial(model, probe, request, row.trial_key, "judge" if judged else "plan")
    return TrialResult(trial, row.response, row.response_id, row.cached, _verdict(row, trial))


def _verdict(row: AnswerRow, trial: Trial) -> IceScored | None:
    stored = row.verdict
    if stored is None or (stored.scorer, stored.version) != (IceScorer.name, IceScorer.version):
        return None
    flags = (bool(stored.loose), bool(stored.strict), bool(stored.paper_strict), bool(stored.primed))
    where = (trial.model.title, trial.probe.prompt_id, trial.sample)
    return IceScored(row.response_id, *where, *flags, stored.marks, stored.claimed)
