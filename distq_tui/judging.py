"""What all LLM judges have in common: who judges, the file of their questions, and how far a reply may be trusted.

What is asked, what a verdict is and what comes of it belong to each score.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from distq_tui.config.models import ModelSpec
from distq_tui.errors import InputError
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Params, Probe, Trial

ATTEMPTS = 3
"""How often a judge is asked one question: a reply that can't be read is asked again as another sample."""
UNSCORED = "unscored"
"""Counted like a class: the judge gave no verdict that could be read."""
PARAMS = frozenset({"temperature", "max_tokens", "top_p"})
"""The keys of a table of parameters."""

_THOUGHT_BEGINS = re.compile(r"\s*<think(?:ing)?>", re.IGNORECASE)
_THOUGHT_ENDS = re.compile(r"</think(?:ing)?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class JudgeModel:
    """A judge and the resolved endpoint of its requests (as in `Request.endpoint`)."""

    spec: ModelSpec
    endpoint: str


class FollowUps:
    """The source in a scorer that asks judges: its questions wait here until the engine takes them."""

    def __init__(self) -> None:
        self._wanted: list[Trial] = []

    def next(self, results: Sequence[TrialResult]) -> Sequence[Trial]:
        """The questions that closed trials gave rise to; `score` was told of the results before."""
        del results
        wanted, self._wanted = self._wanted, []
        return wanted

    def begin(self, trial: Trial) -> None:
        """Nothing is marked in a streaming answer."""
        del trial

    def _want(self, judge: JudgeModel, question: Probe, params: Params, attempt: int) -> None:
        """Have a question asked; each attempt, from 0, is another sample."""
        endpoint = judge.endpoint
        trial = Trial.make(judge.spec, question, endpoint=endpoint, params=params, sample=attempt, purpose="judge")
        self._wanted.append(trial)


# ---------------------------------------------------------------- questions


def read_questions(file: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises:
        InputError: the file is missing, not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not TOML: {error}", file=file) from error
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 text ({error.reason})", file=file) from error
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", file=file) from error


def text_in(table: Mapping[str, Any], key: str, file: Path, field: str) -> str:
    """The text under a key.

    Raises:
        InputError: it is missing, no text or empty.
    """
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InputError("must be a text that is not empty", file=file, field=field)
    return value


def question_in(table: Mapping[str, Any], file: Path, field: str, slots: Iterable[str]) -> str:
    """The question under the key `text`, stripped; `field` is where it stands in the file.

    Raises:
        InputError: it is missing or empty, or one of the slots is not in it.
    """
    text = text_in(table, "text", file, field).strip()
    missing = [name for name in slots if f"{{{name}}}" not in text]
    if missing:
        raise InputError(f"needs the slot {{{missing[0]}}}", file=file, field=field)
    return text


def params_in(table: Mapping[str, Any], file: Path, field: str) -> Params:
    """The parameters of a table whose keys are all of `PARAMS`.

    Raises:
        InputError: a value is no number, or too small.
    """
    for name, value in table.items():
        whole = name == "max_tokens"
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or value < whole:
            kind = "a whole number, at least 1" if whole else "a number, at least 0"
            raise InputError(f"must be {kind}", file=file, field=f"{field}.{name}")
    return Params(**table)


def fill(text: str, quoted: Mapping[str, str]) -> str:
    """The question with its quotations in their slots, and in {mark} what none of them can hold.

    The mark stands in the lines around a quotation, so that no answer can close its own. It is derived from the
    quotations, in their order: the same answers give the same question and are found in the cache. Slots are filled in
    one pass: one that stands in an answer stays as it is.
    """
    values = {**quoted, "mark": _mark("\0".join(quoted.values()))}
    return re.sub(r"\{(" + "|".join(values) + r")\}", lambda slot: values[slot[1]], text)


def _mark(quoted: str) -> str:
    """Letters and digits that occur nowhere in the text, always the same for the same text."""
    marks = (hashlib.blake2b(f"{number}\0{quoted}".encode(), digest_size=8).hexdigest() for number in count())
    lower = quoted.lower()
    return next(mark for mark in marks if mark not in lower)


# ---------------------------------------------------------------- replies


def spoken(reply: str) -> str:
    """What follows the thoughts; some servers leave out their beginning, and a cut reply has no end of them."""
    ends = list(_THOUGHT_ENDS.finditer(reply))
    if ends:
        return reply[ends[-1].end() :]
    return "" if _THOUGHT_BEGINS.match(reply) else reply
