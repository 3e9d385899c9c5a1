"""Values as TOML text: the standard library reads TOML and does not write it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any


def toml_value(value: Any) -> str:
    """A text, number, boolean or list of them.

    Raises:
        ValueError: a text that no UTF-8 file can hold (a lone surrogate), or a number that is none.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            value.encode()  # UnicodeEncodeError is a ValueError
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON's escapes are TOML's too
        case int():
            return str(value)
        case float():
            if not math.isfinite(value):
                raise ValueError("must be a finite number")
            return repr(value)
        case list() | tuple():
            return f"[{', '.join(map(toml_value, value))}]"
        case _:
            raise ValueError(f"no TOML for a {type(value).__name__}")


def toml_table(header: str, fields: Mapping[str, Any]) -> str:
    """A table with its header (`[name]` or `[[name]]`, "" for the top), without the fields that are None."""
    lines = [f"{name} = {toml_value(value)}" for name, value in fields.items() if value is not None]
    return "\n".join([header, *lines] if header else lines) + "\n"
