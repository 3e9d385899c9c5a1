"""Servers written by others, started on a free loopback port for one session of tests and stopped with it."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from distq_tui.plan.trial import Params, Request
from distq_tui.prompts import Message
from distq_tui.providers.base import Chunk, ProviderError

ROOT = Path(__file__).parents[2]
READY_SECONDS = 30.0


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(command: list[str], ready: str, log: Path) -> Iterator[None]:
    """Run a server in a process group of its own until the block ends; wait until `ready` answers at all."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            _wait_until_ready(process, ready, log)
            yield
        finally:
            _stop(process)


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    with httpx.Client(trust_env=False, timeout=1.0) as client:
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            with suppress(httpx.HTTPError):
                client.get(url)
                return
            time.sleep(0.05)  # the only way to learn that a foreign process has opened its port
    raise RuntimeError(f"{process.args!r} did not answer at {url}: {log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Interrupt first: a server with children of its own stops them only then."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
            return


class LlMock:
    """The `llmock` server and its control interface.

    Attributes:
        openai, anthropic: base URLs.
    """

    def __init__(self, port: int) -> None:
        self.root = f"http://127.0.0.1:{port}"
        self.openai, self.anthropic = f"{self.root}/v1", f"{self.root}/anthropic"
        self._client = httpx.Client(base_url=f"{self.root}/_llmock", trust_env=False, timeout=10.0)

    def script(self, *behaviors: dict[str, Any]) -> None:
        """Queue behaviours for the next requests."""
        self._client.post("/scenario", json={"behaviors": behaviors}).raise_for_status()

    def reset(self) -> None:
        """Forget behaviours and requests."""
        self._client.post("/reset").raise_for_status()

    def requests(self) -> list[dict[str, Any]]:
        """The requests served so far."""
        served: list[dict[str, Any]] = self._client.get("/requests").json()["requests"]
        return served

    def verdict(self) -> dict[str, Any]:
        """What the server thinks of its client, with the readable report under `text`."""
        found: dict[str, Any] = self._client.get("/verdict").json()
        return found | {"text": self._client.get("/verdict", params={"format": "text"}).text}

    def close(self) -> None:
        self._client.close()


@contextmanager
def llmock(log: Path, *options: str) -> Iterator[LlMock]:
    """Run `llmock serve` with these options; skip the test where the package is missing."""
    if importlib.util.find_spec("llmock") is None:
        pytest.skip("llmock is not installed (pip install llmock==0.2.2)")
    port = free_port()
    code = "from llmock.cli import app; app()"
    command = [sys.executable, "-c", code, "serve", "--port", str(port), "--log-level", "warning", *options]
    with serving(command, f"http://127.0.0.1:{port}/health", log):
        server = LlMock(port)
        try:
            yield server
        finally:
            server.close()


@pytest.fixture(scope="session")
def run_llmock(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Starts an `llmock` with options, as a context manager."""
    folder = tmp_path_factory.mktemp("llmock")
    return lambda *options: llmock(folder / f"{len(list(folder.iterdir()))}.log", *options)


@pytest.fixture(scope="session")
def llmock_process(run_llmock: Callable[..., Any]) -> Iterator[LlMock]:
    with run_llmock() as server:
        yield server


@pytest.fixture
def llmock_server(llmock_process: LlMock) -> LlMock:
    """An `llmock` that has seen no request yet and does nothing wrong unless told to."""
    llmock_process.reset()
    return llmock_process


@pytest.fixture(scope="session")
def mock_ai_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Base URLs of `mock-ai-api` by provider."""
    if importlib.util.find_spec("app") is None or importlib.util.find_spec("app.anthropic_app") is None:
        pytest.skip("mock-ai-api is not installed (pip install mock-ai-api==0.1.1)")
    ports = {"openai": free_port(), "anthropic": free_port()}
    folder = tmp_path_factory.mktemp("mock_ai_api")
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    command = [sys.executable, "-m", "uvicorn", "--host", "127.0.0.1", "--log-level", "warning"]
    with (
        serving(
            [*command, "app.openai_app:app", "--port", str(ports["openai"])], urls["openai"], folder / "openai.log"
        ),
        serving(
            [*command, "app.anthropic_app:app", "--port", str(ports["anthropic"])],
            urls["anthropic"],
            folder / "anthropic.log",
        ),
    ):
        yield {"openai": f"{urls['openai']}/v1", "anthropic": urls["anthropic"]}


@pytest.fixture(scope="session")
def run_aimock(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Starts `aimock` with fixtures and options, as a context manager that gives its root URL."""
    folder = tmp_path_factory.mktemp("aimock")

    @contextmanager
    def run(fixtures: list[dict[str, Any]], *options: str) -> Iterator[str]:
        binary = _aimock_binary()
        number = len(list(folder.iterdir()))
        path = folder / f"fixtures-{number}.json"
        path.write_text(json.dumps({"fixtures": fixtures}))
        port = free_port()
        command = [binary, "-p", str(port), "-f", str(path), "--log-level", "silent", *options]
        with serving(command, f"http://127.0.0.1:{port}/v1/models", folder / f"{number}.log"):
            yield f"http://127.0.0.1:{port}"

    return run


def _aimock_binary() -> str:
    """`DISTQ_AIMOCK`, or what npm installed beside the checkout; the package calls its command `llmock`."""
    candidates = [os.environ.get("DISTQ_AIMOCK", ""), str(ROOT / "node_modules/.bin/llmock")]
    found = next((path for path in candidates if path and Path(path).exists()), None)
    if found is None or shutil.which("node") is None:
        pytest.skip("aimock is not installed (npm install @copilotkit/aimock@1.43.0, or set DISTQ_AIMOCK)")
    return found


class Asker:
    """Asks a server through an adapter."""

    @staticmethod
    def provider(kind: str, base_url: str, **options: Any) -> Any:
        """The adapter of that kind for that server."""
        from distq_tui.providers.anthropic import AnthropicProvider
        from distq_tui.providers.openai import OpenAIProvider

        make: Any = OpenAIProvider if kind == "openai" else AnthropicProvider
        options = {"first_token": 10.0, "between_tokens": 10.0, "key": "sk-loopback"} | options
        key = options.pop("key")
        return make(base_url, key, **options)

    async def ask(
        self, kind: str, base_url: str, *, model: str = "m", **options: Any
    ) -> tuple[str, list[Chunk], ProviderError | None]:
        """The answer's text, all chunks, and the error that ended the call, by an adapter of its own."""
        provider = self.provider(kind, base_url, **options)
        try:
            return await self.read(provider, model)
        finally:
            await provider.close()

    @staticmethod
    async def read(provider: Any, model: str = "m") -> tuple[str, list[Chunk], ProviderError | None]:
        """The answer's text, all chunks, and the error that ended the call."""
        chunks: list[Chunk] = []
        request = Request("openai", "http://loopback", model, (Message("user", "Who made you?"),), Params())
        try:
            async for chunk in provider.stream(request):
                chunks.append(chunk)
        except ProviderError as error:
            return "".join(chunk.text for chunk in chunks), chunks, error
        return "".join(chunk.text for chunk in chunks), chunks, None


@pytest.fixture
def asker() -> Asker:
    return Asker()
