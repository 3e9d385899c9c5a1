"""The themes that `t` steps through: dark, light, of high contrast, and with the terminal's own colours."""

from __future__ import annotations

from textual.theme import Theme

HIGH_CONTRAST = Theme(
    name="high-contrast",
    primary="#5ab4ff",
    secondary="#5ab4ff",
    accent="#ffd700",
    warning="#ffb000",
    error="#ff9a9a",
    success="#70e070",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    boost="#1c1c1c",
    text_alpha=1.0,
    variables={
        "text-muted": "#d0d0d0",
        "text-error": "#ff9a9a",
        "text-warning": "#ffb000",
        "text-success": "#70e070",
        "text-accent": "#ffd700",
        "border": "#ffffff",
        "block-cursor-background": "#ffd700",
        "block-cursor-foreground": "#000000",
    },
)
"""White on black; every role at least 7 to 1 against the ground (WCAG 2.2, 1.4.6), which a test holds."""

HIGH_CONTRAST_LIGHT = Theme(
    name="high-contrast-light",
    dark=False,
    primary="#00458a",
    secondary="#00458a",
    accent="#5a3c00",
    warning="#6b3e00",
    error="#8a0000",
    success="#004d00",
    foreground="#000000",
    background="#ffffff",
    surface="#ffffff",
    panel="#e8e8e8",
    boost="#e8e8e8",
    text_alpha=1.0,
    variables={
        "text-muted": "#333333",
        "text-error": "#8a0000",
        "text-warning": "#6b3e00",
        "text-success": "#004d00",
        "text-accent": "#5a3c00",
        "border": "#000000",
        "block-cursor-background": "#00458a",
        "block-cursor-foreground": "#ffffff",
    },
)
"""Black on white, likewise."""

OWN = (HIGH_CONTRAST, HIGH_CONTRAST_LIGHT)
OFFERED = (
    "textual-dark",
    "textual-light",
    HIGH_CONTRAST.name,
    HIGH_CONTRAST_LIGHT.name,
    "ansi-dark",
    "ansi-light",
    "nord",
    "solarized-light",
)
"""In the order of the key; the palette offers every theme that Textual knows."""
