"""The request as text and as curl: what was really sent, and never a key or a password."""

from __future__ import annotations

import json
import shlex

import pytest

from distq_tui import events as ev
from distq_tui.config.models import ModelSpec
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message
from distq_tui.state import Cell
from distq_tui.tui.lines.asked import curl_text, request_text

PROBE = Probe("p", "identity", "en", (Message("user", "it's `who`?\n$(rm)"),))


def plan_with(**spec) -> RunPlan:
    model = ModelSpec(**{"name": "m", "provider": "openai", **spec})
    return RunPlan("plan", 1, 1, Params(temperature=0.5, max_tokens=64), (model,), (PROBE,))


def body_of(call: str) -> dict:
    words = shlex.split(call.replace("\\\n", " "))
    return json.loads(words[words.index("-d") + 1])


def test_curl_repeats_the_request_with_the_key_as_a_variable():
    plan = plan_with(base_url="https://me:secret@api.example/v1/?k=secret", key="env:SOME_KEY", system="be brief")
    call = curl_text(plan, "m", PROBE, None)
    assert call.startswith("curl https://api.example/v1/chat/completions \\\n")
    assert '-H "Authorization: Bearer $SOME_KEY"' in call
    assert "secret" not in call
    assert body_of(call) == {
        "model": "m",
        "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": PROBE.text}],
        "temperature": 0.5,
        "max_tokens": 64,
    }


def test_anthropic_has_its_own_form():
    call = curl_text(plan_with(provider="anthropic", key="keyring:x", system="s"), "m", PROBE, None)
    assert "/v1/messages" in call
    assert '-H "x-api-key: $API_KEY"' in call
    assert body_of(call)["system"] == "s"


def test_a_reference_that_is_no_variable_can_not_run_in_the_shell():
    assert "$(" not in curl_text(plan_with(key="env:$(id)"), "m", PROBE, None).partition(" -d ")[0]


@pytest.mark.parametrize("provider", ["local", "demo", "replay"])
def test_without_a_server_there_is_no_call(provider):
    assert curl_text(plan_with(provider=provider), "m", PROBE, None).startswith("No server was asked")


def test_what_a_model_refused_was_sent_as_its_default():
    cell = Cell("m", "p", 0, response=ev.Response("ok", "x", sent={"max_tokens": 64}, refused=("temperature",)))
    text = request_text(plan_with(), "m", PROBE, cell)
    assert "parameters: max_tokens = 64\n" in text
    assert "sent: default: temperature" in text
    assert "temperature" not in body_of(curl_text(plan_with(), "m", PROBE, cell))


def test_an_unknown_request_is_told():
    assert request_text(plan_with(), "gone", PROBE, None) == curl_text(plan_with(), "m", None, None)
