"""A true sibling of the shipped model: the same weights, kept in another quantisation. Importing this needs `gguf`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from distq_tui.providers.local.models import Quantisation

_FILE_TYPES = {"Q4_0": gguf.LlamaFileType.MOSTLY_Q4_0, "Q8_0": gguf.LlamaFileType.MOSTLY_Q8_0}
_SHARE_READ, _SHARE_QUANTISED = 0.35, 0.95
"""How much of the time is gone when the source is read, and when the last tensor is quantised (measured)."""

_READS = 247_000
"""How often a reader looks into the shipped file: twice for each of its 98,000 tokens and merges."""

_TOLD_EVERY = 4096
"""Looks from one telling of progress to the next."""


class _Reader(gguf.GGUFReader):
    """Tells how far it is while it reads the vocabulary, and reads from a plain array.

    A `numpy.memmap` runs Python code for every slice of it: 3.2 s for the shipped vocabulary, against 1.2 s.
    """

    def __init__(self, source: Path, progress: Callable[[float], None]) -> None:
        self._progress = progress
        self._looks = 0
        super().__init__(source)

    @property
    def data(self) -> Any:
        """The file's bytes, shape [size]."""
        self._looks += 1
        if self._looks % _TOLD_EVERY == 0:
            self._progress(min(1.0, self._looks / _READS))
        return self._bytes

    @data.setter
    def data(self, mapped: Any) -> None:
        self._bytes = np.asarray(mapped)


def requantise(source: Path, target: Path, quantisation: Quantisation, progress: Callable[[float], None]) -> None:
    """Write the weights of `source` in another quantisation to `target`.

    Matrices that are stored in 4 bits change; embeddings (8 bits) and norms (32 bits) are copied. 3-5 s, about 250 MB.

    Args:
        progress: told the share done, from 0 to 1, ascending.

    Raises:
        OSError: `target` can't be written.
    """
    wanted = gguf.GGMLQuantizationType[quantisation]
    progress(0.0)
    reader = _Reader(source, lambda share: progress(_SHARE_READ * share))
    writer = gguf.GGUFWriter(target, arch=reader.fields["general.architecture"].contents())
    _copy_fields(reader, writer, int(_FILE_TYPES[quantisation]))
    progress(_SHARE_READ)
    for number, tensor in enumerate(reader.tensors, start=1):
        if tensor.tensor_type == gguf.GGMLQuantizationType.Q4_1:
            values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
            writer.add_tensor(tensor.name, gguf.quants.quantize(values, wanted), raw_dtype=wanted)
        else:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
        progress(_SHARE_READ + (_SHARE_QUANTISED - _SHARE_READ) * number / len(reader.tensors))
    try:
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
    finally:
        writer.close()
    progress(1.0)


def _copy_fields(reader: Any, writer: Any, file_type: int) -> None:
    """Every field but the ones that the writer adds by itself."""
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name == "general.architecture":
            continue
        value = file_type if field.name == "general.file_type" else field.contents()
        sub_type = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, value, field.types[0], sub_type)
