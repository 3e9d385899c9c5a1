"""From the rows of files to answers: the probe that each answers, which repeat it is, what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from distq_tui.cli.import_fields import params_of, text_of
from distq_tui.errors import InputError
from distq_tui.formats.repeats import Place, Prompts, Samples
from distq_tui.plan.design import BARE
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message
from distq_tui.providers.replay.recording import Entry

Kind = Literal["identity", "similarity"]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A row of a file and the answer in it."""

    path: Path
    line: int
    row: Mapping[str, Any]
    entry: Entry

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.path, self.line)


@dataclass(frozen=True, slots=True)
class Answer(AnswerRow):
    """A row with the probe it answers, which repeat it is, and the parameters that were asked for."""

    probe: Probe
    sample: int
    params: Params


def systems_of(rows: Sequence[AnswerRow]) -> dict[str, str | None]:
    """The system prompt of each model that has the same one in all its rows: it is the model's, not the prompt's."""
    found: dict[str, set[str | None]] = {}
    for row in rows:
        first = row.entry.messages[0] if row.entry.messages else None
        found.setdefault(row.entry.model, set()).add(first.content if first and first.role == "system" else None)
    return {model: texts.pop() if len(texts) == 1 else None for model, texts in found.items()}


def answers_of(rows: Sequence[AnswerRow], systems: Mapping[str, str | None], samples: Samples) -> Iterator[Answer]:
    """Each row with its probe and its sample, in order; `samples` counts those that repeat an earlier one.

    Raises:
        InputError: a field is wrong, or rows contradict each other.
    """
    read = [(item, _probe(item, has_system=systems[item.entry.model] is not None)) for item in rows]
    probes = _by_id(read)
    for item, probe in read:
        place, entry, known = item.place, item.entry, probes[probe.prompt_id]
        sample = samples.number(
            item.row, place, model=entry.model, prompt_id=probe.prompt_id, sample=entry.sample, answer=entry.text
        )
        if sample is not None:
            params = params_of(item.row, item.path, item.line)
            yield Answer(item.path, item.line, item.row, entry, known, sample, params)


def _by_id(read: Iterable[tuple[AnswerRow, Probe]]) -> dict[str, Probe]:
    """The prompt of each id: as the first row that tells its text has it, else as the first row of that id."""
    told: dict[str, Probe] = {}
    untold: dict[str, Probe] = {}
    prompts = Prompts()
    for item, probe in read:
        if item.entry.messages is None and item.entry.prompt is None:
            untold.setdefault(probe.prompt_id, probe)
            continue
        told.setdefault(probe.prompt_id, probe)
        said = "\n".join(f"{message.role} {message.content}" for message in probe.messages)
        prompts.check(probe.prompt_id, said, item.place)
    return untold | told


def _probe(item: AnswerRow, *, has_system: bool) -> Probe:
    path, line, row, entry = item.path, item.line, item.row, item.entry
    text = {
        name: text_of(row, name, path, line)
        for name in ("kind", "language", "aspect", "template", "question", "query", "prompt_set")
    }
    messages = entry.messages or (Message("user", entry.prompt or f"[{entry.prompt_id}]"),)
    if has_system:
        messages = messages[1:] or messages
    kind = text["kind"] or ("identity" if text["query"] else "similarity")
    if kind not in get_args(Kind):
        raise InputError("must be identity or similarity", file=path, line=line, field="kind")
    prompt_id = entry.prompt_id or messages[-1].content
    identity = kind == "identity"
    return Probe(
        prompt_id=prompt_id,
        kind=cast(Kind, kind),
        language=text["language"] or _language(messages[-1].content),
        messages=messages,
        aspect=text["aspect"],
        template=(text["template"] or BARE) if identity else None,
        question=(text["question"] or prompt_id) if identity else None,
        query=(text["query"] or messages[-1].content) if identity else None,
        set_name=text["prompt_set"] or path.name,
    )


def _language(text: str) -> str:
    """`zh` for a text with Chinese characters, else `en`: what a file without `language` leaves to guess."""
    return "zh" if any("\u4e00" <= char <= "\u9fff" for char in text) else "en"
