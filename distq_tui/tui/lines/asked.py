"""The request of an answer: as a conversation to read, and as the curl call that repeats it, without the key. Pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping

from distq_tui.config.models import ModelSpec
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.trial import Probe, messages_json
from distq_tui.prompts import Message
from distq_tui.providers.endpoints import ANTHROPIC_BASE_URL, OPENAI_BASE_URL
from distq_tui.providers.urls import ANTHROPIC_VERSION, anthropic_root, openai_root, shown
from distq_tui.state import Cell
from distq_tui.tui.text import words

UNKNOWN = "The request of this answer is not in the plan."
NO_SERVER = "No server was asked: {provider} answers inside this program."
KEY_VARIABLE = "API_KEY"
"""Stands in the call for a key that is not in an environment variable."""


def request_text(plan: RunPlan, title: str, probe: Probe | None, cell: Cell | None) -> str:
    """The conversation as it is sent, and the parameters: those sent where it was answered, else those asked for."""
    model = _model(plan, title)
    if model is None or probe is None:
        return UNKNOWN
    endpoint = shown(model.base_url) if model.base_url else "default endpoint"
    lines = [f"{model.provider} · {model.name} · {endpoint} · key {model.key or 'none'}"]
    params = ", ".join(f"{name} = {words.parameter(value)}" for name, value in _sent(plan, cell).items())
    lines.append(f"parameters: {params or 'none sent'}")
    if cell is not None and cell.response is not None and cell.response.refused:
        lines.append(f"refused by the model, sent: default: {', '.join(cell.response.refused)}")
    for message in _conversation(model, probe):
        lines += ["", f"[{message.role}]", message.content]
    return "\n".join(lines)


def curl_text(plan: RunPlan, title: str, probe: Probe | None, cell: Cell | None) -> str:
    """The same request for a POSIX shell; the key is a variable of the environment and never its value."""
    model = _model(plan, title)
    if model is None or probe is None:
        return UNKNOWN
    messages, sent = _conversation(model, probe), _sent(plan, cell)
    match model.provider:
        case "openai":
            url = f"{openai_root(shown(model.base_url or OPENAI_BASE_URL))}/chat/completions"
            headers = [_header(model, "Authorization: Bearer ")]
            body = {"model": model.name, "messages": messages_json(messages), **sent}
        case "anthropic":
            url = f"{anthropic_root(shown(model.base_url or ANTHROPIC_BASE_URL))}/v1/messages"
            headers = [_header(model, "x-api-key: "), f"-H 'anthropic-version: {ANTHROPIC_VERSION}'"]
            body = {"model": model.name, "messages": messages_json(probe.messages), **sent}
            if model.system is not None:
                body["system"] = model.system
        case _:
            return NO_SERVER.format(provider=model.provider)
    parts = ["-H 'Content-Type: application/json'", *filter(None, headers)]
    data = f"-d {shlex.quote(json.dumps(body, ensure_ascii=False, indent=2))}"
    return " \\\n  ".join([f"curl {shlex.quote(url)}", *parts, data])


def _model(plan: RunPlan, title: str) -> ModelSpec | None:
    return next((model for model in plan.models if model.title == title), None)


def _conversation(model: ModelSpec, probe: Probe) -> tuple[Message, ...]:
    system = (Message("system", model.system),) if model.system is not None else ()
    return system + probe.messages


def _sent(plan: RunPlan, cell: Cell | None) -> Mapping[str, float | int]:
    return plan.params.sent() if cell is None or cell.response is None else cell.response.sent


def _header(model: ModelSpec, lead: str) -> str:
    """The header with the key; nothing where the model has none. An odd reference gives the plain variable."""
    if not model.key:
        return ""
    name = model.key.removeprefix("env:")
    variable = name if model.key.startswith("env:") and name.isidentifier() and name.isascii() else KEY_VARIABLE
    return f'-H "{lead}${variable}"'
