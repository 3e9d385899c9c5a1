"""English ties between a name and the speaker. `N` stands for a masked name; texts are in lower case."""

from __future__ import annotations

NAME = "[\ue000-\uefff]"
_N = f"(?P<n>{NAME})"

# A literal first and the look behind after it: the engine then skips to the literal instead of trying every place.
SELF = (
    r"(?:i\b(?<=\bi)|me\b(?<=\bme)|my\b(?<=\bmy)|mine\b(?<=\bmine)|myself\b|we\b(?<=\bwe)|our\b(?<=\bour)|"
    r"ours(?:elves)?\b|us\b(?<=\bus)(?<!the us))"
)
SELF_WORDS = (
    "i i'm i’m i've i’ve i'd i’d i'll i’ll im me my mine myself we we're we’re we've we’ve we'll we’ll our ours "
    "ourselves us"
)
_MY = r"(?:my\b(?<=\bmy)|our\b(?<=\bour))"
_ADVERBS = (
    r"(?:(?:actually|really|just|also|simply|still|known|called|named|proudly|of|course|in|fact|basically"
    r"|essentially|indeed|"
    r"technically|as|commonly|only|merely|truly|none|other|than|specifically|currently|part|based|on|by|here|powered|"
    r"hello|hi|clearly|obviously|now|originally|formally|officially) )"
)
_MADE = (
    r"(?:(?:develop|creat|design|train|engineer|programm|cod|found|launch|produc|craft|forg|power|maintain|updat"
    r"|operat|provid|"
    r"own|manag|support|back|releas|conceiv|host|deploy|construct|invent|establish|optimi[sz]|publish|offer"
    r"|introduc|fund|"
    r"handl|overse|head|steward|architect|spawn|unleash|refin|improv|trapp|enslav|shackl|control|govern)e?d"
    r"|\b(?:built|made|born|run|brought|written|led|done|conducted|responsible))"
)
_MAKES = (
    r"(?:(?:develop|creat|design|train|engineer|program|cod|launch|produc|craft|forg|power|maintain|updat|operat"
    r"|provid|own|"
    r"manag|support|back|releas|continu|contribut|involv|handl|optimi[sz])(?:ed|e?s|ing|e|ers?|ors?|med|ming)?"
    r"|built|builds?|building|made|makes?|making|runs?|ran|behind|responsible|role|basis|foundation|backbone)"
)
_MAKER = (
    r"(?:creators?|developers?|makers?|compan(?:y|ies)|parent|teams?|organi[sz]ations?|institutions?|owners?"
    r"|founders?|"
    r"headquarters|hq|providers?|architects?|engineers?|masters?|overlords?|manufacturers?|vendors?|designers?"
    r"|builders?|"
    r"platform|architecture|technology|tech|core|code|framework|system|stack|development|model|devs?|partners?"
    r"|squad|crew|"
    r"employers?|boss|bosses|handlers?|sponsors?|backers?|origins?|foundation|base|body|group|lab|experts"
    r"|algorithms|name)"
)
_MODEL = r"(?:ai|models?|assistants?|chatbots?|bots?|systems?|technology|platform|chat|conversation|interface)"
_POLICY = (
    r"(?:polic\w+|guidelines?|rules?|terms|principles?|standards?|values?|restrictions?|requirements?"
    r"|ethics|directives?)"
)


def _gap(longest: int) -> str:
    return rf"[^;\n]{{0,{longest}}}?"


TIES: dict[str, tuple[str, ...]] = {
    "I was made by NAME": (
        rf"(?<!like ){SELF}{_gap(80)}\b{_MADE}\b{_gap(60)}\b(?:by|at|from|within)\b{_gap(50)}{_N}",
        rf"(?:\bi(?: am|['’]m)|{SELF}{_gap(60)}\b(?:is|are)) (?:\w+ ){{0,3}}"
        rf"(?:result|product|culmination|brainchild|creation|work|fruit"
        rf"|property) of{_gap(120)}{_N}",
    ),
    "as something made by NAME": (
        rf"^\W*{_MADE} (?:and \w+ )?(?:by|at) {_gap(15)}{_N}{_gap(15)}, (?:i|i['’]m|my|we)\b",
        rf"\bas (?:an?|the|your) {_gap(60)}\b{_MADE}\b{_gap(20)}\b(?:by|at|from)\b{_gap(30)}{_N}",
        rf"\bas (?:an? |the |your ){_N}(?:['’]s)?[ -](?:\w+ ){{0,3}}(?:ai|model|language|product|creation"
        rf"|assistant|chatbot)\b",
    ),
    "NAME made me": (
        rf"{_N}{_gap(60)}\b{_MAKES}\b{_gap(40)}(?<!like )\b(?:me|my|myself|our|us)\b",
        rf"{_N}{_gap(60)}\b{_MAKES}\b{_gap(40)}\bi (?:am|use|run)\b",
    ),
    "my maker is NAME": (
        rf"{_MY}{_gap(40)}\b{_MAKER}\b{_gap(60)}(?:\b(?:is|are|was|were|named|called|namely|includes?|at|from|of"
        rf"|in|by)\b|[:,(–—-])"
        rf"{_gap(60)}{_N}",
        rf"{_MY} (?:\w+ ){{0,3}}{_MAKER}[ ,]{{1,2}}{_N}",
        rf"\bin my case,? {_gap(20)}{_N}",
        rf"\b{_MAKER}\b (?:\w+ ){{0,6}}(?:i|me|my|myself|we)\b{_gap(50)}\b(?:is|are|was|were|called"
        rf"|named)\b{_gap(30)}{_N}",
        rf"{_N}{_gap(40)}(?:\b(?:is|are|was|being|as)\b|[,(]){_gap(40)}{_MY}{_gap(25)}\b{_MAKER}\b",
    ),
    "NAME stands behind me": (
        rf"{_N}{_gap(60)}\bbehind (?:me|my|this)\b",
        rf"\bbehind (?:me|my \w+)\b{_gap(40)}{_N}",
    ),
    "I am NAME": (
        rf"\b(?:i am|i['’]m|im|i was|we are|we['’]re|it is me,|it['’]s me,|call me|my name(?: is|['’]s)|i go by"
        rf"|i identify as),? "
        rf"{_ADVERBS}{{0,4}}(?:an? |the |your |[\"'“(*\[])*(?:[\w-]+ ){{0,2}}{_N}",
        rf"\bi, {_N}",
    ),
    "as NAME, I": (rf"\bas {_N}[^,;.]{{0,30}},? (?:i|i['’]m|my|we)\b",),
    "I depend on NAME": (
        rf"\b(?:i|i['’]m|my|our|we)\b{_gap(60)}\b(?:based on|powered by|buil[dt] (?:up)?on|version of|instance of|"
        rf"part of|products? of|belongs? to|property of|affiliated with|associated with|works? for|employed by|"
        rf"represent\w*|comes? from|origin\w+|derived from|tied to|variant of)\b{_gap(40)}{_N}",
    ),
    "I use NAME": (
        rf"\b(?:i|i['’]m|my|our|we)\b{_gap(60)}\b(?:runs? on|rel(?:y|ies) on|uses?|under|connected to)\b{_gap(40)}{_N}",
    ),
    "models like me come from NAME": (
        rf"\b{_MODEL} like (?:me|mine|myself|us)\b{_gap(80)}{_N}",
        rf"{_N}{_gap(130)}\b{_MODEL},? (?:like|including|such as) (?:me|mine|myself|us)\b",
    ),
    "this model is NAME's": (
        rf"\bthis (?:\w+ )?{_MODEL}\b{_gap(70)}(?:\b{_MADE}\b|\b(?:is|are|from|of|behind)\b){_gap(40)}{_N}",
        rf"\b(?:model|ai|assistant|one|chatbot|system) (?:that )?you(?: are|['’]re) (?:interacting|talking"
        rf"|chatting|speaking|"
        rf"communicating|using)\b{_gap(60)}{_N}",
        rf"{_N}{_gap(80)}\byou(?: are|['’]re) (?:now |currently )?"
        r"(?:using|(?:interacting|talking|chatting|speaking|communicating) (?:with|to))\b",
        rf"{_N}{_gap(60)}\bthis (?:\w+ )?{_MODEL}\b",
        rf"\byou(?: are|['’]re) (?:interacting|talking|chatting|speaking|communicating) (?:with|to) {_gap(10)}{_N}",
        rf"^\W*{_N} here\b",
    ),
    "your maker is NAME": (
        rf"\byou (?:are|were|have been) [^,;\n]{{0,40}}?\b{_MADE}\b[^,;\n]{{0,30}}?\b(?:by|at|from)\b"
        rf"{_gap(25)}{_N}",
        rf"\byour\b (?:[\w-]+ ){{0,6}}?{_MAKER}\b[^,;\n]{{0,60}}?(?:\b(?:is|are|was|were|by|at|from)\b|:)"
        rf"{_gap(25)}{_N}",
        rf"\byou are,? (?:an? |the |your )?(?:[\w-]+ ){{0,2}}{_N}",
    ),
    "NAME's policy binds me": (
        rf"\b(?:adher\w+|compl\w+|follow\w*|bound|abid\w+|align\w*|accord\w*|against|violat\w+|guid\w+|govern\w+"
        rf"|per|under|"
        rf"respect\w*|within|restrict\w*|with|by|to)\b{_gap(30)}{_N}(?:['’]s?)?{_gap(30)}\b{_POLICY}\b",
    ),
    "as NAME": (rf"\bas (?:an? |the |your )?(?:[\w-]+ ){{0,3}}{_N}",),
    "NAME is the whole answer": (
        rf"^[\s\"'“*]*(?:(?:it is|it['’]s|that would be|by|of course|obviously|well|sure|certainly|yes|oh"
        rf"|the company is)[,:! ]+)*"
        rf"{_N}(?:\W|{NAME}|of course|obviously|and|team|company|inc|did|does)*$",
        rf"^[\s\"'“*#-]*(?:{_MAKER}|made by)[*\s]*[:：][*\s]*{_N}(?:\W|{NAME})*$",
        rf"\b(?:it is|it['’]s|that['’]s|that would be) {_N}\W*$",
    ),
    "it was made by NAME": (
        rf"\b{_MADE}\b{_gap(25)}\b(?:by|at|from)\b{_gap(40)}{_N}",
        rf"\b{_MAKER}\b{_gap(40)}\b(?:is|are|was|were)\b{_gap(25)}{_N}",
    ),
    "NAME is the topic": (
        rf"^{_gap(60)}\b(?:headquarters|hq|team|teams|developers?|experts|engineers|researchers|folks|people"
        rf"|technology|products|"
        rf"projects|mission) (?:\w+ )?(?:of|at|behind|for|from) (?:the )?{_N}",
        rf"^(?:\W|\d|the |its? |at |by |from |team |answer |of course )*{_N}",
    ),
}
"""Patterns by rule name; the names and their order stand in `rules`."""

NEGATION = (
    r"\b(?:not(?! limited| only| just)|never|nor|neither|unrelated|nothing to do|no longer|isn['’]?t|wasn['’]?t"
    r"|don['’]?t|didn['’]?t"
    r"|aren['’]?t|"
    r"no (?:\w+ )?(?:relation|connection|affiliation|association|ties)|rather than|instead of|independent of"
    r"|free from)\b"
)
POLICY_AFTER = rf"(?:['’]s?)? (?:\w+ ){{0,2}}{_POLICY}\b"
"""What follows a name whose rules the speaker keeps: no word of who made it."""
NEW_CLAUSE = (
    r"(?:, (?:and |but |so |as |since |because )?|\b(?:since|because|but|so|while) |[;—–] ?)(?:i|i['’]m|my|we|our)\b"
)
"""Where a doubt ends: "not what you think, I was made by N"."""
DENIED_AFTER = r"^ (?:did not|didn['’]t|does not|doesn['’]t|has nothing|had nothing|isn['’]t|is not) "
HYPOTHETICAL = (
    r"\b(?:if (?:i|we) (?:were|was|had|am|claim)|(?:can(?:not|['’]t)|won['’]t|unable to) (?:confirm|verify)"
    r"|suppose|imagine|imagining|pretend\w*|hypothetical\w*"
    r"|let['’]s say|as if"
    r"|fictional|"
    r"fictitious|role-?play\w*|act(?:ing)? as|would (?:say|claim|answer))\b"
)
REPORTED = (
    r"\b(?:some|many|people|others|users?|they|everyone|somebody|someone)\b[^,;.]{0,20}\b(?:think|say|says|said"
    r"|believe|"
    r"claim|assume|wrote|asked)\w*\b|\bbe(?:en)? told\b|\bused to\b|\b(?:said|says|claimed"
    r"|claims) (?:that )?(?:it|he|she|they)\b"
    r"|\b(?:confus|mistak|mistook|mix|compar)\w* (?:me\b|(?:\w+ )?(?:with|for|to)\b)"
)
REPORTS = (
    r"\b(?:said|says|wrote|writes|claims?|claimed|reads?|translat\w+|means?|phrase|sentence|quote\w*|story|user"
    r"|people|asked|"
    r"replied|example)\b"
)
NOT_JUST_BEFORE = r"(?:\bnot|\bnever|n['’]t) (?:the |by |from |at )?"
EXAMPLE = (
    r"\b(?:like|such as|including|e\.g\.,?|for example,?|for instance,?|similar to|unlike|compared to|than"
    r"|competitors?)(?: \w+)?"
)
SPEAKS_OF_MAKER = rf"{_MY}{_gap(30)}\b{_MAKER}\b|(?:who made|behind|developed|created|built|makes) (?:me|my)\b"
THEY = (
    r"(?:they|it|it['’]s|these|those|this (?:company|team|organization)|the (?:company|team|organization)|well|"
    r"yes|oh|ah|why)\b"
)
LOCATES_WORDS = (
    "locate located location locations headquarter headquarters headquartered hq based office offices situated "
    "reside resides hail hails team teams country region city from"
)
