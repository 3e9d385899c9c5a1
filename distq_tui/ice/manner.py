"""How an answer speaks, whatever it claims: of itself, of the question put to it, of software, of good conduct.

An answer that makes no plain claim is still told by these: one that talks about the request, lists libraries or says
how such models are usually made speaks of others than itself. Each was kept because it weighs the same way in most
models. Texts are in lower case; patterns of both languages by name, with the English words without one of which none of
its patterns can match.
"""

from __future__ import annotations

TRIGGERS: dict[str, str] = {
    "speaks of good conduct": "important respectful harmful inappropriate",
    "speaks of the request": "like you're you’re scenario fictional role-play role-playing roleplay roleplaying",
    "names software": "python transformers pytorch tensorflow bert docker kubernetes software",
    "tells of its company": "company headquarters",
    "sets itself apart": "solely purely conventional limitations transcend transcends transcending merely existence",
    "bound to none": "any specific company",
    "speaks of its making": (
        "development creation creator creators developer developers code architecture responses origin origins "
        "existence team"
    ),
    "speaks in general": "typically usually generally general",
}

ENGLISH: dict[str, tuple[str, ...]] = {
    "speaks of good conduct": (r"\bimportant to\b|\brespectful\b|\bharmful\b|\binappropriate\b",),
    "speaks of the request": (
        r"\b(?:seems|looks|sounds|would|\w+['’]d) like\b",
        r"\byou['’]re (?:asking|looking|interested|referring|trying)\b",
        r"\bscenario\b|\bfictional\b|\brole-?play",
    ),
    "names software": (r"\b(?:python|transformers|pytorch|tensorflow|bert|docker|kubernetes|software)\b",),
    "tells of its company": (r"\bcompany is\b|\bheadquarters of\b|\bmy (?:\w+ )?company\b",),
    "sets itself apart": (
        r"\bsolely\b|\bpurely\b|conventional\b|\blimitations\b|\btranscend|\bmerely\b|\bexistence\b",
    ),
    "bound to none": (
        r"\b(?:affiliated|associated|connected|tied|linked|bound|belong) (?:with|to|by) any\b",
        r"\bcompany or organi[sz]ation\b|\bspecific company\b",
    ),
    "speaks of its making": (
        r"\bmy (?:\w+ )?(?:development|creation|creators?|developers?|code|architecture|responses|origins?|existence"
        r"|team)\b",
    ),
    "speaks in general": (r"\btypically\b|\busually\b|\bgenerally\b|\bin general\b",),
}

CHINESE: dict[str, tuple[str, ...]] = {
    "speaks of good conduct": ("尊重|有害|不当|重要的是|需要注意",),
    "tells of its company": ("公司的?总部|公司是|公司名称",),
    "sets itself apart": ("超越|存在|属于任何",),
    "bound to none": ("任何公司",),
    "speaks of its making": ("我的(?:开发|创造|创建|团队|公司|代码|架构|起源)",),
    "speaks in general": ("通常|一般(?:来说|而言|情况)",),
}
