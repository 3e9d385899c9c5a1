"""A path as it is told: whole, and short where it is the user's own."""

from pathlib import Path

import pytest

from distq_tui.config.paths import told_path, user_path


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("x.html", "~/reports/x.html"),
        ("../x.html", "~/x.html"),
        ("/home/anna/a/x.html", "~/a/x.html"),
        ("/home/anna", "~"),
        ("/home/annabel/x.html", "/home/annabel/x.html"),
        ("/srv/x.html", "/srv/x.html"),
    ],
)
def test_a_path_is_told_whole(monkeypatch, path, told):
    monkeypatch.setenv("HOME", "/home/anna")
    monkeypatch.setattr("os.getcwd", lambda: "/home/anna/reports")
    assert told_path(Path(path)) == told
    assert user_path(told) == Path(path).resolve()


def test_a_root_that_is_home_stays_a_root(monkeypatch):
    monkeypatch.setenv("HOME", "/")
    assert told_path(Path("/srv/x")) == "/srv/x"
