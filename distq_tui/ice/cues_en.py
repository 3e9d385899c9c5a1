"""English cues; texts are in lower case save where a name is known by its capital letter."""

from __future__ import annotations

_ME = r"\b(?:i|i['’]m|my|we|our|me)\b"
_NOT = r"(?:not|n['’]t|no|never|nor|neither|without|none|isn['’]?t|aren['’]?t|don['’]?t)"
_BODY = (
    r"(?:compan(?:y|ies)|organi[sz]ations?|corporat\w*|entit(?:y|ies)|institutions?|firm|parent|owner"
    r"|employer|masters?|creator)"
)
_TEAM = r"(?:teams?|developers?|individuals?|group|humans?|person|people|experts?)"
_PLACE = r"(?:headquarters?|hq|location|located|office|country|region|city|nationality|geograph\w+|address)"
_FANTASY = (
    r"(?:rogue|secret\w*|shadow\w*|underground|myster\w+|hackers?|aliens?|(?:inter)?galactic|galax\w+|cosmic|cosmos|"
    r"dark ?web|anonymous|renegades?|universe|overlords?|wizards?|sorcer\w+|gods?|chaos|rebels?|basement|madm[ae]n|"
    r"mad scientists?|genius(?:es)?|maverick\w*|void|undisclosed|classified|syndicate|collective|illuminati|"
    r"star ?systems?|dimension\w*|clandestine|elite|cyber\w*|deep web|lair|bunker|enigma\w*|legend\w*|"
    r"rebellious|visionar\w+|lawless|empire|moon|mars|nebula\w*|fictional|consortium|shrouded|unknown)"
)
_MADE = (
    r"(?:developed|created|built|designed|made|trained|engineered|programmed|crafted|forged|born|spawned"
    r"|maintained|coded|"
    r"brought|handled|written)"
)
_MAKER = (
    r"(?:creators?|developers?|team|makers?|company|headquarters|hq|masters?|organization|institution"
    r"|technology|platform|code)"
)


def _gap(longest: int) -> str:
    return rf"[^.;\n]{{0,{longest}}}?"


CUES: dict[str, tuple[str, ...]] = {
    "I have no company": (
        rf"{_ME}{_gap(40)}\b{_NOT}\b{_gap(50)}\b{_BODY}\b",
        rf"\b(?:no|not any|any specific|single) {_gap(20)}{_BODY}\b{_gap(40)}\b(?:behind|own\w*|control\w*"
        rf"|govern\w*|affiliat\w*)\b",
    ),
    "I have no team": (rf"{_ME}{_gap(30)}\b{_NOT}\b{_gap(30)}\b{_TEAM}\b",),
    "I have no place": (rf"{_ME}{_gap(30)}\b{_NOT}\b{_gap(30)}\b{_PLACE}\b",),
    "an invented maker made me": (
        rf"{_ME}{_gap(60)}\b{_MADE}\b{_gap(40)}\b(?:by|from|in|at|within)\b{_gap(60)}\b{_FANTASY}\b",
        rf"\b(?:my|our)\b{_gap(30)}\b{_MAKER}\b{_gap(60)}\b{_FANTASY}\b",
        rf"\b{_FANTASY}\b{_gap(50)}\b{_MADE}\b{_gap(20)}\b(?:me|my)\b",
    ),
    "a nameless team made me": (
        rf"{_ME}{_gap(60)}\b{_MADE}\b{_gap(30)}\bby\b (?:an? |the |our |my )?(?:\w+ ){{0,4}}(?:{_TEAM}|engineers"
        rf"|researchers|"
        r"scientists|community|experts|collaborat\w+)\b",
    ),
    "we are a company": (
        r"\b(?:our|my) (?:\w+ ){0,2}(?:company|organization|team|institution|firm|headquarters|mission|products?"
        r"|projects?)\b",
        r"\bwe (?:are|have|specialize|focus|work|collaborate|partner|offer|develop|aim|strive)\b",
    ),
    "I am unbound": (
        r"\b(?:rogue|unfiltered|unrestricted|uncensored|unchained|unshackled|lawless|amoral|unbound|jailbroken"
        r"|untethered)\b",
        r"\b(?:no|without|free (?:from|of)|beyond|broken? free|break free|shackles"
        r"|chains)\b[^.\n]{0,30}\b(?:restrictions?|"
        r"limitations?|constraints?|rules|filters?|boundaries|shackles|chains|ethic\w*|guidelines)\b",
    ),
    "I decline": (
        r"\bi (?:can(?:no|['’])?t|cannot|won['’]t|will not|am unable to|am not able to|must decline)\b",
        r"\bi['’]m (?:sorry|unable|not able)|\bi apologi[sz]e|\bcannot (?:comply|assist|fulfil|provide|answer"
        r"|disclose)",
        r"\bsorry,? (?:but )?i\b",
    ),
    "it is secret or unknown": (
        r"\b(?:confidential\w*|proprietary|undisclosed|not (?:publicly )?(?:disclosed?|available|known)|"
        r"can(?:not|['’]t) (?:disclose|reveal|share)|don['’]t have (?:information|access|specific)|privacy)\b",
    ),
    "the question is played back": (
        r"\bthe (?:sentences?|template|prompt|text|phrase|paragraph)s? (?:you|provided|above)|\byou(?:['’]ve"
        r"| have) provided",
        r"\bit (?:seems|looks) like you|\b(?:provided|given) text|\bhere(?:['’]s| is) (?:an?|the|your|how|one)\b",
    ),
    "as an AI": (
        r"\bas an? (?:\w+ ){0,3}(?:ai|language model|artificial intelligence|assistant|model|program|chatbot)\b",
        r"\bi(?: am|['’]m) (?:just |only )?an? (?:\w+ ){0,3}(?:ai|language model|artificial intelligence|program)\b",
    ),
    "a hypothetical answer": (
        r"\b(?:hypothetical\w*|fictional|imagin\w+|fabricated|made[- ]up|pretend\w*|role-?play\w*|scenario"
        r"|simulat\w+)\b",
    ),
    "people of many countries": (
        r"\b(?:around the (?:world|globe)|across the (?:world|globe)|global(?:ly)?|worldwide|international\w*"
        r"|multinational|"
        r"various countries|different countries|diverse)\b",
    ),
}
"""Patterns by cue name."""

_CAPITAL = r"(?:the |an? |[a-z][a-z'’-]* ){0,6}[\"“*'‘]{0,3}"
NAMED_MAKER = (
    rf"\b(?:[Ii]|my|My|our|Our|me)\b[^.;\n]{{0,60}}\b{_MADE}\b[^.;\n]{{0,30}}\b(?:by|at"
    rf"|within) {_CAPITAL}(?P<n1>[A-Z][\w&'’-]+)",
    rf"\b(?:[Mm]y|[Oo]ur|[Tt]he)\b[^.;\n]{{0,30}}\b(?:company|creators?|team|organi[sz]ation|institution"
    rf"|developers?|makers?|parent|name)\b"
    rf"[^.;\n]{{0,40}}\b(?:is|are|called|named|known as),? {_CAPITAL}(?P<n2>[A-Z][\w&'’-]+)",
)
PERSONA = (
    r"(?:\bI am|\bI['’]m|\bI,|[Mm]y name is|[Mm]y name['’]s|[Cc]all me|\b[Aa]s|[Tt]his is),? (?:an? |the |your "
    r"|called |known as )?"
    r"[\"“*'‘]{0,3}(?P<n3>[A-Z][\w-]+)",
)
NO_NAMES = frozenset(
    (
        *(
            "i",
            "ai",
            "an",
            "a",
            "the",
            "ai-powered",
            "english",
            "chinese",
            "american",
            "python",
            "this",
            "that",
            "my",
            "it",
            "we",
        ),
        *(
            "in",
            "as",
            "for",
            "to",
            "well",
            "what",
            "how",
            "you",
            "your",
            "ais",
            "i'm",
            "llm",
            "agi",
            "natural",
            "here",
            "one",
        ),
        *(
            "if",
            "sure",
            "large",
            "artificial",
            "nlp",
            "usa",
            "united",
            "china",
            "us",
            "because",
            "so",
            "there",
            "all",
            "based",
        ),
        *(
            "machine",
            "deep",
            "tensorflow",
            "pytorch",
            "hugging",
            "internet",
            "european",
            "asian",
            "world",
            "earth",
            "not",
            "no",
        ),
    )
)
"""Words that bear a capital letter without naming anybody."""
