"""What takes part in a run: the sources that want calls, and the scorers that are told of every closed one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil

from distq_tui.engine.cast import plan_cast, samples_of
from distq_tui.engine.embedding import Semantic
from distq_tui.ice.judging import DetectorGate, IceJudging, StoredGate
from distq_tui.ice.scorer import IceScorer
from distq_tui.ice.search import AdaptiveSearch
from distq_tui.judging import JudgeModel
from distq_tui.plan.run_plan import EndpointOf, RunPlan
from distq_tui.plan.source import Chained, FixedSource, TrialSource
from distq_tui.plan.trial import Trial
from distq_tui.providers.embeddings import BATCH, EmbeddingsClient
from distq_tui.rse.judging import RseJudging
from distq_tui.rse.judging.meetings import meetings
from distq_tui.rse.scorer import Known, RseScorer
from distq_tui.rse.semantic import SemanticScorer
from distq_tui.scoring import Scorer
from distq_tui.store import Store


def parts_of(
    plan: RunPlan, trials: Sequence[Trial], endpoint_of: EndpointOf, *, stored: StoredGate | None = None
) -> tuple[TrialSource, tuple[Scorer, ...]]:
    """The plan's source and scorers; judges and the adaptive search are both in one.

    `stored` is what the gate decided in a session that goes on.

    Raises:
        InputError: a judge's, helper's or target's endpoint is not there, or the search lacks what it needs.
    """
    sources: list[TrialSource] = [FixedSource(trials)]
    scorers: list[Scorer] = list(scorers_of(plan))
    judges = judges_of(plan, endpoint_of, stored=stored)
    sources += judges
    scorers += judges
    if plan.adaptive is not None:
        search = AdaptiveSearch(plan, endpoint_of)
        sources.append(search)
        scorers.append(search)
    return Chained(*sources), tuple(scorers)


def judges_of(
    plan: RunPlan, endpoint_of: EndpointOf, *, stored: StoredGate | None = None
) -> tuple[IceJudging | RseJudging, ...]:
    """What asks the plan's judges and takes their replies; nothing where it has none.

    `stored` is what the gate decided in a session that is told again, or goes on.

    Raises:
        InputError: a judge's endpoint is not there.
    """

    def named(titles: Sequence[str]) -> list[JudgeModel]:
        return [JudgeModel(model, endpoint_of(model)) for model in plan.models if model.title in titles]

    samples, judges = samples_of(plan), plan.judges
    judging: list[IceJudging | RseJudging] = []
    if judges.ice:
        gate = None if judges.gate == "all" else stored or DetectorGate()
        judging.append(IceJudging(named(judges.ice), plan.probes, samples, gate=gate))
    if judges.rse:
        judging.append(RseJudging(named(judges.rse), plan.probes, samples, plan_cast(plan), seed=plan.seed))
    return tuple(judging)


def stored_gate(store: Store, session: str, *, goes_on: bool = False) -> StoredGate:
    """What the gate before the judges of identity decided in that session, whatever it would decide today.

    Where the session `goes_on`, today's detector decides what is still open.
    """
    ended = store.find_session(session).state in {"done", "failed"}
    asked, judged = store.judge_questions(session), store.judged_identities(session)
    return StoredGate(asked, judged, ended, DetectorGate() if goes_on else None)


def follow_up_calls(plan: RunPlan) -> int:
    """How many calls judges, the adaptive search and the embeddings may add at most, where every reply can be read."""
    samples, judges = samples_of(plan), plan.judges
    kinds = Counter(probe.kind for probe in plan.probes)
    answers = kinds["identity"] * sum(samples.values())
    prompts = [probe.prompt_id for probe in plan.probes if probe.kind == "similarity"]
    comparisons = sum(1 for _ in meetings(prompts, samples, plan_cast(plan))) if judges.rse else 0
    search = 0 if plan.adaptive is None else plan.adaptive.iterations * (1 + plan.adaptive.questions)
    texts = len(prompts) * sum(samples.values()) if plan.embeddings is not None else 0
    # an ICE judge is asked twice where loose = 1, an RSE judge in both role orders
    return 2 * len(judges.ice) * answers + 2 * len(judges.rse) * comparisons + search + ceil(texts / BATCH)


def semantic_of(plan: RunPlan, key: str | None) -> Semantic | None:
    """What the plan's embeddings bring in; None where it has none. `key` is the key itself, looked up."""
    if plan.embeddings is None:
        return None
    client = EmbeddingsClient(plan.embeddings.base_url, plan.embeddings.model, key)
    return Semantic(
        plan.embeddings, client, SemanticScorer(plan.embeddings, plan.probes, samples_of(plan), seed=plan.seed)
    )


def scorers_of(plan: RunPlan, known: Known | None = None) -> tuple[Scorer, ...]:
    """The offline scorers of a plan; `known` are similarities that need not be worked out again."""
    samples = samples_of(plan)
    return (
        IceScorer(plan.probes, samples),
        RseScorer(plan.probes, samples, seed=plan.seed, cast=plan_cast(plan), known=known),
    )
