"""What is no regular file is neither read whole nor replaced."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from distq_tui.errors import InputError
from distq_tui.files import check_apart, check_regular
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


def test_a_file_stays_under_whatever_name_it_is_to_be_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    kept, other = tmp_path / "kept.json", tmp_path / "other.json"
    kept.write_text("x")
    other.write_text("x")
    (tmp_path / "soft.json").symlink_to("kept.json")
    (tmp_path / "hard.json").hardlink_to(kept)
    (tmp_path / "up").mkdir()
    for name in ("kept.json", "./up/../kept.json", "soft.json", "hard.json", kept):
        with pytest.raises(InputError, match=r"json: is an input; name another file to write to$"):
            check_apart(Path(name), [other, kept], called="an input")
    check_apart(Path("new.json"), [other, kept], called="an input")
    check_apart(other, [kept], called="an input")


def test_a_file_that_is_not_there_yet_is_told_by_its_place(tmp_path):
    (tmp_path / "soft").symlink_to("later")
    for name in ("later", "soft"):
        with pytest.raises(InputError, match=r"is the database"):
            check_apart(tmp_path / name, [tmp_path / "later"], called="the database")
    check_apart(tmp_path / "nul\0", [tmp_path / "later"], called="the database")


def test_a_device_that_is_read_may_be_written_to():
    check_apart(Path(os.devnull), [Path(os.devnull)], called="an input")
