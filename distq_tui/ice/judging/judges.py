"""LLM judges of identity answers: follow-up calls for each closed answer, and the verdicts and rates that they give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial

from distq_tui.events import COMPLETE, ICE_SCORED, IceJudged, Response, ScoreEvent, ScoreUpdated
from distq_tui.ice.detector import Verdict
from distq_tui.ice.facts import Facts
from distq_tui.ice.judging.agreement import DETECTOR, Agreement
from distq_tui.ice.judging.gate import Gate
from distq_tui.ice.judging.parse import parse_verdict
from distq_tui.ice.judging.prompts import JudgePrompts, Question, load_judge_prompts
from distq_tui.ice.rates import LiveRate
from distq_tui.ice.yardstick import Yardstick
from distq_tui.judging import ATTEMPTS, FollowUps, JudgeModel
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Probe
from distq_tui.prompts import Message


@dataclass(slots=True)
class _Case:
    """One answer before one judge: what is asked now, for which time, and what was found so far.

    `gated`: the judge is not asked, and the detector's negative is taken for its own. `missing`: why a verdict that was
    asked for is not there, and `failed` the class of the call where it brought no reply.
    """

    answer: TrialResult
    judge: JudgeModel
    question: Question = "loose"
    attempt: int = 0
    loose: bool | None = None
    strict: bool | None = None
    gated: bool = False
    missing: str = ""
    failed: str = ""
    rows: list[int] = field(default_factory=list)

    @property
    def prompt_id(self) -> str:
        """Names the question in the session; the title is escaped so that no two answers share it."""
        trial = self.answer.trial
        title = trial.model.title.replace("%", "%25").replace("/", "%2F")
        return f"{self.question}/{title}/{trial.probe.prompt_id}#{trial.sample}"


class IceJudging(FollowUps):
    """Both a TrialSource and a Scorer; one run needs the same object in both places.

    As a scorer it is told of every closed trial and settles what it means; as a source it hands out what it then wants
    asked. Judged are the plan's identity answers of models that have a fact: the loose judge first, the strict one only
    where loose = 1. A reply that does not parse in three samples leaves its verdict unscored; a call that fails for
    good leaves none, and is counted by its class. One that was broken off, or not made because the judge was given up,
    leaves it open.

    Args:
        judges: who judges; each judges every answer.
        probes: the plan's probes, in the order that the live interval uses.
        samples: repeats of each probe, by title of the answering model.
        facts: who is who; None = the shipped families.
        prompts: what is asked; None = the shipped questions.
        gate: says where a judge is not asked: there the verdict is taken as negative and marked as gated. None = all
            are asked.

    Attributes:
        name, version: as of every scorer; the version names the prompts by their hash.
        saved: questions that the gate spared, all judges together.
    """

    name = "ice-judges"

    def __init__(
        self,
        judges: Sequence[JudgeModel],
        probes: Sequence[Probe],
        samples: Mapping[str, int],
        *,
        facts: Facts | None = None,
        prompts: JudgePrompts | None = None,
        gate: Gate | None = None,
    ) -> None:
        super().__init__()
        self._judges, self._gate = tuple(judges), gate
        self._prompts = prompts or load_judge_prompts()
        self._yardstick = Yardstick(probes, samples, facts=facts)
        self.version = self._prompts.version
        self.saved = 0
        self._spared: Counter[tuple[str, str]] = Counter()
        self._answers: Counter[tuple[str, str]] = Counter()
        # by judge, model, measure, and whether they are gated
        self._verdicts: Counter[tuple[str, str, str, bool]] = Counter()
        titles = [judge.spec.title for judge in judges]
        self._rates: dict[str, dict[str, dict[str, LiveRate]]] = {title: self._yardstick.rates() for title in titles}
        self._agreement = Agreement(titles)
        self._cases: dict[tuple[str, str], _Case] = {}

    # ------------------------------------------------------------ scorer

    def score(self, result: TrialResult) -> Sequence[ScoreEvent]:
        """What a closed answer, or a judge's closed reply, settles."""
        trial = result.trial
        if trial.purpose == "judge":
            if result.response.cls == "cancelled":
                return []  # it waits for a later run
            case = self._cases.pop((trial.model.title, trial.probe.prompt_id), None)
            return [] if case is None else self._replied(case, result)
        model = trial.model
        if trial.purpose != "plan" or trial.probe.kind != "identity" or model.title not in self._yardstick.samples:
            return []
        return self._answered(result) if self._yardstick.has_facts(model) else []

    def _answered(self, result: TrialResult) -> list[ScoreEvent]:
        events: list[ScoreEvent] = []
        if result.response.cls not in ICE_SCORED:
            for judge in self._judges:
                events += self._standing(_Case(result, judge), excluded=result.response.cls)
            return events
        detect = cache(partial(self._detected, result))
        cases = [_Case(result, judge) for judge in self._judges]
        spared = [self._spared_by(case, detect) for case in cases]
        if None in spared:
            found = result.verdict or detect()
            events += self._agreement.add(_place(result), DETECTOR, (found.loose, found.strict))
        for case, why in zip(cases, spared, strict=True):
            place = (case.judge.spec.title, result.trial.model.title)
            self._answers[place] += 1
            if why is None:
                self._ask(case)
            else:
                events += self._spare(case, why)
            events.append(self._stands(case.judge, "loose"))
            if self._gate is not None:
                events.append(self._share_spared(*place))
        return events

    def _detected(self, result: TrialResult) -> Verdict:
        reading = self._yardstick.reading(result.trial)
        reading.feed(result.response.text)
        return reading.finish()

    def _spared_by(self, case: _Case, detect: Callable[[], Verdict]) -> str | None:
        if self._gate is None:
            return None
        return self._gate.spares(case.judge.spec.title, case.prompt_id, case.answer.row, detect)

    def _replied(self, case: _Case, result: TrialResult) -> list[ScoreEvent]:
        case.rows.append(result.row)
        response, asked = result.response, case.question
        verdict = self._read(response, asked)
        case.attempt += 1
        if verdict is None and response.cls in COMPLETE and case.attempt < ATTEMPTS:
            self._ask(case)
            return []
        case.missing = self._close(case.judge, asked, response, scored=verdict is not None)
        case.failed = "" if response.cls in COMPLETE else response.cls
        stands = [self._stands(case.judge, asked)]
        if asked == "strict":
            case.strict = verdict
        else:
            case.loose = verdict
            if verdict:
                case.question, case.attempt = "strict", 0
                self._ask(case)
                return [*stands, self._stands(case.judge, "strict")]
            case.strict = verdict  # nothing that conflicts: nobody else's product either; no verdict: neither
        return [*self._settled(case), *stands]

    def _read(self, response: Response, question: Question) -> bool | None:
        """The verdict in a reply; None where there is none, or no reply."""
        return parse_verdict(response.text, self._prompts.of(question).tag) if response.cls in COMPLETE else None

    def _ask(self, case: _Case) -> None:
        answer, judge = case.answer, case.judge
        model = answer.trial.model
        text = self._prompts.of(case.question).fill(
            answer.response.text,
            facts=self._yardstick.statement(model),
            makers=self._yardstick.other_makers(model),
        )
        probe = Probe(
            prompt_id=case.prompt_id,
            kind="judge",
            language=answer.trial.probe.language,
            messages=(Message("user", text),),
            tags=(case.question,),
            set_name="judges/ice",
        )
        self._cases[judge.spec.title, case.prompt_id] = case
        self._want(judge, probe, self._prompts.params, case.attempt)

    # ------------------------------------------------------------ verdicts

    def _spare(self, case: _Case, why: str) -> list[ScoreEvent]:
        """Take the detector's negative for the judge's."""
        case.loose, case.strict, case.gated = False, False, True
        self.saved += 1
        self._tally(case.judge, "loose").spared += 1
        self._spared[case.judge.spec.title, case.answer.trial.model.title] += 1
        # a gated verdict rests on the detector too, and must not pass for one that a judge gave
        judged = replace(self._judged(case), version=f"{self.version} {why}", gated=True)
        return [judged, *self._standing(case)]

    def _share_spared(self, judge: str, model: str) -> ScoreUpdated:
        spared, answers = self._spared[judge, model], self._answers[judge, model]
        method = f"share of answers that the judge was not asked about; questions saved: at least {spared}"
        return ScoreUpdated(f"ice.spared@{judge}", (model,), spared / answers, None, None, answers, 0, method)

    def _settled(self, case: _Case) -> list[ScoreEvent]:
        labels = (case.loose, case.strict)
        agreed = self._agreement.add(_place(case.answer), case.judge.spec.title, labels)
        return [self._judged(case), *self._standing(case), *agreed]

    def _judged(self, case: _Case) -> IceJudged:
        trial = case.answer.trial
        return IceJudged(
            row=case.answer.row,
            model=trial.model.title,
            prompt_id=trial.probe.prompt_id,
            sample=trial.sample,
            judge=case.judge.spec.title,
            version=self.version,
            loose=case.loose,
            strict=case.strict,
            facts=trial.measured_against,
            judge_rows=tuple(case.rows),
            failed=case.failed,
        )

    def _standing(self, case: _Case, excluded: str = "") -> list[ScoreUpdated]:
        """Close the answer's cell in the judge's rates, and say how they stand."""
        trial, judge = case.answer.trial, case.judge.spec.title
        model, prompt = trial.model.title, trial.probe.prompt_id
        rates = self._rates[judge][model]
        for measure, rate in rates.items():
            hit = case.loose if measure == "loose" else case.strict
            rate.close(prompt, trial.sample, hit, excluded or case.missing)
            self._verdicts[judge, model, measure, case.gated] += hit is not None and rate.holds(prompt)
        return [self._rate_stands(rate, measure, judge, model) for measure, rate in rates.items()]

    def _rate_stands(self, rate: LiveRate, measure: str, judge: str, model: str) -> ScoreUpdated:
        """A judge's rate, and how much of it is the detector's; where all of it is, it is no rate of the judge."""
        standing = rate.standing(f"ice.{measure}@{judge}", model)
        own, gated = (self._verdicts[judge, model, measure, gated] for gated in (False, True))
        if not gated:
            return standing
        method = f"{standing.method if own else 'no verdict of its own'}; {gated} by the detector alone"
        if own:
            return replace(standing, method=method)
        return replace(standing, value=None, low=None, high=None, n=0, clusters=0, method=method)


def _place(answer: TrialResult) -> tuple[str, str, int]:
    return answer.trial.model.title, answer.trial.probe.prompt_id, answer.trial.sample
