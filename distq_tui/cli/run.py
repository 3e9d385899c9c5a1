"""`distq-tui run PLAN.toml`: the engine without the window."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
from collections.abc import Iterator
from dataclasses import asdict, replace

from distq_tui.cli.common import put, put_json, settings_of
from distq_tui.cli.exits import DONE, exit_code
from distq_tui.cli.progress import Narrator, narrator_for
from distq_tui.cli.summary import summary, summary_lines
from distq_tui.config.settings import Settings
from distq_tui.engine.notices import notices_of
from distq_tui.engine.ready import with_known_models
from distq_tui.engine.session import Options, Run, estimate_plan, open_run
from distq_tui.events import RunFinished
from distq_tui.ice.planner import NARROW, TYPICAL, cheapest, outlook
from distq_tui.plan.estimate import Estimate
from distq_tui.plan.file import blaming, load_plan
from distq_tui.plan.run_plan import Budget, RunPlan
from distq_tui.state import RunState
from distq_tui.store import StoreThread


def run_plan(arguments: argparse.Namespace) -> int:
    """Run the plan, or with `--dry-run` say what it would ask.

    Raises:
        InputError: the plan, a key or the database is wrong; nothing was called.
    """
    settings = settings_of(arguments)
    plan = load_plan(arguments.plan, seed=arguments.seed)
    options = Options(fresh=arguments.fresh, budget=_budget(plan, arguments))
    with blaming(arguments.plan):
        plan = with_known_models(plan, settings)
        if arguments.dry_run:
            return _dry_run(plan, settings, options, as_json=arguments.json)
        state, finished = asyncio.run(_run(plan, settings, narrator_for(arguments), options))
    if arguments.json:
        put_json(summary(state, finished))
    elif not arguments.events:
        for line in summary_lines(state, finished):
            put(line)
    return exit_code(finished)


def _budget(plan: RunPlan, arguments: argparse.Namespace) -> Budget:
    """The plan's, with what the flags say for this run alone in its place."""
    return Budget(
        plan.budget.max_requests if arguments.max_requests is None else arguments.max_requests,
        plan.budget.max_cost if arguments.max_cost is None else arguments.max_cost,
    )


def _dry_run(plan: RunPlan, settings: Settings, options: Options, *, as_json: bool) -> int:
    result = asyncio.run(_estimate(plan, settings, fresh=options.fresh))
    if as_json:
        put_json({"name": plan.name, "plan": plan.digest(), **asdict(result)})
        return DONE
    cost = "n/a (no price for " + ", ".join(result.unpriced) + ")" if result.cost is None else f"${result.cost:.4f}"
    put(f"plan      {plan.name} ({len(plan.answering)} models, {len(plan.probes)} prompts, seed {plan.seed})")
    if result.goes_on:
        put(f"session   goes on with {result.goes_on}")
    put(f"trials    {result.trials}")
    put(f"cached    {result.hits}")
    put(f"calls     {result.calls}")
    if result.follow_up:
        put(f"follow-up up to {result.follow_up} calls of judges, search and embeddings, in neither tokens nor cost;")
        put("          a reply that can't be read is asked for again, up to twice")
    put(f"tokens    about {result.input_tokens} in, {result.output_tokens} out")
    put(f"cost      {cost}")
    allowed = (options.budget or plan.budget).max_requests
    if allowed is not None and result.calls > allowed:
        which = "each" if allowed == plan.budget.max_requests else "this"
        put(f"budget    stops after {allowed} of {result.calls} calls (of {which} run)")
    for line in _precision(plan):
        put(line)
    for notice in notices_of(plan):
        put(f"note      {notice.model}: {notice.text}" if notice.model else f"note      {notice.text}")
    return DONE


def _precision(plan: RunPlan) -> Iterator[str]:
    """How wide the intervals of identity rates will be, and what would make them narrow, where it is known before."""
    design = outlook(plan.probes)
    if design is None:
        return
    yield (
        f"interval  ICE +- {design.half_width:.3f} expected at a rate of {TYPICAL.rate:.1f}:"
        f" {design.templates} templates x {design.per_template} of {design.questions} questions"
    )
    if design.half_width > NARROW:
        better = cheapest(TYPICAL, NARROW)
        assert better is not None  # typical answers are within reach of it
        yield (
            f"          +- {NARROW:.2f} takes {better.templates} templates x {better.per_template} of"
            f" {better.questions} questions: {better.calls} calls a model"
        )


async def _estimate(plan: RunPlan, settings: Settings, *, fresh: bool) -> Estimate:
    database = settings.paths.database
    store = StoreThread(database, create=False, readonly=True) if database.exists() else None
    try:
        return await estimate_plan(plan, settings, None if fresh else store)
    finally:
        if store is not None:
            store.close()


async def _run(plan: RunPlan, settings: Settings, narrator: Narrator, options: Options) -> tuple[RunState, RunFinished]:
    state = RunState(keep_text=False)
    store = StoreThread(settings.paths.database)
    try:
        options = replace(options, progress=narrator.preparing)
        run = await open_run(plan, settings=settings, store=store, options=options)
        # closed here and not when it is collected: what reads the events may fail (a pipe that nobody reads any more)
        async with contextlib.aclosing(run.events()) as events:
            with narrator, _Interrupts(run):
                async for event in events:
                    state.apply(event)
                    narrator.event(event, state)
    finally:
        store.close()
    if state.finished is None:
        raise RuntimeError("the run ended without its last event")
    return state, state.finished


class _Interrupts:
    """The first SIGINT or SIGTERM stops the run in order; a second one ends the program at once."""

    _SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self, run: Run) -> None:
        self._run = run

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        for number in self._SIGNALS:
            loop.add_signal_handler(number, self._stop)

    def _stop(self) -> None:
        self.__exit__()
        self._run.stop()

    def __exit__(self, *_: object) -> None:
        loop = asyncio.get_running_loop()
        for number in self._SIGNALS:
            loop.remove_signal_handler(number)
