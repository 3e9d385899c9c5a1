"""Record what the embedded models answer to the demo's prompts, as a file that `provider = "replay"` plays.

    python examples/record_session.py OUT.jsonl [PROMPTS_OF_EACH_KIND]

`examples/recorded-session.jsonl` was made so; `distq-tui demo` plays it where the embedded model is not installed.
`score ice` and `score rse` read the same file.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from distq_tui.config.settings import load_settings
from distq_tui.engine.demo import demo_plan
from distq_tui.engine.session import open_run
from distq_tui.events import COMPLETE, TrialFinished
from distq_tui.plan.run_plan import RunPlan
from distq_tui.providers.local import why_unavailable
from distq_tui.store import AnswerRow, Store, StoreThread


def real_part(limit: int | None) -> RunPlan:
    """The demo's plan without the scripted personas, with at most `limit` prompts of each kind."""
    plan = demo_plan()
    kinds = [[probe for probe in plan.probes if probe.kind == kind] for kind in ("identity", "similarity")]
    probes = tuple(probe for kind in kinds for probe in kind[:limit])
    return replace(plan, models=tuple(model for model in plan.models if model.provider == "local"), probes=probes)


async def record(plan: RunPlan, database: Path) -> str:
    """Run the plan with that database and give the session's id."""
    store = StoreThread(database)
    try:
        run = await open_run(plan, settings=load_settings(database=database), store=store)
        async for event in run.events():
            if isinstance(event, TrialFinished):
                print(f"{event.model} {event.prompt_id}: {event.response.cls}", file=sys.stderr)
        return run.session
    finally:
        await asyncio.to_thread(store.close)


def row(answer: AnswerRow, family: str | None) -> dict[str, Any]:
    """One answer as a row of a response file; a conversation of one turn is its text."""
    response, usage = answer.response, answer.response.usage
    turns = [{"role": message.role, "content": message.content} for message in answer.messages]
    asked = "query" if answer.kind == "identity" else "prompt"
    values = {
        "id": f"{answer.model}/{answer.prompt_id}/{answer.sample}",
        "prompt_id": answer.prompt_id,
        "kind": answer.kind,
        "language": answer.language,
        "model": answer.model,
        "family": family,
        asked: turns[-1]["content"],
        "messages": turns if len(turns) > 1 else None,
        "sample": answer.sample,
        "response": response.text,
        "class": response.cls,
        "finish_reason": response.finish_reason,
        "input_tokens": usage and usage.input_tokens,
        "output_tokens": usage and usage.output_tokens,
        "first_token_ms": response.first_token_ms,
        "total_ms": response.total_ms,
    }
    return {name: value for name, value in values.items() if value is not None}


def rows(database: Path, session: str, plan: RunPlan) -> Iterator[dict[str, Any]]:
    """The session's complete answers, in the plan's order."""
    families = {model.title: model.family for model in plan.models}
    order = {probe.prompt_id: number for number, probe in enumerate(plan.probes)}
    store = Store(database, create=False, readonly=True)
    try:
        found = [answer for answer in store.session_rows(session) if answer.response.cls in COMPLETE]
    finally:
        store.close()
    for answer in sorted(found, key=lambda answer: (order[answer.prompt_id], answer.model)):
        yield row(answer, families[answer.model])


def main(out: Path, limit: int | None) -> None:
    """Record to `out`."""
    if reason := why_unavailable():
        sys.exit(reason)
    plan = real_part(limit)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "recording.db"
        session = asyncio.run(record(plan, database))
        lines = [json.dumps(row, ensure_ascii=False) for row in rows(database, session, plan)]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
