"""Models that need neither key nor network: embedded ones, a recording of them, and scripted personas."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from distq_tui.config.models import ModelSpec, Role
from distq_tui.config.settings import Settings
from distq_tui.data import data_path
from distq_tui.errors import InputError
from distq_tui.providers.demo.personas import load_personas
from distq_tui.providers.local.models import MODELS, SHIPPED_MODEL, SIBLING_MODEL, why_unavailable

SMOLLM_FAMILY = "huggingface"
RECORDING = ("examples", "recorded-session.jsonl")


def embedded_models() -> tuple[ModelSpec, ...]:
    """What this installation can run by itself: local models where the extra is installed, and the personas."""
    local = () if why_unavailable() else tuple(_local(name) for name in MODELS)
    return (*local, *(_persona(name) for name in load_personas().by_name))


def known_facts(model: ModelSpec) -> ModelSpec:
    """The model with what this program knows of it for certain, where the user says nothing: of its own models only."""
    if model.family is not None or model.fact is not None:
        return model
    if model.provider == "local" and model.name in MODELS:
        return replace(model, family=SMOLLM_FAMILY)
    if model.provider == "demo" and model.name in load_personas().by_name:
        return replace(model, fact=load_personas().by_name[model.name].fact)
    return model


def known_models(settings: Settings) -> tuple[ModelSpec, ...]:
    """The user's registry, then the embedded models that it does not name itself."""
    named = {model.title for model in settings.models}
    own = (_as_recorded(model, settings) for model in settings.models)
    return (*own, *(model for model in embedded_models() if model.title not in named))


def demo_models() -> tuple[ModelSpec, ...]:
    """The models of `distq-tui demo`: target and reference are real, the controls are scripted and say so.

    Without the `local` extra, a recording of the real ones stands in for them.
    """
    real = tuple(map(_recorded if why_unavailable() else _local, (SHIPPED_MODEL, SIBLING_MODEL)))
    target, reference = (replace(model, role=role) for model, role in zip(real, _REAL_ROLES, strict=True))
    return (target, reference, _persona("persona-claims-other"), _persona("persona-unrelated"))


def _as_recorded(model: ModelSpec, settings: Settings) -> ModelSpec:
    """A recorded model marked where it was scripted; one whose recording is not there is told of when it is used."""
    if model.provider == "replay":
        from distq_tui.providers.replay.source import recorded_model

        with suppress(InputError):
            return recorded_model(model, settings.paths.database)
    return model


_REAL_ROLES: tuple[Role, Role] = ("target", "reference")


def _local(name: str) -> ModelSpec:
    return ModelSpec(name, "local", family=SMOLLM_FAMILY)


def _recorded(name: str) -> ModelSpec:
    return ModelSpec(name, "replay", base_url=str(data_path(*RECORDING)), family=SMOLLM_FAMILY)


def _persona(name: str) -> ModelSpec:
    return ModelSpec(name, "demo", fact=load_personas().by_name[name].fact, role="control")
