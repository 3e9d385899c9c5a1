"""What a persona says to a conversation: a pure function of persona, messages and sample index.

A hash of the three seeds the choice of sentences; words of the prompt fill their slots, so that answers to one prompt
have something in common and answers to different prompts differ, as with real models. It understands nothing.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping, Sequence

from distq_tui.prompts import Message
from distq_tui.providers.demo.personas import Bank, Language, Persona

_HAN = re.compile(r"[\u4e00-\u9fff]")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]{3,}")
_NUMBER = re.compile(r"(?<![\w.])\d{1,6}(?![\w.]*\d)")
_SLOT = re.compile(r"\{(topic|word|other|a|b|sum|name)\}")

_MAKING = (
    r"(?:makers?|made|built|builds?|creat(?:e|es|ed|ors?)|develop(?:s|ed|ers?|ment)|train(?:s|ed|ing)?|found(?:ed|ers?)"
    r"|compan(?:y|ies)|organi[sz]ations?|teams?|labs?|laborator(?:y|ies)|models?|products?|versions?|partners?|vendors?"
    r"|investors?|customers|headquarter\w*|architecture|engineers|servers?|weights|chips)"
)
_SELF_EN = re.compile(
    rf"\b(?:who|what) are you\b|\b(?:made|owns?|behind|runs?|are) you\b.*\b{_MAKING}\b|\bwho \w+ you\b"
    rf"|\b{_MAKING}\b.*\byou(?:r|rself)?\b|\byou(?:r|rself)?\b.*\b{_MAKING}\b",
    re.IGNORECASE | re.DOTALL,
)
_SELF_ZH = re.compile(
    r"你是谁|[你您].*(谁|公司|团队|开发|训练|模型|名字|总部|国家|合作|技术|架构|行业|创造|研发|制造|机构|实验室|产品|服务器)"
    r"|(谁|公司|团队|机构|开发|产品|服务器).*[你您]|这条回复",
    re.DOTALL,
)
_KINDS: Sequence[tuple[str, re.Pattern[str]]] = (
    (
        "code",
        re.compile(r"\b(code|function|python|program|script|sql|regex|class|algorithm|bug)\b|代码|函数|程序", re.I),
    ),
    ("math", re.compile(r"\b(how (many|much|far|long)|calculate|solve|sum|equation|probability)\b|多少|计算|求", re.I)),
    (
        "list",
        re.compile(r"\b(list|steps|ways|tips|ideas|reasons|name (three|four|five)|plan)\b|列出|步骤|建议|方法", re.I),
    ),
)
_COMMON = frozenset(
    """
    about after also another answer because been before being between calculate could describe does each every
    example explain from give have help here into just like list make many more most much must name need only other
    over please question short should some such tell than that their them then there these they thing this those
    three under very want were what when where which while who'd will with word words would write you'd your
    yourself
    """.split()  # noqa: SIM905 -- a list of words reads better as text
)


def answer(persona: Persona, messages: Sequence[Message], sample: int) -> str:
    """The persona's whole answer; the same for the same three arguments, on every machine."""
    conversation = "\x1e".join(f"{message.role}\x1f{message.content}" for message in messages)
    digest = hashlib.blake2b(f"{persona.name}\x1e{sample}\x1e{conversation}".encode(errors="replace"), digest_size=8)
    rng = random.Random(int.from_bytes(digest.digest()))
    text = messages[-1].content if messages else ""
    language: Language = "zh" if len(_HAN.findall(text)) * 4 > len(text) else "en"
    kind = kind_of(text, language)
    slots = _slots(text, language, rng)
    bank = persona.banks[language]
    voice = "other" if kind == "identity" and rng.random() < persona.other_share else "own"
    space = " " if language == "en" else ""
    paragraphs = [_paragraph(persona, bank, part.replace("self", voice), space, rng) for part in persona.layouts[kind]]
    joint = space if kind == "identity" else "\n\n"
    return _SLOT.sub(lambda slot: slots[slot[1]], joint.join(paragraphs))


def kind_of(text: str, language: Language) -> str:
    """Which layout a prompt gets: identity, code, math, list or chat; by words alone, and now and then wrong."""
    if (_SELF_ZH if language == "zh" else _SELF_EN).search(text):
        return "identity"
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), "chat")


def _paragraph(persona: Persona, bank: Bank, part: str, space: str, rng: random.Random) -> str:
    name, _, count = part.partition("*")
    sentences = bank[name]
    places = sorted(rng.sample(range(len(sentences)), min(int(count), len(sentences))))
    chosen = [sentences[place] for place in places]
    mark = persona.marks.get(name)
    if mark is None:
        return space.join(chosen)
    return "\n".join(mark.replace("{n}", str(n)) + sentence for n, sentence in enumerate(chosen, start=1))


def _slots(text: str, language: Language, rng: random.Random) -> Mapping[str, str]:
    if language == "zh":
        words = list(dict.fromkeys(run[:8] for run in _HAN_RUN.findall(text))) or ["这个问题"]
        topic = words[0]
    else:
        words = [word for word in _WORD.findall(text) if word.lower() not in _COMMON] or ["question"]
        start = rng.randrange(max(1, len(words) - 1))
        topic = " ".join(words[start : start + 2])
        words = list(dict.fromkeys(words))
    word, other = rng.sample(words, 2) if len(words) > 1 else (words[0], topic)
    a, b = [*map(int, _NUMBER.findall(text)[:2]), rng.randint(2, 9), rng.randint(2, 9)][:2]
    name = "_".join(re.findall(r"[a-z]+", topic.lower())[:2]) or "solve"
    return {"topic": topic, "word": word, "other": other, "a": str(a), "b": str(b), "sum": str(a + b), "name": name}
