"""What is no regular file is neither read whole nor replaced."""

from __future__ import annotations

import os
import stat

import pytest

from distq_tui.errors import InputError
from distq_tui.files import check_regular
from distq_tui.report.atomic import write_text


def test_a_file_or_nothing_may_stand_there(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to("file")
    for name in ("file", "link", "missing", "no/folder", "x" * 5000, "nul\0"):
        check_regular(tmp_path / name)


def test_a_pipe_is_refused_and_left_alone(tmp_path):
    pipe = tmp_path / "pipe.md"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match=r"pipe\.md: is a device or a pipe; name a file$"):
        write_text(pipe, "text")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert [path.name for path in tmp_path.iterdir()] == ["pipe.md"]


def test_a_device_behind_a_link_is_refused_and_so_is_a_folder(tmp_path):
    link = tmp_path / "link.md"
    link.symlink_to(os.devnull)
    with pytest.raises(InputError, match="is a device or a pipe"):
        write_text(link, "text")
    assert link.is_symlink()
    with pytest.raises(InputError, match="is a folder"):
        check_regular(tmp_path)
