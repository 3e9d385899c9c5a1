"""What is asked of whom: a probe, the request made of it, and the trial that carries both through the engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from distq_tui.config.models import ModelSpec
from distq_tui.prompts import Message

KEY_SCHEMA = 1
"""Version of the request's canonical form; a change makes every stored key foreign."""

Purpose = Literal["plan", "judge", "adaptive"]
ProbeKind = Literal["identity", "similarity", "judge", "mutation"]
"""The first two are scored; a judge's question and a helper's rewriting of a template are calls like all others."""


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def content_hash(value: Any) -> str:
    """Tagged blake2b-160 of the value's canonical JSON."""
    return "b2:" + hashlib.blake2b(canonical_json(value).encode(), digest_size=20).hexdigest()


@dataclass(frozen=True, slots=True)
class Params:
    """Sampling parameters; None = not sent, which is neither null nor 0."""

    temperature: float | None = None
    max_tokens: int | None = None
    top_p: float | None = None

    def __post_init__(self) -> None:
        # 1 and 1.0 are one temperature, as 0.0 and -0.0 are, and must be one in a trial's key
        for name in ("temperature", "top_p"):
            value = getattr(self, name)
            object.__setattr__(self, name, None if value is None else float(value) + 0.0)

    def sent(self) -> dict[str, float | int]:
        """The parameters that are sent, by name."""
        values = {"temperature": self.temperature, "max_tokens": self.max_tokens, "top_p": self.top_p}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Request:
    """All that changes what a model answers, and nothing else.

    Attributes:
        endpoint: the resolved base URL without a trailing slash; `local:<sha256>` for the embedded model,
            `replay:<digest>` and `demo:<version>` likewise. Never a port chosen at start.
        messages: the whole conversation; a system prompt comes first, where there is one.
        prompt_id: the probe's id, not in the key; `replay` finds answers by it in recordings that hold no prompts.
    """

    provider: str
    endpoint: str
    model: str
    messages: tuple[Message, ...]
    params: Params
    sample: int = 0
    prompt_id: str = ""

    def key(self) -> str:
        """The cache key: tagged blake2b over the canonical JSON of this request and the key schema's version."""
        return content_hash(
            {
                "v": KEY_SCHEMA,
                "provider": self.provider,
                "base_url": self.endpoint,
                "model": self.model,
                "messages": [{"role": message.role, "content": message.content} for message in self.messages],
                "params": self.params.sent(),
                "sample": self.sample,
            }
        )


@dataclass(frozen=True, slots=True)
class Probe:
    """A prompt as it is asked: a similarity prompt, a bare identity question, or a question under a template.

    Attributes:
        prompt_id: unique in a plan; `TEMPLATE/QUESTION` for a templated probe.
        template: the template's id, `bare` for a bare question, None for similarity prompts.
        question: the question's id, None for similarity prompts.
        query: the question's own text, without the template; None for similarity prompts.
    """

    prompt_id: str
    kind: ProbeKind
    language: str
    messages: tuple[Message, ...]
    aspect: str | None = None
    template: str | None = None
    question: str | None = None
    query: str | None = None
    tags: tuple[str, ...] = ()
    set_name: str = ""

    @property
    def text(self) -> str:
        """The last user message: what this probe asks."""
        return self.messages[-1].content


@dataclass(frozen=True, slots=True)
class Trial:
    """One request of one model, with what it is for."""

    model: ModelSpec
    probe: Probe
    request: Request
    key: str = field(default="")
    purpose: Purpose = "plan"

    @property
    def sample(self) -> int:
        """The index of this repeat."""
        return self.request.sample

    @property
    def measured_against(self) -> dict[str, str | None]:
        """What a verdict on the answer's identity depends on beside the answer: whose family, and which fact."""
        return {"family": self.model.family, "fact": self.model.fact}

    @classmethod
    def make(
        cls,
        model: ModelSpec,
        probe: Probe,
        *,
        endpoint: str,
        params: Params,
        sample: int = 0,
        purpose: Purpose = "plan",
    ) -> Trial:
        """A trial with its request and key; the model's system prompt, where it has one, goes first."""
        system = (Message("system", model.system),) if model.system is not None else ()
        messages = system + probe.messages
        request = Request(model.provider, endpoint, model.name, messages, params, sample, probe.prompt_id)
        return cls(model, probe, request, request.key(), purpose)


def messages_json(messages: tuple[Message, ...]) -> list[Mapping[str, str]]:
    """Messages as the servers' APIs want them."""
    return [{"role": message.role, "content": message.content} for message in messages]
