"""Rows are told apart by content, and unreadable files end in one line."""

import gzip
import json
import os
import threading
from pathlib import Path

import pytest

from distq_tui.errors import InputError
from distq_tui.rows import read_rows

ROWS = [{"id": 1, "text": "a\u2028b"}, {"id": 2, "text": "文"}]
LINES = "".join(json.dumps(row, ensure_ascii=False) + "\n\n" for row in ROWS).encode()


@pytest.mark.parametrize(
    ("content", "numbers"),
    [
        (LINES, [1, 3]),
        (b"\xef\xbb\xbf" + LINES, [1, 3]),
        (gzip.compress(LINES), [1, 3]),
        (json.dumps(ROWS, indent=1).encode(), [1, 2]),
        (gzip.compress(json.dumps(ROWS).encode()), [1, 2]),
    ],
    ids=["jsonl", "byte order mark", "gzip", "array", "gzipped array"],
)
def test_rows_come_with_their_numbers_whatever_the_suffix(tmp_path: Path, content: bytes, numbers: list[int]) -> None:
    path = tmp_path / "rows.txt"
    path.write_bytes(content)
    assert list(read_rows(path)) == list(zip(numbers, ROWS, strict=True))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"a": 1}\n{"a": }\n', ":2: not JSON: Expecting value"),
        (b'{"a": 1}\n[1]\n', ":2: each line must be a JSON object"),
        (b"[{}, 3]", ": row 2 of the array must be an object"),
        (b'\n[{},\n"x\n', ":3: not JSON: Invalid control character at"),
        (b'{"a": 1}\n{"a": [NaN]}\n', ":2: not JSON: NaN is no finite number"),
        (b'[{"NaN":\n "Infinity \\" NaN"},\n{"a": -Infinity}]', ":3: not JSON: -Infinity is no finite number"),
        (b'{"a": 1e308}\n\n{"a": 1e309}\n', ":3: not JSON: 1e309 is no finite number"),
        (b'{"a": "\xff"}', ":1: not UTF-8 text (invalid start byte)"),
        (LINES * 9000 + b'{"a": "\xe6\x96"}\n', ":36001: not UTF-8 text (invalid continuation byte)"),
        (gzip.compress(b"[1,\r\n2,\n\xed\xa0\x80]"), ":3: not UTF-8 text (invalid continuation byte)"),
        (
            gzip.compress(LINES)[:-9],
            ": cannot be read (Compressed file ended before the end-of-stream marker was reached)",
        ),
        (
            gzip.compress(b"")[:10] + b"\xff" * 40,
            ": cannot be read (Error -3 while decompressing data: invalid block type)",
        ),
        (b"[" * 100_000, ": not JSON that can be read: a number too long, or nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", ": not JSON that can be read: a number too long, or nested too deeply"),
    ],
    ids=[
        "json",
        "no object",
        "array",
        "array line",
        "nan",
        "infinity",
        "too large",
        "utf-8",
        "late utf-8",
        "gzipped utf-8",
        "cut gzip",
        "bad gzip",
        "deep",
        "long number",
    ],
)
def test_a_bad_file_is_told_in_one_line(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        list(read_rows(path))
    assert str(caught.value) == f"{path}{told}"


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        list(read_rows(tmp_path / "none.jsonl"))
    assert str(caught.value) == f"{tmp_path / 'none.jsonl'}: No such file or directory"


def test_a_pipe_that_is_no_text_is_told_without_its_line(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"{}\n\xff\n",))
    writer.start()
    with pytest.raises(InputError, match=r"pipe: not UTF-8 text"):
        list(read_rows(path))
    writer.join()
