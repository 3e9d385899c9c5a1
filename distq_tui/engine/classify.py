"""Which response class an ended stream belongs to (MEASUREMENT section 1)."""

from __future__ import annotations

import re

from distq_tui.config.models import ModelSpec
from distq_tui.events import ResponseClass
from distq_tui.ice.refusal import is_refusal

_LENGTH_STOPS = frozenset({"length", "max_tokens", "model_context_window_exceeded"})
_FILTER_STOPS = frozenset({"content_filter", "refusal", "safety", "sensitive"})
"""`refusal` is Anthropic's word for an answer that its classifier ended; OpenAI-compatible servers use the others."""

_VERSION_SUFFIX = re.compile(
    r"""
    [-@:_.]?(?:
        \d{4}-?\d{2}-?\d{2}      # 2024-08-06, 20241022
      | \d{2}-\d{2}(?:-\d{4})?   # 05-20, as in preview releases
      | \d{2,6}                  # 0613, 001, 241022
      | v?\d+(?:\.\d+)*          # v2, 1.5
      | latest
    )(?:-v?\d+(?::\d+)?)?        # a revision behind the date
    """,
    re.VERBOSE | re.IGNORECASE,
)


def classify(model: ModelSpec, *, text: str, finish: str | None, served: str | None) -> ResponseClass:
    """The class of a stream that ended without an error.

    Args:
        model: what was asked.
        text: the whole answer, without reasoning.
        finish: the server's word for why it stopped; None = the stream was cut.
        served: the model that the server says answered; None where it says nothing.
    """
    if served is not None and not is_served_as(model, served):
        return "model_mismatch"
    if finish is None:
        return "incomplete"
    if finish in _FILTER_STOPS:
        return "filtered"
    if not text.strip():
        return "no_answer"
    if finish in _LENGTH_STOPS:
        return "truncated"
    return "refusal" if is_refusal(text) else "ok"


def is_served_as(model: ModelSpec, served: str) -> bool:
    """Whether the served name is the requested one, it plus a date or version, or one that the user allows."""
    name, answer = model.name.casefold(), served.casefold()
    if answer in {name, *(other.casefold() for other in model.served)}:
        return True
    stem = name.removesuffix("-latest").removesuffix(":latest")
    return answer.startswith(stem) and (answer == stem or bool(_VERSION_SUFFIX.fullmatch(answer[len(stem) :])))
