"""From the rows of files to answers: the probe that each answers, which repeat it is, what was asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from distq_tui.cli.import_fields import params_of, text_of
from distq_tui.errors import InputError
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


def answers_of(rows: Sequence[AnswerRow], systems: Mapping[str, str | None]) -> Iterator[Answer]:
    """Each row with its probe and its sample, in order.

    Raises:
        InputError: a field is wrong, or rows contradict each other.
    """
    probes: dict[str, Probe] = {}
    seen: Counter[tuple[str, str]] = Counter()
    taken: set[tuple[str, str, int]] = set()
    for item in rows:
        path, line, row, entry = item.path, item.line, item.row, item.entry
        probe = _probe(item, has_system=systems[entry.model] is not None)
        known = probes.setdefault(probe.prompt_id, probe)
        if known.messages != probe.messages:
            raise InputError(
                f"{probe.prompt_id!r} stands for another prompt further up", file=path, line=line, field="prompt_id"
            )
        sample = seen[entry.model, probe.prompt_id] if entry.sample is None else entry.sample
        seen[entry.model, probe.prompt_id] += 1
        if (entry.model, probe.prompt_id, sample) in taken:
            raise InputError(
                f"sample {sample} of {entry.model} stands further up too", file=path, line=line, field="sample"
            )
        taken.add((entry.model, probe.prompt_id, sample))
        yield Answer(path, line, row, entry, known, sample, params_of(row, path, line))


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
