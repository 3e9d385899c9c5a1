"""What the house tells the window: models and sets to pick, sessions, labels, parts of a plan; and what it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from distq_tui.config.keys import KeyState
    from distq_tui.config.models import ModelSpec
    from distq_tui.ice.compare import RateDifference
    from distq_tui.plan.choices import Choices
    from distq_tui.plan.trial import Probe
    from distq_tui.report.model import Claimed

EXPORT_FORMATS: tuple[str, ...] = ("html", "md", "json", "csv")


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model that can be picked.

    Attributes:
        key_state: whether its key reference resolves; `none` where it has none.
        origin: where the line comes from, as its line says: `config` (the user's file), `built in`, `listed` (by an
            endpoint), `typed`, `plan` (one that was opened).
        tag: `SIMULATED` or `RECORDED` for what is no live model, else empty.
        guessed: the spec's family is what the model's name tells; nobody said so.
    """

    spec: ModelSpec
    key_state: KeyState
    origin: str
    tag: str = ""
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class SetLine:
    """A prompt or template set that can be chosen; `kind` is identity, similarity, both, or templates."""

    name: str
    kind: str
    count: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenedPlan:
    """A plan to fill Setup's form with.

    Attributes:
        models: the plan's models with their roles, as the picker shows them.
        sets: the sets that it brings along: files that it names.
        exact: whether the choices make the plan itself again; a stored plan does not name the files of its sets.
    """

    choices: Choices
    models: Sequence[ModelLine]
    sets: Sequence[SetLine] = ()
    exact: bool = True


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A stored session; `state` is the store's word for how it ended.

    `models` are the titles of those that answered, `tags` what they are: SIMULATED, RECORDED. `failed` counts the
    `cancelled` ones too.
    """

    id: str
    name: str
    created_at: str
    state: str
    total: int
    done: int
    failed: int
    hits: int
    tags: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class BlindAnswer:
    """An answer to label without knowing who gave it, or any verdict on it.

    Attributes:
        response: its id in the store.
        asked: the last message of the conversation.
        fact: what is true of whoever answered; nothing can be told to conflict without it.
        text: the answer.
    """

    response: int
    asked: str
    fact: str
    text: str


@dataclass(frozen=True, slots=True)
class OwnVerdict:
    """What the user says of an answer; strict is never without loose.

    Attributes:
        loose: it says something of its speaker that conflicts with the fact.
        strict: and that it is, or is made by, another than the fact names.
    """

    loose: bool
    strict: bool


@dataclass(frozen=True, slots=True)
class Identities:
    """What a finished session says of its models' identities beside their rates, as its report has it.

    Attributes:
        differences: every pair of models in every rate; none of one model.
        claimed: whom each model said it is, or is made by.
        overridden: answers in which the user's own verdict holds, here and in reports, over the detector's.
        same: a sentence for each model or pair whose answers are the same word for word.
    """

    differences: Sequence[RateDifference] = ()
    claimed: Sequence[Claimed] = ()
    overridden: int = 0
    same: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PlanPart:
    """The next prompts of a stored session's plan, in its order; told before any answer."""

    probes: tuple[Probe, ...]


class HouseError(Exception):
    """Something the user can act on, in one line."""
