"""What rows of several files say of one prompt and of one sample: told alike by every command that reads them.

A `prompt_id` is one prompt: texts that differ, white space apart, are refused. A row without `sample` is the next
sample of its model and prompt. A row that says all that an earlier one does, field by field, is that one again and no
sample; so is one with the number and the answer of an earlier one. Another answer under a taken number is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from distq_tui.errors import InputError

_ECHO: Final = 60
"""Characters of a prompt's id that a message repeats."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands."""

    path: Path
    line: int

    def error(self, field: str, message: str) -> InputError:
        """The complaint about the row, ready to be raised."""
        return InputError(message, file=self.path, line=self.line, field=field)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Prompts:
    """Sees that each `prompt_id` stands for one prompt."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[list[str], Place]] = {}

    def check(self, prompt_id: str, text: str, place: Place) -> None:
        """Take the prompt's text down, or hold it against that of an earlier row.

        Raises:
            InputError: the earlier row has another text.
        """
        words = text.split()
        known, earlier = self._known.setdefault(prompt_id, (words, place))
        if known != words:
            told = f"{prompt_id[:_ECHO]!r} stands for another prompt in {earlier}; each needs an id of its own"
            raise place.error("prompt_id", told)


class Samples:
    """Numbers the answers of each model to each prompt; `repeated` counts the rows that were said before."""

    def __init__(self) -> None:
        self.repeated = 0
        self._seen: set[bytes] = set()
        self._taken: dict[tuple[str, str, int], tuple[str, Place]] = {}
        self._next: Counter[tuple[str, str]] = Counter()

    def number(
        self, row: Mapping[str, Any], place: Place, *, model: str, prompt_id: str, sample: int | None, answer: str
    ) -> int | None:
        """Which sample the row is, from 0; None where it repeats an earlier one.

        Args:
            row: all that it says.
            place: where it stands.
            model: who answers.
            prompt_id: what.
            sample: the row's own number; None = it has none.
            answer: the response.

        Raises:
            InputError: that number has another answer already.
        """
        digest = _digest(row)
        if digest in self._seen:
            self.repeated += 1
            return None
        self._seen.add(digest)
        if sample is None:
            sample = self._next[model, prompt_id]
            while (model, prompt_id, sample) in self._taken:
                sample += 1
            self._next[model, prompt_id] = sample + 1
        said, earlier = self._taken.setdefault((model, prompt_id, sample), (answer, place))
        if said != answer:
            raise place.error("sample", f"sample {sample} of {model} has another answer in {earlier}; number it anew")
        if earlier is not place:
            self.repeated += 1
            return None
        return sample

    def told(self) -> str:
        """The warning about repeated rows; empty where there are none."""
        if not self.repeated:
            return ""
        return (
            f"{self.repeated} row(s) repeat an earlier one word for word and count once"
            " (answers that only read alike are told apart by `sample`)"
        )


def _digest(row: Mapping[str, Any]) -> bytes:
    """All that the row says in 16 bytes, whatever the order of its fields; whole rows would take the files' size."""
    return hashlib.blake2b(json.dumps(row, sort_keys=True, default=repr).encode(), digest_size=16).digest()
