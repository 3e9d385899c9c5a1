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
from distq_tui.prompts.shipped import ShippedSet, list_shipped, load_any_set, load_prompt_set, load_template_set

__all__ = [
    "QUERY_SLOT",
    "Message",
    "Prompt",
    "PromptKind",
    "PromptSet",
    "Role",
    "ShippedSet",
    "Template",
    "TemplateSet",
    "content_digest",
    "list_shipped",
    "load_any_set",
    "load_prompt_set",
    "load_template_set",
]
