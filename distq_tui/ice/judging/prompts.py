"""The judges' questions: data with a version and a hash, filled so that a hostile answer cannot leave its quotation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from distq_tui.data import data_path
from distq_tui.errors import InputError
from distq_tui.judging import PARAMS, fill, params_in, question_in, read_questions, text_in
from distq_tui.plan.trial import Params, content_hash

Question = Literal["loose", "strict"]
QUESTIONS: tuple[Question, ...] = ("loose", "strict")

_PARSING = 1
"""Raise it when replies are read in another way: it is a part of the version that verdicts are stored under."""
_NEEDED: Mapping[Question, tuple[str, ...]] = {"loose": ("facts", "answer", "mark"), "strict": ("answer", "mark")}


@dataclass(frozen=True, slots=True)
class JudgePrompt:
    """One question to a judge: its text with slots, and the tag that the verdict stands in."""

    text: str
    tag: str

    def fill(self, answer: str, *, facts: str, makers: str) -> str:
        """The question about this answer.

        The lines around the answer carry a mark that occurs nowhere in it, so it cannot close its own quotation.
        """
        return fill(self.text, {"facts": facts, "makers": makers, "answer": answer})


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
    data = read_questions(file)
    loose, strict = (_prompt(data, question, file) for question in QUESTIONS)
    params = _params(data.get("params", {}), file)
    content = [params.sent(), [[prompt.text, prompt.tag] for prompt in (loose, strict)], _PARSING]
    return JudgePrompts(
        version=f"{text_in(data, 'version', file, 'version')} {content_hash(content)}",
        licence=text_in(data, "licence", file, "licence"),
        params=params,
        loose=loose,
        strict=strict,
    )


def _prompt(data: Mapping[str, Any], question: Question, file: Path) -> JudgePrompt:
    table = data.get(question)
    if not isinstance(table, dict):
        raise InputError("must be a table with `tag` and `text`", file=file, field=question)
    tag = text_in(table, "tag", file, f"{question}.tag")
    if not re.fullmatch(r"[a-z]+", tag):
        raise InputError("must be small letters: it is written <tag>0|1</tag>", file=file, field=f"{question}.tag")
    return JudgePrompt(question_in(table, file, f"{question}.text", _NEEDED[question]), tag)


def _params(table: object, file: Path) -> Params:
    if not isinstance(table, dict) or set(table) - PARAMS:
        raise InputError("must be a table of temperature, max_tokens, top_p", file=file, field="params")
    return params_in(table, file, "params")
