"""The look of each role in line views, taken from the theme's variables once a theme.

Component classes would do the same at the price of one stylesheet match for each class and widget, which is most of
what a small screen costs at its first frame.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.style import Style
from textual.app import App
from textual.color import Color

_MUTED = 0.6
_LOOKS: dict[str, tuple[str, Style]] = {
    "good": ("text-success", Style()),
    "bad": ("text-error", Style(bold=True)),
    "warn": ("text-warning", Style()),
    "key": ("text-accent", Style(bold=True)),
    "strong": ("", Style(bold=True)),
    "em": ("", Style(italic=True)),
    "added": ("text-success", Style(underline=True)),
    "removed": ("text-error", Style(italic=True)),
    "conflict": ("text-error", Style(bold=True, reverse=True)),
    "own": ("text-success", Style(underline=True)),
    "other": ("text-warning", Style(italic=True, underline=True)),
}


@dataclass(frozen=True, slots=True)
class Looks:
    """Styles without a background by role, and the whole styles of a list's cursor line."""

    roles: dict[str, Style]
    cursor: Style
    cursor_blurred: Style
    cache: dict[tuple[str, Style], Style] = field(default_factory=dict)

    def on(self, role: str, ground: Style) -> Style:
        """The role's style on that ground."""
        if not role:
            return ground
        key = (role, ground)
        style = self.cache.get(key)
        if style is None:
            style = self.cache[key] = ground + self.roles[role]
        return style

    @staticmethod
    def on_cursor(role: str, ground: Style) -> Style:
        """The role's style on a focused cursor line: its attributes only, as its colour may be unreadable there."""
        return ground + _LOOKS[role][1] if role in _LOOKS else ground


_known: dict[str, Looks] = {}


def looks_of(app: App[object]) -> Looks:
    """The looks of the app's theme."""
    looks = _known.get(app.theme)
    if looks is None:
        looks = _known[app.theme] = _make(app.get_css_variables())
    return looks


def _make(variables: dict[str, str]) -> Looks:
    ground, front = Color.parse(variables["background"]), Color.parse(variables["foreground"])
    roles = {
        role: look + Style(color=Color.parse(variables[name]).rich_color) if name else look
        for role, (name, look) in _LOOKS.items()
    }
    if front.ansi is not None or ground.ansi is not None:
        cursor, blurred = Style(reverse=True), Style(bold=True, underline=True)
        return Looks({**roles, "dim": Style(dim=True)}, cursor, blurred)
    muted = variables["text-muted"]  # a colour where the theme names one, else "auto" and a share
    dim = Color.parse(muted) if muted.startswith("#") else ground.blend(front, _MUTED)
    roles["dim"] = Style(color=dim.rich_color)
    focused = ground + Color.parse(variables["block-cursor-background"])
    blurred_ground = ground + Color.parse(variables["block-cursor-blurred-background"])
    return Looks(
        roles,
        Style(color=focused.get_contrast_text(1.0).rich_color, bgcolor=focused.rich_color, bold=True),
        Style(color=front.rich_color, bgcolor=blurred_ground.rich_color, bold=True),
    )
