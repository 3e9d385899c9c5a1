"""A row of a prompt file into a prompt or a template: which fields there are, and what each may hold."""

from __future__ import annotations

import re
from typing import cast, get_args

from distq_tui.prompts.fields import Field
from distq_tui.prompts.sets import QUERY_SLOT, Message, Prompt, PromptKind, Role, Template

_PROMPT = ("id", "kind", "language", "text", "messages", "aspect", "tags")
_TEMPLATE = ("id", "kind", "language", "text", "primed")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def prompt_of(row: Field) -> Prompt:
    """The prompt of a row.

    Raises:
        InputError: a field is unknown, missing or wrong.
    """
    fields = row.entries(_PROMPT)
    return Prompt(
        id=_required(row, fields, "id", "each prompt needs one of its own").label(),
        kind=_kind(row, fields),
        language=_language(row, fields),
        messages=_messages(row, fields),
        aspect=fields["aspect"].label() if "aspect" in fields else None,
        tags=tuple(tag.label() for tag in fields["tags"].items()) if "tags" in fields else (),
    )


def template_of(row: Field) -> Template:
    """The template of a row.

    Raises:
        InputError: a field is unknown, missing or wrong, or a text lacks the slot.
    """
    fields = row.entries(_TEMPLATE)
    return Template(
        id=_required(row, fields, "id", "each template needs one of its own").label(),
        language=_language(row, fields),
        text=_with_slot(_required(row, fields, "text", f"a template is a text with {QUERY_SLOT}")),
        kind=fields["kind"].label() if "kind" in fields else "",
        primed=_with_slot(fields["primed"]) if "primed" in fields else None,
    )


def _required(row: Field, fields: dict[str, Field], name: str, would_be: str) -> Field:
    if name not in fields:
        raise row.missing(name, would_be)
    return fields[name]


def _kind(row: Field, fields: dict[str, Field]) -> PromptKind:
    field = _required(row, fields, "kind", "use identity or similarity")
    return cast(PromptKind, field.choice(get_args(PromptKind), called="kind"))


def _language(row: Field, fields: dict[str, Field]) -> str:
    field = _required(row, fields, "language", "use a language tag such as en or zh")
    tag = field.text()
    if not _LANGUAGE.fullmatch(tag):
        raise field.error("must be a language tag such as en, zh or pt-BR")
    return tag


def _with_slot(field: Field) -> str:
    text = field.text()
    if QUERY_SLOT not in text:
        raise field.error(f"lacks {QUERY_SLOT}, the place for the question")
    return text


def _messages(row: Field, fields: dict[str, Field]) -> tuple[Message, ...]:
    if "text" in fields and "messages" in fields:
        raise fields["messages"].error("stands beside text; give one of the two")
    if "messages" not in fields:
        text = _required(row, fields, "text", "give text, or messages for a conversation").text()
        return (Message("user", text),)
    messages = tuple(_message(element) for element in fields["messages"].items())
    _check_order(messages, fields["messages"])
    return messages


def _message(element: Field) -> Message:
    fields = element.entries(("role", "content"))
    role = _required(element, fields, "role", "use system, user or assistant").choice(get_args(Role), called="role")
    return Message(cast(Role, role), _required(element, fields, "content", "each message needs it").text())


def _check_order(messages: tuple[Message, ...], field: Field) -> None:
    """A system message may come first; then user and assistant take turns, from a user's to a user's."""
    turns = field.items()
    start = 1 if messages[0].role == "system" else 0
    for number, message in enumerate(messages[start:], start):
        due: Role = "assistant" if (number - start) % 2 else "user"
        if message.role != due:
            raise (
                turns[number]
                .child("role")
                .error(f"is {message.role} where {due} is due; turns alternate, the user's first")
            )
    if messages[-1].role != "user":
        raise field.error("must end with the user's turn, which the model is to answer")
