"""The config file that the window writes to: what was there stays, and no key gets in."""

from __future__ import annotations

import dataclasses

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.config.schema import comments_in
from distq_tui.config.settings import load_settings
from distq_tui.errors import InputError
from distq_tui.tui.house.own_config import add_model

SPEC = ModelSpec("glm-4", "openai", base_url="https://api.example.com/v1", key="env:GLM_KEY", family="glm")
THERE = """\
# mine, by hand
theme = "nord"  # dark

[[models]]
name = "first"
provider = "demo"

[keymap]
"app.theme" = "f9"
"""


def test_a_file_is_made_where_there_is_none(tmp_path):
    path = tmp_path / "new" / "config.toml"
    add_model(path, SPEC)
    assert load_settings(config=path, env={}).models == (SPEC,)


def test_comments_and_tables_stay_and_a_link_stays_a_link(tmp_path):
    real, path = tmp_path / "dotfiles.toml", tmp_path / "config.toml"
    real.write_text(THERE)
    real.chmod(0o600)
    path.symlink_to(real)
    add_model(path, SPEC)
    assert path.is_symlink()
    assert real.read_text().startswith(THERE.strip())
    assert real.stat().st_mode & 0o777 == 0o600
    settings = load_settings(config=path, env={})
    assert [model.title for model in settings.models] == ["first", "glm-4"]
    assert settings.keymap == {"app.theme": "f9"}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["config.toml", "dotfiles.toml"]


SHORT = ModelSpec("m1", "demo")
LONG = ModelSpec("a-model-with-a-long-name", "openai", base_url="https://api.example.com/v1", served=("one", "two"))
INLINE = """\
# mine
models = [  # two of them
    { name = "x", provider = "demo", label = "# no comment ]" },
    # the slow one
    { name = "y", provider = "demo", served = ["y-1", "y-2"] },
]
theme = "nord"

[keymap]
"app.theme" = "f9"
"""


@pytest.mark.parametrize(
    ("there", "before"),
    [("", []), (THERE, ["first"]), (INLINE, ["# no comment ]", "y"]), ("models = []\n", [])],
    ids=["empty", "tables", "inline", "no model"],
)
@pytest.mark.parametrize("first", [SHORT, LONG], ids=["short", "long"])
def test_models_are_added_one_after_another(tmp_path, there, before, first):
    path = tmp_path / "config.toml"
    path.write_text(there)
    added = [first, dataclasses.replace(SHORT, name="m2"), dataclasses.replace(LONG, name="another-long-name")]
    for spec in added:
        add_model(path, spec)
    settings = load_settings(config=path, env={})
    assert [model.title for model in settings.models] == [*before, *(spec.title for spec in added)]
    assert settings.models[-3:] == tuple(added)
    assert comments_in(path.read_text()) == comments_in(there)
    assert settings.keymap == ({"app.theme": "f9"} if there.endswith('"f9"\n') else {})


@pytest.mark.parametrize(
    ("there", "spec", "told"),
    [
        (THERE, ModelSpec("first", "openai"), "already"),
        ("", ModelSpec("m", "openai", key="sk-abcdef0123456789"), "never the key itself"),
        ("", ModelSpec("m\ud800", "openai"), "no file can"),
        ("theme = ", SPEC, "not TOML"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(tmp_path, there, spec, told):
    path = tmp_path / "config.toml"
    path.write_text(there)
    with pytest.raises(InputError, match=told) as caught:
        add_model(path, spec)
    assert "sk-abc" not in str(caught.value)
    assert path.read_text() == there
