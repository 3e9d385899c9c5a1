"""Does a model live where the user says? For `models test NAME` and the window's connection test; costs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from distq_tui.config.models import ModelSpec
from distq_tui.errors import InputError
from distq_tui.providers.base import ProviderError
from distq_tui.providers.endpoints import base_url_of, endpoint_of
from distq_tui.providers.registry import ProviderOptions, Providers, ResolveKey


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """What a test of a model found.

    Attributes:
        url: what was asked; an identity such as `local:<sha256>` where nothing has a URL.
        listed: whether the endpoint lists the model; None where it lists nothing.
        message: one line.
    """

    model: str
    works: bool
    url: str
    message: str
    status: int | None = None
    latency_ms: int | None = None
    listed: bool | None = None

    def line(self) -> str:
        """The result for a person."""
        time = "" if self.latency_ms is None else f" in {self.latency_ms} ms"
        return f"{self.model}: {'works' if self.works else 'does not work'}: {self.url}{time}: {self.message}"


async def check_model(
    model: ModelSpec, resolve_key: ResolveKey, *, database: Path | None = None, cache_dir: Path | None = None
) -> ModelCheck:
    """Ask the endpoint for its models, without a completion.

    Raises:
        InputError: the base URL, key reference or recording is no such thing.
    """
    if model.provider in {"openai", "anthropic"}:
        return await _check_remote(model, resolve_key)
    url = endpoint_of(model, database=database)
    async with Providers(resolve_key, ProviderOptions(database=database, cache_dir=cache_dir)) as providers:
        try:
            listed = await (await providers.get(model)).list_models()
        except ProviderError as error:
            return ModelCheck(model.title, False, url, error.message)
    return _listed(model, url, listed)


async def _check_remote(model: ModelSpec, resolve_key: ResolveKey) -> ModelCheck:
    from distq_tui.providers.listing import test_connection

    key = resolve_key(model.key)
    if model.key is not None and key is None:
        raise InputError(f"{model.key} is not set", field=f"{model.title}: key")
    result = await test_connection(base_url_of(model), key, "anthropic" if model.provider == "anthropic" else "openai")
    if result.error is not None:
        return ModelCheck(model.title, False, result.url, result.error, result.status, result.latency_ms)
    return _listed(model, result.url, list(result.models), result.status, result.latency_ms)


def _listed(
    model: ModelSpec, url: str, models: list[str], status: int | None = None, latency_ms: int | None = None
) -> ModelCheck:
    if not models:
        return ModelCheck(model.title, True, url, "lists no models", status, latency_ms)
    listed = model.name in models
    message = f"lists {model.name}" if listed else f"does not list {model.name} among its {len(models)} models"
    return ModelCheck(model.title, listed, url, message, status, latency_ms, listed)
