"""Who is a control of whom: the null that a similarity is held against, and the controls of the instrument itself.

A model of role `control` is negative where its family is known and neither the target's nor a reference's: believed
unrelated to both. It is positive for a reference of its own family: a known relative, which the instrument must find.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from distq_tui.config.models import ModelSpec

FEWEST = 3
"""Control families below which nothing can be said."""

Families = Mapping[str, tuple[str, ...]]
"""Titles by family key."""


class Named(Protocol):
    """What a table of families gives: something with a key."""

    @property
    def key(self) -> str:
        """The family's key."""
        ...


@dataclass(frozen=True, slots=True)
class Controls:
    """The controls of one target beside its references.

    Attributes:
        negative: titles by family; one family counts once, however many of its models are asked.
        positive: by reference, the titles of its declared relatives.
        left_out: controls that are neither: of the target's own family, of unknown family (it may be the same), or
            scripted while the target is real (no sample of what unrelated models are like).
    """

    negative: Families = field(default_factory=dict)
    positive: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def titles(self) -> tuple[str, ...]:
        """The negative controls."""
        return tuple(title for titles in self.negative.values() for title in titles)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays what in a session: titles of targets and references, and the controls of each of them."""

    targets: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    controls: Mapping[str, Controls] = field(default_factory=dict)


def family_key(model: ModelSpec, lookup: Callable[[str], Named | None]) -> str | None:
    """The family of a model: what its `family` names, else what its name begins with, else the word that it gives."""
    found = lookup(model.family or model.name)
    return found.key if found else model.family and model.family.casefold()


def cast_of(models: Sequence[ModelSpec], *, lookup: Callable[[str], Named | None]) -> Cast:
    """The roles of a plan's models.

    Args:
        models: of any role.
        lookup: the family that a name means (`Facts.lookup`).
    """
    targets = [model for model in models if model.role == "target"]
    references = [model for model in models if model.role == "reference"]
    controls = {model.title: _controls(model, references, models, lookup) for model in (*targets, *references)}
    return Cast(tuple(m.title for m in targets), tuple(m.title for m in references), controls)


def _controls(
    subject: ModelSpec,
    references: Sequence[ModelSpec],
    models: Sequence[ModelSpec],
    lookup: Callable[[str], Named | None],
) -> Controls:
    own = family_key(subject, lookup)
    of_reference = {model.title: family_key(model, lookup) for model in references}
    negative: dict[str, tuple[str, ...]] = {}
    positive: dict[str, tuple[str, ...]] = {}
    left_out: tuple[str, ...] = ()
    for control in (model for model in models if model.role == "control"):
        key = family_key(control, lookup)
        related = [title for title, family in of_reference.items() if family == key]
        if key is None or (control.simulated and not subject.simulated):
            left_out = (*left_out, control.title)
        elif related:
            positive |= {title: (*positive.get(title, ()), control.title) for title in related}
        elif key == own:
            left_out = (*left_out, control.title)
        else:
            negative[key] = (*negative.get(key, ()), control.title)
    return Controls(negative, positive, left_out)
