"""Base URLs as users write them."""

import pytest

from distq_tui.providers.errors import status_error
from distq_tui.providers.urls import missing_version, shown


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("http://h:1/chat/completions", " (the base URL has no version: try http://h:1/v1)"),
        ("http://h/api/chat/completions", " (the base URL has no version: try http://h/api/v1)"),
        ("http://h/models", " (the base URL has no version: try http://h/v1)"),
        ("http://h/v1/chat/completions", ""),
        ("http://h/v1beta/openai/chat/completions", ""),
        ("http://h/api/v3/chat/completions", ""),
        ("http://h/v1/messages", ""),
    ],
)
def test_a_missing_version_is_named(url: str, hint: str) -> None:
    assert missing_version(url) == hint


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://user:pw@h.test:8443/v1?key=s#f", "https://h.test:8443/v1"),
        ("http://[::1]:80/v1", "http://[::1]:80/v1"),
        ("http://h:99999/v1", ""),
        ("", ""),
    ],
)
def test_what_is_shown_of_a_url_holds_no_secret(url: str, safe: str) -> None:
    assert shown(url) == safe


def test_a_path_that_was_not_found_is_told_with_the_url_and_the_hint() -> None:
    error = status_error(404, "File Not Found", {}, url="http://h:1/chat/completions")
    assert error.message == (
        "404 at http://h:1/chat/completions: File Not Found (the base URL has no version: try http://h:1/v1)"
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "a"}}, "500: a"),
        ({"error": "a"}, "500: a"),
        ({"message": "a"}, "500: a"),
        ({"detail": "a"}, "500: a"),
        ({"detail": [{"msg": "a"}]}, '500: [{"msg": "a"}]'),
        ([{"error": {"message": "a"}}], "500: a"),
        ('{"error": {"message": "a"}}', "500: a"),
        ("a", "500: a"),
        ("<html>a</html>", "500: Internal Server Error"),
        (None, "500: Internal Server Error"),
        ({"error": {"message": {"x": 1}}}, "500: Internal Server Error"),
        ({"error": {"message": "a\x1b[2J\nb"}}, "500: a\N{REPLACEMENT CHARACTER}[2J b"),
    ],
)
def test_the_message_is_found_wherever_servers_put_it(body: object, message: str) -> None:
    assert status_error(500, body, {}, url="http://h/v1").message == message
