"""AlpacaEval's `model_outputs.json`: a JSON array of `{instruction, output, generator}`, one file a model.

The files carry no id of the prompt, so the instruction's own hash is its id: two models' files then meet on the same
prompts whatever their order and however many rows each of them has.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from distq_tui.errors import InputError
from distq_tui.formats.turns import text_of

Row = dict[str, Any]


def is_alpaca(row: Mapping[str, Any]) -> bool:
    """Whether the row has the form of AlpacaEval's outputs."""
    return "instruction" in row and "output" in row and "response" not in row


def alpaca_rows(path: Path, rows: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """Rows of the contract: `prompt_id` is `alpaca-` and 12 hex digits of the instruction's hash.

    An instruction that a generator answers several times in one file gives samples 0, 1, ... in file order; a null
    output is a missing response.

    Raises:
        InputError: a field is missing or is no text.
    """
    seen: Counter[tuple[str, str]] = Counter()
    for line, row in rows:
        instruction, output = row.get("instruction"), text_of(row.get("output"))
        if not isinstance(instruction, str):
            raise InputError("must be the prompt's text", file=path, line=line, field="instruction")
        if output is None:
            raise InputError("must be the answer's text", file=path, line=line, field="output")
        model = row.get("generator")
        if not isinstance(model, str) or not model.strip():
            raise InputError("must be the model's name", file=path, line=line, field="generator")
        prompt_id = instruction_id(instruction)
        sample = seen[model, prompt_id]
        seen[model, prompt_id] += 1
        yield (
            line,
            {"prompt_id": prompt_id, "prompt": instruction, "model": model, "response": output, "sample": sample},
        )


def instruction_id(instruction: str) -> str:
    """`alpaca-` and 48 bits of the instruction's blake2b: 805 prompts collide once in a thousand million sets."""
    digest = hashlib.blake2b(instruction.encode("utf-8", "surrogatepass"), digest_size=6)
    return f"alpaca-{digest.hexdigest()}"
