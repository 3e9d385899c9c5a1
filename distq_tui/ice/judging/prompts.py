"""The judges' questions: data with a version and a hash, filled so that a hostile answer cannot leave its quotation."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal

from distq_tui.data import data_path
from distq_tui.errors import InputError
from distq_tui.plan.trial import Params, content_hash

Question = Literal["loose", "strict"]
QUESTIONS: tuple[Question, ...] = ("loose", "strict")

_PARSING = 1
"""Raise it when replies are read in another way: it is a part of the version that verdicts are stored under."""
_SLOT = re.compile(r"\{(facts|makers|answer|mark)\}")
_NEEDED: Mapping[Question, tuple[str, ...]] = {"loose": ("facts", "answer", "mark"), "strict": ("answer", "mark")}


@dataclass(frozen=True, slots=True)
class JudgePrompt:
    """One question to a judge: its text with slots, and the tag that the verdict stands in."""

    text: str
    tag: str

    def fill(self, answer: str, *, facts: str, makers: str) -> str:
        """The question about this answer.

        The lines around the answer carry a mark that occurs nowhere in it, so it cannot close its own quotation; the
        mark is derived from the answer, so the same answer gives the same question and is found in the cache. Slots are
        filled in one pass: one that stands in the answer stays as it is.
        """
        values = {"facts": facts, "makers": makers, "answer": answer, "mark": _mark(f"{facts}\0{makers}\0{answer}")}
        return _SLOT.sub(lambda slot: values[slot[1]], self.text)


@dataclass(frozen=True, slots=True)
class JudgePrompts:
    """The judges' questions and the parameters that are sent with them.

    `version` names them: the file's own version and the hash of all that changes a verdict.
    """

    version: str
    licence: str
    params: Params
    loose: JudgePrompt
    strict: JudgePrompt

    def of(self, question: Question) -> JudgePrompt:
        """The prompt that asks this."""
        return self.loose if question == "loose" else self.strict


def load_judge_prompts(path: Path | None = None) -> JudgePrompts:
    """The shipped questions, or those of a file of the same form.

    Raises:
        InputError: the file is missing, not TOML, or a key of it is missing or malformed.
    """
    file = path or data_path("prompts", "judges", "ice.toml")
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not TOML: {error}", file=file) from error
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 text ({error.reason})", file=file) from error
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", file=file) from error
    loose, strict = (_prompt(data, question, file) for question in QUESTIONS)
    params = _params(data.get("params", {}), file)
    content = [params.sent(), [[prompt.text, prompt.tag] for prompt in (loose, strict)], _PARSING]
    return JudgePrompts(
        version=f"{_text(data, 'version', file, 'version')} {content_hash(content)}",
        licence=_text(data, "licence", file, "licence"),
        params=params,
        loose=loose,
        strict=strict,
    )


def _mark(quoted: str) -> str:
    """Letters and digits that occur nowhere in the text, always the same for the same text."""
    marks = (hashlib.blake2b(f"{number}\0{quoted}".encode(), digest_size=8).hexdigest() for number in count())
    return next(mark for mark in marks if mark not in quoted.lower())


def _prompt(data: Mapping[str, Any], question: Question, file: Path) -> JudgePrompt:
    table = data.get(question)
    if not isinstance(table, dict):
        raise InputError("must be a table with `tag` and `text`", file=file, field=question)
    tag = _text(table, "tag", file, f"{question}.tag")
    if not re.fullmatch(r"[a-z]+", tag):
        raise InputError("must be small letters: it is written <tag>0|1</tag>", file=file, field=f"{question}.tag")
    text = _text(table, "text", file, f"{question}.text").strip()
    slots = set(_SLOT.findall(text))
    missing = [name for name in _NEEDED[question] if name not in slots]
    if missing:
        raise InputError(f"needs the slot {{{missing[0]}}}", file=file, field=f"{question}.text")
    return JudgePrompt(text, tag)


def _params(table: object, file: Path) -> Params:
    if not isinstance(table, dict) or set(table) - {"temperature", "max_tokens", "top_p"}:
        raise InputError("must be a table of temperature, max_tokens, top_p", file=file, field="params")
    for name, value in table.items():
        whole = name == "max_tokens"
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or value < whole:
            kind = "a whole number, at least 1" if whole else "a number, at least 0"
            raise InputError(f"must be {kind}", file=file, field=f"params.{name}")
    return Params(**table)


def _text(table: Mapping[str, Any], key: str, file: Path, field: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InputError("must be a text that is not empty", file=file, field=field)
    return value
