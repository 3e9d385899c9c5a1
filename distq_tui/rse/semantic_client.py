"""`POST .../embeddings` of an OpenAI-compatible server: in batches, retried, and checked before it is believed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import httpx

BATCH: Final = 64
"""Texts in one request."""
MAX_CHARS: Final = 8000
"""Of a text that is embedded: about what the usual models read."""
ATTEMPTS: Final = 4
LONGEST_WAIT: Final = 60.0
SECONDS: Final = 60.0
_RETRIED = frozenset({408, 409, 429, 500, 502, 503, 504})


class EmbeddingsError(Exception):
    """The endpoint gave no vectors; one line that holds neither key nor text."""


class Embeddings:
    """An embeddings endpoint.

    Args:
        base_url: the root, as in `https://api.openai.com/v1`.
        model: the model's name as the server knows it.
        key: the key itself, sent to this endpoint only; None = none is sent.
        direct: hosts, as httpx mount patterns, that are never reached through a proxy of the environment.
        transport: replaces the network in tests.
        sleep: waits between attempts.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        key: str | None = None,
        *,
        direct: Iterable[str] = (),
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.model = model
        self._url = f"{base_url.strip().rstrip('/')}/embeddings"
        self._headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        self._direct, self._transport, self._sleep = tuple(direct), transport, sleep

    async def embed(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """The texts' vectors, each of length 1, in their order.

        Raises:
            EmbeddingsError: the server can't be reached, refuses, or sends something else.
        """
        import httpx

        found: list[NDArray[np.float32]] = []
        # no redirect is followed: the key goes only to the origin that it belongs to
        async with httpx.AsyncClient(
            transport=self._transport, mounts=dict.fromkeys(self._direct), timeout=SECONDS, follow_redirects=False
        ) as client:
            for start in range(0, len(texts), BATCH):
                batch = [text[:MAX_CHARS] for text in texts[start : start + BATCH]]
                found += _vectors(await self._ask(client, batch), len(batch))
        if len({len(vector) for vector in found}) > 1:
            raise EmbeddingsError("the server's vectors differ in length")
        return found

    async def _ask(self, client: httpx.AsyncClient, batch: Sequence[str]) -> object:
        import httpx

        reason = ""
        for attempt in range(ATTEMPTS):
            wait = 2.0**attempt
            try:
                answer = await client.post(
                    self._url,
                    headers=self._headers,
                    json={"model": self.model, "input": list(batch), "encoding_format": "float"},
                )
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                reason = f"the server can't be reached ({type(error).__name__})"
            else:
                if answer.status_code == httpx.codes.OK:
                    return _json(answer)
                reason = f"the server answered {answer.status_code}"
                if answer.status_code not in _RETRIED:
                    break
                wait = _retry_after(answer.headers.get("retry-after"), wait)
            if attempt + 1 < ATTEMPTS:
                await self._sleep(wait)
        raise EmbeddingsError(reason)


def _retry_after(header: str | None, otherwise: float) -> float:
    """Seconds that the server asks for, at most a minute; a date or nonsense is not waited for."""
    try:
        seconds = float(header or "")
    except ValueError:
        return otherwise
    return min(max(seconds, 0.0), LONGEST_WAIT) if np.isfinite(seconds) else otherwise


def _json(answer: httpx.Response) -> object:
    try:
        return answer.json()
    except (ValueError, RecursionError):
        raise EmbeddingsError("the server's answer is not JSON") from None


def _vectors(content: object, expected: int) -> list[NDArray[np.float32]]:
    """The vectors by their index."""
    data = content.get("data") if isinstance(content, dict) else None
    if not isinstance(data, list) or len(data) != expected:
        raise EmbeddingsError("the server's answer does not hold one vector for each text")
    by_index: dict[int, NDArray[np.float32]] = {}
    for place, row in enumerate(data):
        index = row.get("index", place) if isinstance(row, dict) else None
        if isinstance(index, int):
            by_index[index] = _vector(row)
    if set(by_index) != set(range(expected)):
        raise EmbeddingsError("the server's answer does not hold one vector for each text")
    return [by_index[index] for index in range(expected)]


def _vector(row: dict[str, Any]) -> NDArray[np.float32]:
    try:
        vector = np.asarray(row.get("embedding"), dtype=np.float64)
    except (TypeError, ValueError):
        raise EmbeddingsError("a vector of the server holds something else than numbers") from None
    length = float(np.linalg.norm(vector)) if vector.ndim == 1 and vector.size else 0.0
    if not np.isfinite(length) or length == 0.0:
        raise EmbeddingsError("a vector of the server is empty, zero or not finite")
    return (vector / length).astype(np.float32)
