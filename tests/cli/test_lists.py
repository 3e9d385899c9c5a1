"""Commands that list: data on stdout, one line an entry, `--json` twins."""

import json

import pytest

from distq_tui.prompts import list_shipped
from distq_tui.store import Store


@pytest.fixture
def config(folder):
    (folder / "c.toml").write_text(
        '[[models]]\nname = "m"\nprovider = "openai"\nbase_url = "http://127.0.0.1:9/v1"\nkey = "env:SOME_KEY"\n'
        '[[models]]\nname = "n"\nprovider = "openai"\nbase_url = "http://127.0.0.1:9/v1"\nlabel = "N \\u001b[31m"\n'
        '[[models]]\nname = "persona-unrelated"\nprovider = "demo"\nlabel = "mine"\n'
    )
    return ("--config", "c.toml")


def test_locate_is_name_and_path_a_line(cli, folder):
    ended = cli("locate", "--db", "x y.db")
    assert (ended.code, ended.err) == (0, "")
    named = dict(line.split(" ", 1) for line in ended.out.splitlines())
    assert list(named) == ["config", "data", "cache", "database"]
    assert named["database"] == "x y.db"
    assert named["config"].endswith("config.toml")
    assert not (folder / "x y.db").exists()


@pytest.mark.parametrize("flags", [(), ("--db", "empty.db"), ("--db", "made.db")])
def test_no_database_or_an_empty_one_is_no_session(cli, folder, flags):
    (folder / "empty.db").touch()
    Store(folder / "made.db").close()
    ended = cli("sessions", *flags)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.endswith(": no sessions yet\n")
    assert cli("sessions", *flags, "--json").json == []
    assert (folder / "empty.db").stat().st_size == 0, "nothing is written by reading"


def test_a_database_that_is_named_and_missing_is_told(cli, folder):
    ended = cli("sessions", "--db", "none.db")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "none.db: no such database; `distq-tui run` makes it\n"


def test_sessions_are_listed_newest_first(cli, folder):
    for seed in (1, 2):
        cli("run", "plan.toml", "--db", "t.db", "--seed", seed, "--max-requests", "1")
    ended = cli("sessions", "--db", "t.db")
    rows = cli("sessions", "--db", "t.db", "--json").json
    assert [row["seed"] for row in rows] == [2, 1]
    for line, row in zip(ended.out.splitlines(), rows, strict=True):
        assert line.startswith(f"{row['id']}  {row['created_at']}  budget  ")
        assert line.endswith(f"{row['done']}/4 done, {row['hits']} cached, 0 failed  small")


def test_the_shipped_sets(cli):
    ended = cli("prompts")
    assert [line.split()[0] for line in ended.out.splitlines()] == [shipped.name for shipped in list_shipped()]
    rows = cli("prompts", "--json").json
    assert {"identity-en", "identity-zh", "similarity", "clean"} <= {row["name"] for row in rows}
    assert all(row["count"] > 0 and row["digest"] and row["licence"] for row in rows)


def test_a_file_is_checked(cli, folder):
    ended = cli("prompts", "check", "own.jsonl")
    assert ended.code == 0
    assert ended.out.startswith("own.jsonl: own, 2 prompts, digest ")
    assert cli("prompts", "check", "own.jsonl", "--json").json["prompts"] == 2
    (folder / "t.yaml").write_text("set: t\ntemplates:\n  - {id: a, language: en, text: 'Say {query}'}\n")
    assert cli("prompts", "check", "t.yaml", "--json").json["templates"] == 1


def test_models_are_the_config_s_and_then_those_that_need_nothing(cli, config, monkeypatch):
    rows = cli("models", "--json", *config).json
    assert [row["name"] for row in rows[:3]] == ["m", "n", "persona-unrelated"]
    assert [row["key_state"] for row in rows[:3]] == ["unset", "none", "none"]
    assert "persona-consistent" in [row["name"] for row in rows]
    monkeypatch.setenv("SOME_KEY", "sk-live-4242")
    ended = cli("models", *config)
    lines = ended.out.splitlines()
    assert len(lines) == len(rows)
    assert lines[0].split() == ["m", "openai", "http://127.0.0.1:9/v1", "env:SOME_KEY", "set"]
    assert "sk-live" not in ended.out
    assert "\x1b" not in ended.out


def test_a_persona_works(cli, folder):
    ended = cli("models", "test", "persona-unrelated")
    assert ended.code == 0
    assert ended.out.startswith("persona-unrelated: works: demo:")
    found = cli("models", "test", "persona-unrelated", "--json").json
    assert (found["works"], found["listed"]) == (True, True)


def test_a_server_that_is_not_there_does_not_work(cli, config):
    ended = cli("models", "test", "N \x1b[31m", *config)
    assert ended.code == 1
    assert ended.out.count("\n") == 1
    assert ": does not work: http://127.0.0.1:9/v1/models in " in ended.out
    assert "\x1b" not in ended.out
    assert cli("models", "--json", "test", "n", *config).json["works"] is False


def test_a_key_that_is_not_set_is_told_before_asking(cli, config):
    ended = cli("models", "test", "m", *config)
    assert (ended.code, ended.err) == (2, "m: key: env:SOME_KEY is not set\n")


def test_an_unknown_model_is_told_with_the_known_ones(cli, config):
    ended = cli("models", "test", "nobody", *config)
    assert ended.code == 2
    assert ended.err.startswith("no model `nobody` in c.toml (known: m, N ")
    assert ended.err.count("\n") == 1


def test_json_lines_are_plain_ascii(cli, folder):
    (folder / "plan.toml").write_text((folder / "plan.toml").read_text().replace("small", "größe"))
    cli("run", "plan.toml", "--db", "t.db", "--max-requests", "0")
    ended = cli("sessions", "--db", "t.db", "--json")
    assert ended.out.isascii()
    assert json.loads(ended.out)[0]["name"] == "größe"
    assert cli("sessions", "--db", "t.db").out.rstrip().endswith("größe")
