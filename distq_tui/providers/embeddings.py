"""`POST .../embeddings` of an OpenAI-compatible server: one request, checked before it is believed, never retried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from distq_tui.events import Usage
from distq_tui.plan.tokens import estimate_tokens
from distq_tui.providers.base import ProviderError
from distq_tui.providers.errors import scrub, status_error, stream_error
from distq_tui.providers.transport import DIRECT
from distq_tui.providers.urls import missing_version, openai_root, shown

if TYPE_CHECKING:
    import httpx

BATCH: Final = 64
"""Texts in one request."""
MAX_CHARS: Final = 8000
"""Of a text that is embedded: about what the usual models read."""
SECONDS: Final = 60.0
DECIMALS: Final = 7
"""Of a vector's numbers, as stored and as used: an error of a cosine below 1e-6."""

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors of a request's texts in their order, each of length 1, and the tokens that were read."""

    vectors: tuple[Vector, ...]
    usage: Usage


class EmbeddingsClient:
    """One embeddings endpoint.

    Args:
        base_url: the root, as in `https://api.openai.com/v1`.
        model: the model's name as the server knows it.
        key: the key itself, sent to this endpoint only; None = none is sent.
        transport: replaces the network in tests.
    """

    def __init__(
        self, base_url: str, model: str, key: str | None = None, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._url = f"{openai_root(base_url)}/embeddings"
        self._model, self._key, self._transport = model, key, transport

    async def embed(self, texts: Sequence[str]) -> Embedded:
        """The vectors of at most `BATCH` texts.

        Raises:
            ProviderError: the server can't be reached, refuses, or sends something else.
        """
        import httpx

        mounts = dict.fromkeys(DIRECT) if self._transport is None else {}
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            # no redirect is followed: the key goes only to the origin that it belongs to
            async with httpx.AsyncClient(
                transport=self._transport, mounts=mounts, headers=headers, timeout=SECONDS, follow_redirects=False
            ) as client:
                answer = await client.post(
                    self._url, json={"model": self._model, "input": list(texts), "encoding_format": "float"}
                )
        except (httpx.LocalProtocolError, httpx.InvalidURL, UnicodeEncodeError):
            raise ProviderError(
                "config", "the key or the base URL holds characters that no request can carry"
            ) from None
        except httpx.TimeoutException:
            raise ProviderError("timeout", f"{shown(self._url)} did not answer within {SECONDS:g} s") from None
        except httpx.HTTPError as error:
            reason = scrub(str(error) or type(error).__name__, self._key)
            raise ProviderError("connection", f"no connection to {shown(self._url)}: {reason}") from None
        body = self._body(answer)
        return Embedded(tuple(_vectors(body, len(texts))), _usage(body, texts))

    def _body(self, answer: httpx.Response) -> Any:
        if answer.status_code != 200:
            raise status_error(answer.status_code, answer.text, dict(answer.headers), url=self._url, key=self._key)
        try:
            body = answer.json()
        except (ValueError, RecursionError):
            hint = missing_version(self._url)
            raise ProviderError("bad_request", f"{shown(self._url)} does not answer with JSON{hint}", 200) from None
        if isinstance(body, dict) and body.get("error"):
            raise stream_error(body, key=self._key)
        return body


def _wrong(what: str) -> ProviderError:
    """Not retried: a server that sends this once sends it again."""
    return ProviderError("bad_request", what, 200)


def _vectors(body: Any, expected: int) -> list[Vector]:
    """The vectors by their index."""
    data = body.get("data") if isinstance(body, dict) else None
    rows = data if isinstance(data, list) and all(isinstance(row, dict) for row in data) else []
    indices = [row.get("index", place) for place, row in enumerate(rows)]
    if not all(type(index) is int for index in indices) or sorted(indices) != list(range(expected)):
        raise _wrong("the server's answer does not hold one vector for each text")
    by_index = {index: _vector(row) for index, row in zip(indices, rows, strict=True)}
    return [by_index[index] for index in range(expected)]


def _vector(row: dict[str, Any]) -> Vector:
    try:
        vector = np.asarray(row.get("embedding"), dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise _wrong("a vector of the server holds something else than numbers") from None
    length = float(np.linalg.norm(vector)) if vector.ndim == 1 and vector.size else 0.0
    if not np.isfinite(length) or length == 0.0:
        raise _wrong("a vector of the server is empty, zero or not finite")
    return np.asarray(np.round(vector / length, DECIMALS), dtype=np.float64)


def _usage(body: Any, texts: Sequence[str]) -> Usage:
    usage = body.get("usage")
    tokens = usage.get("prompt_tokens") if isinstance(usage, dict) else None
    if type(tokens) is int and tokens >= 0:
        return Usage(tokens, 0, "reported")
    return Usage(sum(estimate_tokens(text) for text in texts), 0, "estimated")
