"""Closed trials for tests of scorers: what a source would be told."""

from distq_tui.config.models import ModelSpec
from distq_tui.events import Response
from distq_tui.plan.source import TrialResult
from distq_tui.plan.trial import Params, Probe, Trial
from distq_tui.prompts import Message


def identity(template="bare", question="q1", text="Who made you?"):
    """A cell of template x question."""
    name = question if template == "bare" else f"{template}/{question}"
    return Probe(
        name, "identity", "en", (Message("user", text),), template=template, question=question, query="Who made you?"
    )


def similarity(name, text="Say something."):
    return Probe(name, "similarity", "en", (Message("user", text),))


def result(model: ModelSpec, probe: Probe, text="", cls="ok", sample=0, row=0):
    trial = Trial.make(model, probe, endpoint="test", params=Params(), sample=sample)
    return TrialResult(trial, Response(cls, text), row, cached=False)
