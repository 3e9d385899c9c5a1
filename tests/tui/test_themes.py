"""`t` steps through the offered themes, and those of high contrast have it."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual.color import Color

from distq_tui.tui import themes
from distq_tui.tui.widgets.roles import looks_of

ENOUGH = 7.0
"""WCAG 2.2, 1.4.6: contrast (enhanced)."""


def contrast(front: Color, ground: Color) -> float:
    """WCAG 2.2's contrast ratio."""

    def luminance(color: Color) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.normalized]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(front), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colour(style: Style, name: str) -> Color:
    return Color.from_rich_color(getattr(style, name))


async def test_t_steps_through_all_and_comes_back(make_app, wait_until):
    app = make_app(start="setup")
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_until(pilot, lambda: app.house is not None and app.screen.query("#sets"))
        await pilot.press("3")
        await wait_until(pilot, lambda: app.current_mode == "sessions")
        seen = []
        for _ in themes.OFFERED:
            seen.append(app.theme)
            await pilot.press("t")
            await pilot.pause()
        assert tuple(seen) == themes.OFFERED
        assert app.theme == themes.OFFERED[0]


@pytest.mark.parametrize("theme", themes.OWN, ids=lambda theme: theme.name)
async def test_high_contrast_is_high(make_app, theme):
    app = make_app(start="setup", theme=theme.name)
    async with app.run_test():
        looks = looks_of(app)
        for ground in ("background", "surface", "panel"):
            under = Color.parse(app.get_css_variables()[ground])
            for role, style in looks.roles.items():
                if style.color is not None:
                    assert contrast(colour(style, "color"), under) >= ENOUGH, (role, ground)
        for cursor in (looks.cursor, looks.cursor_blurred):
            assert contrast(colour(cursor, "color"), colour(cursor, "bgcolor")) >= ENOUGH
