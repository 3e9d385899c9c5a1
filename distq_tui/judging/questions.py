"""Files of judges' questions, and questions filled so that no quoted answer can leave its quotation."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from distq_tui.errors import InputError
from distq_tui.plan.trial import Params

PARAMS = frozenset({"temperature", "max_tokens", "top_p"})
"""The keys of a table of parameters."""


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
