"""TOML against a schema: the line, the key path, and what would be right."""

from pathlib import Path

import pytest

from distq_tui.config import schema
from distq_tui.config.file import ConfigFile, read_config
from distq_tui.config.schema import key_path, line_of, location_of, read_toml
from distq_tui.errors import InputError

SECRET = "sk-live-4242"


@pytest.fixture
def told(tmp_path):
    def line(content):
        file = tmp_path / "c.toml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(InputError) as caught:
            read_config(file)
        return str(caught.value).removeprefix(f"{tmp_path}/")

    return line


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (("seed",), "seed"),
        (("models", 2, "provider"), "models[2].provider"),
        (("models", 0, "served", 1), "models[0].served[1]"),
        (("budget", "max_cost"), "budget.max_cost"),
        ((), ""),
    ],
)
def test_key_paths_and_locations_are_each_other_s_inverse(location, path):
    assert key_path(location) == path
    assert location_of(path) == location


TEXT = '''\
name = "plan"
seed = 3
[params]
max_tokens = 5
[[models]]
name = "a"
system = """
name = "not a key"
[[models]]
"""
provider = "demo"
[[models]]  # the second
provider = "demo"
"name" = "b"
  [budget]
  max_cost = 1
[[prompts]]
set = "x"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("name", 1),
        ("seed", 2),
        ("params.max_tokens", 4),
        ("params.top_p", 3),
        ("models[0].name", 6),
        ("models[0].provider", 11),
        ("models[1].provider", 13),
        ("models[1].name", 14),
        ("models[1].role", 12),
        ("budget.max_cost", 16),
        ("budget", 15),
        ("prompts[0].set", 18),
        ("prompts[1].set", None),
        ("ice.count", None),
        ("label", None),
    ],
)
def test_the_line_of_a_key_or_else_of_its_table(path, line):
    assert line_of(TEXT, location_of(path)) == line


def test_inline_tables_give_the_line_of_the_outer_key():
    assert line_of('seed = 1\nmodels = [{name = "a", provider = 3}]\n', location_of("models[0].provider")) == 2


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('theme = "x"\n= 3', "c.toml:2: not TOML: Invalid statement"),
        ("theme = ", "c.toml:1: not TOML: Invalid value"),
        ('theme = "a\n', "c.toml:1: not TOML: Illegal character '\\n'"),
        ("theme = 1\ntheme = 2\n", "c.toml:2: not TOML: Cannot overwrite a value"),
        (b"theme = '\xff'", "c.toml: not UTF-8 text"),
        ("a = " + "[" * 9000, "c.toml: not TOML that can be read: a number too long, or nested too deeply"),
        ("a = " + "9" * 9000, "c.toml: not TOML that can be read: a number too long, or nested too deeply"),
        ("tehme = 'x'", "c.toml:1: tehme: unknown key; did you mean `theme`?"),
        (
            "zzz = 1",
            "c.toml:1: zzz: unknown key; known here: database, theme, price_file, models, prices, keymap",
        ),
        (
            "[[models]]\nname = 'a'\nprovider = 'demo'\nserve = ['x']",
            "c.toml:4: models[0].serve: unknown key; did you mean `served`?",
        ),
        ("[keymap]\nquit = 3", "c.toml:2: keymap.quit: input should be a valid string (got 3)"),
        ("\ntheme = 3", "c.toml:2: theme: input should be a valid string (got 3)"),
        ("theme = ''", "c.toml:1: theme: string should have at least 1 character (got '')"),
        (f"theme = ['{SECRET}']", "c.toml:1: theme: input should be a valid string"),
        ("[[models]]\nname = 'a'", "c.toml:1: models[0].provider: is missing"),
        (
            "[[models]]\nname = 'a'\nprovider = 'opneai'",
            "c.toml:3: models[0].provider: input should be 'openai', 'anthropic', 'local', 'replay' or 'demo' "
            "(got 'opneai')",
        ),
        (
            "[[models]]\nname = 'a'\nprovider = 'demo'\nserved = ['a', 3]",
            "c.toml:4: models[0].served[1]: input should be a valid string (got 3)",
        ),
        (
            "[[prices]]\nmodel = 'a'\ninput_cost_per_token = inf\noutput_cost_per_token = 1",
            "c.toml:3: prices[0].input_cost_per_token: input should be a finite number (got inf)",
        ),
        (
            "[[prices]]\nmodel = 'a'\ninput_cost_per_token = true\noutput_cost_per_token = 1",
            "c.toml:3: prices[0].input_cost_per_token: input should be a valid number (got True)",
        ),
    ],
)
def test_the_line_that_each_fault_gives(told, content, line):
    assert told(content) == line


@pytest.mark.parametrize(
    "content",
    [
        f"[[models]]\nname = 'a'\nprovider = 'openai'\nkey = '{SECRET}'",
        f"[[models]]\nname = 'a'\nprovider = 'openai'\nkey = ['{SECRET}']",
        f"[models]\nname = 'a'\nprovider = 'openai'\nkey = '{SECRET}'",
        f"models = {{key = '{SECRET}'}}",
        f"[[models]]\nname = 'a'\nprovider = 'openai'\napi_key = '{SECRET}'",
        f"[[models]]\nname = {{key = '{SECRET}'}}\nprovider = 'openai'",
        f"[[models]]\nname = 'a'\nprovider = 'openai'\nbase_url = 'https://user:{SECRET}@example.com/v1'",
        f"[[models]]\nname = 'a'\nprovider = 'openai'\nbase_url = 'https://example.com/v1?key={SECRET}'",
        f"[[models]]\nname = 'a'\nprovider = 'openai'\nbase_url = 'ftp://user:{SECRET}@example.com/v1'",
        f"[[models]]\nname = 'a'\nprovider = 'openai'\nbase_url = '//user:{SECRET}@example.com/v1'",
    ],
)
def test_a_secret_is_never_repeated(told, content):
    line = told(content)
    assert line.startswith("c.toml:")
    assert SECRET not in line


def test_a_long_value_is_cut(told):
    assert len(told(f"[[models]]\nname = 'a'\nprovider = '{'x' * 10_000}'")) < 250


def test_missing_files_and_folders_are_one_line(tmp_path):
    with pytest.raises(InputError, match=r"none\.toml: No such file or directory$"):
        read_config(tmp_path / "none.toml")
    with pytest.raises(InputError, match=r": Is a directory$"):
        read_config(tmp_path)


def test_a_file_without_an_end_is_read_so_far_and_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(schema, "_LONGEST", 1000)
    file = tmp_path / "c.toml"
    file.write_text("#" * 1000)
    assert len(read_toml(file, ConfigFile)[1]) == 1000
    with pytest.raises(InputError, match=r"/dev/zero: holds more than 1,000 characters$"):
        read_config(Path("/dev/zero"))


def test_a_byte_order_mark_is_no_content(tmp_path):
    file = tmp_path / "c.toml"
    file.write_bytes(b"\xef\xbb\xbftheme = 'x'\r\n")
    content, text = read_toml(file, ConfigFile)
    assert content.theme == "x"
    assert text.startswith("theme")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://api.example.com/v1/", "https://api.example.com/v1"),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
    ],
)
def test_base_urls(tmp_path, url, kept):
    file = tmp_path / "c.toml"
    file.write_text(f"[[models]]\nname = 'a'\nprovider = 'openai'\nbase_url = '{url}'")
    assert read_config(file).models[0].base_url == kept
