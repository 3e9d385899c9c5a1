"""The lines of Setup: models, sets, switches, the estimate. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from distq_tui.config.models import ANSWERING_ROLES
from distq_tui.tui.records import ModelLine, SetLine
from distq_tui.tui.setup.picks import ROLE_LETTERS, Switch
from distq_tui.tui.text import words
from distq_tui.tui.text.spans import Span

if TYPE_CHECKING:
    from distq_tui.config.models import Role
    from distq_tui.plan.estimate import Estimate

WELCOME: list[list[Span]] = [
    [("Ask models the same things, watch them answer, see who claims to be whom and who sounds alike.", "strong")],
    [("d", "key"), (" watches a demo: no key, no network.  Or pick models: ", ""), ("t", "key"), (" target ", ""),
     ("r", "key"), (" reference ", ""), ("c", "key"), (" control, sets with ", ""), ("space", "key"), (", then ", ""),
     ("F5", "key"), (".", "")],
]  # fmt: skip


def model_spans(line: ModelLine, role: Role | None) -> list[Span]:
    """`[T] name TAG ✓ env:KEY set provider (origin) url`."""
    spec = line.spec
    spans: list[Span] = [(f"[{ROLE_LETTERS[role]}] " if role else "[ ] ", "key" if role else "dim")]
    # what says whether it can be asked stands before what says where, which is cut in a narrow room
    spans += [(spec.title, "strong" if role else "")]
    if line.tag:
        spans.append((f" {line.tag}", "warn"))
    if line.key_state == "set":
        spans.append((f" ✓ {spec.key} set", "good"))
    elif line.key_state == "unset":
        spans.append((f" ✗ {spec.key} unset", "bad"))
    spans.append((f" {spec.provider} ({line.origin})", "dim"))
    if spec.base_url:
        spans.append((f" {spec.base_url}", "dim"))
    return spans


def picked_spans(picked: Sequence[tuple[ModelLine, Role]]) -> list[Span]:
    """`picked: T gpt-4o openai?, R acme-1 no family  f: whose`: who, and what their identity is measured against."""
    spans: list[Span] = [("picked: ", "dim")]
    for at, (line, role) in enumerate(picked):
        spans += [(", " if at else "", "dim"), (f"{ROLE_LETTERS[role]} ", "key"), (line.spec.title, "strong")]
        if role in ANSWERING_ROLES:
            spans.append(_family(line))
    if any(role in ANSWERING_ROLES and _unsure(line) for line, role in picked):
        spans += [("  f", "key"), (": whose it is", "")]
    return spans if picked else [*spans, ("nobody", "dim")]


def _unsure(line: ModelLine) -> bool:
    return line.guessed or not (line.spec.family or line.spec.fact)


def _family(line: ModelLine) -> Span:
    if line.spec.family is None:
        return (" own fact", "dim") if line.spec.fact else (" no family", "warn")
    return (f" {line.spec.family}?", "warn") if line.guessed else (f" {line.spec.family}", "dim")


def set_spans(line: SetLine, *, taken: bool, limit: int | None = None) -> list[Span]:
    """`[x] name 25 identity en`; `10 of 25` where a limit of its own holds."""
    own = f"{limit} of " if limit is not None and limit < line.count else ""
    return [
        *_box(line.name, taken),
        (f" {own}{line.count}", ""),
        (f" {line.kind} {','.join(line.languages)}", "dim"),
    ]


def switch_spans(switch: Switch, *, on: bool, applies: bool) -> list[Span]:
    """`[x] judge identity  what it does`, or whom it needs first."""
    if applies:
        return [*_box(switch.title, on), (f"  {switch.told}", "dim")]
    return [("[-] ", "dim"), (switch.title, "dim"), (f"  needs a {switch.needs}", "dim")]


def _box(title: str, taken: bool) -> list[Span]:
    return [("[x] " if taken else "[ ] ", "key" if taken else "dim"), (title, "strong" if taken else "")]


def estimate_spans(estimate: Estimate) -> list[Span]:
    """Calls, and how many more judges and the search may make of them; hits, tokens, money."""
    more = f", up to {words.count(estimate.follow_up)} follow-ups" if estimate.follow_up else ""
    spans: list[Span] = [
        (words.count(estimate.calls), "strong"), (f" calls{more} · ", ""), (words.count(estimate.hits), "strong"),
        (" cached · ~", ""), (words.count(estimate.input_tokens + estimate.output_tokens), "strong"),
        (" tokens · ", ""), (words.money(estimate.cost), "strong"),
    ]  # fmt: skip
    if estimate.half_width is not None:
        spans += [(" · ICE ±", ""), (words.share(estimate.half_width), "strong")]
    if estimate.unpriced:
        spans.append((f" (no price for {', '.join(estimate.unpriced[:2])})", "dim"))
    return spans
