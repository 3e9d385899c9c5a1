"""A program in a real terminal (tmux), driven by keys and read off its screen; keeps a transcript of both."""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

POLL_S = 0.1


class Terminal:
    """A tmux server of its own, which knows no config file.

    Args:
        socket: where tmux talks; a short path.
        size: columns and rows.
        command: what runs; its exit code is printed when it ends, and the terminal stays.
        folder: where it runs.
        env: set on top of the environment.
    """

    def __init__(
        self, socket: Path, size: tuple[int, int], command: Sequence[str], folder: Path, env: Mapping[str, str]
    ) -> None:
        self._socket = socket
        self.transcript = [f"$ {shlex.join(command)}    ({size[0]}x{size[1]})"]
        given = shlex.join(
            ["env", "-u", "COLUMNS", "-u", "LINES", *(f"{name}={value}" for name, value in env.items()), *command]
        )
        shell = f"cd {shlex.quote(str(folder))} && {given}; echo EXIT $?; exec cat"
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), shell)

    def keys(self, *keys: str) -> None:
        """Press keys by tmux's names (`F5`, `C-q`, `Enter`, `a`)."""
        self._tmux("send-keys", *keys)
        self.transcript.append(" ".join(keys))

    def type(self, text: str) -> None:
        """Type a text as it stands."""
        self._tmux("send-keys", "-l", text)
        self.transcript.append(repr(text))

    def wait_for(self, text: str, seconds: float = 60, *, gone: bool = False) -> str:
        """The screen, as soon as it holds the text, or no longer holds it.

        Raises:
            AssertionError: it does not within that time; with what the screen shows instead.
        """
        deadline = time.monotonic() + seconds
        while (text in (screen := self.screen())) == gone:
            assert time.monotonic() < deadline, (
                f"{text!r} is {'still' if gone else 'not'} there after {self.transcript}; the screen:\n{screen}"
            )
            time.sleep(POLL_S)
        self.transcript.append(f"    until {'gone' if gone else 'there'}: {text}")
        return screen

    def screen(self) -> str:
        """What stands there now."""
        return self._tmux("capture-pane", "-p")

    def close(self) -> None:
        """End this server and what runs in it."""
        self._tmux("kill-server", check=False)

    def _tmux(self, *arguments: str, check: bool = True) -> str:
        command = ["tmux", "-S", str(self._socket), *arguments]
        return subprocess.run(command, check=check, capture_output=True, text=True, timeout=20).stdout
