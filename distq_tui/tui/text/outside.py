"""Text handed to other programs: a pager, an editor, the clipboard. No Textual in here.

A file is the user's own to read (mode 0400) and gone when the program ends; what goes into it can't do anything to a
terminal. Commands come from the environment and are never run by a shell.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from distq_tui.tui.text.safe import clean

CLIPBOARDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ("pbcopy",)),
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--input", "--clipboard")),
    ("WSL_DISTRO_NAME", ("clip.exe",)),
)
"""What has to be set, and the command that then takes the clipboard's text on its input."""
CLIPBOARD_TIMEOUT_S = 3.0
OSC52_LIMIT = 74_000
"""Bytes beyond which terminals drop an OSC 52 sequence (100,000 characters in base64)."""
NO_OSC52 = frozenset({"", "dumb", "linux"})
"""Values of TERM for terminals that know no OSC 52."""


def pager(env: Mapping[str, str]) -> list[str]:
    """The command of $PAGER, else `less`; empty where there is none."""
    return _command(env.get("PAGER", "")) or _command("less")


def editor(env: Mapping[str, str]) -> list[str]:
    """The command of $VISUAL or $EDITOR; empty where neither names a program."""
    return _command(env.get("VISUAL", "")) or _command(env.get("EDITOR", ""))


def _command(line: str) -> list[str]:
    try:
        words = shlex.split(line)
    except ValueError:  # a quote without its end
        return []
    return words if words and shutil.which(words[0]) else []


@contextmanager
def handed(text: str) -> Iterator[Path]:
    """The text, made harmless, in a file for another program; removed at the end."""
    with tempfile.TemporaryDirectory(prefix="distq-") as folder:
        path = Path(folder, "answer.txt")
        path.touch(mode=0o600)
        path.write_text(clean(text), encoding="utf-8")
        path.chmod(0o400)
        yield path


def show(command: list[str], text: str) -> None:
    """Open the text in a program and wait for its end.

    Raises:
        OSError: the program can't be started.
    """
    with handed(text) as path:
        subprocess.run([*command, str(path)], check=False)


def encoded(text: str) -> bytes:
    """UTF-8; half a surrogate pair, which has no form in it, becomes a question mark."""
    return text.encode("utf-8", "replace")


def copy_by_tool(text: str, env: Mapping[str, str]) -> str:
    """Give the text to the system's clipboard; the name of the tool that took it, empty where none did."""
    for needed, command in CLIPBOARDS:
        if (needed and not env.get(needed)) or not shutil.which(command[0]):
            continue
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            subprocess.run(command, input=encoded(text), check=True, timeout=CLIPBOARD_TIMEOUT_S, **silent)  # type: ignore[call-overload]
        except (OSError, subprocess.SubprocessError):
            continue
        return command[0]
    return ""


def terminal_copies(text: str, env: Mapping[str, str]) -> bool:
    """Whether the terminal may take this text by OSC 52; none says whether it did."""
    return env.get("TERM", "") not in NO_OSC52 and len(encoded(text)) <= OSC52_LIMIT


def copy_to_file(text: str) -> Path:
    """The text as it is, in a new file that only the user can read and that stays.

    Raises:
        OSError: it can't be written.
    """
    number, name = tempfile.mkstemp(prefix="distq-copied-", suffix=".txt")
    with os.fdopen(number, "wb") as file:
        file.write(encoded(text))
    return Path(name)
