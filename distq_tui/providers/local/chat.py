"""One streamed chat completion of llama.cpp's server, over httpx: no SDK is needed to ask a server we started."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TYPE_CHECKING, Any

from distq_tui.events import Usage
from distq_tui.providers.base import Chunk, ProviderError
from distq_tui.providers.errors import status_error, stream_error
from distq_tui.providers.pace import Pace

if TYPE_CHECKING:
    import httpx

_DATA = b"data:"
_ERROR = b"error:"
_DONE = b"[DONE]"


async def stream_chat(
    client: httpx.AsyncClient, url: str, body: dict[str, Any], pace: Pace, *, key: str
) -> AsyncGenerator[Chunk, None]:
    """Post the body and yield what arrives; closing the iterator closes the connection, which ends the generation.

    Raises:
        ProviderError: the server refuses, is gone, breaks off, or is slower than `pace` allows.
    """
    import httpx

    opened = False
    try:
        async with client.stream("POST", url, json=body, headers={"Authorization": f"Bearer {key}"}) as response:
            if response.status_code != 200:
                text = (await response.aread()).decode(errors="replace")
                raise status_error(response.status_code, text, dict(response.headers), url=url)
            events = _events(response)
            while True:
                async with pace.limit():
                    event = await anext(events, None)
                if event is None:
                    return
                opened = True
                chunk = read_event(event)
                yield chunk
                pace.event(token=bool(chunk.text or chunk.reasoning), finished=chunk.finish is not None)
    except TimeoutError:
        raise pace.late() from None
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise ProviderError("cut" if opened else "connection", f"the embedded server broke off: {reason}") from None


def read_event(data: bytes) -> Chunk:
    """What one event of the stream brings.

    Raises:
        ProviderError: it is an error, or no JSON object.
    """
    try:
        event = json.loads(data)
        if "error" in event:
            raise stream_error(event)
        choice = event["choices"][0] if event["choices"] else {}
        delta, usage = choice.get("delta") or {}, event.get("usage")
        return Chunk(
            text=delta.get("content") or "",
            reasoning=delta.get("reasoning_content") or "",
            finish=choice.get("finish_reason"),
            usage=Usage(usage["prompt_tokens"], usage["completion_tokens"], "reported") if usage else None,
            served_model=event.get("model"),
        )
    except (ValueError, TypeError, KeyError, AttributeError, LookupError):
        raise ProviderError("malformed", "an event of the embedded server's stream is not as it should be") from None


async def _events(response: httpx.Response) -> AsyncIterator[bytes]:
    """The data of each event. Split at newlines alone: `str.splitlines` breaks inside answers."""
    rest = b""
    async for piece in response.aiter_bytes():
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if line.startswith((_DATA, _ERROR)):
                data = line.partition(b":")[2].strip()
                if data != _DONE:
                    yield data
