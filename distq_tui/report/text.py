"""Outside text made harmless: nothing in an answer may act on a browser, a terminal, an editor or a spreadsheet."""

from __future__ import annotations

import html
import re
import unicodedata

_JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiners shape Persian, Indic scripts and emoji; they reorder and hide nothing."""

_UNUSUAL = re.compile("[^\n\t\x20-\x7e]")
_MARKDOWN = re.compile(r"[\\`*_\[\]#|<>~&$@]")
_START = re.compile(r"^(\d+(?=\.(?:\s|$))|(?=[-=+](?:[-=\s]|$)))(.)")
"""A list item or an underline; a number such as -0.5 is neither."""
_LINK = re.compile(r"\b(www)(\.)|\b(https?|ftp|mailto|xmpp)(:)", re.IGNORECASE)
"""What GitHub makes a link of without any markup."""
_RUN = re.compile(r"\S{20}(?=\S{9})")
_BACKTICKS = re.compile("`+")


def visible(text: str) -> str:
    """The text with control, bidi and other invisible characters spelled out (`␛`, `⟨U+202E⟩`).

    Line ends and tabs stay; a carriage return before a line feed is dropped.
    """
    return _UNUSUAL.sub(_visible, text.replace("\r\n", "\n"))


def _visible(match: re.Match[str]) -> str:
    char = match.group()
    if char in _JOINERS:
        return char
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return f"⟨U+{code:04X}⟩"
    return char


def html_text(text: str) -> str:
    """Outside text for an HTML text node or a quoted attribute."""
    return html.escape(visible(text), quote=True)


def breakable(text: str) -> str:
    """Outside text for an HTML table cell: long runs without a space (hashes, URLs) may be broken across lines."""
    broken = _RUN.sub(lambda run: run.group() + "\0", visible(text))  # NUL is free: `visible` leaves none
    return html.escape(broken).replace("\0", "<wbr>")


def md_text(text: str) -> str:
    """Outside text for a line of Markdown or a table cell: no markup, no link, no line break."""
    flat = " ".join(visible(text).split())
    escaped = _MARKDOWN.sub(r"\\\g<0>", flat)
    return _START.sub(r"\1\\\2", _LINK.sub(lambda link: f"{link.group()[:-1]}\\{link.group()[-1]}", escaped))


def md_fence(text: str) -> str:
    """Outside text as a fenced block, with a fence longer than any run of backticks in it."""
    shown = visible(text)
    fence = "`" * max(3, 1 + max((len(run) for run in _BACKTICKS.findall(shown)), default=0))
    return f"{fence}text\n{shown}\n{fence}"


def decimal(value: float | None, digits: int = 3) -> str:
    """A number with a fixed number of digits; "n/a" for None."""
    return "n/a" if value is None else f"{value:.{digits}f}"


def interval(low: float | None, high: float | None) -> str:
    """`[0.150, 0.310]`; empty where there is none."""
    return "" if low is None or high is None else f"[{low:.3f}, {high:.3f}]"


def p_value(value: float | None) -> str:
    """A p to four digits; "n/a" for None."""
    return "n/a" if value is None else "< 0.0001" if value < 0.0001 else f"{value:.4f}"


def moment(iso: str) -> str:
    """An ISO-8601 UTC time to the second, for people: `2026-03-01 10:00:00 UTC`."""
    return f"{iso[:19].replace('T', ' ')} UTC" if iso else "n/a"


def dollars(value: float | None) -> str:
    """`$0.0412`; "n/a" where a price is unknown, which is never 0."""
    return "n/a" if value is None else f"${value:.4f}"


def counts(values: object) -> str:
    """A mapping of names to numbers as `error 2, filtered 1`; "none" for an empty one."""
    pairs = dict(values).items() if isinstance(values, dict) else ()
    return ", ".join(f"{name or '(none given)'} {value}" for name, value in pairs) or "none"
