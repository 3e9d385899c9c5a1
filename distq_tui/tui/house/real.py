"""The real services: store, engine, providers and reports behind the window's protocol.

Imported in a thread after the first frame: this is where numpy and the rest come in.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from distq_tui.config.models import ModelSpec
from distq_tui.config.settings import Settings
from distq_tui.engine.demo import demo_plan
from distq_tui.engine.session import Options, Run, estimate_plan, open_run
from distq_tui.errors import InputError
from distq_tui.ice.facts import load_facts
from distq_tui.plan.build import build_plan
from distq_tui.plan.choices import Choices
from distq_tui.plan.estimate import Estimate
from distq_tui.plan.recall import makes, recall
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.write import plan_text
from distq_tui.prompts import list_shipped
from distq_tui.providers.base import ProviderError
from distq_tui.providers.check import ModelCheck, check_model
from distq_tui.providers.embedded import known_models
from distq_tui.providers.listing import Kind, list_models
from distq_tui.report import write_report_file
from distq_tui.report.atomic import write_text
from distq_tui.report.calibration import Calibration
from distq_tui.rse.verdict import Conclusion
from distq_tui.store import SessionRow, Store, StoreThread
from distq_tui.tui.house import blind, concluding, overriding, plans
from distq_tui.tui.house.own_config import add_model
from distq_tui.tui.house.recent import RecentPlans
from distq_tui.tui.house.stored import FIRST_PROMPTS, StoredRun
from distq_tui.tui.records import (
    BlindAnswer,
    HouseError,
    Identities,
    ModelLine,
    OpenedPlan,
    OwnVerdict,
    SessionLine,
    SetLine,
)

if TYPE_CHECKING:
    from distq_tui.report.drift import SessionComparison

T = TypeVar("T")
_FIELD = re.compile(r"\bmodels\[(\d+)\](?:\.\w+)?")
_UNREADABLE = (KeyError, TypeError, ValueError)
"""What a plan's stored form raises where it is not the one that this version writes."""
Progress = Callable[[str, float], None]


class LiveHouseRun:
    """A session's run with what the window adds to it."""

    stored = False

    def __init__(self, run: Run) -> None:
        self.plan, self.prompts = run.plan, len(run.plan.probes)
        self.tags = tags_of(run.plan)
        self.events, self.pause, self.resume, self.stop = run.events, run.pause, run.resume, run.stop


class RealHouse:
    """Keeps `services.House` over one database.

    Args:
        settings: keys, prices, paths, registry.
        store: owns the database; closed with this house.
        progress: told of slow preparations, from any thread.
    """

    def __init__(self, settings: Settings, store: StoreThread, progress: Progress | None = None) -> None:
        self._settings = settings
        self._store = store
        self._progress = progress
        self._facts = load_facts()
        self._deleted: list[str] = []
        self._recent = RecentPlans(settings.paths.cache / "recent-plans")

    async def models(self) -> Sequence[ModelLine]:
        """The registry and the embedded models."""
        own = {model.title for model in self._settings.models}
        known = await asyncio.to_thread(known_models, self._settings)
        return [self._line(spec, "config" if spec.title in own else "built in") for spec in known]

    def typed(self, spec: ModelSpec) -> ModelLine:
        """A line of the picker."""
        return self._line(spec, "typed")

    def family(self, name: str) -> str:
        """The family's key."""
        found = self._facts.lookup(name)
        if found is None:
            raise HouseError(f"nobody is called {name!r}; there are {', '.join(sorted(self._facts.families))}")
        return found.key

    async def list_models(self, like: ModelSpec) -> Sequence[ModelLine]:
        """What the model's endpoint serves."""
        if like.provider not in {"openai", "anthropic"}:
            raise HouseError(f"{like.provider} has no endpoint that lists models")
        kind: Kind = "anthropic" if like.provider == "anthropic" else "openai"
        with _told():
            names = await list_models(like.base_url, self._settings.keys.get(like.key), kind)
        return [self._line(replace(like, name=name, label="", family=None), "listed") for name in names]

    async def check_model(self, spec: ModelSpec) -> ModelCheck:
        """Test a connection."""
        paths = self._settings.paths
        with _told():
            return await check_model(spec, self._settings.keys.get, database=paths.database, cache_dir=paths.cache)

    async def add_model(self, spec: ModelSpec) -> ModelLine:
        """Write a model to the config file."""
        with _told():
            await asyncio.to_thread(add_model, self._settings.paths.config, spec)
        self._settings = replace(self._settings, models=(*self._settings.models, spec))
        return self._line(spec, "config")

    async def save_plan(self, choices: Choices, path: Path) -> None:
        """Write a plan file."""
        with _told():
            await _plan(choices)
            await asyncio.to_thread(lambda: write_text(path, plan_text(choices)))
        await asyncio.to_thread(self._recent.add, path)

    async def plan_files(self) -> Sequence[Path]:
        """Plan files of late, and in the working folder."""
        recent = await asyncio.to_thread(self._recent.paths)
        here = await asyncio.to_thread(plans.plan_files, Path.cwd())
        return list(dict.fromkeys([*recent, *here]))

    async def open_plan(self, source: str | Path) -> OpenedPlan:
        """The choices of a stored plan or of a file."""
        with _told(), _readable():
            if isinstance(source, Path):
                choices, exact = await asyncio.to_thread(plans.load_file, source), True
                await asyncio.to_thread(self._recent.add, source)
            else:
                plan = await self._read(lambda store: store.plan_of(store.find_session(source).id))
                choices = await asyncio.to_thread(recall, plan)
                exact = await asyncio.to_thread(makes, choices, plan)
            lines = await asyncio.to_thread(plans.set_lines, choices)
        # as the plan has them: a guessed family would make another plan
        models = [replace(self._line(spec, "plan"), spec=spec, guessed=False) for spec in choices.models]
        return OpenedPlan(choices, models, lines, exact)

    async def sets(self) -> Sequence[SetLine]:
        """The shipped sets."""
        shipped = await asyncio.to_thread(list_shipped)
        return [SetLine(line.name, line.kind, line.count, line.languages) for line in shipped]

    async def estimate(self, choices: Choices) -> Estimate:
        """Calls, hits, tokens and cost."""
        with _told(choices.models):
            return await estimate_plan(await _plan(choices), self._settings, self._store)

    async def start(self, choices: Choices, *, fresh: bool = False) -> LiveHouseRun:
        """Begin a run."""
        with _told():
            plan = await _plan(choices)
        return await self.again(plan, fresh=fresh)

    async def demo(self) -> LiveHouseRun:
        """Begin the embedded default."""
        with _told():
            plan = await asyncio.to_thread(demo_plan)
        return await self.again(plan)

    async def again(self, plan: RunPlan, *, fresh: bool = False) -> LiveHouseRun:
        """Go on with a plan."""
        await self._drop_deleted()  # else the plan's unfinished session could be one of them
        options = Options(fresh=fresh, progress=self._progress)
        with _told(plan.models):
            return LiveHouseRun(await open_run(plan, settings=self._settings, store=self._store, options=options))

    async def sessions(self) -> Sequence[SessionLine]:
        """Stored sessions."""
        gone = set(self._deleted)
        return await self._read(
            lambda store: [_session_line(row, _head_of(store, row)) for row in store.sessions() if row.id not in gone]
        )

    async def open(self, session: str) -> StoredRun:
        """A stored session."""
        with _told(), _readable():
            found, plan, prompts = await self._read(partial(_first_of, session))
        return StoredRun(found, plan, prompts, self._read, tags_of(plan))

    async def plan_of(self, session: str) -> RunPlan:
        """The whole plan of a stored session."""
        with _told(), _readable():
            return await self._read(lambda store: store.plan_of(store.session_id(session)))

    async def compare(self, one: str, other: str) -> SessionComparison:
        """Two sessions against each other."""
        from distq_tui.report.drift import compare_sessions

        with _told(), _readable():
            return await self._read(
                lambda store: compare_sessions(store, store.find_session(one), store.find_session(other))
            )

    async def delete(self, session: str) -> None:
        """Drop a session, for good when a run starts or the house closes."""
        self._deleted.append(session)

    async def undelete(self) -> bool:
        """Bring the last one back."""
        return bool(self._deleted and self._deleted.pop())

    async def _drop_deleted(self) -> None:
        gone, self._deleted = self._deleted, []
        for session in gone:
            await self._store.call(partial(_delete, session))

    async def export(self, session: str, path: Path) -> None:
        """Write a report."""
        with _told():
            await self._read(lambda store: write_report_file(store, session, path))

    async def blind_answers(self, session: str) -> Sequence[BlindAnswer]:
        """Answers to label."""
        with _told():
            return await self._read(lambda store: blind.answers(store, session))

    async def label_blind(self, response: int, said: OwnVerdict | None) -> None:
        """Set or take back a label."""
        await self._store.call(lambda store: blind.label(store, response, said))

    async def own_verdicts(self, session: str) -> Mapping[int, OwnVerdict]:
        """The user's verdicts."""
        return await self._read(lambda store: overriding.own_verdicts(store, session))

    async def override(self, response: int, verdict: OwnVerdict | None) -> None:
        """Set or take back the user's verdict."""
        await self._store.call(lambda store: overriding.override(store, response, verdict))

    async def calibrate(self, session: str) -> Sequence[Calibration]:
        """What the labels say."""
        with _told():
            return await self._read(lambda store: blind.calibration(store, session))

    async def conclusions(self, session: str) -> Sequence[Conclusion]:
        """What may be said of each target."""
        with _told(), _readable():
            return await self._read(lambda store: concluding.stored_conclusions(store, session))

    async def identities(self, session: str) -> Identities:
        """Differences and claims."""
        with _told(), _readable():
            return await concluding.identities(self._read, session)

    async def close(self) -> None:
        """Drop what was deleted, and close the database."""
        await self._drop_deleted()
        await asyncio.to_thread(self._store.close)

    async def _read(self, job: Callable[[Store], T]) -> T:
        return await self._store.call(job, group=False)

    def _line(self, spec: ModelSpec, origin: str) -> ModelLine:
        """A family that nobody said is guessed by the model's name, and marked as a guess."""
        named = None if spec.family or spec.fact else self._facts.of_model(spec.name)
        known = replace(spec, family=named.key) if named else spec
        return ModelLine(known, self._settings.keys.state(spec.key), origin, tag_of(spec), guessed=named is not None)


def open_house(settings: Settings, progress: Progress | None = None) -> RealHouse:
    """The house over the settings' database; to be called in a thread.

    Raises:
        InputError: the database can't be used.
    """
    return RealHouse(settings, StoreThread(settings.paths.database), progress)


def tag_of(spec: ModelSpec) -> str:
    """SIMULATED, RECORDED, or nothing for a live model."""
    return "SIMULATED" if spec.simulated else "RECORDED" if spec.recorded else ""


def tags_of(plan: RunPlan) -> dict[str, str]:
    """The tags of a plan's models by title, without those that have none."""
    return {model.title: tag for model in plan.models if (tag := tag_of(model))}


async def _plan(choices: Choices) -> RunPlan:
    return await asyncio.to_thread(build_plan, choices)


def _delete(session: str, store: Store) -> None:
    store.delete_session(session)


def _first_of(session: str, store: Store) -> tuple[str, RunPlan, int]:
    """The session's id, its plan with the first prompts, and how many there are: what costs the same for any length."""
    found = store.session_id(session)
    probes = store.probes(found, limit=FIRST_PROMPTS)
    return found, replace(store.plan_head(found), probes=tuple(probes)), store.probe_count(found)


def _head_of(store: Store, row: SessionRow) -> RunPlan | None:
    """The session's plan without prompts; None where another version stored it in a form that can't be read."""
    try:
        return store.plan_head(row.id)
    except _UNREADABLE:
        return None


def _session_line(row: SessionRow, plan: RunPlan | None) -> SessionLine:
    tags = () if plan is None else tuple(sorted(set(tags_of(plan).values())))
    models = () if plan is None else tuple(model.title for model in plan.answering)
    counts = (row.total, row.done, row.failed, row.hits)
    return SessionLine(row.id, row.name, row.created_at, row.state, *counts, tags, models, row.cancelled)


@contextmanager
def _readable() -> Iterator[None]:
    """A plan of another version is told as such."""
    try:
        yield
    except _UNREADABLE as error:
        raise HouseError("this session's plan was stored by another version, in a form that can't be read") from error


@contextmanager
def _told(models: Sequence[ModelSpec] = ()) -> Iterator[None]:
    """What the user can act on becomes a HouseError, which names a model and not its place in the plan's table.

    The rest is a defect and stays what it is.
    """
    try:
        yield
    except InputError as error:
        raise HouseError(
            _FIELD.sub(lambda match: models[int(match[1])].title, str(error)) if models else str(error)
        ) from error
    except ProviderError as error:
        raise HouseError(error.message) from error
