"""JSON that is the same for the same report, readable in any language, and safe to print."""

from __future__ import annotations

import json
import re
from typing import Any

_UNSAFE = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u180e\u200b\u200e-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
"""What JSON leaves as it is and a terminal or an editor acts on or hides; inside strings only, so `\\uXXXX` is the same
value. Controls below U+0020 are escaped by JSON itself."""


def stable_json(value: Any, *, indent: int | None = 2) -> str:
    """The value with sorted keys, ending in a line end.

    Raises:
        ValueError: a number that JSON does not have.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent, allow_nan=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text) + "\n"
