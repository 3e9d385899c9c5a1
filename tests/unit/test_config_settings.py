"""Settings: flags before environment before `.env` before the config file before defaults."""

from pathlib import Path

import pytest

from distq_tui.config.paths import default_paths
from distq_tui.config.settings import load_settings
from distq_tui.errors import InputError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def config(folder):
    file = folder / "c.toml"
    file.write_text('database = "toml.db"\n')
    return file


def test_each_source_of_the_database_beats_the_next(folder, config):
    flag = Path("flag.db")
    env = {"DISTQ_TUI_DB": "env.db"}
    assert load_settings(config=config, env={}).paths.database == folder / "toml.db"
    (folder / ".env").write_text("DISTQ_TUI_DB=dotenv.db\n")
    assert load_settings(config=config, env={}).paths.database == Path("dotenv.db")
    assert load_settings(config=config, env=env).paths.database == Path("env.db")
    assert load_settings(config=config, env=env, database=flag).paths.database == flag


def test_without_any_source_the_file_lies_in_the_data_folder(folder):
    env = {"DISTQ_TUI_DATA_DIR": "/d", "DISTQ_TUI_CONFIG": ""}
    assert load_settings(env=env).paths.database == Path("/d/distq.db")


def test_an_empty_variable_is_no_setting(folder, config):
    (folder / ".env").write_text("DISTQ_TUI_DB=dotenv.db\n")
    assert load_settings(config=config, env={"DISTQ_TUI_DB": ""}).paths.database == Path("dotenv.db")
    assert load_settings(env={"DISTQ_TUI_CONFIG": ""}).models == ()


def test_the_config_file_by_flag_environment_and_dotenv(folder, config):
    other = folder / "other.toml"
    other.write_text('theme = "other"\n')
    config.write_text('theme = "flag"\n')
    env = {"DISTQ_TUI_CONFIG": str(other)}
    assert load_settings(env=env).theme == "other"
    assert load_settings(env=env, config=config).theme == "flag"
    (folder / ".env").write_text(f"DISTQ_TUI_CONFIG={other}\n")
    assert load_settings(env={}).theme == "other"
    assert load_settings(env={"DISTQ_TUI_CONFIG": str(config)}).theme == "flag"


@pytest.mark.parametrize("how", ["flag", "env", "dotenv"])
def test_a_named_config_must_exist(folder, how):
    missing = folder / "missing.toml"
    if how == "dotenv":
        (folder / ".env").write_text(f"DISTQ_TUI_CONFIG={missing}\n")
    with pytest.raises(InputError) as caught:
        load_settings(
            config=missing if how == "flag" else None, env={"DISTQ_TUI_CONFIG": str(missing)} if how == "env" else {}
        )
    assert str(caught.value) == f"{missing}: No such file or directory"


def test_the_default_config_need_not_exist(folder):
    settings = load_settings(env={})
    assert (settings.models, settings.theme, dict(settings.keymap)) == ((), None, {})


def test_what_the_file_says_is_in_the_settings(folder, config):
    config.write_text(
        'theme = "nord"\ndatabase = "~/d.db"\nprice_file = "p.json"\n[keymap]\nquit = "ctrl+q"\n'
        '[[models]]\nname = "m"\nprovider = "openai"\nkey = "env:K"\nbase_url = "http://127.0.0.1:1/v1/"\n'
        'served = ["m-1"]\nrole = "control"\nsamples = 2\nsystem = "Be brief."\nlabel = "L"\nfamily = "qwen"\n'
        '[[prices]]\nmodel = "m"\ninput_cost_per_token = 1e-6\noutput_cost_per_token = 2e-6\n'
    )
    (folder / "p.json").write_text("{}")
    settings = load_settings(config=config, env={})
    (model,) = settings.models
    assert (model.title, model.base_url, model.served, model.samples) == ("L", "http://127.0.0.1:1/v1", ("m-1",), 2)
    assert (model.role, model.system, model.key, model.family) == ("control", "Be brief.", "env:K", "qwen")
    assert settings.paths.database == Path("~/d.db").expanduser()
    assert (settings.theme, settings.keymap["quit"]) == ("nord", "ctrl+q")
    assert settings.prices.of(model).output == 2e-6


def test_a_dotenv_that_is_no_text_is_one_line(folder):
    (folder / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"\.env: not UTF-8 text$"):
        load_settings(env={})


def test_a_folder_called_dotenv_is_none(folder):
    (folder / ".env").mkdir()
    assert load_settings(env={}).models == ()


def test_the_xdg_folders_are_used(monkeypatch, tmp_path):
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    paths = default_paths({})
    assert paths.config == tmp_path / "CONFIG" / "distq-tui" / "config.toml"
    assert paths.data == tmp_path / "DATA" / "distq-tui"
    assert paths.cache == tmp_path / "CACHE" / "distq-tui"
    assert paths.database == paths.data / "distq.db"


def test_overrides_may_start_at_home():
    paths = default_paths({"DISTQ_TUI_DB": "~/x.db", "DISTQ_TUI_CACHE_DIR": "/c"})
    assert paths.database == Path.home() / "x.db"
    assert paths.cache == Path("/c")
