"""One model as the user names it: what is asked, where, in which role, and by which key reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["target", "reference", "control", "judge", "helper"]
ProviderName = Literal["openai", "anthropic", "local", "replay", "demo"]

ROLES: tuple[Role, ...] = get_args(Role)
PROVIDERS: tuple[ProviderName, ...] = get_args(ProviderName)
ANSWERING_ROLES: frozenset[Role] = frozenset({"target", "reference", "control"})


SIMULATED = "simulated:"
"""Stands before the source of a `replay` model whose recorded answers this program scripted."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model of a plan or of the registry.

    Attributes:
        name: the model's name as its server knows it; for `replay` the name in the recording.
        provider: the kind of server.
        base_url: the endpoint's root; None = the provider's own default. For `replay`: a file or `session:ID`,
            after `simulated:` where this program scripted what was recorded.
        key: a key reference, `env:NAME` or `keyring:NAME`; never the key itself.
        family: any family, vendor or product alias of the fact table; None = unknown.
        fact: the user's own fact about this model; None = the family's.
        role: what the model is asked for.
        served: further names under which the server may answer without it being a mismatch.
        samples: repeats of each request; None = the plan's.
        system: a system prompt; None = none is sent.
        label: the name on screen and in reports, unique in a plan; empty = `name`.
    """

    name: str
    provider: ProviderName
    base_url: str | None = None
    key: str | None = None
    family: str | None = None
    fact: str | None = None
    role: Role = "target"
    served: tuple[str, ...] = ()
    samples: int | None = None
    system: str | None = None
    label: str = ""

    @property
    def title(self) -> str:
        """The name that screens, rows and reports use."""
        return self.label or self.name

    @property
    def simulated(self) -> bool:
        """Whether the answers are scripted by this program: every screen and report that shows one must say so.

        A recording of such answers stays simulated: `import` marks its source.
        """
        return self.provider == "demo" or (self.provider == "replay" and (self.base_url or "").startswith(SIMULATED))

    @property
    def recorded(self) -> bool:
        """Whether the answers are played back from a recording: shown beside them, as with simulated ones."""
        return self.provider == "replay" and not self.simulated
