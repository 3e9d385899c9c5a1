"""How far a judge's reply may be trusted: what it says after its thoughts."""

from __future__ import annotations

import re

_THOUGHT_BEGINS = re.compile(r"\s*<think(?:ing)?>", re.IGNORECASE)
_THOUGHT_ENDS = re.compile(r"</think(?:ing)?>", re.IGNORECASE)


def spoken(reply: str) -> str:
    """What follows the thoughts; some servers leave out their beginning, and a cut reply has no end of them."""
    ends = list(_THOUGHT_ENDS.finditer(reply))
    if ends:
        return reply[ends[-1].end() :]
    return "" if _THOUGHT_BEGINS.match(reply) else reply
