"""`docs/window.md`, made from the bindings themselves: `python -m distq_tui.tui.reference > docs/window.md`."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module

from textual.binding import Binding

import distq_tui.tui
from distq_tui.tui import themes

_PAGE = """\
# The window: themes, colours, keys

`F1` shows what the screen and its focused part are for and the keys that work now, `ctrl+p` every command.

## Themes

`t` steps through {themes}; the palette offers all of
Textual's. `theme = "high-contrast"` in the config file chooses one for good (`distq-tui locate` says where that file
lies). `ansi-dark` and `ansi-light` keep the terminal's own sixteen colours. With `NO_COLOR` set nothing is coloured. A
state is always a sign, a letter or a word too; a claim is reversed, underlined or italic too.

While a run goes on, the terminal's title tells how far it is; it is given back at the end. Quitting asks only then.

## Keys by id

Every key can be another one, by its id in the config file:

```toml
[keymap]
"app.theme" = "f9"
"run.pause" = "p,space"
```

Several keys are separated by commas; names are Textual's (`ctrl+k`, `slash`, `f9`, `P` for shift and p). A key of
yours takes the place of the built-in ones of its id. F1 and the footer show the keys that hold.

| id | key | |
|---|---|---|
{rows}
"""


def bindings() -> Iterator[Binding]:
    """Every binding of the window that has an id, by id; each once."""
    found: dict[str, Binding] = {}
    for module in pkgutil.walk_packages(distq_tui.tui.__path__, "distq_tui.tui."):
        for _, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
            for binding in vars(kind).get("BINDINGS", ()) if kind.__module__ == module.name else ():
                if isinstance(binding, Binding) and binding.id:
                    found.setdefault(binding.id, binding)
    yield from (found[name] for name in sorted(found))


def markdown() -> str:
    """The page."""
    rows = [f"| `{row.id}` | {_keys(row.key)} | {_told(row)} |" for row in bindings()]
    return _PAGE.format(themes=", ".join(f"`{name}`" for name in themes.OFFERED), rows="\n".join(rows))


def _keys(keys: str) -> str:
    return ", ".join(f"`{key.strip()}`" for key in keys.split(","))


def _told(binding: Binding) -> str:
    return ": ".join(part for part in (binding.description, binding.tooltip) if part).replace("|", "\\|")


if __name__ == "__main__":
    print(markdown(), end="")  # noqa: T201 - the page is what this is for
