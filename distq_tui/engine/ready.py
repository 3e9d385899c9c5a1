"""What a plan needs before it can run: models known, endpoints found, hits counted; a refusal of what is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import Settings
from distq_tui.engine.classify import is_still_served_as
from distq_tui.errors import InputError
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.trial import Trial
from distq_tui.providers.embedded import known_facts
from distq_tui.providers.local.models import MODELS, why_unavailable
from distq_tui.providers.registry import endpoint_of
from distq_tui.providers.replay.source import recorded_model, require_model
from distq_tui.store import SessionRow, StoreThread


def with_known_models(plan: RunPlan, settings: Settings) -> RunPlan:
    """The plan with what this program knows of its models: facts of its own ones, and which recordings are simulated.

    Raises:
        InputError: a recording that is not there.
    """
    return replace(plan, models=tuple(_known(plan, settings, model) for model in plan.models))


def _known(plan: RunPlan, settings: Settings, model: ModelSpec) -> ModelSpec:
    if model.provider == "replay":
        with _naming(plan, model):
            return recorded_model(model, settings.paths.database)
    return known_facts(model)


async def plan_trials(plan: RunPlan, settings: Settings) -> list[Trial]:
    """The plan's trials, with their endpoints resolved (a recording or the user's own weights are read for it).

    Raises:
        InputError: a base URL, recording or embedded model that is not there.
    """
    return await asyncio.to_thread(lambda: list(plan.trials(partial(resolved_endpoint, plan, settings))))


def resolved_endpoint(plan: RunPlan, settings: Settings, model: ModelSpec) -> str:
    """Where the plan's model is asked, in the form that trial keys hold.

    Raises:
        InputError: a base URL, recording or embedded model that is not there, with the model's field.
    """
    with _naming(plan, model):
        return endpoint_of(model, database=settings.paths.database)


@contextmanager
def _naming(plan: RunPlan, model: ModelSpec) -> Iterator[None]:
    """Say which field of which model is wrong, where no file is to blame."""
    try:
        yield
    except InputError as error:
        if error.file is not None:
            raise
        field = error.field or "name"
        if model.provider == "replay" and field != "name":
            field = "base_url"  # whatever is wrong with a recording, that is where the plan names it
        raise InputError(error.message, field=f"models[{plan.models.index(model)}].{field}") from error


async def stored_keys(store: StoreThread, trials: Sequence[Trial], known: SessionRow | None) -> set[str]:
    """The keys of the trials that the cache can serve to a run that goes on with `known`, or begins a session."""
    models = {trial.key: trial.model for trial in trials}
    owner = known.id if known is not None and known.fresh else None
    served = await store.call(lambda s: s.stored_keys(models, session_id=owner), group=False)
    return {key for key, name in served.items() if is_still_served_as(models[key], name)}


def unserved(trials: Sequence[Trial], stored: Collection[str]) -> set[str]:
    """Titles of the models that the cache can't serve alone."""
    return {trial.model.title for trial in trials if trial.key not in stored}


def check(plan: RunPlan, settings: Settings, asked: Collection[str]) -> None:
    """Refuse a plan that can't be run as it is, before any call.

    Args:
        plan: the plan.
        settings: keys and prices.
        asked: titles of the models that the cache can't serve alone: only they need a key.

    Raises:
        InputError: a key is not set or can't be looked up, the embedded model is not installed, a recording lacks a
            model, a price file can't be read, or a cost budget meets a model without a price.
    """
    check_recorded(plan, settings, asked)
    for index, model in enumerate(plan.models):
        if model.title in asked and model.provider == "local" and model.name in MODELS and (why := why_unavailable()):
            raise InputError(why, field=f"models[{index}].provider")
        if model.title in asked:
            _key(model.key, settings, f"models[{index}].key")
        _check_price(model, plan, settings)
    if plan.embeddings is not None:
        _key(plan.embeddings.key, settings, "embeddings.key")
        _check_price(plan.embeddings.spec, plan, settings)


def _check_price(model: ModelSpec, plan: RunPlan, settings: Settings) -> None:
    if settings.prices.of(model) is None and plan.budget.max_cost is not None:
        raise InputError(
            f"can't be kept: the price of {model.title} is not known here; add it to the config as [[prices]]",
            field="budget.max_cost",
        )


def _key(reference: str | None, settings: Settings, field: str) -> str | None:
    """The key of a reference, which must be set where there is one."""
    try:
        key = settings.keys.get(reference)
    except InputError as error:
        raise error if error.file else InputError(error.message, field=field) from error
    if reference is not None and key is None:
        raise InputError(f"{reference} is not set; set it, or name another key", field=field)
    return key


def check_recorded(plan: RunPlan, settings: Settings, asked: Collection[str]) -> None:
    """Refuse a plan that asks a recording for what it does not hold.

    Raises:
        InputError: a recording that is not there or lacks one of the asked models.
    """
    for model in plan.models:
        if model.title in asked and model.provider == "replay":
            with _naming(plan, model):
                require_model(model, settings.paths.database)
