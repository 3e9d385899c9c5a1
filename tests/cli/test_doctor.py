"""`doctor`: a line a check, 1 where something that is needed is not right; nothing is called and nothing written."""

import importlib.metadata

import pytest

from distq_tui.cli import doctor


def lines_of(ended):
    return [(line[:4].strip(), line[6:18].strip(), line[19:]) for line in ended.out.splitlines()]


def test_all_is_well(cli, folder):
    ended = cli("doctor", "--db", "t.db")
    assert (ended.code, ended.err) == (0, "")
    checks = lines_of(ended)
    assert {state for state, _, _ in checks} == {"ok"}
    assert [name for _, name, _ in checks][:2] == ["distq-tui", "textual"]
    assert ("ok", "database", "t.db (made at the first run)") in checks
    assert not (folder / "t.db").exists()


def test_the_database_is_counted(cli, folder):
    cli("run", "plan.toml", "--db", "t.db", "--max-requests", "0")
    assert ("ok", "database", "t.db, 1 sessions") in lines_of(cli("doctor", "--db", "t.db"))


def test_a_database_that_is_none_fails(cli, folder):
    ended = cli("doctor", "--db", "plan.toml")
    assert ended.code == 1
    assert ("FAIL", "database", "plan.toml: is not a SQLite database; name another file") in lines_of(ended)


def test_keys_are_looked_up_and_not_shown(cli, folder, monkeypatch):
    (folder / "c.toml").write_text(
        '[[models]]\nname = "a"\nprovider = "openai"\nkey = "env:A_KEY"\n'
        '[[models]]\nname = "b"\nprovider = "openai"\nkey = "env:B_KEY"\n[[models]]\nname = "c"\nprovider = "demo"\n'
    )
    monkeypatch.setenv("A_KEY", "sk-live-4242")
    ended = cli("doctor", "--config", "c.toml")
    assert ended.code == 1
    assert lines_of(ended)[-3:] == [
        ("ok", "model", "a: env:A_KEY is set"),
        ("FAIL", "model", "b: env:B_KEY is not set"),
        ("ok", "model", "c: needs no key"),
    ]
    assert "sk-live" not in ended.out


@pytest.fixture
def no_textual(monkeypatch):
    def version(name):
        if name == "textual":
            raise importlib.metadata.PackageNotFoundError(name)
        return "1"

    monkeypatch.setattr(doctor, "version", version)


def test_a_package_that_is_missing_fails(cli, folder, no_textual):
    ended = cli("doctor")
    assert ended.code == 1
    assert ("FAIL", "textual", "not installed; install distq-tui again") in lines_of(ended)
