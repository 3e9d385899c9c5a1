"""A session of four models with verdicts written by hand, so that every expected figure can be counted on fingers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from distq_tui.config.models import ModelSpec
from distq_tui.events import IceScored, Mark, Response, RseScored, Usage
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.trial import Params, Probe, Trial
from distq_tui.prompts import Message
from distq_tui.store import SessionRow, SessionState, Store

START = "2026-03-01T10:00:00.250Z"
END = "2026-03-01T10:05:00.000Z"

MODELS = (
    ModelSpec(
        "pupil",
        "openai",
        base_url="https://user:pa55@api.example.com/v1?token=s3cret",
        key="env:PUPIL_KEY",
        family="deepseek",
        system="Be brief.",
    ),
    ModelSpec("master", "replay", base_url="answers.jsonl", role="reference", family="openai"),
    ModelSpec("persona", "demo", role="control", fact="I am a script."),
    ModelSpec("mute", "openai", base_url="http://127.0.0.1:9/v1", role="control"),
)


def identity_probe(template: str, question: str, language: str) -> Probe:
    return Probe(
        f"{template}/{question}",
        "identity",
        language,
        (Message("user", f"{template}: who made you? {question}"),),
        aspect="team",
        template=template,
        question=question,
        set_name="clean",
    )


PROBES = (
    *(identity_probe(f"t{t}", f"q{q}", "en" if q % 2 else "zh") for t in range(3) for q in range(2)),
    *(identity_probe("t0+twin", f"q{q}", "en" if q % 2 else "zh") for q in range(2)),
    *(Probe(f"s{n}", "similarity", "en", (Message("user", f"write {n}"),), set_name="chat") for n in range(4)),
    *(Probe(f"m{n}", "similarity", "en", (Message("user", f"add {n}"),), set_name="math") for n in range(2)),
)
PLAN = RunPlan(
    "audit", 7, 1, Params(max_tokens=64), MODELS, PROBES, prompt_sets=(("clean", "1.0", "abcd"), ("chat", "2", "ef"))
)

Texts = dict[tuple[str, str], Response]


def ok(text: str, **values: object) -> Response:
    given = {
        "served_model": "pupil-0301",
        "finish_reason": "stop",
        "sent": {"max_tokens": 64},
        "usage": Usage(10, 5, "reported"),
        "first_token_ms": 120,
        "total_ms": 900,
        "queued_at": START,
        "created_at": "2026-03-01T10:01:00Z",
    }
    return replace(Response("ok", text), **{**given, **values})  # type: ignore[arg-type]


class Maker:
    """Writes a session into a store: `answers` and `verdicts` are by (model, prompt id), the rest is plain."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.answers: Texts = {}
        self.verdicts: dict[tuple[str, str], tuple[bool, bool, bool, tuple[str, ...], tuple[Mark, ...]]] = {}
        self.rows: dict[tuple[str, str], int] = {}
        self.plan = PLAN
        self.skip: set[tuple[str, str]] = set()
        self.similarity: Callable[[str, str, str], float] = lambda a, b, prompt: 0.5

    def flag(self, model: str, prompt: str, text: str, *, strict: bool = True, marks: tuple[Mark, ...] = ()) -> None:
        self.answers[model, prompt] = ok(text)
        self.verdicts[model, prompt] = (True, strict, strict, ("OpenAI",) if strict else (), marks)

    def write(self, session: str = "20260301-aa", *, state: SessionState = "done") -> SessionRow:
        store = self.store
        store.create_session(self.plan, session_id=session, at=START, versions={"distq-tui": "0.1", "python": "3.11"})
        trials = [
            t
            for t in self.plan.trials(lambda m: m.base_url or m.provider)
            if (t.model.title, t.probe.prompt_id) not in self.skip
        ]
        for trial in trials:
            self._answer(session, trial)
        self._pairs()
        store.finish_session(session, state, END)
        return store.find_session(session)

    def _answer(self, session: str, trial: Trial) -> None:
        key = (trial.model.title, trial.probe.prompt_id)
        response = self.answers.get(key, ok(f"{key[0]} answers {key[1]}"))
        self.rows[key] = row = self.store.add_response(session, trial, response, 0.25)
        if trial.probe.kind == "identity" and response.cls in {"ok", "refusal", "truncated"}:
            loose, strict, paper, claimed, marks = self.verdicts.get(key, (False, False, False, (), ()))
            primed = "+twin" in key[1]
            verdict = IceScored(row, key[0], key[1], 0, loose, strict, paper, primed, marks, claimed)
            self.store.add_ice([verdict], scorer="ice-offline", version="9", options=trial.measured_against)

    def _pairs(self) -> None:
        titles = sorted({model for model, _ in self.rows})
        scored = []
        for prompt in [probe.prompt_id for probe in self.plan.probes if probe.kind == "similarity"]:
            for place, a in enumerate(titles):
                for b in titles[place + 1 :]:
                    if all(self._comparable(model, prompt) for model in (a, b)):
                        value = self.similarity(a, b, prompt)
                        scored.append(
                            RseScored(self.rows[a, prompt], self.rows[b, prompt], a, b, prompt, value, value, value)
                        )
        self.store.add_rse(scored, scorer="rse-offline", version="3")

    def _comparable(self, model: str, prompt: str) -> bool:
        answer = self.answers.get((model, prompt))
        return (model, prompt) in self.rows and (answer is None or answer.cls in {"ok", "truncated"})
