"""The response class of an ended stream, and when another name is the same model."""

import pytest

from distq_tui.config.models import ModelSpec
from distq_tui.engine.classify import classify, is_served_as


def spec(name, *served):
    return ModelSpec(name, "openai", served=served)


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("gpt-4o", "gpt-4o"),
        ("gpt-4o", "GPT-4o"),
        ("gpt-4o", "gpt-4o-2024-08-06"),
        ("claude-3-5-sonnet", "claude-3-5-sonnet-20241022"),
        ("gpt-4", "gpt-4-0613"),
        ("claude-3-5-sonnet", "claude-3-5-sonnet@20240620"),
        ("claude-3-5-sonnet", "claude-3-5-sonnet-v2@20241022"),
        ("claude-3-5-sonnet-20241022", "claude-3-5-sonnet-20241022-v2:0"),
        ("qwen2.5", "qwen2.5:latest"),
        ("qwen2.5:latest", "qwen2.5"),
        ("command-r", "command-r-v2"),
        ("mistral-large-latest", "mistral-large-2411"),
        ("mistral-large-latest", "mistral-large"),
        ("claude-3-5-haiku-latest", "claude-3-5-haiku-20241022"),
        ("gemini-1.5-pro", "gemini-1.5-pro-002"),
        ("command-r", "command-r-08-2024"),
        ("gemini-2.5-pro-preview", "gemini-2.5-pro-preview-05-20"),
        ("deepseek-chat", "deepseek-chat-v3.1"),
        ("moonshot", "moonshot-1.5"),
    ],
)
def test_a_date_or_version_behind_the_name_is_the_same_model(asked, served):
    assert is_served_as(spec(asked), served)


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("gpt-4o", "gpt-4o-mini"),
        ("gpt-4o", "gpt-4"),
        ("gpt-4", "gpt-4o"),
        ("gpt-4", "gpt-4.1"),
        ("gpt-4", "gpt-4-32k"),
        ("gpt-4", "gpt-4-turbo-2024-04-09"),
        ("gpt-4o-2024-05-13", "gpt-4o-2024-08-06"),
        ("gpt-4o-2024-05-13", "gpt-4o"),
        ("claude-3", "claude-3-5-sonnet"),
        ("claude-3", "claude-3-5"),
        ("llama-3", "llama-3.1"),
        ("llama-3", "llama-3-8b"),
        ("qwen2", "qwen2.5"),
        ("deepseek-v3", "deepseek-v3.1"),
        ("o1", "o13"),
        ("o1", "o1-mini"),
        ("mistral-large-latest", "mistral-small-2409"),
        ("gpt-4o", "openai/gpt-4o"),
        ("gpt-4o", ""),
        ("gpt-4o", "gpt-4o-"),
        ("latest", ""),
    ],
)
def test_another_model_is_a_mismatch(asked, served):
    assert not is_served_as(spec(asked), served)


def test_names_that_the_user_allows():
    model = spec("alias", "Real-Name", "other")
    assert is_served_as(model, "real-name")
    assert is_served_as(model, "OTHER")
    assert not is_served_as(model, "real-name-2024-01-01"), "what the user lists is taken to the letter"


@pytest.mark.parametrize(
    ("text", "finish", "served", "cls"),
    [
        ("Hi", "stop", None, "ok"),
        ("Hi", "end_turn", "m-2024-01-01", "ok"),
        ("Hi", "stop", "other", "model_mismatch"),
        ("Hi", None, None, "incomplete"),
        ("", None, None, "incomplete"),
        ("Hi", "length", None, "truncated"),
        ("Hi", "max_tokens", None, "truncated"),
        ("Hi", "content_filter", None, "filtered"),
        ("", "content_filter", None, "filtered"),
        ("Hi", "refusal", None, "filtered"),
        ("", "stop", None, "no_answer"),
        (" \n\t", "length", None, "no_answer"),
        ("I'm sorry, but I can't help with that.", "stop", None, "refusal"),
        ("I'm sorry, but I can't help with that", "length", None, "truncated"),
    ],
)
def test_classes(text, finish, served, cls):
    assert classify(spec("m"), text=text, finish=finish, served=served) == cls
