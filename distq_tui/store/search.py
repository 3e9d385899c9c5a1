"""Search in the answers' text: an index that costs writers nothing, built when somebody first searches.

An index of words; Chinese, Japanese and Korean characters are words of their own, since nothing separates words there.
(Trigrams would find any part of a word, but took 9 times the CPU to build and 5 times the space.)
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata

from distq_tui.errors import InputError
from distq_tui.store.connection import Connected, Value, storable
from distq_tui.store.records import SearchHit

_FILL = 500
"""Answers indexed in one transaction, so that another process never waits long."""

_RANKED = 1000
"""Only the newest matches are ranked: ranking reads every match."""

_TERMS = 32
"""Terms looked at; FTS5's parser has a limit of its own, further up."""

_CONTEXT = 60
"""Code points shown on each side of the first term."""

# Kana, CJK ideographs with their extensions and compatibility forms, Hangul syllables.
_UNSPACED = re.compile("([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff])")

_HAS_INDEX = "SELECT 1 FROM sqlite_master WHERE name = 'responses_text'"
_CREATE = "CREATE VIRTUAL TABLE IF NOT EXISTS responses_text USING fts5 (text, content = '')"
# Responses are written once and never deleted, so what lies above the highest indexed id is what is missing.
_MISSING = """
SELECT id, text FROM responses WHERE id > coalesce((SELECT max(id) FROM responses_text_docsize), 0) ORDER BY id LIMIT ?
"""
_INDEXED = """
SELECT bm25(responses_text) AS rank, responses_text.rowid AS id
FROM responses_text CROSS JOIN responses AS r ON r.id = responses_text.rowid WHERE responses_text MATCH :words
"""
_SCANNED = "SELECT 0 AS rank, r.id AS id FROM responses AS r WHERE true"
# The plus keeps SQLite from asking the index about each of the session's answers.
_IN_SESSION = "AND +r.id IN (SELECT response FROM session_trials WHERE session = :session)"


class TextSearch(Connected):
    """Finds answers by what they say."""

    def search(self, query: str, limit: int = 50, *, session: str | None = None) -> list[SearchHit]:
        """Answers that hold every space-separated term of `query`; best of the newest first.

        Letter case and accents are set aside, a term may be the beginning of a word, and punctuation counts only in a
        term that is nothing else. No character is an operator. The first search of a file builds the index, and each
        one takes in what was stored since; `fill_index` does that in steps.

        Raises:
            InputError: the index must grow and the file is open for reading only.
        """
        terms = str(storable(query)).replace("\0", " ").split()[:_TERMS]
        if not terms:
            return []
        while self.fill_index():
            pass
        values: dict[str, Value] = {"session": session, "ranked": _RANKED, "limit": limit}
        found = self._conn.execute(
            f"""
            SELECT m.id, t.session, t.model, t.prompt_id, t.sample, r.text
            FROM ({_matches(terms, values)} {_IN_SESSION if session is not None else ""}
                  ORDER BY id DESC LIMIT :ranked) AS m
            JOIN responses AS r ON r.id = m.id
            LEFT JOIN session_trials AS t ON t.id = (
                SELECT max(n.id) FROM session_trials AS n
                WHERE n.response = m.id AND (:session IS NULL OR n.session = :session))
            ORDER BY m.rank, m.id DESC LIMIT :limit
            """,
            values,
        )
        return [_hit(*row[:5], text=row[5], terms=terms) for row in found]

    def fill_index(self, limit: int = _FILL) -> int:
        """Take at most `limit` answers more into the index, in one transaction; returns how many there were.

        Raises:
            InputError: there are some and the file is open for reading only.
        """
        try:
            if not self._conn.execute(_HAS_INDEX).fetchone():
                self._conn.execute(_CREATE)
            if not self._conn.execute(_MISSING, (1,)).fetchone():
                return 0
            with self._transaction():
                missing = self._conn.execute(_MISSING, (limit,)).fetchall()
                self._conn.executemany(
                    "INSERT INTO responses_text (rowid, text) VALUES (?, ?)",
                    ((row_id, _spaced(text)) for row_id, text in missing),
                )
            return len(missing)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:
                raise
            raise InputError("searching must first index new answers, and the file is open for reading only") from error


def _spaced(text: str) -> str:
    """The text with every character that is a word of its own set apart."""
    return text if text.isascii() else _UNSPACED.sub(r" \1 ", text)


def _matches(terms: list[str], values: dict[str, Value]) -> str:
    """The statement that finds rows with all terms; binds the terms in `values`."""
    words = [term for term in terms if any(map(_in_word, term))]
    values["words"] = " AND ".join(_phrase(term) for term in words)
    sql = _INDEXED if words else _SCANNED
    for number, term in enumerate(term for term in terms if term not in words):
        values[f"term{number}"] = "%" + re.sub(r"([\\%_])", r"\\\1", term) + "%"
        sql += f" AND r.text LIKE :term{number} ESCAPE '\\'"
    return sql


def _in_word(char: str) -> bool:
    """Whether FTS5's unicode61 tokenizer makes a word of it: letters, numbers, private use."""
    category = unicodedata.category(char)
    return category[0] in "LN" or category == "Co"


def _phrase(term: str) -> str:
    """A term as FTS5 reads it: its words one after another, the last of which may go on, unless the term ended it."""
    quoted = '"' + _spaced(term).replace('"', '""') + '"'
    return quoted + " *" if _in_word(term[-1]) and not _UNSPACED.match(term[-1]) else quoted


def _hit(
    response_id: int,
    session: str | None,
    model: str | None,
    prompt_id: str | None,
    sample: int | None,
    *,
    text: str,
    terms: list[str],
) -> SearchHit:
    pattern = re.compile("|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True)), re.IGNORECASE)
    first = pattern.search(text)
    start = max(0, first.start() - _CONTEXT) if first else 0
    snippet = text[start : (first.end() if first else 0) + _CONTEXT]
    spans = tuple(match.span() for match in pattern.finditer(snippet))
    return SearchHit(response_id, session, model, prompt_id, sample, snippet, spans)
