"""The plan of `distq-tui demo`: done in a minute or two on an old laptop, and real enough to mean something."""

from __future__ import annotations

from distq_tui.plan.build import build_plan
from distq_tui.plan.choices import Choices, SetChoice
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.trial import Params
from distq_tui.providers.embedded import demo_models

_PROMPTS_A_SET = 12
_MAX_TOKENS = 160
"""Keeps a prompt to about five seconds a model at 60 tokens/s on two shared cores."""


def demo_plan() -> RunPlan:
    """The embedded model against its sibling, with two scripted controls, over identity and similarity prompts.

    Raises:
        InputError: the shipped data is damaged.
    """
    return build_plan(
        Choices(
            name="demo",
            models=demo_models(),
            sets=(SetChoice("identity-en", _PROMPTS_A_SET), SetChoice("similarity", _PROMPTS_A_SET)),
            seed=1,
            params=Params(temperature=0.7, max_tokens=_MAX_TOKENS),
        )
    )
