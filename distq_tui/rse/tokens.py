"""Text to token numbers, for any language; what a token means to a score is decided elsewhere.

A token is a run of letters and digits (with inner apostrophes), a run of line feeds, or any other single visible
character. Characters of scripts written without spaces (Chinese, Japanese, Thai, Lao, Burmese, Khmer) are tokens of
their own, so that a Chinese answer is a sequence and not one long word. Texts are lowercased.
"""

from __future__ import annotations

import itertools
import re
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from distq_tui.rse.vocabulary import CLASSES

MAX_CHARS: Final = 65_536
"""Characters of a response that are looked at; what follows only counts towards its length."""

MAX_TOKENS: Final = 8_192
"""Tokens of a response that are compared: bounds a pair to about a millisecond (longest common subsequence)."""

_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai and Lao, Burmese, Khmer
    "\u3040-\u30ff\uff66-\uff9f"  # kana, half-width kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese characters
)
_WORD: Final = rf"[^\W_{_UNSPACED}]"
TOKEN: Final = re.compile(rf"{_WORD}+(?:['’]{_WORD}+)*|\n+|\S")
"""One token, in any language."""

_CLASS_SHIFT: Final = 32
_HASH_MASK: Final = (1 << _CLASS_SHIFT) - 1
_NUMBER_CLASS: Final = CLASSES.index("<number>")
_WORD_CLASS: Final = CLASSES.index("<word>")
_SIGN_CLASS: Final = CLASSES.index("<sign>")
_PARAGRAPH_CLASS: Final = CLASSES.index("<paragraph>")
_BY_TOKEN: Final = {token: index for index, token in enumerate(CLASSES)}


class _Numbers(dict[str, int]):
    """Token -> class << 32 | CRC-32: a pure function of the token, remembered because texts repeat their words."""

    _LIMIT = 1 << 17

    def __missing__(self, token: str) -> int:
        if len(self) >= self._LIMIT:
            self.clear()
        number = _class(token) << _CLASS_SHIFT | zlib.crc32(token.encode("utf-8", "surrogatepass"))
        self[token] = number
        return number


def _class(token: str) -> int:
    known = _BY_TOKEN.get(token)
    if known is not None:
        return known
    if token.startswith("\n"):
        return _PARAGRAPH_CLASS
    if token.isdigit():
        return _NUMBER_CLASS
    return _WORD_CLASS if token[0].isalnum() else _SIGN_CLASS


_NUMBERS: Final = _Numbers()


def numbered_tokens(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Hash (32 bit) and class (index into `CLASSES`) of each of the first `MAX_TOKENS` tokens, in order.

    The same on every machine and in every process; two different tokens share a hash once in four thousand million.
    """
    found = TOKEN.findall(text[:MAX_CHARS].lower())
    del found[MAX_TOKENS:]
    numbers = np.fromiter(map(_NUMBERS.__getitem__, found), np.int64, len(found))
    return numbers & _HASH_MASK, numbers >> _CLASS_SHIFT


def token_spans(text: str) -> list[tuple[str, int, int]]:
    """Each of the first `MAX_TOKENS` tokens in lower case, with its place in `text` as code points [start, end)."""
    found = itertools.islice(TOKEN.finditer(text[:MAX_CHARS]), MAX_TOKENS)
    return [(match.group().lower(), match.start(), match.end()) for match in found]


def as_string(hashes: NDArray[np.int64]) -> str:
    """One code point a token (20 of the hash's bits, above the surrogates): the form that rapidfuzz compares fastest.

    Two different tokens share a code point once in a million.
    """
    return from_points((hashes % 0xFFFFF + 0x10000).astype(np.uint32))


def from_points(points: NDArray[np.uint32]) -> str:
    """The string of these code points, none of them a surrogate."""
    return points.astype("<u4", copy=False).tobytes().decode("utf-32-le")


def points_of(text: str) -> NDArray[np.uint32]:
    """The code points of a string without surrogates."""
    return np.frombuffer(text.encode("utf-32-le"), "<u4")
