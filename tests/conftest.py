"""For all tests: no network but loopback, no key, and nothing of this user's own files."""

import socket
from pathlib import Path

import pytest
from hypothesis import settings

# a law holds or it doesn't; how long an example takes says only what else this machine does
settings.register_profile("distq", deadline=None)
settings.load_profile("distq")

_LOOPBACK = ("127.", "::1", "localhost")
_KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the slow tests too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--slow"):
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="slow; run with --slow"))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anything but this machine fails the test that makes it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = str(address[0]) if isinstance(address, tuple) else ""
        if self.family in {socket.AF_INET, socket.AF_INET6} and not host.startswith(_LOOPBACK):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, shared_cache: Path) -> None:
    """Settings, data and the working folder of a user who has none; no keys in the environment."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.setenv("DISTQ_TUI_DATA_DIR", str(home / "data"))
    monkeypatch.setenv("DISTQ_TUI_CACHE_DIR", str(shared_cache))
    for name in (*_KEYS, "DISTQ_TUI_CONFIG", "DISTQ_TUI_DB"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(home)


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache folder for all tests: requantised weights take seconds to make."""
    return tmp_path_factory.mktemp("cache")
