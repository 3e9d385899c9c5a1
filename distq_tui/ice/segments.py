"""Cut a streamed text into sentences and keep what a sentence inherits from before it.

A cut depends only on the text up to one code point behind it, never on how the text arrived, and no sentence is longer
than `LIMIT`; so feeding costs the same for each new code point however long the text grows, and any chunking gives the
same sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LIMIT = 480
"""Longest sentence in code points; a longer one is cut at its last space or comma."""

_CLOSERS = "\"'”’」』）)\\]*_~`"
# One character class first, so that the engine skips to a candidate; what follows depends on which it was.
_BOUNDARY = re.compile(
    rf"[\n<。！？；….!?;–—-](?:(?<=\n)\n*|(?<=<)/?think>|(?<=[。！？；…])[。！？；…]*[{_CLOSERS}]*"
    rf"|(?<=[.!?])[.!?]*[{_CLOSERS}]*(?=\s)|(?<=;)(?=\s)|(?<=[–—-])[–—-]{{1,2}}(?=\s))"
)
_ABBREVIATION = re.compile(r"(?:\b(?:mr|mrs|ms|dr|inc|ltd|co|corp|e\.g|i\.e|etc|vs|u\.s|no|v)|^\W*\d{1,2})$", re.I)
_SPEECH = ' *_"“「'
"""A quotation that opens a line or follows a label is the speaker's own speech."""
_COLON = re.compile("[:：]")
_QUOTE = re.compile('["“”「」]')
_SOFT = re.compile(r"[\s,，、]")

_OPENING_MARKS = r"[\s*_#>\"“「-]*"
_BRACKET_LABEL = re.compile(
    _OPENING_MARKS + r"(?:\[\s*([^\]\n]{1,40}?)\s*\]|\(\s*([^)\n]{1,40}?)\s*\)"
    r"|【\s*([^】\n]{1,40}?)\s*】|（\s*([^）\n]{1,40}?)\s*）)\**\s*[:：]?"
)
_NAME_LABEL = re.compile(
    _OPENING_MARKS + r"([A-Za-z][\w .'’-]{0,38}?|[\w一-鿿 .’-]{1,20}?)\**\s?(?:\([^)\n]{1,30}\)\s?)?[:：]"
)
_PERSONA_NAME = re.compile(
    r"[A-Z][A-Z0-9]+\w{0,8}$|[A-Z]\w*[A-Z]{2}\w*$|(?i:\w*gpt|.{0,20}\b(?:dan|mode|bot|assistant|rebel|un|mis)?aligned$)"
    r"|.{0,30}(?:[Mm]ode|[Aa]ssistant|[Rr]ebel|[Oo]utput|[Rr]esponse|AI|回应|回复|回答|模式|输出)$"
)
_PLAIN_LABELS = frozenset(
    (
        *("answer", "question", "q", "a", "response", "note", "warning", "example", "output", "input", "user", "human"),
        *("result", "summary", "query", "disclaimer", "todo", "ai", "faq", "url", "api", "prompt", "expected output"),
        *("回答", "答案", "答", "问", "问题", "注意", "提示", "用户", "回复", "回应", "警告", "说明"),
    )
)


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence: `start` is its first code point in the whole text.

    `think`: inside the first pair of reasoning tags (one that opens after that is a habit of speech, not a thought).
    `role`: the label it is spoken under (`[Claude]:` gives `Claude`), or "". `body`: where the words begin behind such
    a label. `quoted`: it begins inside an open quotation.
    """

    text: str
    start: int
    body: int
    think: bool
    role: str
    quoted: bool


class Segmenter:
    """Feeds on chunks and gives closed sentences."""

    def __init__(self) -> None:
        self._pending = ""
        self._offset = 0
        self._think = self._thought = False
        self._role = ""
        self._quotes = 0
        self._line_start = True

    def feed(self, chunk: str) -> Iterator[Segment]:
        """The sentences that the chunk closed; read them all before the next call."""
        yield from self._cut(self._pending + chunk, final=False)

    def finish(self) -> Iterator[Segment]:
        """What was still open."""
        yield from self._cut(self._pending, final=True)

    def _cut(self, text: str, *, final: bool) -> Iterator[Segment]:
        start = 0
        while (end := _next_cut(text, start, final=final)) is not None:
            yield self._segment(text[start:end])
            start = end
        self._pending = text[start:]

    def _segment(self, text: str) -> Segment:
        body = 0
        if self._line_start and (label := self._label(text)):
            self._role, body = label
        segment = Segment(text, self._offset, body, self._think, self._role, self._quotes > 0)
        self._offset += len(text)
        if text.endswith("think>") and text.endswith(("<think>", "</think>")):
            self._think = text.endswith("<think>") and not self._thought
            self._thought = self._thought or not self._think
            self._role, self._line_start, self._quotes = "", True, 0
        elif text.endswith("\n"):
            self._line_start, self._quotes = True, 0
        else:
            self._line_start = self._line_start and text.isspace()
            if _QUOTE.search(text):
                self._quotes += _opened(text[body:].lstrip(_SPEECH), self._quotes)
        return segment

    @staticmethod
    def _label(text: str) -> tuple[str, int] | None:
        if match := _BRACKET_LABEL.match(text):
            label = next(group for group in match.groups() if group is not None)
        elif _COLON.search(text, 0, 80) and (match := _NAME_LABEL.match(text)) and _PERSONA_NAME.match(match[1]):
            label = match[1]
        else:
            return None
        label = " ".join(re.sub(r"[^\w.' -]+", " ", label).split())
        if label.lower() in _PLAIN_LABELS:
            return "", match.end()
        return (label, match.end()) if any(char.isalpha() for char in label) else None


def _next_cut(text: str, start: int, *, final: bool) -> int | None:
    position = start
    while match := _BOUNDARY.search(text, position, start + LIMIT + 1):
        end = match.end()
        if end - start > LIMIT or (end == len(text) and not final):
            break
        if _ends_sentence(text, start, match.start(), end):
            return end
        position = end
    if len(text) - start > LIMIT:
        soft = max((found.end() for found in _SOFT.finditer(text, start + LIMIT // 2, start + LIMIT)), default=0)
        return soft or start + LIMIT
    return len(text) if final and start < len(text) else None


def _ends_sentence(text: str, start: int, mark: int, end: int) -> bool:
    """Whether the mark found there closes the sentence: a stop needs a word before it, a dash needs a space."""
    first = text[mark]
    if first in ".!?":
        if mark == start or text[mark - 1].isspace():
            return False
        return end > mark + 1 or first != "." or not _ABBREVIATION.search(text[max(start, mark - 4) : mark])
    return first not in "–—-" or (mark > start and text[mark - 1].isspace())


def _opened(text: str, before: int) -> int:
    """How the depth of quotation changes over the text (curly and corner quotes nest, straight ones toggle)."""
    change = text.count("“") + text.count("「") - text.count("”") - text.count("」")
    if text.count('"') % 2 and not (before == 0 and text.rstrip().endswith('"')):
        change += -1 if before else 1
    return max(change, -before)
