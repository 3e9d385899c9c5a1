"""All that a user chooses, by a plan file or on the setup screen; no set is read yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from distq_tui.config.models import ModelSpec
from distq_tui.plan.run_plan import Budget, Embeddings, Judges, Limits, SelectionName
from distq_tui.plan.trial import Params

DEFAULT_TEMPLATES = 100
DEFAULT_QUESTIONS_PER_TEMPLATE = 6
DEFAULT_ITERATIONS = 200
"""Steps of an adaptive search: more than twice the shipped templates, so that it comes back to what worked."""
QUESTIONS_PER_MUTANT = 4
IDENTITY_SETS = ("identity-en", "identity-zh")


@dataclass(frozen=True, slots=True)
class SetChoice:
    """A prompt set, by a shipped name or a path, and how many of its prompts are asked (from the first; None = all)."""

    name: str
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class IceChoice:
    """Templates x questions: the `[ice]` table.

    `count` None = min(100, templates in the set), fewer being no error; `questions` are the identity sets to draw from.
    """

    templates: str = "clean"
    twins: bool = False
    count: int | None = None
    questions_per_template: int = DEFAULT_QUESTIONS_PER_TEMPLATE
    questions: tuple[str, ...] = IDENTITY_SETS


@dataclass(frozen=True, slots=True)
class AdaptiveChoice:
    """The `[adaptive]` table; `helper` and `target` are titles of models (`target` None = the first target).

    `templates` names the set that the search begins with, `questions` the identity sets that it draws from.
    """

    helper: str
    target: str | None = None
    templates: str = "clean"
    questions: tuple[str, ...] = IDENTITY_SETS
    questions_per_template: int = QUESTIONS_PER_MUTANT
    iterations: int = DEFAULT_ITERATIONS
    selection: SelectionName = "mcts"


@dataclass(frozen=True, slots=True)
class Choices:
    """All that a user chooses.

    Attributes:
        base: the folder that relative set paths start from; None = the working folder.
    """

    name: str
    models: tuple[ModelSpec, ...]
    sets: tuple[SetChoice, ...] = ()
    ice: IceChoice | None = None
    adaptive: AdaptiveChoice | None = None
    judges: Judges = field(default_factory=Judges)
    embeddings: Embeddings | None = None
    seed: int = 0
    samples: int = 1
    params: Params = field(default_factory=Params)
    limits: Limits = field(default_factory=Limits)
    budget: Budget = field(default_factory=Budget)
    base: Path | None = None
