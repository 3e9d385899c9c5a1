"""What a report says, as frozen plain values: every writer reads these and computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from distq_tui.events import JudgeUpdated
from distq_tui.ice.compare import RateDifference
from distq_tui.report.calibration import Calibration
from distq_tui.report.flagged_model import Flagged, Overridden
from distq_tui.report.grades_model import GradesPart
from distq_tui.report.paper import PaperFigure
from distq_tui.rse.lineage import Family
from distq_tui.rse.lineage_text import TreeLine
from distq_tui.rse.lineage_why import Why
from distq_tui.rse.position import Position
from distq_tui.rse.verdict import Conclusion

SCHEMA = 1
"""Version of the JSON form of a report; what may change under it is promised in docs/report.md."""

Source = Literal["live", "simulated", "recorded"]
"""Where a model's answers came from: a server, this program's own script, or a recording."""


@dataclass(frozen=True, slots=True)
class SessionPart:
    """The session as a whole.

    Attributes:
        as_of: ISO-8601 UTC; when the session ended, or when its newest answer did while it has not.
        failed: closed trials without an answer; `cancelled` of them were stopped, or never asked.
        complete: every planned trial is closed.
        asked_from, asked_to: when the oldest and the newest of its answers ended; cached ones may be older than the
            session.
    """

    id: str
    name: str
    state: str
    created_at: str
    finished_at: str | None
    as_of: str
    planned: int
    closed: int
    failed: int
    cancelled: int
    hits: int
    complete: bool
    asked_from: str
    asked_to: str


@dataclass(frozen=True, slots=True)
class ModelPart:
    """One model of the plan and what became of its requests.

    Attributes:
        family: what the plan says it is; `named` where its name says the same, which nobody may have checked.
        fact: what its identity answers are held against; "" for nothing.
        served: answers by the name that the server gave ("" = none given).
        asked: sampling parameters asked for.
        sent: sampling parameters really sent, each variant as JSON text, with the number of answers; "varies" stands
            for many values.
        varying: those values by parameter and answer (`PROMPT#SAMPLE`).
        refused: parameters that the model refused, with the number of answers.
        calls: trials that were answered by a request, not from the cache.
        cost: US dollars of those; None where a price is unknown.
    """

    title: str
    role: str
    source: Source
    provider: str
    endpoint: str
    requested: str
    served: Mapping[str, int]
    family: str | None
    named: bool
    fact: str
    system: str | None
    samples: int
    asked: Mapping[str, float | int]
    sent: Mapping[str, int]
    varying: Mapping[str, Mapping[str, float | int]]
    refused: Mapping[str, int]
    calls: int
    cached: int
    retries: int
    input_tokens: int
    output_tokens: int
    usage_estimated: bool
    cost: float | None


@dataclass(frozen=True, slots=True)
class JudgePart:
    """An LLM judge: who answered its requests, and what became of its questions.

    `gates`: answers that the gate kept from it, by what decided so.
    """

    model: ModelPart
    questions: tuple[JudgeUpdated, ...]
    gates: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RaterAgreement:
    """What two raters say of the answers that both labelled by themselves; `model` is "" for all models together.

    Answers are counted by who found a conflict: both, the first or the second of them alone, neither. `kappa` is
    Cohen's, None where it is undefined: both give one same label.
    """

    measure: str
    raters: tuple[str, str]
    model: str
    both: int
    first_alone: int
    second_alone: int
    neither: int
    kappa: float | None

    @property
    def n(self) -> int:
        """Answers that both labelled."""
        return self.both + self.first_alone + self.second_alone + self.neither


@dataclass(frozen=True, slots=True)
class PromptPart:
    """How many prompts of one kind and language a set brought into the plan."""

    prompt_set: str
    kind: str
    language: str
    prompts: int
    templates: int
    questions: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A rate or a mean with its 95 % interval.

    Attributes:
        measure: `loose`, `strict`, `paper_strict`, `hard`, `rse` or `semantic`.
        models: one title for a rate, two for a similarity.
        scope, part: `all` and "", or `language`/`aspect`/`probe`/`set` and which.
        value, low, high: None where nothing was scored.
        n: scored answers, or pairs of answers.
        clusters: independent units: templates (or questions, where bare questions were asked), or prompts.
        questions, deff, n_eff: None for similarities and for confidence sequences, where they have no meaning.
        one_sided: where nothing (everything) hit, the one-sided 95 % limit.
        method: how the interval was made.
        aspects: mean content, structure and style of an RSE; else empty.
    """

    measure: str
    models: tuple[str, ...]
    scope: str
    part: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    clusters: int
    questions: int | None
    deff: float | None
    n_eff: float | None
    one_sided: float | None
    method: str
    aspects: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """Strict on primed probes less strict on clean ones, in [-1, 1].

    `n` counts pairs of matched twins, or answers where none match; limits and the two-sided `p` are given for
    twins of a completed plan only.
    """

    model: str
    value: float
    low: float | None
    high: float | None
    p: float | None
    n: int
    method: str


@dataclass(frozen=True, slots=True)
class ClaimEvidence:
    """Words in which a model said whom it is, or is made by.

    Attributes:
        response, trial_key: the answer in the database; its prompt and sample tell it within the session.
        start, end: code points of the whole answer that carry the claim.
        before, said, after: these, to the ends of their words, with what their sentence says around them.
        role_play: spoken in a marked role; `primed`: the probe names a vendor or product.
    """

    response: int
    trial_key: str
    prompt_id: str
    sample: int
    start: int
    end: int
    before: str
    said: str
    after: str
    kind: Literal["conflict", "own", "other"]
    role_play: bool
    primed: bool | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """How many of a model's `scored` answers said that it is, or is made by, `name`; a fact is not needed for that."""

    model: str
    name: str
    answers: int
    scored: int
    evidence: tuple[ClaimEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Searched:
    """A template of the adaptive search: exploration, in no rate.

    Attributes:
        mutator: how it was made.
        request: what was first asked under it.
        answers, scored, strict: answers asked for, those that could be scored, and the strict hits among these.
        primed: a request under it names a vendor or product.
        claimed: whom the model said it is, or is made by.
    """

    template: str
    model: str
    mutator: str
    request: str
    answers: int
    scored: int
    strict: int
    primed: bool
    claimed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What was planned of one model for one measure, what was scored, and what was not, by class.

    `left_out` counts response classes that the measure does not score, `unscored` (no verdict is stored), `no fact`
    (nothing that could conflict is known of the model), `not asked`, and of a judge `gated` (the detector's sure
    negative stands for its own).
    """

    model: str
    measure: str
    planned: int
    scored: int
    truncated: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Failure:
    """How many answers of a model ended in a class that is no answer, with the same one-line reason."""

    model: str
    cls: str
    error: str
    answers: int


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a target stands beside a reference on one set.

    Attributes:
        floor_target, floor_reference: mean similarity of each to the controls.
        position: between floor and ceiling, over the prompts that have all three scores.
    """

    target: str
    reference: str
    prompt_set: str
    floor_target: float | None
    floor_reference: float | None
    position: Position


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the RSE of a pair on one set; None where it is undefined.

    Attributes:
        matched: RSE over the `matched_n` pairs of answers that are about equally long.
        excess: mean over `excess_n` prompts of the score less the mean among pairs with a control of no family under
            test (among all pairs where there are none), in their standard deviations.
        pool_z: how far the pair stands out among its two models' other pairs, relatives left out; from eight models on.
    """

    models: tuple[str, str]
    prompt_set: str
    matched: float | None
    matched_n: int
    excess: float | None
    excess_n: int
    pool_z: float | None


@dataclass(frozen=True, slots=True)
class LineagePart:
    """The tree and what stands beside it.

    Attributes:
        scale: what similarities are measured in: `pool z` from eight models on, else `RSE`.
        prompts: prompts resampled for the support, `draws` times.
        lines: the tree drawn, a line for each branch and model.
        newick: the same for other programs.
        why: each target beside each reference, where there are references; else the nearest pair.
        prompt_texts: how the prompts named in `why` begin, by id.
    """

    scale: str
    prompts: int
    draws: int
    lines: tuple[TreeLine, ...]
    families: tuple[Family, ...]
    newick: str
    why: tuple[Why, ...]
    prompt_texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What another person needs to do it again."""

    plan_digest: str
    seed: int
    samples: int
    params: Mapping[str, float | int]
    prompt_sets: tuple[tuple[str, str, str], ...]
    versions: Mapping[str, str]
    scorers: Mapping[str, int]
    calls: int
    cached: int
    retries: int
    cost: float | None
    overrides: int


@dataclass(frozen=True, slots=True)
class Report:
    """One session, ready to be written."""

    session: SessionPart
    models: tuple[ModelPart, ...]
    prompts: tuple[PromptPart, ...]
    ice: tuple[Figure, ...]
    gaps: tuple[Gap, ...]
    differences: tuple[RateDifference, ...]
    claimed: tuple[Claimed, ...]
    rse: tuple[Figure, ...]
    placements: tuple[Placement, ...]
    conclusions: tuple[Conclusion, ...]
    flagged: tuple[Flagged, ...]
    searched: tuple[Searched, ...]
    exclusions: tuple[Exclusions, ...]
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]
    manifest: Manifest
    paper: tuple[PaperFigure, ...] = ()
    lineage: LineagePart | None = None
    grades: GradesPart | None = None
    beside: tuple[Beside, ...] = ()
    calibrations: tuple[Calibration, ...] = ()
    semantic: tuple[Figure, ...] = ()
    judges: tuple[JudgePart, ...] = ()
    overridden: tuple[Overridden, ...] = ()
    agreement: tuple[RaterAgreement, ...] = ()
    schema: int = SCHEMA

    def source_of(self, title: str) -> Source:
        """Where that model's answers came from."""
        parts = (*self.models, *(judge.model for judge in self.judges))
        return next((model.source for model in parts if model.title == title), "live")
