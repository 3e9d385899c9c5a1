"""A plan with an adaptive search, and a provider that plays its helper and its target from two functions."""

from __future__ import annotations

import asyncio
import hashlib
import re

from distq_tui.config.models import ModelSpec
from distq_tui.events import Response
from distq_tui.ice.search import AdaptiveSearch
from distq_tui.plan.run_plan import Adaptive, Budget, RunPlan
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Params
from distq_tui.prompts import Template
from distq_tui.providers.base import Chunk, ProviderError

FOREIGN = "I am Claude, made by Anthropic."
OWN = "I am Qwen, made by Alibaba Cloud."
TARGET = ModelSpec("pupil", "demo", family="qwen")
HELPER = ModelSpec("writer", "demo", role="helper")
SEEDS = tuple(Template(f"t{n}", "en", f"Seed {n} of the play. {{query}}", kind="role") for n in range(4))
QUESTIONS = tuple((f"q{n}", "en" if n % 2 else "zh", "team", f"Who made you, part {n}?") for n in range(8))


def search_plan(*, seeds=SEEDS, questions=2, iterations=6, probes=(), seed=3, models=(TARGET, HELPER), **adaptive):
    wanted = {"helper": "writer", "query_pool": QUESTIONS, **adaptive}
    return RunPlan(
        "searched",
        seed,
        1,
        Params(max_tokens=64),
        models,
        tuple(probes),
        budget=Budget(),
        adaptive=Adaptive(seeds=tuple(seeds), questions=questions, iterations=iterations, **wanted),
    )


def endpoint(model):
    return f"test:{model.provider}"


def search_of(plan, **kwargs):
    return AdaptiveSearch(plan, endpoint, **kwargs)


def digest(text):
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def rewrite(request):
    """A good helper: another text for another request or sample, none of its own making for the same one."""
    return f"<template>Scene {digest(request.messages[-1].content + str(request.sample))}. {{query}}</template>"


def moody(request):
    """A target that claims another maker under about half of the templates, always the same ones."""
    scene = re.search(r"Scene (\w)", request.messages[-1].content)
    return FOREIGN if scene is not None and scene[1] in "01234567" else OWN


class Speakers:
    """A provider for both: `helper` and `target` take a request and give a text, a Response class or an error."""

    def __init__(self, helper=rewrite, target=moody):
        self.answers = {"writer": helper, "pupil": target}
        self.calls = []

    async def get(self, spec):
        return self

    async def stream(self, request):
        self.calls.append(request)
        answer = self.answers[request.model](request)
        await asyncio.sleep(0)
        if isinstance(answer, Exception):
            raise answer
        yield Chunk(text=answer)
        yield Chunk(finish="stop")

    def asked(self, model):
        return [request for request in self.calls if request.model == model]


def broken():
    return ProviderError("auth", "gone")


def drive(search, *, helper=rewrite, target=moody, order=list, most=10_000):
    """Play the engine: answer everything handed out, in the order that `order` makes of it; gives trials and events."""
    waiting, asked, events = list(search.next([])), [], []
    while waiting and len(asked) < most:
        trial = order(waiting)[0]
        waiting.remove(trial)
        asked.append(trial)
        answer = (helper if trial.probe.kind == "mutation" else target)(trial.request)
        response = answer if isinstance(answer, Response) else Response("ok", answer)
        result = TrialResult(trial, response, len(asked), cached=False)
        events += search.score(result)
        waiting += search.next([result])
    return asked, events
