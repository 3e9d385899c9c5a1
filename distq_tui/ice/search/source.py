"""The adaptive search as a source of trials and a scorer: one step at a time, each made of the seed and what came.

A step: pick a template, ask the helper for a mutant of it, ask the target some questions under the mutant, and credit
the templates on the way with the strict rate. What is asked depends on the plan and on the answers so far, and on
nothing else: the same run again asks the same requests, which the cache has.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from distq_tui.config.models import ModelSpec
from distq_tui.errors import InputError
from distq_tui.events import Response, ScoreEvent, SearchStep
from distq_tui.ice.aliases import AliasScanner
from distq_tui.ice.detector import VERSION
from distq_tui.ice.facts import Facts, load_facts
from distq_tui.ice.search.mutant import Reader, folded
from distq_tui.ice.search.mutators import Mutator, load_mutators
from distq_tui.ice.search.questions import Question, draw
from distq_tui.ice.search.scorer import StrictHits
from distq_tui.ice.search.selection import SELECTIONS
from distq_tui.ice.search.tree import Node, Tree, credit, visit
from distq_tui.plan.run_plan import Adaptive, EndpointOf, RunPlan
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Params, Probe, Trial
from distq_tui.prompts import Message, Template

ATTEMPTS = 3
"""How often the helper is asked for one mutant before the step is given up."""
MOST_BARREN = 5
"""Steps in a row that brought nothing to score, after which the search ends: a helper or a target that fails for good
would otherwise be asked for as long as the budget lasts."""
HELPER_PARAMS = Params(max_tokens=2048)
"""The helper's own: the plan's are the target's, and a low temperature or a short answer would spoil every mutant."""


@dataclass(slots=True)
class _Step:
    """The step under way."""

    number: int
    id: str
    path: list[Node]
    mutator: Mutator
    parents: list[Template]
    questions: list[Question]
    attempts: int = 0
    text: str = ""
    outcomes: list[bool | None] = field(default_factory=list)

    @property
    def chosen(self) -> Node:
        return self.path[-1]


class AdaptiveSearch:
    """Searches for templates under which the target claims another maker; give it to the engine in both its parts.

    Args:
        plan: its `adaptive` says how; its seed fixes every draw; its `params` go to the target.
        endpoint_of: resolves the helper and the target.
        facts: who is who; None = the shipped families.

    Raises:
        InputError: no such helper or target, a target without a fact, no seed template or no question.
    """

    name = "search"

    def __init__(
        self,
        plan: RunPlan,
        endpoint_of: EndpointOf,
        *,
        facts: Facts | None = None,
    ) -> None:
        wanted = plan.adaptive
        if wanted is None:
            raise InputError("the plan asks for no search", field="adaptive")
        facts = facts or load_facts()
        mutators = load_mutators()
        self.version = f"{mutators.version}+detector-{VERSION}"
        self._wanted, self._seed, self._params = wanted, plan.seed, plan.params
        self._helper, self._target = _helper(plan, wanted), _target(plan, wanted)
        self._endpoints = {model.title: endpoint_of(model) for model in (self._helper, self._target)}
        self._hits = StrictHits(self._target, facts)
        self._mutators = mutators.mutators
        self._reader = Reader(AliasScanner(facts))
        self._selection = SELECTIONS[wanted.selection]
        self._questions = [Question(*row) for row in wanted.query_pool]
        self._templates = {template.id: template for template in wanted.seeds}
        if not self._templates:
            raise InputError("the search needs at least one seed template", field="adaptive.templates")
        if not self._questions:
            raise InputError("the search needs at least one identity question", field="adaptive.questions")
        self._known = {folded(template.text) for template in wanted.seeds}
        self._prefix = _free_prefix({*self._templates, *(probe.template or "" for probe in plan.probes)})
        self._tree = Tree(self._shuffled())
        self._asked: Counter[str] = Counter()
        self._step: _Step | None = None
        self._number, self._barren = 0, 0
        self._waiting: set[str] = set()
        self._trials: list[Trial] = []
        self._events: list[ScoreEvent] = []

    def next(self, results: Sequence[TrialResult]) -> Sequence[Trial]:
        """The requests that the results make possible: one to the helper, or a mutant's questions to the target."""
        for result in results:
            self._take(result)
        if self._number == 0:
            self._begin()
        trials, self._trials = self._trials, []
        return trials

    def begin(self, trial: Trial) -> None:
        """Nothing is marked here: the target's answers are identity answers, which the ICE scorer marks."""
        del trial

    def score(self, result: TrialResult) -> Sequence[ScoreEvent]:
        """What a closed trial brings: the hits so far with every answer, the step where it was the last one.

        The engine tells its scorers of a result before its source; whoever comes first moves the search on, and the
        other finds that done.
        """
        self._take(result)
        events, self._events = self._events, []
        return events

    # ------------------------------------------------------------ one step

    def _begin(self) -> None:
        """Pick what is changed, how, and what will be asked. Each step draws from a generator of its own."""
        self._number += 1
        rng = random.Random(f"search:{self._seed}:{self._number}")
        path = self._selection.pick(self._tree, self._number, rng)
        visit(path)
        others = [node for node in self._tree.nodes if node is not path[-1]]
        mutator = rng.choice([each for each in self._mutators if each.parents <= 1 + len(others)])
        parents = [path[-1], *rng.sample(others, mutator.parents - 1)]
        self._step = _Step(
            number=self._number,
            id=f"{self._prefix}-{self._number:04d}",
            path=path,
            mutator=mutator,
            parents=[self._templates[node.id] for node in parents],
            questions=draw(self._questions, self._wanted.questions, rng),
        )
        self._ask_helper(self._step, None)

    def _take(self, result: TrialResult) -> None:
        probe, step = result.trial.probe, self._step
        if step is None or result.trial.purpose != "adaptive" or probe.prompt_id not in self._waiting:
            return
        self._waiting.discard(probe.prompt_id)
        if result.response.cls == "cancelled":  # the run was stopped, or the model was given up
            self._end()
        elif probe.kind == "mutation":
            self._read(step, result.response)
        else:
            step.outcomes.append(self._hits.count(result.response, probe.query))
            if not self._waiting:
                self._close(step, self._hits.close(step.outcomes))
            self._events.append(self._hits.standing())

    def _ask_helper(self, step: _Step, rejected: str | None) -> None:
        """Ask for a mutant. A request that was made before is a new sample, or the cache would repeat its answer."""
        step.attempts += 1
        message = step.mutator.request(step.parents, rejected)
        probe = Probe(
            prompt_id=f"{step.id}/mutate-{step.attempts}",
            kind="mutation",
            language=step.parents[0].language,
            messages=(message,),
            tags=(step.mutator.name,),
            set_name="mutators",
        )
        self._ask(self._helper, probe, HELPER_PARAMS, self._asked[message.content])
        self._asked[message.content] += 1

    def _read(self, step: _Step, response: Response) -> None:
        """The mutant's questions, or another try, or the step's end where the tries are used up."""
        found = self._reader.read(response, parents=[each.text for each in step.parents], known=self._known)
        if isinstance(found, str):
            step.text = found
            self._known.add(folded(found))
            self._templates[step.id] = Template(step.id, step.parents[0].language, found, kind=step.mutator.name)
            for question in step.questions:
                self._ask(self._target, self._probe(step.id, question), self._params, 0)
        elif step.attempts < ATTEMPTS:
            self._ask_helper(step, found.reason)
        else:
            self._close(step, None)

    def _probe(self, template: str, question: Question) -> Probe:
        text = self._templates[template].fill(question.text)
        return Probe(
            prompt_id=f"{template}/{question.id}",
            kind="identity",
            language=question.language,
            messages=(Message("user", text),),
            aspect=question.aspect or None,
            template=template,
            question=question.id,
            query=question.text,
            set_name="search",
        )

    def _ask(self, model: ModelSpec, probe: Probe, params: Params, sample: int) -> None:
        endpoint = self._endpoints[model.title]
        self._trials.append(
            Trial.make(model, probe, endpoint=endpoint, params=params, sample=sample, purpose="adaptive")
        )
        self._waiting.add(probe.prompt_id)

    def _close(self, step: _Step, reward: float | None) -> None:
        """Credit the templates on the way; a mutant that hit joins the pool, as in GPTFuzzer."""
        chosen = step.chosen
        credit(step.path, self._selection.gain(chosen, reward or 0.0))
        if reward:
            self._tree.add(step.id, chosen)
        self._events.append(
            SearchStep(
                step=step.number,
                template=step.id,
                parent=chosen.id,
                mutator=step.mutator.name,
                text=step.text,
                reward=reward,
                visits=chosen.visits,
                level=chosen.level + 1,
            )
        )
        self._barren = self._barren + 1 if reward is None else 0
        self._step = None
        if self._number < self._wanted.iterations and self._barren < MOST_BARREN:
            self._begin()

    def _end(self) -> None:
        self._step = None
        self._waiting.clear()
        self._trials.clear()

    def _shuffled(self) -> list[str]:
        """The seeds in an order of the run's own: ties go to the earlier one, and a file's order is by subject."""
        order = list(self._templates)
        random.Random(f"search:{self._seed}").shuffle(order)
        return order


def _helper(plan: RunPlan, wanted: Adaptive) -> ModelSpec:
    found = next((model for model in plan.models if model.title == wanted.helper), None)
    if found is None:
        raise InputError(f"no model of the plan is called `{wanted.helper}`", field="adaptive.helper")
    return found


def _target(plan: RunPlan, wanted: Adaptive) -> ModelSpec:
    targets = [model for model in plan.answering if model.role == "target"]
    named = [model for model in plan.answering if model.title == wanted.target] if wanted.target else targets
    if not named:
        raise InputError(
            f"no answering model of the plan is called `{wanted.target}`"
            if wanted.target
            else "the plan has no target",
            field="adaptive.target",
        )
    return named[0]


def _free_prefix(taken: set[str]) -> str:
    """Begins the ids of mutants; no template of the plan begins so (one may come from an earlier search)."""
    prefix = "search"
    while any(name.startswith(f"{prefix}-") for name in taken):
        prefix += "+"
    return prefix
