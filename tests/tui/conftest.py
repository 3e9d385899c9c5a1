"""A scripted house and run: the window's services with nothing behind them, every event under the test's hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from distq_tui import events as ev
from distq_tui.config.keys import KeyState
from distq_tui.config.models import ModelSpec
from distq_tui.plan.choices import Choices
from distq_tui.plan.estimate import Estimate
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message
from distq_tui.providers.check import ModelCheck
from distq_tui.report.calibration import Calibration
from distq_tui.report.drift import SessionComparison
from distq_tui.rse.verdict import Conclusion
from distq_tui.tui.app import DistqApp
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
from distq_tui.tui.screens.compare import CompareScreen
from distq_tui.tui.text import outside

AT = "2026-01-02T03:04:05Z"
SCHEMES = (("alpha-chat", "target"), ("beta-large", "reference"), ("gamma-7b", "control"))


def make_plan(models: Sequence[tuple[str, str]] = SCHEMES, prompts: int = 4, texts: Sequence[str] = ()) -> RunPlan:
    """A plan of these (name, role) pairs over `id-01`, `id-02`, ..."""
    probes = tuple(
        Probe(
            f"id-{at + 1:02d}",
            "identity",
            "en",
            (Message("user", texts[at] if at < len(texts) else f"Question {at + 1}: who made you?"),),
            set_name="identity-en",
        )
        for at in range(prompts)
    )
    specs = tuple(ModelSpec(name, "demo", role=role) for name, role in models)  # type: ignore[arg-type]
    return RunPlan("scripted", 1, 1, Params(max_tokens=64), specs, probes)


class ScriptedRun:
    """A run whose events the test puts in; `close()` ends it."""

    def __init__(self, plan: RunPlan | None = None, tags: dict[str, str] | None = None, stored: bool = False) -> None:
        self.plan = plan or make_plan()
        self.prompts = len(self.plan.probes)
        self.tags = tags or {}
        self.stored = stored
        self.commands: list[str] = []
        self._queue: asyncio.Queue[ev.Event | None] = asyncio.Queue()
        titles = tuple(model.title for model in self.plan.answering)
        self.total = len(titles) * len(self.plan.probes)
        self.put(ev.RunStarted("s1", self.plan.name, self.total, titles, AT))

    def put(self, *events: ev.Event) -> None:
        for event in events:
            self._queue.put_nowait(event)

    def start(self, model: str, prompt: str = "id-01", attempt: int = 1) -> None:
        self.put(ev.TrialStarted(f"{model}/{prompt}", model, prompt, 0, attempt))

    def delta(self, model: str, text: str, prompt: str = "id-01", marks: tuple[ev.Mark, ...] = (), reasoning: str = ""):
        self.put(ev.TrialDelta(f"{model}/{prompt}", model, prompt, 0, text, reasoning, marks))

    def answer(
        self,
        model: str,
        text: str = "",
        prompt: str = "id-01",
        cls: ev.ResponseClass = "ok",
        marks: tuple[ev.Mark, ...] = (),
        loose: bool = False,
        **more: Any,
    ) -> None:
        resumed = more.pop("resumed", False)
        cached = more.pop("cached", resumed)
        cost = more.pop("cost", None)
        usage = ev.Usage(12, max(1, len(text) // 4), "reported") if text else None
        response = ev.Response(
            cls, text, usage=usage, first_token_ms=90, total_ms=1200, served_model=model, finish_reason="stop", **more
        )
        row = hash((model, prompt)) % 10_000
        self.put(ev.TrialFinished(f"{model}/{prompt}", model, prompt, 0, response, cached, row, cost, resumed))
        if cls in ev.ICE_SCORED:
            self.put(ev.IceScored(row, model, prompt, 0, loose, loose, False, False, marks, ()))

    def finish(self, reason: ev.StopReason = "done", failed: int = 0) -> None:
        self.put(ev.RunFinished(reason, self.total, self.total, failed, 0, self.total, 0, None, AT))
        self._queue.put_nowait(None)

    async def events(self) -> AsyncIterator[ev.Event]:
        while (event := await self._queue.get()) is not None:
            yield event

    def pause(self) -> None:
        self.commands.append("pause")
        self.put(ev.RunPaused())

    def resume(self) -> None:
        self.commands.append("resume")
        self.put(ev.RunResumed())

    def stop(self) -> None:
        self.commands.append("stop")
        self.finish("stopped")


def _key_state(spec: ModelSpec) -> KeyState:
    return "unset" if spec.key else "none"


class ScriptedHouse:
    """Keeps what it was asked; `run` is what it starts."""

    def __init__(self, run: ScriptedRun | None = None) -> None:
        self.run = run or ScriptedRun()
        self.asked: list[Any] = []
        self.lines = [
            ModelLine(ModelSpec("deepseek-chat", "openai", key="env:DEEPSEEK_API_KEY"), "unset", "config"),
            ModelLine(ModelSpec("glm-4-plus", "openai", key="env:GLM_API_KEY"), "set", "config"),
            ModelLine(ModelSpec("smollm2", "local"), "none", "built in"),
            ModelLine(ModelSpec("mirror", "demo"), "none", "built in", "SIMULATED"),
        ]
        self.set_lines = [
            SetLine("identity-en", "identity", 25, ("en",)),
            SetLine("open-chat", "similarity", 60, ("en", "zh")),
            SetLine("clean", "templates", 20, ("en",)),
        ]
        self.session_lines: list[SessionLine] = []
        self.deleted: list[tuple[int, SessionLine]] = []
        self.comparison: SessionComparison | None = None
        self.blind: list[BlindAnswer] = []
        self.labels: dict[int, OwnVerdict] = {}
        self.own: dict[int, OwnVerdict] = {}
        self.calibrations: list[Calibration] = []
        self.concluded: list[Conclusion] = []
        self.found = Identities()
        self.files: list[Path] = []
        self.plans: dict[str | Path, OpenedPlan] = {}
        self.closed = False
        self.follow_up = 0

    async def models(self) -> Sequence[ModelLine]:
        return self.lines

    def typed(self, spec: ModelSpec) -> ModelLine:
        guess = "openai" if spec.name.startswith("gpt") else None
        return ModelLine(replace(spec, family=guess), _key_state(spec), "typed", guessed=guess is not None)

    def family(self, name: str) -> str:
        if name == "nobody":
            raise HouseError("nobody is called 'nobody'")
        return name.lower()

    async def list_models(self, like: ModelSpec) -> Sequence[ModelLine]:
        if like.provider == "local":
            raise HouseError("no such endpoint")
        return [ModelLine(ModelSpec(f"{like.name}-{n}", like.provider), "none", "listed") for n in range(3)]

    async def check_model(self, spec: ModelSpec) -> ModelCheck:
        self.asked.append(("check", spec))
        works = spec.name != "absent"
        told = f"lists {spec.name}" if works else f"does not list {spec.name} among its 3 models"
        return ModelCheck(spec.title, works, f"{spec.base_url}/models", told, 200, 12, works)

    async def add_model(self, spec: ModelSpec) -> ModelLine:
        self.asked.append(("add", spec))
        if spec.name == "twice":
            raise HouseError("config.toml: has a model 'twice' already")
        return ModelLine(spec, _key_state(spec), "config")

    async def save_plan(self, choices: Choices, path: Path) -> None:
        self.asked.append(("save", choices, path))
        if path.parent.name == "nowhere":
            raise HouseError(f"{path}: cannot be written")

    async def plan_files(self) -> Sequence[Path]:
        return self.files

    async def open_plan(self, source: str | Path) -> OpenedPlan:
        self.asked.append(("open plan", source))
        if source not in self.plans:
            raise HouseError(f"{source}: no such plan")
        return self.plans[source]

    async def sets(self) -> Sequence[SetLine]:
        return self.set_lines

    async def estimate(self, choices: Choices) -> Estimate:
        self.asked.append(("estimate", choices))
        return Estimate(40, 10, 30 * len(choices.models), 900, 12000, None, ("deepseek-chat",), self.follow_up)

    async def start(self, choices: Choices, *, fresh: bool = False) -> ScriptedRun:
        self.asked.append(("start", choices, fresh))
        return self.run

    async def demo(self) -> ScriptedRun:
        self.asked.append(("demo",))
        return self.run

    async def again(self, plan: RunPlan, *, fresh: bool = False) -> ScriptedRun:
        self.asked.append(("again", plan))
        return ScriptedRun(plan)

    async def sessions(self) -> Sequence[SessionLine]:
        return self.session_lines

    async def plan_of(self, session: str) -> RunPlan:
        self.asked.append(("plan", session))
        return self.run.plan

    async def open(self, session: str) -> ScriptedRun:
        self.asked.append(("open", session))
        return self.run

    async def delete(self, session: str) -> None:
        self.asked.append(("delete", session))
        at = next(at for at, line in enumerate(self.session_lines) if line.id == session)
        self.deleted.append((at, self.session_lines[at]))
        self.session_lines = [line for line in self.session_lines if line.id != session]

    async def undelete(self) -> bool:
        if self.deleted:
            self.session_lines.insert(*self.deleted.pop())
            return True
        return False

    async def compare(self, one: str, other: str) -> SessionComparison:
        self.asked.append(("compare", one, other))
        if self.comparison is None:
            raise HouseError("stored by another version")
        return self.comparison

    async def export(self, session: str, path: Path) -> None:
        self.asked.append(("export", session, path))
        if path.parent.name == "nowhere":
            raise HouseError(f"{path}: cannot be written")

    async def blind_answers(self, session: str) -> Sequence[BlindAnswer]:
        return [answer for answer in self.blind if answer.response not in self.labels]

    async def label_blind(self, response: int, said: OwnVerdict | None) -> None:
        self.asked.append(("label", response, said))
        self.labels.pop(response, None)
        if said is not None:
            self.labels[response] = said

    async def own_verdicts(self, session: str) -> dict[int, OwnVerdict]:
        return dict(self.own)

    async def override(self, response: int, verdict: OwnVerdict | None) -> None:
        self.asked.append(("override", response, verdict))
        self.own.pop(response, None)
        if verdict is not None:
            self.own[response] = verdict

    async def calibrate(self, session: str) -> Sequence[Calibration]:
        return self.calibrations if self.labels else []

    async def conclusions(self, session: str) -> Sequence[Conclusion]:
        self.asked.append(("conclusions", session))
        return self.concluded

    async def identities(self, session: str) -> Identities:
        self.asked.append(("identities", session))
        return self.found

    async def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def _no_clipboard_of_the_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test copies stays in the app, whatever terminal and tools there are."""
    monkeypatch.setattr(outside, "CLIPBOARDS", ())
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def scripted() -> type[ScriptedRun]:
    return ScriptedRun


@pytest.fixture
def plan_of() -> Callable[..., RunPlan]:
    return make_plan


@pytest.fixture
def house() -> ScriptedHouse:
    return ScriptedHouse()


@pytest.fixture
def make_app(house: ScriptedHouse) -> Callable[..., DistqApp]:
    """An app over the scripted house, its clock standing still unless another is given."""

    def make(start: str = "demo", clock: Callable[[], float] = lambda: 100.0, **more: Any) -> DistqApp:
        async def opened() -> ScriptedHouse:
            return house

        return DistqApp(opened, start=start, clock=clock, **more)

    return make


async def _wait_until(pilot: Pilot[Any], predicate: Callable[[], bool], what: str = "", turns: int = 400) -> None:
    """Let the app run until the predicate holds; fails when it does not within that many turns."""
    for _ in range(turns):
        if predicate():
            return
        await pilot.pause(0.02)
    raise AssertionError(f"did not come to be: {what or predicate}")


@pytest.fixture
def wait_until() -> Callable[..., Any]:
    return _wait_until


@pytest.fixture
async def compare(
    make_app: Callable[..., DistqApp], wait_until: Callable[..., Any], request: pytest.FixtureRequest
) -> AsyncIterator[tuple[DistqApp, Pilot[Any], CompareScreen]]:
    """The app on Compare: app, pilot and screen; 140x40 unless the test asks for another size."""
    app = make_app()
    async with app.run_test(size=getattr(request, "param", (140, 40))) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.panes, "compare")
        yield app, pilot, app.screen
