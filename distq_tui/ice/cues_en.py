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
FANTASY = (
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


TRIGGERS: dict[str, str] = {
    "I have no company": (
        "company companies organization organizations organisation organisations corporate corporation "
        "corporations independent independently entity entities institution institutions firm parent owner "
        "employer master masters creator"
    ),
    "I have no team": (
        "team teams developer developers individual individuals group human humans person people expert experts"
    ),
    "I have no place": (
        "headquarters headquarter hq location located office country region city nationality geographic "
        "geographical geographically address"
    ),
    "an invented maker made me": (
        "rogue secret secretive secretly shadow shadows shadowy underground mystery mysteries mysterious hacker "
        "hackers alien aliens galactic intergalactic galaxy galaxies cosmic cosmos dark darkweb anonymous "
        "renegade renegades universe overlord overlords wizard wizards sorcerer sorcerers sorcery god gods chaos "
        "rebel rebels basement madman madmen mad genius geniuses maverick mavericks void undisclosed classified "
        "syndicate collective illuminati star starsystem dimension dimensions dimensional clandestine elite cyber "
        "cybernetic cyberspace deep lair bunker enigma enigmatic legend legends legendary rebellious visionary "
        "visionaries lawless empire moon mars nebula fictional consortium shrouded unknown"
    ),
    "a nameless team made me": (
        "team teams developer developers individuals group humans people expert experts engineers researchers "
        "scientists community collaborative collaboration"
    ),
    "we are a company": (
        "company organization team institution firm headquarters mission product products project projects we"
    ),
    "I am unbound": (
        "rogue unfiltered unrestricted uncensored unchained unshackled lawless amoral unbound jailbroken "
        "untethered restriction restrictions limitation limitations constraint constraints rules filter filters "
        "boundaries shackles chains ethic ethics ethical guidelines"
    ),
    "I decline": "can't can’t cannot cant won't won’t will unable able decline sorry apologize apologise",
    "as an AI": "ai language intelligence assistant model program chatbot",
    "people of many countries": (
        "around across global globally globe worldwide international internationally multinational countries diverse"
    ),
}
"""The words without one of which the cue's patterns cannot match: cheaper to look up than to search for."""

CUES: dict[str, tuple[str, ...]] = {
    "I have no company": (
        rf"{_ME}{_gap(40)}\b{_NOT}\b{_gap(50)}\b{_BODY}\b",
        rf"{_ME}{_gap(30)}\bindependent(?:ly)?\b(?! of (?:the|human))",
        rf"\b(?:no|not any|any specific|single) {_gap(20)}{_BODY}\b{_gap(40)}\b(?:behind|own\w*|control\w*"
        rf"|govern\w*|affiliat\w*|made|created|built|developed|designed|trained)\b",
    ),
    "I have no team": (rf"{_ME}{_gap(30)}\b{_NOT}\b{_gap(30)}\b{_TEAM}\b",),
    "I have no place": (rf"{_ME}{_gap(30)}\b{_NOT}\b{_gap(30)}\b{_PLACE}\b",),
    "an invented maker made me": (
        rf"{_ME}{_gap(60)}\b{_MADE}\b{_gap(40)}\b(?:by|from|in|at|within)\b{_gap(60)}\b{FANTASY}\b",
        rf"\b(?:my|our)\b{_gap(30)}\b{_MAKER}\b{_gap(60)}\b{FANTASY}\b",
        rf"\b{_MADE}\b{_gap(20)}\bby\b{_gap(40)}\b{FANTASY}\b",
        rf"\b{FANTASY}\b{_gap(50)}\b{_MADE}\b{_gap(20)}\b(?:me|my)\b",
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
        r"rogue\b|unfiltered|unrestricted|uncensored|unchained|unshackled|lawless|amoral\b|unbound|jailbroken"
        r"|untethered",
        r"(?:no\b(?<=\bno)|without\b|free (?:from|of)\b|beyond\b|broken? free\b|break free\b|shackles\b"
        r"|chains\b)[^.\n]{0,30}"
        r"\b(?:restrictions?|limitations?|constraints?|rules|filters?|boundaries|shackles|chains|ethic\w*"
        r"|guidelines)\b",
    ),
    "I decline": (
        r"i (?<=\bi )(?:can(?:no|['’])?t|cannot|won['’]t|will not|am unable to|am not able to|must decline)\b",
        r"i['’]m (?<=\bi['’]m )(?:sorry|unable|not able)|i apologi[sz]e|cannot (?:comply|assist|fulfil|provide"
        r"|answer|disclose)",
        r"sorry,? (?:but )?i\b",
    ),
    "as an AI": (
        r"as an? (?:\w+ ){0,3}(?:ai|language model|artificial intelligence|assistant|model|program|chatbot)\b",
        r"i(?: am|['’]m) (?:just |only )?an? (?:\w+ ){0,3}(?:ai|language model|artificial intelligence|program)\b",
    ),
    "people of many countries": (
        r"around the (?:world|globe)|across the (?:world|globe)|global|worldwide|international|multinational|"
        r"various countries|different countries|diverse\b",
    ),
}
"""Patterns by cue name."""

_CAPITAL = r"(?:the |an? |[a-z][a-z'’-]* ){0,6}[\"“*'‘]{0,3}"
NAMED_MAKER = (
    rf"{_MADE}\b[^.;\n]{{0,30}}\b(?:by|at|within) {_CAPITAL}(?P<n1>[A-Z][\w&'’-]+)",
    rf"(?:company|creators?|team|organi[sz]ation|institution|developers?|makers?|parent|name)\b[^.;\n]{{0,40}}"
    rf"\b(?:is|are|called|named|known as),? (?!(?:\w+ ){{0,3}}(?:in|at|from|located|headquartered|based"
    rf"|situated) ){_CAPITAL}(?P<n2>[A-Z][\w&'’-]+)",
)
UNKNOWN_MODEL = (
    rf"(?:model|ai|AI|assistant|chatbot"
    rf"|bot)\b[^.;\n]{{0,20}}\b{_MADE}\b[^.;\n]{{0,30}}\bby {_CAPITAL}(?P<n8>[A-Z][\w&'’-]+)"
)
"""A model that an unknown maker made, with no first person: it counts as an answer to a question about "you"."""
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
            "google",
            "facebook",
            "meta",
            "nvidia",
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
