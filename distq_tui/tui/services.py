"""What the window asks of the house; nothing in `tui` reaches past this to the store, the engine or a file.

Screens and tests are written against these protocols; `house.real` keeps them with the real rooms. All of it is awaited
on the app's loop and none of it may block that loop.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from distq_tui.config.models import ModelSpec
    from distq_tui.events import Event
    from distq_tui.plan.choices import Choices
    from distq_tui.plan.estimate import Estimate
    from distq_tui.plan.run_plan import RunPlan
    from distq_tui.providers.check import ModelCheck
    from distq_tui.report.calibration import Calibration
    from distq_tui.report.drift import SessionComparison
    from distq_tui.rse.verdict import Conclusion
    from distq_tui.tui.records import (
        BlindAnswer,
        Identities,
        ModelLine,
        OpenedPlan,
        OwnVerdict,
        PlanPart,
        SessionLine,
        SetLine,
    )


class Run(Protocol):
    """A run under way, or a stored session told again as events: views have one path for both.

    Attributes:
        plan: what is asked; the first of its prompts, where more of a stored session's are still to be told.
        prompts: how many prompts the plan has.
        tags: SIMULATED or RECORDED by model title, for models that are no live ones.
        stored: whether this is a stored session that is only looked at: it asks nothing.
    """

    plan: RunPlan
    prompts: int
    tags: dict[str, str]
    stored: bool

    def events(self) -> AsyncIterator[Event | PlanPart]:
        """What happens, until the run is over; to be iterated once."""
        ...

    def pause(self) -> None:
        """Send nothing new."""
        ...

    def resume(self) -> None:
        """Send again."""
        ...

    def stop(self) -> None:
        """Store partial text, emit the closing events and end the iterator."""
        ...


class House(Protocol):
    """Everything else."""

    async def models(self) -> Sequence[ModelLine]:
        """The registry, the built-in models and those listed so far."""
        ...

    def typed(self, spec: ModelSpec) -> ModelLine:
        """A model typed by hand as a line of the picker."""
        ...

    def family(self, name: str) -> str:
        """The key of the family that a maker's or product's name means.

        Raises:
            HouseError: nobody in the facts bears that name.
        """
        ...

    async def list_models(self, like: ModelSpec) -> Sequence[ModelLine]:
        """Ask the endpoint of this model which models it lists.

        Raises:
            HouseError: it can't be reached, or lists none.
        """
        ...

    async def check_model(self, spec: ModelSpec) -> ModelCheck:
        """Test the connection to a model's endpoint, without a completion.

        Raises:
            HouseError: its key is not set, or its address is none.
        """
        ...

    async def add_model(self, spec: ModelSpec) -> ModelLine:
        """Write a model to the config file, whose own content and comments stay.

        Raises:
            HouseError: it is there already, is not one that the file may hold, or the file can't be written.
        """
        ...

    async def save_plan(self, choices: Choices, path: Path) -> None:
        """Write the choices as a plan file, which gives the same plan.

        Raises:
            HouseError: the choices make no plan, or it can't be written there.
        """
        ...

    async def plan_files(self) -> Sequence[Path]:
        """Plan files: those saved or opened of late, the latest first, then others in the working folder by age."""
        ...

    async def open_plan(self, source: str | Path) -> OpenedPlan:
        """The choices of a stored session's plan, by its id, or of a plan file.

        Raises:
            HouseError: there is none, it can't be read, or a set that it names is missing or wrong.
        """
        ...

    async def sets(self) -> Sequence[SetLine]:
        """The shipped prompt and template sets."""
        ...

    async def estimate(self, choices: Choices) -> Estimate:
        """What a run of these choices would ask, find in the cache, and cost.

        Raises:
            HouseError: the choices make no plan.
        """
        ...

    async def start(self, choices: Choices, *, fresh: bool = False) -> Run:
        """Begin a run.

        Raises:
            HouseError: the choices make no plan, or a key is not set.
        """
        ...

    async def demo(self) -> Run:
        """Begin a run of the embedded default plan.

        Raises:
            HouseError: it can't be run here.
        """
        ...

    async def again(self, plan: RunPlan, *, fresh: bool = False) -> Run:
        """Go on with a plan, or ask again what failed in it; what is stored is served from the cache.

        Raises:
            HouseError: a key is not set.
        """
        ...

    async def sessions(self) -> Sequence[SessionLine]:
        """Stored sessions, newest first."""
        ...

    async def plan_of(self, session: str) -> RunPlan:
        """The whole plan of a stored session.

        Raises:
            HouseError: there is no such session, or it was stored in a form that this version does not read.
        """
        ...

    async def open(self, session: str) -> Run:
        """A stored session to look at.

        Raises:
            HouseError: there is no such session.
        """
        ...

    async def compare(self, one: str, other: str) -> SessionComparison:
        """Hold two sessions against each other.

        Raises:
            HouseError: there is no such session, or it was stored in a form that this version does not read.
        """
        ...

    async def delete(self, session: str) -> None:
        """Drop a session; its responses stay in the cache.

        Until a run is started or the house is closed, `undelete` brings it back.
        """
        ...

    async def undelete(self) -> bool:
        """Bring the session back that was deleted last; False where there is none."""
        ...

    async def export(self, session: str, path: Path) -> None:
        """Write the session's report; the path's suffix says which of `EXPORT_FORMATS`.

        Raises:
            HouseError: it can't be written.
        """
        ...

    async def blind_answers(self, session: str) -> Sequence[BlindAnswer]:
        """The session's answers that are drawn for blind labels and lack one, in an order that tells nothing.

        Raises:
            HouseError: there is no such session.
        """
        ...

    async def label_blind(self, response: int, said: OwnVerdict | None) -> None:
        """Label an answer on both measures, or take the labels back with None; they change no verdict."""
        ...

    async def own_verdicts(self, session: str) -> Mapping[int, OwnVerdict]:
        """The user's verdicts that hold for a session's answers, by response."""
        ...

    async def override(self, response: int, verdict: OwnVerdict | None) -> None:
        """Put the user's verdict over the detector's in every report; None takes it back."""
        ...

    async def calibrate(self, session: str) -> Sequence[Calibration]:
        """What the labels say of the detector and of each judge; nothing where there is no label.

        Raises:
            HouseError: there is no such session.
        """
        ...

    async def conclusions(self, session: str) -> Sequence[Conclusion]:
        """What may be said of each target of a finished session, as in its report; nothing without a reference.

        Raises:
            HouseError: there is no such session.
        """
        ...

    async def identities(self, session: str) -> Identities:
        """How the models of a finished session differ in their rates, and whom they said they are.

        Raises:
            HouseError: there is no such session.
        """
        ...

    async def close(self) -> None:
        """Give everything back; what is on its way to the database is there afterwards."""
        ...
