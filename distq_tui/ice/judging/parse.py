"""From a judge's reply to its verdict: one tag is read, nothing else is guessed."""

from __future__ import annotations

import re
from functools import cache

from distq_tui.judging import spoken


def parse_verdict(reply: str, tag: str) -> bool | None:
    """The verdict in the last `<TAG>0|1</TAG>` of a reply; None where there is none.

    Case and spaces do not matter. What stands inside a leading `<think>` is no answer, closed or not: a judge that
    weighs both verdicts in its thoughts has given neither.
    """
    found = _pattern(tag).findall(spoken(reply))
    return found[-1] == "1" if found else None


@cache
def _pattern(tag: str) -> re.Pattern[str]:
    return re.compile(rf"<\s*{re.escape(tag)}\s*>\s*([01])\s*<\s*/\s*{re.escape(tag)}\s*>", re.IGNORECASE)
