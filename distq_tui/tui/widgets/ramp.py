"""Five steps from unlike to alike: a shade character for each, and a colour of steadily changing lightness beside it.

Lightness alone tells the steps apart, so that they read the same with any colour vision and in 256 colours; themes of
ANSI colours and terminals without colour have the characters.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.style import Style
from textual.app import App
from textual.color import Color

SHADES = "·░▒▓█"
_BLEND = (0.0, 0.22, 0.45, 0.7, 1.0)


@dataclass(frozen=True, slots=True)
class Step:
    """A step's shade: `shade` paints the character, `plate` the ground under a number (readable on it)."""

    char: str
    shade: Style
    plate: Style


_known: dict[str, tuple[Step, ...]] = {}


def ramp_of(app: App[object]) -> tuple[Step, ...]:
    """The steps in the app's theme, least alike first."""
    steps = _known.get(app.theme)
    if steps is None:
        steps = _known[app.theme] = _make(app.get_css_variables())
    return steps


def step_of(value: float, low: float, high: float) -> int:
    """The step of a value on a scale from low to high; the middle one where the scale has no width."""
    if high <= low:
        return len(SHADES) // 2
    return min(len(SHADES) - 1, max(0, int((value - low) / (high - low) * len(SHADES))))


def _make(variables: dict[str, str]) -> tuple[Step, ...]:
    ground, front = Color.parse(variables["background"]), Color.parse(variables["foreground"])
    accent = Color.parse(variables["primary"])
    if any(color.ansi is not None for color in (ground, front, accent)):
        return tuple(Step(char, Style(), Style(reverse=at >= len(SHADES) // 2)) for at, char in enumerate(SHADES))
    steps = []
    for char, part in zip(SHADES, _BLEND, strict=True):
        # through the accent in the first half, on to the foreground in the second: lightness moves one way only
        color = ground.blend(accent, 2 * part) if part < 0.5 else accent.blend(front, 2 * part - 1)
        text = color.get_contrast_text(1.0)
        shade = Style(color=(color if part else ground.blend(front, 0.5)).rich_color)
        steps.append(Step(char, shade, Style(color=text.rich_color, bgcolor=color.rich_color)))
    return tuple(steps)
