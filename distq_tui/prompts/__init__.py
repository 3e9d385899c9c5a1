"""Prompt sets and template sets: their records, and loading them with errors that name file, line and field."""

from distq_tui.prompts.sets import (
    QUERY_SLOT,
    Message,
    Prompt,
    PromptKind,
    PromptSet,
    Role,
    Template,
    TemplateSet,
    content_digest,
)

__all__ = [
    "QUERY_SLOT",
    "Message",
    "Prompt",
    "PromptKind",
    "PromptSet",
    "Role",
    "Template",
    "TemplateSet",
    "content_digest",
]
