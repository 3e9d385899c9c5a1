"""What Detail says about one answer, as spans: claims and their rules, usage, times, the prompt's origin. Pure."""

from __future__ import annotations

from datetime import datetime

from distq_tui.plan.trial import Probe
from distq_tui.state import Cell, origin
from distq_tui.tui.records import OwnVerdict
from distq_tui.tui.text import words
from distq_tui.tui.text.spans import Span

KIND_WORDS = {"conflict": "contradicts the facts", "own": "agrees with the facts", "other": "names somebody else"}
EXCERPT = 60

Rows = list[list[Span]]


def claim_rows(cell: Cell, own: OwnVerdict | None = None) -> Rows:
    """Each claim with its place, what it is and the rule that found it; then the verdict, and the user's over it."""
    rows: Rows = [[("Claims", "strong"), (f" {len(cell.marks)}", "dim")]]
    for mark in cell.marks:
        excerpt = cell.text[mark.start : mark.end]
        shown = excerpt if len(excerpt) <= EXCERPT else excerpt[: EXCERPT - 1] + "…"
        rows.append([(shown, mark.kind)])
        rows.append([(f"  {KIND_WORDS[mark.kind]}", ""), (f" · {mark.rule}" if mark.rule else "", "dim"),
                     (f" · {mark.start}–{mark.end}", "dim")])  # fmt: skip
    if not cell.marks:
        rows.append([("none found by the offline detector", "dim")])
    verdict = cell.verdict
    if verdict is not None:
        rows += [
            pair("verdict", f"loose {int(verdict.loose)} · strict {int(verdict.strict)}"),
            pair("probe", "primed" if verdict.primed else "clean"),
        ]
        if verdict.claimed:
            rows.append(pair("claims to be", ", ".join(verdict.claimed)))
    if own is not None:
        told = f"loose {int(own.loose)} · strict {int(own.strict)}"
        rows.append([*pair("yours", told), ("  holds in reports", "warn")])
    return rows


FROM = {"": "this run", "cached": "the cache", "resumed": "this session, before it was resumed"}
"""Where an answer was had from, by how it was served."""


def answer_rows(cell: Cell, now: datetime) -> Rows:
    """How the answer came: class, served model, usage, times, retries, whether it was asked for now or is older."""
    response = cell.response
    rows: Rows = [[("Answer", "strong")], pair("state", words.cell_state(cell))]
    if response is None:
        return [*rows, pair("attempt", str(cell.attempt))]
    if response.error:
        rows.append(pair("error", response.error))
    rows.append(pair("served by", response.served_model or "not told"))
    rows.append(pair("finish", response.finish_reason or "none: the stream was cut"))
    if response.usage is not None:
        usage = response.usage
        rows.append(pair("tokens", f"{usage.input_tokens} in · {usage.output_tokens} out · {usage.source}"))
    if response.total_ms is not None:
        first = f" · first token {words.seconds(response.first_token_ms / 1000)}" if response.first_token_ms else ""
        rows.append(pair("time", words.seconds(response.total_ms / 1000) + first))
    rows.append(pair("retries", str(response.retries)))
    if cell.cost is not None:
        rows.append(pair("cost", words.money(cell.cost)))
    age = words.ago(response.queued_at or response.created_at, now)
    rows.append(pair("from", f"{FROM[origin(cell)]}, asked {age}" if age else FROM[origin(cell)]))
    sent = ", ".join(f"{name} {words.parameter(value)}" for name, value in response.sent.items())
    rows.append(pair("sent", sent or "default"))
    rows += [pair(name, "refused by the model · sent: default") for name in response.refused]
    return rows


def probe_rows(probe: Probe | None) -> Rows:
    """Where the prompt comes from."""
    if probe is None:
        return []
    rows: Rows = [[("Prompt", "strong"), (f" {probe.prompt_id}", "dim")], pair("set", probe.set_name or "–")]
    rows.append(pair("language", probe.language))
    if probe.template is not None:
        rows.append(pair("template", probe.template))
    if probe.aspect:
        rows.append(pair("aspect", probe.aspect))
    return rows


def pair(name: str, value: str) -> list[Span]:
    """A name and its value, the names in a column."""
    return [(f"{name:<12} ", "dim"), (value, "")]
