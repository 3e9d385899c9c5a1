"""The plan file: its schema, and from its tables to choices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from distq_tui.config.addresses import http_address
from distq_tui.config.file import ModelTable, Text
from distq_tui.config.keys import check_reference
from distq_tui.config.schema import Table, line_of, location_of, read_toml
from distq_tui.errors import InputError
from distq_tui.plan.build import build_plan
from distq_tui.plan.choices import (
    DEFAULT_ITERATIONS,
    DEFAULT_QUESTIONS_PER_TEMPLATE,
    IDENTITY_SETS,
    QUESTIONS_PER_MUTANT,
    AdaptiveChoice,
    Choices,
    IceChoice,
    SetChoice,
)
from distq_tui.plan.run_plan import LARGEST_SEED, Budget, Embeddings, Judges, Limits, RunPlan, SelectionName
from distq_tui.plan.trial import Params

Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]


class ParamsTable(Table):
    """`[params]`: what is omitted is not sent."""

    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    max_tokens: Count | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None


class PromptsTable(Table):
    """`[[prompts]]`."""

    set: Text
    limit: Count | None = None


class IceTable(Table):
    """`[ice]`."""

    templates: Text = "clean"
    twins: bool = False
    count: Count | None = None
    questions_per_template: Count = DEFAULT_QUESTIONS_PER_TEMPLATE
    questions: Annotated[list[Text], Field(min_length=1)] = Field(default_factory=lambda: list(IDENTITY_SETS))


class LimitsTable(Table):
    """`[limits]`."""

    concurrency: Annotated[int, Field(ge=1, le=1000)] | None = None
    first_token: Seconds = Limits().first_token
    between_tokens: Seconds = Limits().between_tokens
    attempts: Annotated[int, Field(ge=1, le=20)] = Limits().attempts


class BudgetTable(Table):
    """`[budget]`."""

    max_requests: Annotated[int, Field(ge=0)] | None = None
    max_cost: Annotated[float, Field(ge=0)] | None = None


class AdaptiveTable(Table):
    """`[adaptive]`: the search for templates under which a target claims another maker."""

    helper: Text
    target: Text | None = None
    templates: Text = "clean"
    questions: Annotated[list[Text], Field(min_length=1)] = Field(default_factory=lambda: list(IDENTITY_SETS))
    questions_per_template: Count = QUESTIONS_PER_MUTANT
    iterations: Annotated[int, Field(ge=1, le=100_000)] = DEFAULT_ITERATIONS
    selection: SelectionName = "mcts"


class JudgesTable(Table):
    """`[judges]`: which models grade, by title."""

    ice: list[Text] = Field(default_factory=list)
    rse: list[Text] = Field(default_factory=list)
    gate: Literal["all", "unsure"] = "all"


class EmbeddingsTable(Table):
    """`[embeddings]`: an OpenAI-compatible server that turns answers into vectors."""

    base_url: Annotated[str, AfterValidator(http_address)]
    model: Text
    key: Annotated[str, AfterValidator(check_reference)] | None = None


class PlanFile(Table):
    """The whole file."""

    name: Text | None = None
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] = 0
    samples: Annotated[int, Field(ge=1, le=1000)] = 1
    params: ParamsTable = Field(default_factory=ParamsTable)
    models: Annotated[list[ModelTable], Field(min_length=1)]
    prompts: list[PromptsTable] = Field(default_factory=list)
    ice: IceTable | None = None
    adaptive: AdaptiveTable | None = None
    judges: JudgesTable | None = None
    embeddings: EmbeddingsTable | None = None
    limits: LimitsTable = Field(default_factory=LimitsTable)
    budget: BudgetTable = Field(default_factory=BudgetTable)


def load_plan(path: Path, *, seed: int | None = None) -> RunPlan:
    """The plan of a file; paths in it are relative to it.

    Args:
        path: the file.
        seed: replaces the file's own.

    Raises:
        InputError: the file, or a set that it names, is missing or wrong.
    """
    with blaming(path):
        return build_plan(load_choices(path, seed=seed))


def load_choices(path: Path, *, seed: int | None = None) -> Choices:
    """What a plan file chooses; no set that it names is read.

    Raises:
        InputError: the file is missing or wrong.
    """
    content, _ = read_toml(path, PlanFile)
    return _choices(content, path, seed)


@contextmanager
def blaming(path: Path) -> Iterator[None]:
    """What is wrong in a plan and is found only later is told with the plan's file, and the line where it is known."""
    try:
        yield
    except InputError as error:
        if error.file is not None:
            raise
        line = line_of(path.read_text("utf-8-sig"), location_of(error.field)) if error.field else None
        raise InputError(error.message, file=path, line=line, field=error.field) from error


def _choices(content: PlanFile, path: Path, seed: int | None) -> Choices:
    return Choices(
        name=content.name or path.stem,
        models=tuple(model.spec(path.parent) for model in content.models),
        sets=tuple(SetChoice(row.set, row.limit) for row in content.prompts),
        ice=None if content.ice is None else IceChoice(**_fields(content.ice)),
        adaptive=None if content.adaptive is None else AdaptiveChoice(**_fields(content.adaptive)),
        judges=Judges(**_fields(content.judges)) if content.judges else Judges(),
        embeddings=Embeddings(**_fields(content.embeddings)) if content.embeddings else None,
        seed=content.seed if seed is None else seed,
        samples=content.samples,
        params=Params(**_fields(content.params)),
        limits=Limits(**_fields(content.limits)),
        budget=Budget(**_fields(content.budget)),
        base=path.parent,
    )


def _fields(table: Table) -> dict[str, Any]:
    """A table as keyword arguments of the record of the same fields; what is a list in TOML is a tuple there."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in table.model_dump().items()}
