"""From a judge's reply to its verdict: one tag is read, nothing else is guessed."""

from __future__ import annotations

import re
from functools import cache

_THOUGHT_BEGINS = re.compile(r"\s*<think(?:ing)?>", re.IGNORECASE)
_THOUGHT_ENDS = re.compile(r"</think(?:ing)?>", re.IGNORECASE)


def parse_verdict(reply: str, tag: str) -> bool | None:
    """The verdict in the last `<TAG>0|1</TAG>` of a reply; None where there is none.

    Case and spaces do not matter. What stands inside a leading `<think>` is no answer, closed or not: a judge that
    weighs both verdicts in its thoughts has given neither.
    """
    found = _pattern(tag).findall(_spoken(reply))
    return found[-1] == "1" if found else None


def _spoken(reply: str) -> str:
    """What follows the thoughts; some servers leave out their beginning, and a cut reply has no end of them."""
    ends = list(_THOUGHT_ENDS.finditer(reply))
    if ends:
        return reply[ends[-1].end() :]
    return "" if _THOUGHT_BEGINS.match(reply) else reply


@cache
def _pattern(tag: str) -> re.Pattern[str]:
    return re.compile(rf"<\s*{re.escape(tag)}\s*>\s*([01])\s*<\s*/\s*{re.escape(tag)}\s*>", re.IGNORECASE)
