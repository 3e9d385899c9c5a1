"""A recording: its answers, and which of them answers a request."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from distq_tui.events import COMPLETE, ResponseClass, Usage
from distq_tui.plan.trial import Request, content_hash
from distq_tui.prompts import Message

Name = tuple[str, ...]
"""What an answer is found by: a conversation, the text of its last turn, or a prompt's id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded answer.

    Attributes:
        messages: the conversation, where the recording holds it whole.
        prompt: the text of the open turn, where it holds that.
        sample: None = the recording does not number them: the n-th answer is sample n.
        finish: the server's word for why it stopped; None = not recorded.
        first_token_ms, total_ms: None = not recorded.
        simulated: scripted by this program, before it was recorded.
    """

    model: str
    prompt_id: str | None
    messages: tuple[Message, ...] | None
    prompt: str | None
    sample: int | None
    cls: ResponseClass
    text: str
    reasoning: str = ""
    finish: str | None = None
    sent: tuple[tuple[str, float | int], ...] = ()
    usage: Usage | None = None
    first_token_ms: int | None = None
    total_ms: int | None = None
    simulated: bool = False

    def names(self) -> Iterator[Name]:
        """By what this answer is found."""
        if self.messages is not None:
            yield _conversation(self.messages)
        if self.prompt is not None:
            yield ("text", self.prompt.strip())
        if self.prompt_id is not None:
            yield ("id", self.prompt_id)


Miss = Literal["model", "prompt", "sample", "class"]


@dataclass(frozen=True, slots=True)
class Label:
    """What tells recordings apart, without their answers.

    Attributes:
        models: the recorded models' names, in the order of their first answers.
        simulated: those of them of whom an answer was scripted by this program.
        digest: names the content: the same answers have the same digest, wherever they lie.
    """

    models: tuple[str, ...]
    simulated: frozenset[str]
    digest: str


class Recording:
    """The answers of one source, found by model, request and sample; `label` says what it is."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._found: dict[tuple[str, Name, int], Entry] = {}
        counts: Counter[tuple[str, Name]] = Counter()
        models: dict[str, None] = {}
        simulated: set[str] = set()
        content: list[object] = []
        for entry in entries:
            models[entry.model] = None
            if entry.simulated:
                simulated.add(entry.model)
            said = dataclasses.asdict(entry)
            del said["simulated"]  # who made the answers is no part of what they say; the endpoint tells it apart
            content.append(said)
            for name in entry.names():
                sample = counts[entry.model, name] if entry.sample is None else entry.sample
                counts[entry.model, name] += 1
                self._keep((entry.model, name, sample), entry)
        self.label = Label(tuple(models), frozenset(simulated), content_hash(content))

    def find(self, request: Request) -> Entry | Miss:
        """The answer to the request; else what the recording lacks.

        The whole conversation is looked up first, then the text of its last turn, then the prompt's id.
        """
        if request.model not in self.label.models:
            return "model"
        last = request.messages[-1].content if request.messages else ""
        miss: Miss = "prompt"
        for name in (_conversation(request.messages), ("text", last.strip()), ("id", request.prompt_id)):
            entry = self._found.get((request.model, name, request.sample))
            if entry is not None:
                return entry if entry.cls in COMPLETE else "class"
            if (request.model, name, 0) in self._found:
                miss = "sample"
        return miss

    def _keep(self, key: tuple[str, Name, int], entry: Entry) -> None:
        """Of several answers under one name and sample the last complete one counts: a retry repairs."""
        old = self._found.get(key)
        if old is None or entry.cls in COMPLETE or old.cls not in COMPLETE:
            self._found[key] = entry


def _conversation(messages: Sequence[Message]) -> Name:
    return ("conversation", *(part for message in messages for part in (message.role, message.content.strip())))
