"""A text told piece by piece: how answers without a model behind them are streamed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

Sleep = Callable[[float], Awaitable[None]]

PIECES_AT_ONCE = 2
_PIECE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]|\s*[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+")


def pieces_of(text: str) -> list[str]:
    """The text cut before each word and around each Chinese character; joined, the pieces are the text."""
    return _PIECE.findall(text)


async def tell(pieces: Sequence[str], piece_s: float, sleep: Sleep = asyncio.sleep) -> AsyncIterator[str]:
    """The pieces, a few at once, `piece_s` seconds for each; nothing is waited for where that is 0."""
    for start in range(0, len(pieces), PIECES_AT_ONCE):
        told = pieces[start : start + PIECES_AT_ONCE]
        yield "".join(told)
        await sleep(piece_s * len(told))
