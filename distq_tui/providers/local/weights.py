"""Where a local model's weights lie and what they are: found, checked by sha256, made once where they are derived."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from distq_tui.config.paths import default_paths, user_path
from distq_tui.errors import InputError
from distq_tui.providers.base import ProviderError
from distq_tui.providers.local.models import HOW_TO_GET, MODELS, LocalModel, shipped_path

Progress = Callable[[str, float], None]
"""Told what is being made and how much of it is done, from 0 to 1; what it raises ends the making."""


def _ignore(what: str, share: float) -> None:
    del what, share


def weights_sha256(name: str, cache_dir: Path | None = None) -> str:
    """The sha256 of the weights, which is the model's identity; for the known models without reading a file.

    Raises:
        InputError: neither a known model nor a GGUF file.
    """
    model = MODELS.get(name)
    return model.sha256 if model else file_sha256(_own_file(name), cache_dir or default_paths().cache)


def find_weights(name: str, cache_dir: Path | None = None, progress: Progress = _ignore) -> Path:
    """The GGUF file of a model, checked; a requantised one is made if it is not there yet.

    Blocks: up to a second to check, 3-5 s to requantise.

    Raises:
        ProviderError: `config`, the package is missing or the file is not what it should be; `not_found`, no
            such model.
    """
    cache = cache_dir or default_paths().cache
    model = MODELS.get(name)
    if model is None:
        try:
            return _own_file(name)
        except InputError as error:
            raise ProviderError("not_found", str(error)) from None
    shipped = shipped_path()
    if shipped is None:
        raise ProviderError("config", f"the embedded model is not installed: {HOW_TO_GET}")
    base = next(known for known in MODELS.values() if known.quantisation is None)
    if file_sha256(shipped, cache) != base.sha256:
        raise ProviderError("config", f"{shipped} is damaged (sha256 differs); install it again: {HOW_TO_GET}")
    return shipped if model is base else _derived(model, shipped, cache, progress)


def file_sha256(path: Path, cache: Path) -> str:
    """The file's sha256; remembered in the cache folder for as long as its size and time of change stay the same.

    Raises:
        InputError: it can't be read.
    """
    try:
        path = path.resolve(strict=True)
        status = path.stat()
        state: list[str | int] = [str(path), status.st_size, status.st_mtime_ns]
        note = cache / "sha256" / (hashlib.blake2b(os.fsencode(path), digest_size=12).hexdigest() + ".json")
        if (known := _remembered(note, state)) is not None:
            return known
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", file=path) from None
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps([*state, digest]))
    except OSError:
        return digest  # a cache that can't be written costs time only
    return digest


def _remembered(note: Path, state: list[str | int]) -> str | None:
    try:
        *stated, digest = json.loads(note.read_text())
    except (OSError, ValueError, TypeError):
        return None
    return digest if stated == state and isinstance(digest, str) else None


def _own_file(name: str) -> Path:
    path = user_path(name)
    if not name.lower().endswith(".gguf"):
        raise InputError(
            f"no local model is called {name!r}; known are {', '.join(MODELS)}, or the path of a .gguf file"
        )
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise InputError(getattr(error, "strerror", None) or "cannot be read", file=path) from None
    if magic != b"GGUF":
        raise InputError("is no GGUF file", file=path)
    return path


def _derived(model: LocalModel, shipped: Path, cache: Path, progress: Progress) -> Path:
    assert model.quantisation is not None
    path = cache / "weights" / f"{model.name}-{model.sha256[:12]}.gguf"
    if path.is_file() and file_sha256(path, cache) == model.sha256:
        return path
    try:
        from distq_tui.providers.local.requantise import requantise
    except ImportError:
        raise ProviderError("config", f"{model.name} needs the package gguf: {HOW_TO_GET}") from None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{model.name}-", suffix=".part")
        os.close(handle)
    except OSError as error:
        raise ProviderError("config", f"cannot write weights to {path.parent}: {error.strerror}") from None
    part = Path(name)
    try:
        requantise(shipped, part, model.quantisation, partial(progress, f"making {model.name}"))
        with part.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != model.sha256:
                raise ProviderError(
                    "config", f"{model.name} came out different from the known weights; gguf 0.19 makes them"
                )
        part.replace(path)
    except OSError as error:
        raise ProviderError("config", f"cannot write {path}: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
    return path
