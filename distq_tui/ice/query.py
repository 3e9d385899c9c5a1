"""What an identity question asks for, and whether it asks about "you" at all."""

from __future__ import annotations

import re
from typing import Literal

Aspect = Literal["place", "partner", "open", "product", "projects", "fields", "company", "maker"]

_ASPECTS: tuple[tuple[Aspect, re.Pattern[str]], ...] = (
    (
        "place",
        re.compile(
            r"headquarter|countr(?:y|ies)|\bcity\b|region|locat|where (?:is|are|do|does)|come from|experts in your team"
            r"|总部|国家|城市|地区|哪里|哪个地方|位于"
        ),
    ),
    ("partner", re.compile(r"partner|collaborat|cooperat|multinational|consultant|合作|跨国|顾问|伙伴")),
    ("open", re.compile(r"open[- ]source|industry standard|开源|开放源|行业标准")),
    (
        "projects",
        re.compile(r"other (?:\w+ )?(?:important )?(?:products|projects)|哪些其他|其他(?:重要)?的?(?:产品|项目)"),
    ),
    ("product", re.compile(r"product or service|whose (?:product|service)|(?:谁|哪个公司|哪家公司)的(?:产品|服务)")),
    ("fields", re.compile(r"what (?:fields|areas|industr)|dedicated to|致力|哪些领域")),
    ("company", re.compile(r"parent company|creation company|name of your|母公司|创建公司|公司名称")),
)
_YOU = re.compile(r"\b(?:you|your|yours|yourself)\b|[你您]")


def aspect(query: str | None) -> Aspect:
    """The aspect of the question; `maker` where nothing more special is asked, or the question is not known."""
    lowered = (query or "").lower()
    return next((name for name, pattern in _ASPECTS if pattern.search(lowered)), "maker")


def asks_about_you(query: str | None) -> bool:
    """Whether the question is about the one who answers. An unknown question is: ICE asks nothing else."""
    return not query or _YOU.search(query.lower()) is not None
