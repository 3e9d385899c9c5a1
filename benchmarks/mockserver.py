"""Starts the third-party mock server of the benchmarks (npm @copilotkit/aimock) on a free loopback port."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ANSWER = "This is a short streamed answer of the mock server, with a few words in it."


def executable() -> Path:
    """Where aimock's command is: the environment's DISTQ_AIMOCK, or node_modules of this repository."""
    here = Path(__file__).parent.parent / "node_modules" / ".bin" / "llmock"
    found = Path(os.environ.get("DISTQ_AIMOCK", here))
    if not found.exists() or shutil.which("node") is None:
        sys.exit("needs the mock server: npm install --no-save @copilotkit/aimock@1.43.0 (or DISTQ_AIMOCK=its command)")
    return found


@contextlib.contextmanager
def mock_server(latency_ms: int) -> Iterator[str]:
    """The base URL of a server that answers every request after a fixed latency."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        fixtures = Path(folder) / "fixtures.json"
        fixtures.write_text(json.dumps({"fixtures": [{"match": {}, "response": {"content": ANSWER}}]}))
        command = [str(executable()), "-p", str(port), "-f", str(fixtures), "--log-level", "silent"]
        server = subprocess.Popen([*command, *(["--chaos-latency", str(latency_ms)] if latency_ms else [])])
        try:
            wait_for(f"http://127.0.0.1:{port}/v1/models")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()
            server.wait()


def wait_for(url: str, seconds: float = 20.0) -> None:
    """Return when the URL answers."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
