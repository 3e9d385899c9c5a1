"""How many tokens a text is, roughly, where no server says: before a run, and for usage that a server left out."""

from __future__ import annotations

import re

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_LATIN_CHARS_PER_TOKEN = 4.0
"""OpenAI's rule of thumb for English text; code and other languages use more tokens."""
_TOKENS_PER_WIDE_CHAR = 0.8
"""Between cl100k (about 1.1 a Chinese character) and the Qwen and DeepSeek vocabularies (about 0.6)."""


def estimate_tokens(text: str) -> int:
    """A rough count of the text's tokens; at least 1 for a text that is not empty."""
    wide = len(_WIDE.findall(text))
    count = wide * _TOKENS_PER_WIDE_CHAR + (len(text) - wide) / _LATIN_CHARS_PER_TOKEN
    return max(1, round(count)) if text else 0
