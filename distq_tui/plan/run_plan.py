"""The immutable plan that a file and the setup screen both give, and its stored form."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from distq_tui.config.models import ANSWERING_ROLES, ModelSpec
from distq_tui.interned import interned
from distq_tui.plan.trial import Params, Probe, Trial, content_hash
from distq_tui.prompts import Message, Template

LARGEST_SEED = 2**63 - 1
"""What the database's integers hold. The smallest is 0: numpy's generators take no negative one."""

EndpointOf = Callable[[ModelSpec], str]
"""Resolves a model to the endpoint of its requests (`Request.endpoint`)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Transport knobs, none of which is in a trial's key.

    Attributes:
        concurrency: requests under way at each endpoint; None = the endpoint's default.
        first_token: seconds to the first token.
        between_tokens: seconds between tokens.
        attempts: how often one trial is sent before it is given up.
    """

    concurrency: int | None = None
    first_token: float = 120.0
    between_tokens: float = 60.0
    attempts: int = 6


@dataclass(frozen=True, slots=True)
class Budget:
    """Where a run stops by itself; None = no limit. `max_cost` is in US dollars."""

    max_requests: int | None = None
    max_cost: float | None = None


@dataclass(frozen=True, slots=True)
class Judges:
    """Which models grade, by title; `gate` "unsure" asks an ICE judge only where the detector is unsure or positive."""

    ice: tuple[str, ...] = ()
    rse: tuple[str, ...] = ()
    gate: Literal["all", "unsure"] = "all"


@dataclass(frozen=True, slots=True)
class Embeddings:
    """The endpoint that turns answers into vectors, for the semantic aspect; `key` is a reference, never the key."""

    base_url: str
    model: str
    key: str | None = None

    @property
    def spec(self) -> ModelSpec:
        """The endpoint as a model of an OpenAI-compatible server: what keys, prices and limits go by."""
        return ModelSpec(self.model, "openai", base_url=self.base_url, key=self.key)


SelectionName = Literal["mcts", "ucb", "random"]
"""Which template an adaptive search changes next: by MCTS-Explore, by UCB, or any."""


@dataclass(frozen=True, slots=True)
class Adaptive:
    """The adaptive search.

    Attributes:
        helper: title of the model that rewrites templates.
        target: title of the target that is searched against; empty = the first target.
        iterations: steps of the search.
        questions: questions asked under each mutant.
        selection: the rule by which a template is picked.
        seeds: the templates that the pool begins with.
        query_pool: the identity questions to draw from, as (id, language, aspect, text).
    """

    helper: str
    target: str = ""
    iterations: int = 200
    questions: int = 4
    seeds: tuple[Template, ...] = ()
    query_pool: tuple[tuple[str, str, str, str], ...] = ()
    selection: SelectionName = "mcts"


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Models x probes x samples, and how to ask them.

    Attributes:
        probes: in the order in which they are asked; all models answer the same ones.
    """

    name: str
    seed: int
    samples: int
    params: Params
    models: tuple[ModelSpec, ...]
    probes: tuple[Probe, ...]
    limits: Limits = field(default_factory=Limits)
    budget: Budget = field(default_factory=Budget)
    prompt_sets: tuple[tuple[str, str, str], ...] = ()
    """(name, version, digest) of every prompt and template set used."""
    judges: Judges = field(default_factory=Judges)
    adaptive: Adaptive | None = None
    embeddings: Embeddings | None = None

    @property
    def answering(self) -> tuple[ModelSpec, ...]:
        """The models that answer prompts: targets, references and controls."""
        return tuple(model for model in self.models if model.role in ANSWERING_ROLES)

    def trials(self, endpoint_of: EndpointOf) -> Iterator[Trial]:
        """Every trial in the order in which it is asked: probe by probe, so that panes fill side by side."""
        endpoints = {model.title: endpoint_of(model) for model in self.answering}
        for probe in self.probes:
            for model in self.answering:
                for sample in range(model.samples or self.samples):
                    yield Trial.make(model, probe, endpoint=endpoints[model.title], params=self.params, sample=sample)

    def to_json(self) -> dict[str, Any]:
        """The plan as plain JSON values: what a session stores, and what its digest is taken of."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> RunPlan:
        """The plan that `to_json` wrote."""
        return cls(
            name=data["name"],
            seed=data["seed"],
            samples=data["samples"],
            params=Params(**data["params"]),
            models=tuple(ModelSpec(**{**model, "served": tuple(model["served"])}) for model in data["models"]),
            probes=tuple(probe_from_json(probe) for probe in data["probes"]),
            limits=Limits(**data["limits"]),
            budget=Budget(**data["budget"]),
            prompt_sets=tuple((name, version, digest) for name, version, digest in data["prompt_sets"]),
            judges=Judges(**{name: _tuple(value) for name, value in data.get("judges", {}).items()}),
            adaptive=_adaptive(data.get("adaptive")),
            embeddings=Embeddings(**data["embeddings"]) if data.get("embeddings") else None,
        )

    def digest(self) -> str:
        """Names the plan by what it asks: budget and transport limits are not in it, so raising them resumes it."""
        content = dataclasses.asdict(dataclasses.replace(self, probes=()))
        del content["limits"], content["budget"]
        # what is not there, or is what was always done, leaves the digest of plans stored before it could be chosen
        if self.embeddings is None:
            del content["embeddings"]
        if self.adaptive is not None and self.adaptive.selection == "mcts":
            del content["adaptive"]["selection"]
        # one hash a probe: all probes as plain values at once would take more memory than the run itself
        content["probes"] = [content_hash(dataclasses.asdict(probe)) for probe in self.probes]
        return content_hash(content)


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _adaptive(data: dict[str, Any] | None) -> Adaptive | None:
    if data is None:
        return None
    seeds = tuple(Template(**template) for template in data["seeds"])
    return Adaptive(**{**data, "seeds": seeds, "query_pool": tuple(tuple(row) for row in data["query_pool"])})


def probe_from_json(data: dict[str, Any]) -> Probe:
    """The probe whose fields, as plain JSON values, these are."""
    messages = tuple(Message(interned(message["role"]), message["content"]) for message in data["messages"])
    repeated = {name: interned(data[name]) for name in _REPEATED if name in data}
    return Probe(**{**data, **repeated, "messages": messages, "tags": tuple(data["tags"])})


_REPEATED = ("kind", "language", "aspect", "template", "question", "query", "set_name")
"""Fields that many probes of a plan have alike."""
