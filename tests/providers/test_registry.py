"""The pool of adapters, and what a model's endpoint is called."""

import asyncio
import gc
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.errors import InputError
from distq_tui.providers.registry import (
    ProviderOptions,
    Providers,
    default_concurrency,
    endpoint_group,
    endpoint_of,
)


@dataclass
class FakeAdapter:
    base_url: str
    key: str | None
    first_token: float
    between_tokens: float
    thread: str = field(default_factory=lambda: threading.current_thread().name)
    closed: bool = False

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[FakeAdapter]:
    """Stand-ins for both SDK adapters, so that no SDK is imported; lists what the pool made."""
    adapters: list[FakeAdapter] = []

    def make(base_url: str, key: str | None, **timeouts: Any) -> FakeAdapter:
        adapters.append(FakeAdapter(base_url, key, **timeouts))
        return adapters[-1]

    for name, cls in (("openai", "OpenAIProvider"), ("anthropic", "AnthropicProvider")):
        module = ModuleType(name)
        setattr(module, cls, make)
        monkeypatch.setitem(sys.modules, f"distq_tui.providers.{name}", module)
    return adapters


def key_of(reference: str | None) -> str | None:
    return None if reference is None else f"value of {reference}"


def openai(name: str = "m", **fields: Any) -> ModelSpec:
    return ModelSpec(name, "openai", **fields)


async def test_one_adapter_serves_all_models_of_an_endpoint_and_key(made: list[FakeAdapter]) -> None:
    async with Providers(key_of, ProviderOptions(first_token=7, between_tokens=3)) as pool:
        specs = [
            openai("a", base_url="http://h/v1", key="env:A"),
            openai("b", base_url="http://h/v1/", key="env:A"),
            openai("a", base_url="http://h/v1", key="env:B"),
            ModelSpec("a", "anthropic", base_url="http://h/v1", key="env:A"),
        ]
        adapters: list[Any] = await asyncio.gather(*(pool.get(spec) for spec in specs))
        assert adapters[0] is adapters[1]
        assert len({id(adapter) for adapter in adapters}) == len(made) == 3
        first = adapters[0]
        assert (first.base_url, first.key) == ("http://h/v1", "value of env:A")
        assert (first.first_token, first.between_tokens) == (7, 3)
        assert first.thread != threading.current_thread().name
    assert all(adapter.closed for adapter in made)


async def test_warming_makes_the_adapters_and_leaves_errors_to_get(made: list[FakeAdapter]) -> None:
    def refuse(reference: str | None) -> str | None:
        if reference == "env:NONE":
            raise InputError("not set", field=reference)
        return None

    bad = openai(key="env:NONE")
    async with Providers(refuse) as pool:
        await pool.warm([openai(), bad])
        assert [adapter.base_url for adapter in made] == ["https://api.openai.com/v1"]
        with pytest.raises(InputError, match="env:NONE: not set"):
            await pool.get(bad)


async def test_what_is_begun_is_made_beside_the_caller_and_closed(made: list[FakeAdapter]) -> None:
    gate = threading.Event()

    def wait_for_gate(reference: str | None) -> str | None:
        gate.wait(10)
        return reference

    pool = Providers(wait_for_gate)
    pool.begin([openai()])
    closing = asyncio.create_task(pool.close())
    await asyncio.sleep(0)
    gate.set()
    await closing
    assert [adapter.closed for adapter in made] == [True]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_what_was_begun_and_could_not_be_made_is_told_to_nobody_who_did_not_ask(made: list[FakeAdapter]) -> None:
    def refuse(reference: str | None) -> str | None:
        raise InputError("not set", field=str(reference))

    told: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context))
    pool = Providers(refuse)
    pool.begin([openai(), openai(base_url="no address"), openai(base_url="http://other/v1")])
    await pool.close()
    del pool
    gc.collect()
    await asyncio.sleep(0)
    assert told == []
    assert made == []
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_one_that_failed_leaves_the_next_attempt_to_whoever_waited_beside_it(made: list[FakeAdapter]) -> None:
    keys = iter([InputError("locked"), "k", "one too many"])

    def once_locked(reference: str | None) -> str | None:
        answer = next(keys)
        if isinstance(answer, InputError):
            raise answer
        return answer

    async def patient(pool: Providers) -> Any:
        try:
            return await pool.get(openai())
        except InputError:
            return await pool.get(openai())

    async with Providers(once_locked) as pool:
        adapters = await asyncio.gather(patient(pool), patient(pool))
        assert adapters == [made[0], made[0]]


async def test_what_failed_once_is_tried_again(made: list[FakeAdapter]) -> None:
    keys = iter([InputError("locked"), "k"])

    def once_locked(reference: str | None) -> str | None:
        answer = next(keys)
        if isinstance(answer, InputError):
            raise answer
        return answer

    async with Providers(once_locked) as pool:
        with pytest.raises(InputError, match="locked"):
            await pool.get(openai())
        assert await pool.get(openai()) is made[0]


async def test_a_cancelled_caller_leaves_the_adapter_to_the_others(made: list[FakeAdapter]) -> None:
    gate = threading.Event()

    def wait_for_gate(reference: str | None) -> str | None:
        gate.wait(10)
        return reference

    async with Providers(wait_for_gate) as pool:
        impatient = asyncio.create_task(pool.get(openai()))
        patient = asyncio.create_task(pool.get(openai()))
        await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.wait([impatient])
        gate.set()
        assert await patient is made[0]
        assert len(made) == 1


async def test_the_pool_makes_the_demo_without_a_key() -> None:
    async with Providers(key_of, ProviderOptions(pace=0)) as pool:
        provider = await pool.get(ModelSpec("persona-consistent", "demo"))
        assert await provider.list_models()
        assert provider is await pool.get(ModelSpec("persona-unrelated", "demo"))


@pytest.mark.parametrize(
    ("spec", "endpoint"),
    [
        (openai(), "https://api.openai.com/v1"),
        (ModelSpec("m", "anthropic"), "https://api.anthropic.com"),
        (openai(base_url="https://api.deepseek.com/v1/"), "https://api.deepseek.com/v1"),
        (openai(base_url=" http://127.0.0.1:8080/v1// "), "http://127.0.0.1:8080/v1"),
    ],
)
def test_the_endpoint_is_the_resolved_url_without_a_trailing_slash(spec: ModelSpec, endpoint: str) -> None:
    assert endpoint_of(spec) == endpoint


@pytest.mark.parametrize("url", ["api.openai.com/v1", "ftp://h/v1", "http://", "http://[::1", "file:///etc/passwd"])
def test_a_base_url_that_is_none_is_bad_input(url: str) -> None:
    with pytest.raises(InputError, match=r"base_url: (must be a plain http|has no host)"):
        endpoint_of(openai(base_url=url))


@pytest.mark.parametrize(
    ("spec", "concurrency"),
    [
        (openai(), 20),
        (openai(base_url="http://localhost:11434/v1"), 2),
        (openai(base_url="http://127.0.0.9:1/v1"), 2),
        (openai(base_url="http://[::1]:1/v1"), 2),
        (ModelSpec("m", "anthropic"), 20),
        (ModelSpec("smollm2-135m-instruct", "local"), 2),
        (ModelSpec("persona-consistent", "demo"), 20),
    ],
)
def test_local_servers_get_few_requests_at_once_and_others_twenty(spec: ModelSpec, concurrency: int) -> None:
    assert default_concurrency(spec) == concurrency


def test_limits_count_for_each_endpoint_and_key_and_once_for_this_machine() -> None:
    assert endpoint_group(ModelSpec("a", "local")) == endpoint_group(ModelSpec("b", "local"))
    assert endpoint_group(openai("a")) == endpoint_group(openai("b", base_url="https://api.openai.com/v1/"))
    assert endpoint_group(openai(key="env:A")) != endpoint_group(openai(key="env:B"))
    assert endpoint_group(openai(base_url="http://h")) != endpoint_group(openai(base_url="http://i"))


def test_only_the_demo_is_simulated_and_only_replay_recorded() -> None:
    specs = [ModelSpec("m", provider) for provider in ("openai", "anthropic", "local", "replay", "demo")]
    assert [spec.simulated for spec in specs] == [False, False, False, False, True]
    assert [spec.recorded for spec in specs] == [False, False, False, True, False]


def test_the_registry_imports_no_sdk(tmp_path: Path) -> None:
    import subprocess

    code = (
        "import sys; from distq_tui.config.models import ModelSpec; from distq_tui.providers import registry as r; "
        "r.endpoint_of(ModelSpec('m', 'openai')); r.endpoint_of(ModelSpec('persona-consistent', 'demo')); "
        "r.endpoint_of(ModelSpec('smollm2-135m-instruct', 'local')); "
        "print({'openai', 'anthropic', 'httpx', 'httpx2', 'numpy', 'xllamacpp', 'gguf', 'sqlite3'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.strip() == "set()"
