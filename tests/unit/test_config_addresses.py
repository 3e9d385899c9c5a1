"""Base URLs: one spelling each, and refused where no request could go there."""

import pytest

from distq_tui.config.addresses import http_address
from distq_tui.config.models import ModelSpec
from distq_tui.providers.endpoints import endpoint_of


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("http://localhost:8000/v1/", "http://localhost:8000/v1"),
        (" HTTP://LocalHost:8000/V1 ", "http://localhost:8000/V1"),
        ("http://h.test:80/v1", "http://h.test/v1"),
        ("https://h.test:443", "https://h.test"),
        ("https://h.test:80", "https://h.test:80"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("https://模型.测试/v1", "https://模型.测试/v1"),
    ],
)
def test_an_address_has_one_spelling(written: str, kept: str) -> None:
    assert http_address(written) == kept
    assert http_address(kept) == kept


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("ftp://h.test/v1", "plain http"),
        ("h.test/v1", "plain http"),
        ("http://", "plain http"),
        ("http://h.test/v1?key=sk-secret", "plain http"),
        ("http://h.test/v1#sk-secret", "plain http"),
        ("http://me:sk-secret@h.test/v1", "user name or password"),
        ("http://[::1", "no host"),
        ("http://..:8000", "no host"),
        (f"http://{'sk-secret' * 9}.test", "no host"),
        ("http://lo cal:8000/v1", "a space"),
        ("http://h.test:sk-secret", "port"),
        ("http://h.test:99999/v1", "port"),
        ("http://h.test:0/v1", "port"),
        ("http://h.test/v1/chat/completions", "leave /chat/completions out"),
        ("https://h.test/v1/messages/", "leave /messages out"),
    ],
)
def test_an_address_that_no_request_can_go_to_is_refused_without_being_repeated(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        http_address(written)
    assert "secret" not in str(refused.value)


def test_anthropic_s_address_is_the_same_with_its_version() -> None:
    plain, versioned = (ModelSpec("m", "anthropic", base_url=f"http://localhost:8000{path}") for path in ("", "/v1"))
    assert endpoint_of(plain) == endpoint_of(versioned) == "http://localhost:8000"
