"""What other tools put where an answer's text belongs, as text; and how several turns become one response."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

JOINT = "\n\n"
"""Between the turns of one answer. A paragraph break: it adds no word, and no line kind that a turn did not have."""

_NAMES = ("answer", "content", "text")


def text_of(value: Any) -> str | None:
    """The text of an answer or a message; None where the value is of no known form.

    Known are a string, null (no answer: empty), an object whose `answer`, `content` or `text` holds one of these, and a
    list of content parts (their texts in a row; a part that is no text, such as an image, adds nothing).
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        name = next((name for name in _NAMES if name in value), None)
        # one level only: nothing nests deeper, and a hostile file must not recurse
        inner = None if name is None else value[name]
        return inner if isinstance(inner, str) else "" if name is not None and inner is None else None
    if isinstance(value, list) and all(isinstance(part, Mapping) for part in value):
        return "".join(part["text"] for part in value if isinstance(part.get("text"), str))
    return None


def joined(turns: Iterable[str]) -> str:
    """Several turns as one text: those that are not empty, in order, a blank line between them."""
    return JOINT.join(turn for turn in turns if turn)
