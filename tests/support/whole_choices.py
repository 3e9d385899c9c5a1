"""Choices that use everything a plan can have, for what must give every part of it back."""

from __future__ import annotations

from distq_tui.config.models import ModelSpec
from distq_tui.plan.choices import AdaptiveChoice, Choices, IceChoice, SetChoice
from distq_tui.plan.run_plan import Budget, Embeddings, Judges, Limits
from distq_tui.plan.trial import Params

MODELS = (
    ModelSpec("a", "openai", key="env:A_KEY", role="target", system="Be brief.", samples=2),
    ModelSpec("b", "demo", role="reference", family="openai"),
    ModelSpec("j", "openai", role="judge"),
    ModelSpec("h", "local", role="helper"),
)
WHOLE = Choices(
    name="all of it",
    models=MODELS,
    sets=(SetChoice("similarity", 7), SetChoice("identity-en")),
    ice=IceChoice(twins=True, count=9, questions_per_template=4),
    adaptive=AdaptiveChoice("h", "a", iterations=30, selection="ucb", questions_per_template=2),
    judges=Judges(ice=("j",), gate="unsure"),
    embeddings=Embeddings("http://127.0.0.1:9/v1", "e", "env:E_KEY"),
    seed=11,
    samples=3,
    params=Params(temperature=0.5, max_tokens=64, top_p=0.9),
    limits=Limits(concurrency=3, attempts=2),
    budget=Budget(100, 1.5),
)
