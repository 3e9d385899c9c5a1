"""The adapter that plays the personas: word by word, at the pace of a real stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from distq_tui.events import Usage
from distq_tui.plan.trial import Request
from distq_tui.providers.base import Chunk, ProviderError
from distq_tui.providers.demo.personas import load_personas
from distq_tui.providers.demo.speech import answer
from distq_tui.providers.playback import Sleep, pieces_of, tell


class DemoProvider:
    """All personas; the model's name is the persona's.

    Args:
        pace: factor on the personas' delays; 0 = none.
        sleep: waits that many seconds.
    """

    def __init__(self, *, pace: float = 1.0, sleep: Sleep = asyncio.sleep) -> None:
        self._pace = pace
        self._sleep = sleep

    async def stream(self, request: Request) -> AsyncIterator[Chunk]:
        """The persona's answer; usage counts words (and single Chinese characters) and is marked estimated.

        Raises:
            ProviderError: `not_found`, no persona of that name.
        """
        persona = load_personas().by_name.get(request.model)
        if persona is None:
            names = ", ".join(load_personas().by_name)
            raise ProviderError("not_found", f"no persona {request.model!r}; there are {names}")
        pieces = pieces_of(answer(persona, request.messages, request.sample))
        told = pieces[: request.params.max_tokens]
        await self._sleep(persona.first_s * self._pace)
        yield Chunk(served_model=request.model, sent=request.params.sent())
        async for text in tell(told, persona.word_s * self._pace, self._sleep):
            yield Chunk(text=text)
        asked = sum(len(pieces_of(message.content)) for message in request.messages)
        finish = "stop" if len(told) == len(pieces) else "length"
        yield Chunk(finish=finish, usage=Usage(asked, len(told), "estimated"))

    async def list_models(self) -> list[str]:
        """The personas' names."""
        return list(load_personas().by_name)

    async def close(self) -> None:
        """Nothing is held."""
