"""The page of keys is what the bindings give, every key has an id, and an id in the config file moves its key."""

from __future__ import annotations

import inspect
import pkgutil
from collections import Counter
from importlib import import_module
from pathlib import Path

from textual.binding import Binding

import distq_tui.tui
from distq_tui.config.settings import load_settings
from distq_tui.tui.modals.help import HelpModal
from distq_tui.tui.reference import bindings, markdown

PAGE = Path(__file__).parents[2] / "docs" / "window.md"


def declared():
    for module in pkgutil.walk_packages(distq_tui.tui.__path__, "distq_tui.tui."):
        for _, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
            if kind.__module__ == module.name:
                yield from ((kind, binding) for binding in vars(kind).get("BINDINGS", ()))


def test_the_page_is_what_the_bindings_give():
    assert PAGE.read_text() == markdown(), "run: python -m distq_tui.tui.reference > docs/window.md"


def test_every_key_has_an_id_of_its_own_and_a_word():
    found = list(declared())
    for kind, binding in found:
        assert isinstance(binding, Binding), kind
        assert binding.id, (kind, binding)
        assert binding.description, (kind, binding)
    twice = [name for name, count in Counter(binding.id for _, binding in found).items() if count > 1]
    assert twice == [], "one id, two keys: neither could be moved alone"
    assert len(list(bindings())) == len(found)


async def test_a_key_of_the_config_file_takes_the_place_of_the_built_in_one(tmp_path, make_app, wait_until):
    config = tmp_path / "config.toml"
    config.write_text('[keymap]\n"app.theme" = "f9"\n"app.sessions" = "9,f10"\n')
    app = make_app(start="setup", keymap=dict(load_settings(config=config, env={}).keymap))
    async with app.run_test(size=(110, 30)) as pilot:
        await wait_until(pilot, lambda: app.house is not None and app.screen.query("#sets"))
        before = app.theme
        await pilot.press("f9")
        await wait_until(pilot, lambda: app.theme != before)
        await pilot.press("3")
        await pilot.pause()
        assert app.current_mode == "setup"
        await pilot.press("f10")
        await wait_until(pilot, lambda: app.current_mode == "sessions")
        await pilot.press("f1")
        await wait_until(pilot, lambda: isinstance(app.screen, HelpModal))
        assert any("9" in key and "f10" in key for key, what, _ in app.screen._keys if what == "Sessions")
