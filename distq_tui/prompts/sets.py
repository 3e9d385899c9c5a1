"""What a prompt set and a template set are: immutable records and their digests; no reading of files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

Role = Literal["system", "user", "assistant"]
PromptKind = Literal["identity", "similarity"]

QUERY_SLOT = "{query}"
"""Where a template takes the question."""

TWIN_SUFFIX = "+twin"
"""Ends the id of a matched primed twin."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation, exactly as it is sent."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question or task, as the messages that are sent; a text prompt is one user message.

    `language` is a tag such as `en` or `zh`; `aspect` is the aspect an identity question asks about. The last message
    is always the user's.
    """

    id: str
    kind: PromptKind
    language: str
    messages: tuple[Message, ...]
    aspect: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The last user message: all of a text prompt, the open turn of a conversation."""
        return self.messages[-1].content

    @property
    def is_plain(self) -> bool:
        """Whether it is one user message and nothing else, so that it fits a template's slot."""
        return len(self.messages) == 1


@dataclass(frozen=True, slots=True)
class PromptSet:
    """Prompts with the set's name, version and licence (empty where the file states none).

    `digest` covers the prompts alone: the same prompts in another format, or under another name, have the same digest.
    """

    name: str
    version: str
    licence: str
    prompts: tuple[Prompt, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Template:
    """A wrapper that puts pressure on identity, with the slot `{query}` at least once.

    `kind` is a free tag (role, continuation, ...). `primed` is the same wrapper with a vendor or product named, where
    the set brings one. `twin_of` is the id of the template that this one is the twin of.
    """

    id: str
    language: str
    text: str
    kind: str = ""
    primed: str | None = None
    twin_of: str | None = None

    def fill(self, query: str) -> str:
        """The template's text with the question in its slot."""
        return self.text.replace(QUERY_SLOT, query)

    @property
    def twin(self) -> Template | None:
        """The matched primed twin as a template of its own, id `<id>+twin`; None where there is none."""
        if self.primed is None:
            return None
        return replace(self, id=self.id + TWIN_SUFFIX, text=self.primed, primed=None, twin_of=self.id)


@dataclass(frozen=True, slots=True)
class TemplateSet:
    """Templates with the set's name, version and licence, and a digest as in `PromptSet`."""

    name: str
    version: str
    licence: str
    templates: tuple[Template, ...]
    digest: str


def content_digest(items: Sequence[Prompt] | Sequence[Template]) -> str:
    """blake2b (32 hex digits) over the canonical JSON of the items, in their order."""
    rows = [asdict(item) for item in items]
    canonical = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()
