"""An interval on a line from 0 to 1, drawn inline, with its numbers as text for those who can't see it."""

from __future__ import annotations

from distq_tui.report.layout import Bar
from distq_tui.report.text import decimal, html_text, interval

WIDTH, HEIGHT, PAD = 132, 16, 4


def bar_svg(bar: Bar, label: str) -> str:
    """The bar as an `<svg>`; `label` names what it shows. Empty where nothing was scored."""
    if bar.value is None or bar.low is None or bar.high is None:
        return ""
    low, high, value = (PAD + (WIDTH - 2 * PAD) * share for share in (bar.low, bar.high, bar.value))
    middle = HEIGHT / 2
    text = html_text(f"{label}: {decimal(bar.value)} {interval(bar.low, bar.high)}")
    ticks = "".join(
        f'<line class="tick" x1="{x:g}" x2="{x:g}" y1="{middle - 3:g}" y2="{middle + 3:g}"/>'
        for x in (PAD + (WIDTH - 2 * PAD) * share for share in (0, 0.5, 1))
    )
    return (
        f'<svg class="bar" role="img" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<title>{text}</title>"
        f'<line class="axis" x1="{PAD}" x2="{WIDTH - PAD}" y1="{middle:g}" y2="{middle:g}"/>{ticks}'
        f'<rect class="reach" x="{low:.1f}" width="{max(high - low, 1):.1f}" y="{middle - 3:g}" height="6" rx="3"/>'
        f'<circle class="value" cx="{value:.1f}" cy="{middle:g}" r="3.5"/></svg>'
    )
