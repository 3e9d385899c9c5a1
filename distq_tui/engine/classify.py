"""Which response class an ended stream belongs to (docs/terms.md)."""

from __future__ import annotations

import re

from distq_tui.config.models import ModelSpec
from distq_tui.events import ResponseClass
from distq_tui.ice.refusal import is_refusal

_LENGTH_STOPS = frozenset({"length", "max_tokens", "model_context_window_exceeded"})
_FILTER_STOPS = frozenset({"content_filter", "refusal", "safety", "sensitive"})
"""`refusal` is Anthropic's word for an answer that its classifier ended; OpenAI-compatible servers use the others."""

_VERSION = re.compile(
    r"""
    (?:[-@:_](?:
        \d{4}-?\d{2}-?\d{2}                # 2024-08-06, 20241022
      | \d{2}-\d{2}(?:-\d{4})? | \d{2}-\d{4} # 05-20, 08-2024: dates of preview releases
      | \d{3,6}                            # 0613, 001, 241022
      | v\d+(?:\.\d+)*(?::\d+)?           # v2, v1:0
      | latest
      | (?<!\d-)\d{1,2}(?:\.\d+)*         # 2, 1.5; behind another number it is the name's own: claude-3-5
    )){1,3}
    """,
    re.VERBOSE,
)
"""One to three dates or versions behind a name."""


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


def is_still_served_as(model: ModelSpec, served: str | None) -> bool:
    """Whether a stored answer by that name is this model's: another plan may have allowed what this one does not.

    Only servers say who answered: what runs here and what was recorded is known by its content.
    """
    return served is None or model.provider not in {"openai", "anthropic"} or is_served_as(model, served)


def is_served_as(model: ModelSpec, served: str) -> bool:
    """Whether the served name is the requested one, it plus a date or version, or one that the user allows."""
    name, answer = model.name.casefold(), served.casefold()
    if answer in {name, *(other.casefold() for other in model.served)}:
        return True
    stem = name.removesuffix("-latest").removesuffix(":latest")
    return answer == stem or (answer.startswith(stem) and bool(_VERSION.fullmatch(answer, len(stem))))
