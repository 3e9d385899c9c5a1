"""What a user is told of a plan before anything is asked."""

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.engine.notices import notices_of
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message

TARGET = ModelSpec("t", "openai", family="deepseek")
REFERENCE = ModelSpec("r", "openai", family="openai", role="reference")


def controls(*families: str) -> tuple[ModelSpec, ...]:
    return tuple(ModelSpec(f"c{n}", "openai", family=family, role="control") for n, family in enumerate(families))


def told(*models: ModelSpec, kind: str = "similarity") -> list[str]:
    probe = Probe("p", kind, "en", (Message("user", "Hi"),))
    return [notice.text for notice in notices_of(RunPlan("p", 1, 1, Params(), models, (probe,)))]


@pytest.mark.parametrize(
    ("families", "count"),
    [((), 0), (("google", "mistral"), 2), (("google", "google", "mistral"), 2), (("google", "meta", "deepseek"), 2)],
)
def test_too_few_controls_are_told_before_the_run(families: tuple[str, ...], count: int) -> None:
    (notice,) = told(TARGET, REFERENCE, *controls(*families))
    assert f"inconclusive: {count} control families, and a conclusion takes 3" in notice


def test_nothing_is_told_where_something_can_be_concluded_or_nothing_is_compared() -> None:
    assert told(TARGET, REFERENCE, *controls("google", "meta", "mistral")) == []
    assert told(TARGET) == []
    assert told(TARGET, REFERENCE, kind="identity") == []
