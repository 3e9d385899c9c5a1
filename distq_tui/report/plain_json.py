"""JSON that is the same for the same report, readable in any language, and safe to print."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

_NOT_ASCII = re.compile("[^\x00-\x7e]")


def stable_json(value: Any, *, indent: int | None = 2) -> str:
    """The value with sorted keys, ending in a line end.

    Raises:
        ValueError: a number that JSON does not have.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent, allow_nan=False)
    return _NOT_ASCII.sub(_readable, text) + "\n"


def _readable(match: re.Match[str]) -> str:
    """The character, or its escape where a terminal or an editor would act on it or hide it.

    Such a character stands inside a string, so the escape is the same value; those below U+0020 JSON escapes itself.
    """
    char = match.group()
    return json.dumps(char)[1:-1] if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else char
