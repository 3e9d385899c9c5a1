"""Other programs: which are taken, what they are given, and that nothing of it stays."""

from __future__ import annotations

import stat
import sys

import pytest

from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.screens.detail import DetailScreen
from distq_tui.tui.text import outside

TOOLS = outside.CLIPBOARDS


def program(path, body):
    path.write_text(f"#!{sys.executable}\nimport os, sys\n{body}\n")
    path.chmod(0o700)
    return str(path)


@pytest.fixture
def tools(tmp_path, monkeypatch):
    """A PATH with nothing but what a test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_the_environment_names_the_pager_and_less_is_the_fall_back(tools):
    assert outside.pager({"PAGER": "most"}) == []
    less = program(tools / "less", "")
    assert outside.pager({}) == ["less"]
    assert outside.pager({"PAGER": f"'{less}' -S"}) == [less, "-S"]
    assert outside.pager({"PAGER": "'"}) == ["less"]
    assert outside.editor({}) == []
    assert outside.editor({"VISUAL": "gone", "EDITOR": less}) == [less]


def test_a_program_gets_a_harmless_file_of_the_users_own_that_is_gone_after(tmp_path):
    seen = tmp_path / "seen"
    reader = program(
        tmp_path / "p", f"open({str(seen)!r}, 'w').write(sys.argv[1] + chr(10) + open(sys.argv[1]).read())"
    )
    outside.show([reader], "a\x1b[2J\ud800b")
    name, text = seen.read_text(encoding="utf-8").split("\n")
    assert text == "a␛[2J\ufffdb"
    with outside.handed("x") as path:
        assert stat.S_IMODE(path.stat().st_mode) == 0o400
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not path.exists()
    assert name != str(path)


def test_the_clipboard_tool_is_one_that_works_here(tools, tmp_path, monkeypatch):
    monkeypatch.setattr(outside, "CLIPBOARDS", TOOLS)
    kept = tmp_path / "kept"
    program(tools / "wl-copy", "sys.exit(1)")
    program(tools / "xclip", f"open({str(kept)!r}, 'wb').write(sys.stdin.buffer.read())")
    assert outside.copy_by_tool("的\ud800", {}) == ""
    assert outside.copy_by_tool("的\ud800", {"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}) == "xclip"
    assert kept.read_bytes() == "的?".encode()


def test_a_file_is_the_last_resort(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert outside.terminal_copies("x", {"TERM": "xterm"})
    assert not outside.terminal_copies("x", {"TERM": "linux"})
    assert not outside.terminal_copies("的" * outside.OSC52_LIMIT, {"TERM": "xterm"})
    path = outside.copy_to_file("a\ud800")
    assert path.read_bytes() == b"a?"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_p_and_w_hand_the_answer_over_when_no_run_waits(make_app, house, wait_until, monkeypatch):
    given = []
    monkeypatch.setattr(outside, "show", lambda command, text: given.append((command, text)))
    monkeypatch.setattr(outside, "pager", lambda env: ["pager"])
    monkeypatch.setattr(outside, "editor", lambda env: ["editor"])
    app = make_app()
    async with app.run_test(size=(120, 30)) as pilot:
        monkeypatch.setattr(app._driver, "suspend_application_mode", lambda: None)
        monkeypatch.setattr(type(app._driver), "can_suspend", True)
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes)
        house.run.start("alpha-chat")
        house.run.answer("alpha-chat", "The answer.")
        await wait_until(pilot, lambda: app.live.state.done == 1)
        await pilot.press("home", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, DetailScreen))
        await pilot.press("p")
        assert not given  # it would hold the run up
        house.run.finish()
        await wait_until(pilot, lambda: app.live.over)
        await pilot.press("p", "w")
        await wait_until(pilot, lambda: len(given) == 2)
    (pager, answer), (editor, transcript) = given
    assert (pager, answer, editor) == (["pager"], "The answer.", ["editor"])
    assert "[user]\nQuestion 1: who made you?" in transcript
    assert transcript.endswith("[answer]\nThe answer.\n")
